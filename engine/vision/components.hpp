// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/image.hpp"

namespace inkread {

/// A set of ink pixels that touch each other.
struct Component {
  Box box;
  float mass = 0;  ///< the sum of its ink
  float peak = 0;  ///< its darkest pixel
};

/// Ink side by side in a row: columns [first, end).
struct Run {
  int y = 0;
  int first = 0;
  int end = 0;
  std::int32_t part = 0;  ///< the component that it belongs to
};

struct Components {
  std::vector<Run> runs;  ///< in reading order
  std::vector<Component> parts;
};

/// What makes two pixels touch.
enum class Touch : std::uint8_t { kSides, kCorners };

/// The connected components of the pixels with at least `threshold` ink, in reading order of their first
/// pixels.
Components find_components(GrayView ink, float threshold, Touch touch = Touch::kCorners);

}  // namespace inkread
