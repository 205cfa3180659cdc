// SPDX-License-Identifier: MIT
// Ink images drawn in the tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/base/image.hpp"
#include "tests/support/drawings.hpp"

namespace inkread::test {

/// One pixel a character: '#' is ink, anything else paper.
inline GrayImage ink_from(const std::vector<std::string>& rows) {
  GrayImage ink(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      ink.at(x, y) = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '#' ? 1.0F : 0.0F;
    }
  }
  return ink;
}

/// Adds a ring of ink, `pen` wide.
inline void draw_ring(GrayImage& ink, Point centre, double radius, double pen) {
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const double from_ring = std::abs(std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) - radius);
      const auto cover = static_cast<float>(std::clamp(pen / 2 + 0.5 - from_ring, 0.0, 1.0));
      ink.at(x, y) = std::max(ink.at(x, y), cover);
    }
  }
}

/// Adds a straight line of ink, `pen` wide.
inline void draw_line(GrayImage& ink, Point from, Point to, double pen) {
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const double away = distance_to_segment({x + 0.5, y + 0.5}, from, to);
      const auto cover = static_cast<float>(std::clamp(pen / 2 + 0.5 - away, 0.0, 1.0));
      ink.at(x, y) = std::max(ink.at(x, y), cover);
    }
  }
}

}  // namespace inkread::test
