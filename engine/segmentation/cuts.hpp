// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "engine/segmentation/parts.hpp"

namespace inkread {

/// A way from the top to the bottom of a part's box, between two digits that may touch there: by row of the
/// box, the first column (of the image) that lies to its right.
using Cut = std::vector<int>;

/// The likeliest cuts of a part, from left to right: the ways of least ink, one where none near it meets
/// less, and only so many as digits of this height may need.
std::vector<Cut> find_cuts(const InkParts& parts, int part, float height);

/// Divides a part at these cuts. Returns what it became, from left to right: the part itself and new ones,
/// each but the first with its straight cut.
std::vector<int> divide(InkParts& parts, int part, const std::vector<Cut>& cuts);

/// Divides a part into the strokes that drew it, which become components; the part itself where that was one,
/// where nothing is known of them or where they are too many for a number.
std::vector<int> divide_by_strokes(InkParts& parts, int part);

}  // namespace inkread
