// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/image.hpp"

namespace inkread {

/// A set of ink pixels that touch each other, corners included.
struct Component {
  Box box;
  float mass = 0;  ///< the sum of its ink
  float peak = 0;  ///< its darkest pixel
};

struct Components {
  Image<std::int32_t> labels;  ///< one a pixel: the index into `parts`, or -1 where there is no ink
  std::vector<Component> parts;
};

/// The connected components of the pixels with at least `threshold` ink, in reading order of their first
/// pixels.
Components find_components(GrayView ink, float threshold);

}  // namespace inkread
