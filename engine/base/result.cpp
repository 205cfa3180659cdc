// SPDX-License-Identifier: MIT
#include "engine/base/result.hpp"

namespace inkread {

std::string_view describe(ErrorCode code) {
  switch (code) {
    case ErrorCode::kEmpty:
      return "there is nothing in it";
    case ErrorCode::kTruncated:
      return "it ends too early";
    case ErrorCode::kMalformed:
      return "it is damaged";
    case ErrorCode::kUnsupported:
      return "it uses something that is not supported";
    case ErrorCode::kTooLarge:
      return "it is too large";
    case ErrorCode::kNotFinite:
      return "it holds a number that is not finite";
    case ErrorCode::kShapeMismatch:
      return "its sizes do not fit together";
    case ErrorCode::kInvalidArgument:
      return "the request makes no sense";
    case ErrorCode::kNotAnImage:
      return "it is not a picture in a known format";
  }
  return "unknown error";
}

}  // namespace inkread
