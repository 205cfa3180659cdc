// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "engine/segmentation/parts.hpp"

namespace inkread {

/// A way from the top to the bottom of a part's box, between two digits that may touch there: by row of the
/// box, the first column (of the image) that lies to its right.
using Cut = std::vector<int>;

/// The likeliest cuts of a part, from left to right: the ways of least ink, one where none near it meets
/// less, and only so many as digits of this height may need.
std::vector<Cut> find_cuts(const InkParts& parts, int part, float height);

/// A straight way through the middle of a cut, at the slant of the writing: it also goes along strokes that
/// lie on each other, which a way of little ink leaves at once.
struct StraightCut {
  float x = 0;  ///< where it is in row y
  float y = 0;
  float slant = 0;  ///< columns to the right with every row up

  [[nodiscard]] bool is_left_of(int column, int row) const {
    return static_cast<float>(column) >= x + slant * (y - static_cast<float>(row));
  }
};

/// What lies between two cuts of a part.
struct Slice {
  int part = 0;
  std::optional<StraightCut> before;  ///< through the cut to its left, if there is one
};

/// Divides a part at these cuts. Returns what it became, from left to right: the part itself and new ones.
std::vector<Slice> divide(InkParts& parts, int part, const std::vector<Cut>& cuts);

/// Divides a part into the strokes that drew it, which become components; the part itself where that was one,
/// where nothing is known of them or where they are too many for a number.
std::vector<int> divide_by_strokes(InkParts& parts, int part);

}  // namespace inkread
