// SPDX-License-Identifier: MIT
#include "engine/segmentation/cuts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "engine/base/stable_order.hpp"
#include "engine/vision/ink_paths.hpp"

namespace inkread {
namespace {

constexpr float kSidestep = 0.5F;    ///< what a step to the side costs, in ink
constexpr float kMostCost = 0.5F;    ///< of a cut, in heights
constexpr float kNearest = 0.13F;    ///< between two cuts, in heights
constexpr float kLeastSide = 0.04F;  ///< of the part's ink on each side of a cut
constexpr int kMostStrokes = 200;    ///< that touch each other; more are a scribble
constexpr float kCutsPerHeight = 6;  ///< at most, along a height's width
constexpr float kSlantStep = 0.1F;
constexpr int kFirstSlant = -4;  ///< steps
constexpr int kLastSlant = 8;

struct Candidate {
  int column;
  float cost;
};

/// The share of the ink to the left of a cut.
float share_left(const GrayImage& ink, const std::vector<int>& columns) {
  float left = 0;
  float all = 0;
  for (int y = 0; y < ink.height; ++y) {
    const float* row = ink.view().row(y);
    for (int x = 0; x < ink.width; ++x) {
      all += row[x];
      if (x < columns[static_cast<std::size_t>(y)]) left += row[x];
    }
  }
  return left / all;
}

/// The slant of writing: at which its columns of ink differ the most, by the sum of their squares
/// (Vinciarelli, Luettin, "A new normalization technique for cursive handwritten words", Pattern Recognition
/// Letters 22, 2001, has the idea).
float slant_of(const GrayImage& ink) {
  const int middle = ink.height / 2;
  const float first = static_cast<float>(ink.height) + 0.5F;  // the half rounds
  float slant = 0;
  float most = 0;
  for (int step = kFirstSlant; step <= kLastSlant; ++step) {
    const float candidate = kSlantStep * static_cast<float>(step);
    std::vector<float> columns(static_cast<std::size_t>(ink.width + 2 * ink.height), 0.0F);
    for (int y = 0; y < ink.height; ++y) {
      const float* row = ink.view().row(y);
      const float shift = first + candidate * static_cast<float>(y - middle);
      float* from = columns.data() + static_cast<int>(shift);
      for (int x = 0; x < ink.width; ++x) from[x] += row[x];
    }
    const float sum = std::inner_product(columns.begin(), columns.end(), columns.begin(), 0.0F);
    if (sum > most) slant = candidate;
    most = std::max(most, sum);
  }
  return slant;
}

/// Divides a part into at most `count` others: `places` has the number of each pixel's, in the part's box.
/// What stays empty is left out. They keep the part's component.
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
  std::vector<int> filled;
  for (int place = 0; place < count; ++place) {
    const int piece = place > 0 ? first_new + place - 1 : part;
    if (parts.part(piece).box.width > 0) filled.push_back(piece);
  }
  return filled;
}

}  // namespace

std::vector<Cut> find_cuts(const InkParts& parts, int part, float height) {
  const Box& box = parts.part(part).box;
  const GrayImage ink = ink_of(parts, std::array{part}, box);
  const InkPaths paths(ink, kSidestep);
  std::vector<Candidate> candidates;
  for (int x = 1; x + 1 < box.width; ++x) {
    if (paths.cost(x) <= kMostCost * height) candidates.push_back({x, paths.cost(x)});
  }
  sort_stably(candidates, [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  const auto most = static_cast<std::size_t>(kCutsPerHeight * static_cast<float>(box.width) / height) + 1;
  std::vector<int> chosen;
  std::vector<Cut> cuts;
  for (const Candidate& candidate : candidates) {
    if (chosen.size() == most) break;
    const bool is_near = std::any_of(chosen.begin(), chosen.end(), [&](int column) {
      return static_cast<float>(std::abs(column - candidate.column)) < kNearest * height;
    });
    if (is_near) continue;
    chosen.push_back(candidate.column);
    Cut cut = paths.columns(candidate.column);
    const float left = share_left(ink, cut);
    if (std::min(left, 1 - left) < kLeastSide) continue;
    for (int& column : cut) column += box.x;
    cuts.push_back(std::move(cut));
  }
  const auto middle = static_cast<std::size_t>(box.height / 2);
  sort_stably(cuts, [&](const Cut& a, const Cut& b) { return a[middle] < b[middle]; });
  return cuts;
}

std::vector<int> divide(InkParts& parts, int part, const std::vector<Cut>& cuts) {
  if (cuts.empty()) return {part};
  const Box box = parts.part(part).box;
  const float slant = slant_of(ink_of(parts, std::array{part}, box));
  const int middle = box.height / 2;
  const auto first_new = static_cast<int>(parts.parts.size());
  Image<std::int32_t> places(box.width, box.height);
  for (const Cut& cut : cuts) {
    for (int y = 0; y < box.height; ++y) {
      for (int x = std::max(cut[static_cast<std::size_t>(y)] - box.x, 0); x < box.width; ++x)
        ++places.at(x, y);
    }
  }
  std::vector<int> pieces = divide_by(parts, part, static_cast<int>(cuts.size()) + 1, places);
  for (const int piece : pieces) {
    if (piece == pieces.front()) continue;
    const Cut& cut = cuts[static_cast<std::size_t>(piece - first_new)];
    parts.parts[static_cast<std::size_t>(piece)].before = StraightCut{
        static_cast<float>(cut[static_cast<std::size_t>(middle)]), static_cast<float>(box.y + middle), slant};
  }
  return pieces;
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
