// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "engine/segmentation/parts.hpp"

namespace inkread {

/// Parts that were written beside each other.
struct TextLine {
  std::vector<int> parts;  ///< from left to right by the middles of their boxes
  float height = 0;        ///< typical of its digits, in pixels
};

/// All writing as one line; nothing where nothing is written. What is no writing (frames, rules, shadows at
/// the picture's border) is left out.
std::optional<TextLine> find_line(const InkParts& parts);

/// The writing in lines from top to bottom, which may all climb or fall alike.
std::vector<TextLine> find_lines(const InkParts& parts);

}  // namespace inkread
