// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace inkread {

/// What went wrong, for a caller that decides by it. The numbers cross the C ABI: append, never renumber.
enum class ErrorCode : std::uint8_t {
  kEmpty = 1,          ///< no bytes, no pixels, no points
  kTruncated = 2,      ///< the input ends before its content does
  kMalformed = 3,      ///< the input contradicts its own format
  kUnsupported = 4,    ///< valid, but outside of what Inkread handles
  kTooLarge = 5,       ///< beyond a named limit
  kNotFinite = 6,      ///< NaN or infinity where a number must be
  kShapeMismatch = 7,  ///< sizes that do not fit together
  kInvalidArgument = 8,
  kNotAnImage = 9,  ///< no known image signature
};

/// A fault of the data (a fault of the program is an assert). `detail` names what was wrong and where, as a
/// sentence fragment for people: "node 'conv1' (Conv): attribute 'dilations' is not 1".
struct Error {
  ErrorCode code;
  std::string detail;
};

/// The error code as a few plain words: "the file is damaged".
[[nodiscard]] std::string_view describe(ErrorCode code);

/// A value or an Error. Look before you take: value() and error() assert.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return Error{...};` are how results are made.
  Result(T value) : value_(std::move(value)) {}                // NOLINT(google-explicit-constructor)
  Result(Error error) : value_(), error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  [[nodiscard]] const T& value() const& {
    assert(ok());
    return *value_;
  }
  [[nodiscard]] T& value() & {
    assert(ok());
    return *value_;
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::move(*value_);
  }
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return error_;
  }

 private:
  // Not a std::variant, whose every copy, move and destruction goes through a table of functions.
  std::optional<T> value_;
  Error error_{};
};

/// The result of a step that only succeeds or fails.
using Status = Result<std::monostate>;
inline Status success() {
  return std::monostate{};
}

}  // namespace inkread
