// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "engine/segmentation/parts.hpp"

namespace inkread {

/// Divides a part along straight lines through these columns of the image in the middle of its height, from
/// left to right, each slanted where an upright one meets much more ink. Returns what lies between them, from
/// left to right, of the same component: the part itself and new ones, -1 where there is no ink.
std::vector<int> divide_at(InkParts& parts, int part, std::span<const int> columns);

/// Divides a part into the strokes that drew it, which become components; the part itself where that was one,
/// where nothing is known of them or where they are too many for a number.
std::vector<int> divide_by_strokes(InkParts& parts, int part);

}  // namespace inkread
