// SPDX-License-Identifier: MIT
#include "engine/vision/picture_part.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace inkread {
namespace {

/// What rounding may have added to a share.
constexpr float kSlack = 1e-4F;

/// A share of a side may be any number: it comes from outside.
bool is_share(float from, float length) {
  return std::isfinite(from) && std::isfinite(length) && from >= -kSlack && length > 0 &&
         from + length <= 1 + kSlack;
}

struct Span {
  int first;
  int count;
};

/// The whole pixels that a share touches.
Span pixels_of(float from, float length, int side) {
  const auto size = static_cast<float>(side);
  const int first = std::clamp(static_cast<int>(std::floor(from * size)), 0, side - 1);
  const int end = std::clamp(static_cast<int>(std::ceil((from + length) * size)), first + 1, side);
  return {first, end - first};
}

}  // namespace

Result<RgbaImage> cut_out(RgbaView picture, const PicturePart& part) {
  if (part.quarter_turns < 0 || part.quarter_turns > 3 || !is_share(part.left, part.width) ||
      !is_share(part.top, part.height)) {
    return Error{ErrorCode::kInvalidArgument, "no part of the picture"};
  }
  if (picture.width <= 0 || picture.height <= 0) return Error{ErrorCode::kEmpty, "the picture has no pixels"};
  const bool lies = part.quarter_turns % 2 == 1;
  const Span across = pixels_of(part.left, part.width, lies ? picture.height : picture.width);
  const Span down = pixels_of(part.top, part.height, lies ? picture.width : picture.height);

  // Pixel (x, y) of the turned picture is the picture's pixel first + x * step_x + y * step_y.
  const std::ptrdiff_t right = 1;
  const std::ptrdiff_t below = picture.width;
  const std::ptrdiff_t last_column = picture.width - 1;
  const std::ptrdiff_t last_row = below * (picture.height - 1);
  std::ptrdiff_t first = 0;
  std::ptrdiff_t step_x = right;
  std::ptrdiff_t step_y = below;
  switch (part.quarter_turns) {
    case 1:
      first = last_row;
      step_x = -below;
      step_y = right;
      break;
    case 2:
      first = last_row + last_column;
      step_x = -right;
      step_y = -below;
      break;
    case 3:
      first = last_column;
      step_x = below;
      step_y = -right;
      break;
    default:
      break;
  }
  RgbaImage out(across.count, down.count, picture.channels);
  const auto channels = static_cast<std::size_t>(picture.channels);
  for (int y = 0; y < down.count; ++y) {
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < across.count; ++x, to += channels) {
      const std::ptrdiff_t pixel = first + (across.first + x) * step_x + (down.first + y) * step_y;
      std::memcpy(to, picture.pixels.data() + static_cast<std::size_t>(pixel) * channels, channels);
    }
  }
  return out;
}

}  // namespace inkread
