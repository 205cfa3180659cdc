// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/image.hpp"

namespace inkread::test {

/// The four values of a pixel.
inline std::uint8_t* pixel_at(RgbaImage& picture, int x, int y) {
  return picture.row(y) + std::ptrdiff_t{4} * x;
}
inline const std::uint8_t* pixel_at(RgbaView picture, int x, int y) {
  return picture.row(y) + std::ptrdiff_t{4} * x;
}

}  // namespace inkread::test
