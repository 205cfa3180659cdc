// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"

namespace inkread {

/// Which part of a picture is meant, and which of its sides is up.
struct PicturePart {
  int quarter_turns = 0;  ///< clockwise, 0..3, before the part is cut out
  /// In shares (0..1) of the turned picture's width and height; (left, top) is its top left corner.
  float left = 0;
  float top = 0;
  float width = 1;
  float height = 1;

  [[nodiscard]] bool is_whole() const {
    return quarter_turns == 0 && left == 0 && top == 0 && width == 1 && height == 1;
  }
};

/// The part as a picture of its own, of at least one pixel. Error: kInvalidArgument where it is no part of
/// the picture.
Result<RgbaImage> cut_out(RgbaView picture, const PicturePart& part);

}  // namespace inkread
