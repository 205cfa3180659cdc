// SPDX-License-Identifier: MIT
#include "engine/vision/ink.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/base/histogram.hpp"
#include "engine/vision/background.hpp"
#include "engine/vision/components.hpp"
#include "engine/vision/gray.hpp"

namespace inkread {
namespace {

constexpr int kLongestSide = 1000;         ///< larger pictures are reduced to at most this
constexpr float kLeastContrast = 0.04F;    ///< of ink to paper, on a scale where black to white is 1
constexpr float kLeastFloor = 1.0F / 512;  ///< half a grey level of eight bits
constexpr float kEdge = 0.1F;              ///< ink that belongs to a stroke ...
constexpr float kCore = 0.5F;              ///< ... if the stroke has this much somewhere
constexpr float kSpeckShare = 0.05F;       ///< of the main part's mass; less is a speck
constexpr float kInnerShare = 0.15F;       ///< of the greatest part's mass
constexpr float kNearShare = 0.15F;        ///< of the main part's longer side
constexpr float kLeastEdge = 0.5F;         ///< of the contrast: softer is no writing (see steepest_change)
constexpr float kLeastClear = 0.03F;       ///< of the picture: with less paper clear of marks ...
constexpr float kPattern = 0.02F;          ///< ... and this deviation of its light the paper has a pattern
constexpr float kLeastSigmas = 3.5F;       ///< fainter than this many deviations of the paper is not ink

constexpr int kLevels = 4096;  ///< of darkness from paper to black, in histograms

/// The nearest to a darkness of -1..1.
std::size_t level_of(float value) {
  const float halves = (std::clamp(value, -1.0F, 1.0F) + 1) * (2 * kLevels);
  return (static_cast<std::size_t>(halves) + 1) / 2;
}

float darkness_of(std::size_t level) {
  return static_cast<float>(level) / kLevels - 1;
}

/// Calls visit(x, y) for evenly spread pixels, all or so many that statistics do not miss the others.
template <typename Visit>
void for_each_sample(const GrayView& image, Visit visit) {
  constexpr std::size_t kSamples = 200'000;
  const auto step = static_cast<int>(image.pixels.size() / kSamples) + 1;
  for (int y = 0; y < image.height; ++y) {
    for (int x = y % step; x < image.width; x += step) visit(x, y);
  }
}

/// The level that parts all into two classes with the least variance within them, midway between their means
/// (Otsu, "A threshold selection method from gray-level histograms", IEEE SMC 9, 1979). 0 where all are
/// alike.
std::size_t otsu_threshold(const Histogram& levels) {
  double moment = 0;
  double below = 0;
  double below_moment = 0;
  double best = 0;
  double threshold = 0;
  const std::vector<int>& counts = levels.counts();
  for (std::size_t level = 0; level < counts.size(); ++level)
    moment += static_cast<double>(level) * counts[level];
  for (std::size_t level = 0; level + 1 < counts.size(); ++level) {
    if (counts[level] == 0) continue;
    below += counts[level];
    below_moment += static_cast<double>(level) * counts[level];
    const double above = levels.total() - below;
    const double gap = moment * below / levels.total() - below_moment;
    const double between_variance = gap * gap / (below * above);
    if (between_variance <= best) continue;
    best = between_variance;
    threshold = (below_moment / below + (moment - below_moment) / above) / 2;
  }
  return static_cast<std::size_t>(threshold);
}

/// How darkness maps to ink: up to `floor` is paper, from `full` on is full ink, linear between.
struct InkScale {
  float floor = 0;
  float full = 0;
  bool any = false;  ///< whether something stands out from the paper at all
};

/// The darkness of the paper that is well clear of anything above `threshold`, so that neither soft edges nor
/// the pen count as paper.
Histogram clear_paper(GrayView dark, float threshold) {
  constexpr int kCells = 64;  // along the longer side
  constexpr int kClearance = 2;
  const int side = std::max(dark.width, dark.height) / kCells + 1;
  Image<std::uint8_t> taken((dark.width + side - 1) / side, (dark.height + side - 1) / side);
  const auto take_around = [&](int cx, int cy) {
    for (int y = std::max(cy - kClearance, 0); y <= std::min(cy + kClearance, taken.height - 1); ++y) {
      for (int x = std::max(cx - kClearance, 0); x <= std::min(cx + kClearance, taken.width - 1); ++x) {
        taken.at(x, y) = 1;
      }
    }
  };
  for (int y = 0; y < dark.height; ++y) {
    for (int x = 0; x < dark.width; ++x) {
      if (dark.at(x, y) > threshold) take_around(x / side, y / side);
    }
  }
  Histogram paper;
  for_each_sample(dark, [&](int x, int y) {
    if (taken.at(x / side, y / side) == 0) paper.add(level_of(dark.at(x, y)));
  });
  return paper;
}

InkScale measure(GrayView dark) {
  Histogram all;
  for_each_sample(dark, [&](int x, int y) { all.add(level_of(dark.at(x, y))); });
  const std::size_t parting = otsu_threshold(all);
  const float threshold = darkness_of(parting);
  Histogram paper;
  Histogram written;
  for (std::size_t level = 0; level < all.counts().size(); ++level) {
    (level > parting ? written : paper).add(level, all.counts()[level]);
  }
  if (paper.total() == 0 || written.total() == 0) return {};
  const std::size_t middle = paper.quantile(0.5);
  Histogram deviations;
  for (std::size_t level = 0; level < paper.counts().size(); ++level) {
    deviations.add(level > middle ? level - middle : middle - level, paper.counts()[level]);
  }
  // Of a normal distribution with this median deviation.
  const float sigma = 1.4826F * static_cast<float>(deviations.quantile(0.5)) / kLevels;
  const Histogram clear = clear_paper(dark, threshold);
  InkScale scale;
  const bool is_patterned =
      static_cast<float>(clear.total()) < kLeastClear * static_cast<float>(all.total()) && sigma > kPattern;
  if (is_patterned) {
    scale.floor = threshold;
  } else {
    const float floor = darkness_of(clear.quantile(0.98)) + 0.5F / kLevels;  // all that has this level
    scale.floor = clear.total() == 0 ? kLeastFloor : std::max(std::min(floor, threshold), kLeastFloor);
  }
  scale.full = darkness_of(written.quantile(0.75));
  const float contrast = scale.full - darkness_of(middle);
  scale.any = contrast >= std::max(kLeastContrast, kLeastSigmas * sigma) && scale.full > scale.floor &&
              steepest_change(dark) >= kLeastEdge * contrast;
  return scale;
}

/// Whether a part is rather a shadow, a frame or the table at the picture's edge than writing: it reaches the
/// border, which the main part does not, and it lies apart from that or all around it.
bool is_edge_of_picture(const Box& part, const Box& main, GrayView picture) {
  if (touches_border(main, picture) || !touches_border(part, picture)) return false;
  const int gap_x = std::max(part.x - main.x - main.width, main.x - part.x - part.width);
  const int gap_y = std::max(part.y - main.y - main.height, main.y - part.y - part.height);
  const auto gap = static_cast<float>(std::max(gap_x, gap_y));
  const bool apart = gap > kNearShare * static_cast<float>(std::max(main.width, main.height));
  const int centre_x = main.x + main.width / 2;
  const int centre_y = main.y + main.height / 2;
  const bool all_around = part.x <= centre_x && centre_x < part.x + part.width && part.y <= centre_y &&
                          centre_y < part.y + part.height;
  return apart || all_around;
}

}  // namespace

InkImage extract_ink(RgbaView picture) {
  InkImage out;
  out.reduction = (std::max(picture.width, picture.height) + kLongestSide - 1) / kLongestSide;
  GrayImage gray = reduce_to_gray(picture, out.reduction);
  if (is_light_on_dark(gray.view())) {
    for (float& value : gray.pixels) value = 1.0F - value;
  }
  out.ink = darkness(gray.view());
  const InkScale scale = measure(out.ink.view());
  for (float& value : out.ink.pixels) {
    const bool paper = !scale.any || value <= scale.floor;
    value = paper ? 0.0F : std::min((value - scale.floor) / (scale.full - scale.floor), 1.0F);
  }
  return out;
}

std::optional<Box> find_ink(GrayView ink) {
  std::vector<Component> parts = find_components(ink, kEdge).parts;
  std::erase_if(parts, [](const Component& part) { return part.peak < kCore; });
  if (parts.empty()) return std::nullopt;
  const auto lighter = [](const Component& a, const Component& b) { return a.mass < b.mass; };
  const Component heaviest = *std::max_element(parts.begin(), parts.end(), lighter);
  Component main{{}, kInnerShare * heaviest.mass, 0};  // the heaviest that lies inside the picture ...
  for (const Component& part : parts) {
    if (!touches_border(part.box, ink) && part.mass >= main.mass) main = part;
  }
  if (main.peak == 0) main = heaviest;  // ... or of all
  Box box = main.box;
  for (const Component& part : parts) {
    const bool speck = part.mass < kSpeckShare * main.mass;
    if (!speck && !is_edge_of_picture(part.box, main.box, ink)) box = around(box, part.box);
  }
  return box;
}

}  // namespace inkread
