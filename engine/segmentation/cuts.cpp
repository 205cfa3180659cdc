// SPDX-License-Identifier: MIT
#include "engine/segmentation/cuts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "engine/vision/ink_paths.hpp"

namespace inkread {
namespace {

constexpr float kSidestep = 0.5F;    ///< what a step to the side costs, in ink
constexpr float kMostCost = 0.5F;    ///< of a cut, in heights
constexpr float kNearest = 0.13F;    ///< between two cuts, in heights
constexpr float kLeastSide = 0.04F;  ///< of the part's ink on each side of a cut
constexpr float kCutsPerHeight = 6;  ///< at most, along a height's width

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

}  // namespace

std::vector<Cut> find_cuts(const InkParts& parts, int part, float height) {
  const Box& box = parts.part(part).box;
  const GrayImage ink = ink_of(parts, std::array{part}, box);
  const InkPaths paths(ink, kSidestep);
  std::vector<Candidate> candidates;
  for (int x = 1; x + 1 < box.width; ++x) {
    if (paths.cost(x) <= kMostCost * height) candidates.push_back({x, paths.cost(x)});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
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
  std::sort(cuts.begin(), cuts.end(), [&](const Cut& a, const Cut& b) { return a[middle] < b[middle]; });
  return cuts;
}

std::vector<int> divide(InkParts& parts, int part, const std::vector<Cut>& cuts) {
  const Part whole = parts.part(part);
  std::vector<int> pieces{part};
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    pieces.push_back(static_cast<int>(parts.parts.size() + i));
  }
  parts.parts.resize(parts.parts.size() + cuts.size());
  std::vector<bool> begun(pieces.size(), false);
  for (int y = 0; y < whole.box.height; ++y) {
    for (int x = whole.box.x; x < whole.box.x + whole.box.width; ++x) {
      std::int32_t& label = parts.labels.at(x, whole.box.y + y);
      if (label != part) continue;
      const auto place = static_cast<std::size_t>(std::count_if(
          cuts.begin(), cuts.end(), [&](const Cut& cut) { return cut[static_cast<std::size_t>(y)] <= x; }));
      label = pieces[place];
      Part& piece = parts.parts[static_cast<std::size_t>(label)];
      const Box pixel{x, whole.box.y + y, 1, 1};
      if (!begun[place]) piece = {pixel, 0, whole.component};
      begun[place] = true;
      piece.box = around(piece.box, pixel);
      piece.mass += parts.ink.at(x, whole.box.y + y);
    }
  }
  std::vector<int> filled;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (begun[i]) filled.push_back(pieces[i]);
  }
  return filled;
}

}  // namespace inkread
