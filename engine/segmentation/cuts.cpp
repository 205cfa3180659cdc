// SPDX-License-Identifier: MIT
#include "engine/segmentation/cuts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

namespace inkread {
namespace {

constexpr int kMostStrokes = 200;  ///< that touch each other; more are a scribble
/// Tenths of a column to the right with every row up.
constexpr std::array kSlants{0, 1, -1, 2, -2, 3, -3, 4, -4, 5, 6, 7, 8};
constexpr float kLean =
    0.05F;  ///< as much ink as a tenth of slant costs, in heights: rings touch along a stretch

/// The first column on the right of a straight line, by row of the ink: of those through this column of the
/// middle row the one that meets little ink and leans little.
std::vector<int> line_through(int column, const GrayImage& ink) {
  std::vector<int> best;
  float least = 0;
  for (const int slant : kSlants) {
    std::vector<int> columns;
    float met = kLean * static_cast<float>(std::abs(slant) * ink.height);
    for (int y = 0; y < ink.height; ++y) {
      const int x = column + slant * (ink.height / 2 - y) / 10;
      columns.push_back(x);
      if (x >= 0 && x < ink.width) met += ink.view().at(x, y);
    }
    if (best.empty() || met < least) {
      best = std::move(columns);
      least = met;
    }
  }
  return best;
}

/// Divides a part into `count` others: `places` has the number of each pixel's, in the part's box. Returns -1
/// for what stays empty. They keep the part's component.
std::vector<int> divide_by(InkParts& parts, int part, int count, const Image<std::int32_t>& places) {
  const Part whole = parts.part(part);
  const auto first_new = static_cast<int>(parts.parts.size());
  const Part empty{{}, 0, whole.component, whole.stroke_width};
  parts.parts[static_cast<std::size_t>(part)] = empty;
  parts.parts.resize(parts.parts.size() + static_cast<std::size_t>(count) - 1, empty);
  for (int y = whole.box.y; y < whole.box.y + whole.box.height; ++y) {
    for (int x = whole.box.x; x < whole.box.x + whole.box.width; ++x) {
      std::int32_t& label = parts.labels.at(x, y);
      if (label != part) continue;
      const std::int32_t place = places.view().at(x - whole.box.x, y - whole.box.y);
      if (place > 0) label = first_new + place - 1;
      Part& piece = parts.parts[static_cast<std::size_t>(label)];
      const Box pixel{x, y, 1, 1};
      piece.box = piece.box.width > 0 ? around(piece.box, pixel) : pixel;
      piece.mass += parts.ink.at(x, y);
    }
  }
  std::vector<int> pieces;
  for (int place = 0; place < count; ++place) {
    const int piece = place > 0 ? first_new + place - 1 : part;
    pieces.push_back(parts.part(piece).box.width > 0 ? piece : -1);
  }
  return pieces;
}

}  // namespace

std::vector<int> divide_at(InkParts& parts, int part, std::span<const int> columns) {
  const Box box = parts.part(part).box;
  const GrayImage ink = ink_of(parts, std::array{part}, box);
  Image<std::int32_t> places(box.width, box.height);
  for (const int column : columns) {
    const std::vector<int> line = line_through(column - box.x, ink);
    for (int y = 0; y < box.height; ++y) {
      for (int x = std::max(line[static_cast<std::size_t>(y)], 0); x < box.width; ++x) ++places.at(x, y);
    }
  }
  return divide_by(parts, part, static_cast<int>(columns.size()) + 1, places);
}

std::vector<int> divide_by_strokes(InkParts& parts, int part) {
  if (parts.strokes.pixels.empty()) return {part};
  const Box box = parts.part(part).box;
  std::vector<int> place_of;  // by stroke: its place among those of the part, or -1
  int count = 0;
  Image<std::int32_t> places(box.width, box.height);
  for (int y = 0; y < box.height; ++y) {
    for (int x = 0; x < box.width; ++x) {
      if (parts.labels.at(box.x + x, box.y + y) != part) continue;
      const auto stroke = static_cast<std::size_t>(parts.strokes.at(box.x + x, box.y + y));
      if (stroke >= place_of.size()) place_of.resize(stroke + 1, -1);
      if (place_of[stroke] < 0) place_of[stroke] = count++;
      places.at(x, y) = place_of[stroke];
    }
  }
  if (count > kMostStrokes) return {part};
  std::vector<int> pieces = divide_by(parts, part, count, places);
  for (const int piece : pieces) parts.parts[static_cast<std::size_t>(piece)].component = piece;
  return pieces;
}

}  // namespace inkread
