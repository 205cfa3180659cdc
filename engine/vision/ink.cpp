// SPDX-License-Identifier: MIT
#include "engine/vision/ink.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/vision/background.hpp"
#include "engine/vision/components.hpp"
#include "engine/vision/gray.hpp"

namespace inkread {
namespace {

constexpr int kLongestSide = 1000;        ///< larger pictures are reduced to at most this
constexpr float kLeastContrast = 0.04F;   ///< of ink to paper, on a scale where black to white is 1
constexpr float kLeastFloor = 1.0F / 512;  ///< half a grey level of eight bits
constexpr float kEdge = 0.1F;        ///< ink that belongs to a stroke ...
constexpr float kCore = 0.5F;        ///< ... if the stroke has this much somewhere
constexpr float kSpeckShare = 0.05F;  ///< of the main part's mass; less is a speck
constexpr float kInnerShare = 0.15F;  ///< of the greatest part's mass
constexpr float kLeastSigmas = 8;  ///< fainter than this many deviations of the paper is not ink

/// The value below which `share` of the values lie. Reorders them.
float quantile(std::vector<float>& values, double share) {
  const auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

/// How darkness maps to ink: up to `floor` is paper, from `full` on is full ink, linear between.
struct InkScale {
  float floor = 0;
  float full = 0;
  bool any = false;  ///< whether something stands out from the paper at all
};

/// The darkness of the paper that is clear of anything above `threshold`, so that neither soft edges nor the
/// pen count as paper.
std::vector<float> clear_paper(GrayView dark, float threshold) {
  const int side = std::max(dark.width, dark.height) / 64 + 1;
  Image<std::uint8_t> written((dark.width + side - 1) / side, (dark.height + side - 1) / side);
  for (int y = 0; y < dark.height; ++y) {
    for (int x = 0; x < dark.width; ++x) {
      if (dark.at(x, y) > threshold) written.at(x / side, y / side) = 1;
    }
  }
  const auto clear = [&](int cx, int cy) {
    for (int y = std::max(cy - 2, 0); y <= std::min(cy + 2, written.height - 1); ++y) {
      for (int x = std::max(cx - 2, 0); x <= std::min(cx + 2, written.width - 1); ++x) {
        if (written.at(x, y) != 0) return false;
      }
    }
    return true;
  };
  std::vector<float> paper;
  for (int cy = 0; cy < written.height; ++cy) {
    for (int cx = 0; cx < written.width; ++cx) {
      if (!clear(cx, cy)) continue;
      for (int y = cy * side; y < std::min((cy + 1) * side, dark.height); ++y) {
        const float* row = dark.row(y);
        paper.insert(paper.end(), row + cx * side, row + std::min((cx + 1) * side, dark.width));
      }
    }
  }
  return paper;
}

InkScale measure(GrayView dark) {
  const float threshold = otsu_threshold(dark.pixels);
  std::vector<float> paper;
  std::vector<float> written;
  for (const float value : dark.pixels) (value > threshold ? written : paper).push_back(value);
  if (written.empty() || paper.empty()) return {};
  const float level = quantile(paper, 0.5);
  for (float& value : paper) value = std::abs(value - level);
  const float sigma = 1.4826F * quantile(paper, 0.5);  // of a normal distribution with this median deviation
  InkScale scale;
  scale.full = quantile(written, 0.75);
  scale.any = scale.full - level >= std::max(kLeastContrast, kLeastSigmas * sigma);
  std::vector<float> clear = clear_paper(dark, threshold);
  if (!clear.empty()) scale.floor = std::min(quantile(clear, 0.98), threshold);
  scale.floor = std::max(scale.floor, kLeastFloor);
  return scale;
}

bool touches_border(const Box& box, GrayView picture) {
  return box.x == 0 || box.y == 0 || box.x + box.width == picture.width || box.y + box.height == picture.height;
}

Box around(const Box& a, const Box& b) {
  const int left = std::min(a.x, b.x);
  const int top = std::min(a.y, b.y);
  return {left, top, std::max(a.x + a.width, b.x + b.width) - left, std::max(a.y + a.height, b.y + b.height) - top};
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
  const Components found = find_components(ink, kEdge);
  const Component* main = nullptr;
  const Component* inner = nullptr;
  for (const Component& part : found.parts) {
    if (part.peak < kCore) continue;
    if (main == nullptr || part.mass > main->mass) main = &part;
    if (!touches_border(part.box, ink) && (inner == nullptr || part.mass > inner->mass)) inner = &part;
  }
  if (main == nullptr) return std::nullopt;
  // What reaches the picture's border is likely a shadow, a frame or the table if there is something inside.
  const bool inside = inner != nullptr && inner->mass >= kInnerShare * main->mass;
  if (inside) main = inner;
  Box box = main->box;
  for (const Component& part : found.parts) {
    const bool speck = part.peak < kCore || part.mass < kSpeckShare * main->mass;
    if (!speck && !(inside && touches_border(part.box, ink))) box = around(box, part.box);
  }
  return box;
}

}  // namespace inkread
