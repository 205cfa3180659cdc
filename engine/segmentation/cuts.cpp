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
  float slant = 0;
  float most = 0;
  for (int step = kFirstSlant; step <= kLastSlant; ++step) {
    const float candidate = kSlantStep * static_cast<float>(step);
    std::vector<float> columns(static_cast<std::size_t>(ink.width + 2 * ink.height), 0.0F);
    for (int y = 0; y < ink.height; ++y) {
      const float* row = ink.view().row(y);
      const int shift =
          ink.height - static_cast<int>(std::lround(candidate * static_cast<float>(ink.height / 2 - y)));
      for (int x = 0; x < ink.width; ++x) columns[static_cast<std::size_t>(x + shift)] += row[x];
    }
    const float sum = std::inner_product(columns.begin(), columns.end(), columns.begin(), 0.0F);
    if (sum > most) slant = candidate;
    most = std::max(most, sum);
  }
  return slant;
}

/// Divides a part into at most `count` others: `place(x, y)` is the number of a pixel's. What stays empty is
/// nothing. They keep the part's component.
template <typename Place>
std::vector<std::optional<int>> divide_by(InkParts& parts, int part, std::size_t count, Place place) {
  const Part whole = parts.part(part);
  std::vector<int> pieces{part};
  for (std::size_t i = 1; i < count; ++i) pieces.push_back(static_cast<int>(parts.parts.size() + i - 1));
  parts.parts.resize(parts.parts.size() + count - 1);
  std::vector<bool> begun(count, false);
  for (int y = whole.box.y; y < whole.box.y + whole.box.height; ++y) {
    for (int x = whole.box.x; x < whole.box.x + whole.box.width; ++x) {
      std::int32_t& label = parts.labels.at(x, y);
      if (label != part) continue;
      const std::size_t at = place(x, y);
      label = pieces[at];
      Part& piece = parts.parts[static_cast<std::size_t>(label)];
      const Box pixel{x, y, 1, 1};
      if (!begun[at]) piece = {pixel, 0, whole.component, whole.stroke_width};
      begun[at] = true;
      piece.box = around(piece.box, pixel);
      piece.mass += parts.ink.at(x, y);
    }
  }
  std::vector<std::optional<int>> filled(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (begun[i]) filled[i] = pieces[i];
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

std::vector<Slice> divide(InkParts& parts, int part, const std::vector<Cut>& cuts) {
  if (cuts.empty()) return {{part, {}}};
  const Box box = parts.part(part).box;
  const float slant = slant_of(ink_of(parts, std::array{part}, box));
  const int middle = box.height / 2;
  const std::vector<std::optional<int>> pieces = divide_by(parts, part, cuts.size() + 1, [&](int x, int y) {
    return static_cast<std::size_t>(std::count_if(cuts.begin(), cuts.end(), [&](const Cut& cut) {
      return cut[static_cast<std::size_t>(y - box.y)] <= x;
    }));
  });
  std::vector<Slice> slices;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!pieces[i]) continue;
    slices.push_back({*pieces[i], {}});
    if (slices.size() == 1) continue;
    slices.back().before = StraightCut{static_cast<float>(cuts[i - 1][static_cast<std::size_t>(middle)]),
                                       static_cast<float>(box.y + middle), slant};
  }
  return slices;
}

std::vector<int> divide_by_strokes(InkParts& parts, int part) {
  if (parts.strokes.pixels.empty()) return {part};
  const Box box = parts.part(part).box;
  std::vector<int> place_of;  // by stroke: its place among those of the part, or -1
  int count = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (parts.labels.at(x, y) != part) continue;
      const auto stroke = static_cast<std::size_t>(parts.strokes.at(x, y));
      if (stroke >= place_of.size()) place_of.resize(stroke + 1, -1);
      if (place_of[stroke] < 0) place_of[stroke] = count++;
    }
  }
  if (count > kMostStrokes) return {part};
  const auto divided = divide_by(parts, part, static_cast<std::size_t>(count), [&](int x, int y) {
    return static_cast<std::size_t>(place_of[static_cast<std::size_t>(parts.strokes.at(x, y))]);
  });
  std::vector<int> pieces;
  for (const std::optional<int>& piece : divided) {
    if (!piece) continue;
    parts.parts[static_cast<std::size_t>(*piece)].component = *piece;
    pieces.push_back(*piece);
  }
  return pieces;
}

}  // namespace inkread
