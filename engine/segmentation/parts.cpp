// SPDX-License-Identifier: MIT
#include "engine/segmentation/parts.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "engine/base/median.hpp"
#include "engine/base/stable_order.hpp"
#include "engine/segmentation/rules.hpp"
#include "engine/vision/components.hpp"

namespace inkread {
namespace {

constexpr float kStroke = 0.35F;  ///< ink that connects
constexpr float kCore = 0.5F;     ///< what a component has somewhere
constexpr float kSpeck = 0.5F;    ///< stroke widths squared: the ink of the largest speck
constexpr int kEdgeSteps = 2;     ///< how far soft edges reach, in pixels
constexpr float kRuleLength = 2;  ///< typical heights
constexpr float kHalf = 0.5F;

/// Gives fainter ink beside a part to it.
void take_soft_edges(GrayView ink, Image<std::int32_t>& labels) {
  const auto width = static_cast<std::size_t>(ink.width);
  for (int step = 0; step < kEdgeSteps; ++step) {
    std::vector<std::int32_t> above(width, -1);  // as they were before this step
    std::vector<std::int32_t> here(width);
    for (int y = 0; y < ink.height; ++y, std::swap(above, here)) {
      std::int32_t* row = labels.row(y);
      std::copy_n(row, width, here.begin());
      for (int x = 0; x < ink.width; ++x) {
        if (row[x] >= 0 || ink.at(x, y) <= 0) continue;
        const auto column = static_cast<std::size_t>(x);
        row[x] = std::max({x > 0 ? here[column - 1] : -1, x + 1 < ink.width ? here[column + 1] : -1,
                           above[column], y + 1 < ink.height ? labels.at(x, y + 1) : -1});
      }
    }
  }
}

/// The parts that tell what is typical of writing.
std::vector<int> telling_parts(const InkParts& parts, std::span<const int> indices) {
  std::vector<int> inside;
  std::copy_if(indices.begin(), indices.end(), std::back_inserter(inside),
               [&](int index) { return !touches_border(parts.part(index).box, parts.ink); });
  return inside.empty() ? std::vector<int>(indices.begin(), indices.end()) : inside;
}

std::vector<int> all_parts(const InkParts& parts) {
  std::vector<int> indices(parts.parts.size());
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

float stroke_width_of(std::vector<float> widths) {
  return widths.empty() ? 1 : median(std::move(widths));
}

/// Measures the stroke width of every part, and the typical one: the median over pixels of the shorter of the
/// two runs of ink through each, across and down.
void measure_strokes(InkParts& parts) {
  const GrayView ink = parts.ink.view();
  Image<int> down(ink.width, ink.height);  // the ink above each pixel and itself, then of its whole run
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) >= kStroke) down.at(x, y) = 1 + (y > 0 ? down.at(x, y - 1) : 0);
    }
  }
  for (int y = ink.height - 2; y >= 0; --y) {
    for (int x = 0; x < ink.width; ++x) {
      if (down.at(x, y) > 0) down.at(x, y) = std::max(down.at(x, y), down.at(x, y + 1));
    }
  }
  std::vector<std::vector<float>> widths(parts.parts.size());  // whole numbers
  for (int y = 0; y < ink.height; ++y) {
    const int* downward = down.row(y);
    const std::int32_t* labels = parts.labels.row(y);
    for (int first = 0, last = 0; first < ink.width; first = last + 1) {
      for (last = first; last < ink.width && downward[last] > 0;) ++last;
      for (int x = first; x < last; ++x) {
        if (labels[x] < 0) continue;
        widths[static_cast<std::size_t>(labels[x])].push_back(
            static_cast<float>(std::min(last - first, downward[x])));
      }
    }
  }
  std::vector<float> telling;
  for (const int index : telling_parts(parts, all_parts(parts))) {
    const std::vector<float>& of_part = widths[static_cast<std::size_t>(index)];
    telling.insert(telling.end(), of_part.begin(), of_part.end());
  }
  parts.stroke_width = stroke_width_of(std::move(telling));
  for (std::size_t i = 0; i < widths.size(); ++i) {
    parts.parts[i].stroke_width = stroke_width_of(std::move(widths[i]));
  }
}

/// The components with a core.
InkParts connect(GrayImage ink) {
  Components components = find_components(ink.view(), kStroke);
  InkParts out;
  std::vector<std::int32_t> kept(components.parts.size(), -1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (components.parts[i].peak < kCore) continue;
    kept[i] = static_cast<std::int32_t>(out.parts.size());
    out.parts.push_back({components.parts[i].box, components.parts[i].mass, kept[i], 0});
  }
  for (std::int32_t& label : components.labels.pixels) {
    if (label >= 0) label = kept[static_cast<std::size_t>(label)];
  }
  out.labels = std::move(components.labels);
  out.ink = std::move(ink);
  measure_strokes(out);
  return out;
}

/// Leaves out specks and completes the components to parts.
InkParts without_specks(InkParts out) {
  const float speck = kSpeck * out.stroke_width * out.stroke_width;
  std::vector<std::int32_t> kept(out.parts.size(), -1);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (out.parts[i].mass < speck) continue;
    kept[i] = static_cast<std::int32_t>(parts.size());
    parts.push_back({out.parts[i].box, 0, kept[i], out.parts[i].stroke_width});
  }
  for (std::int32_t& label : out.labels.pixels) {
    if (label >= 0) label = kept[static_cast<std::size_t>(label)];
  }
  take_soft_edges(out.ink.view(), out.labels);
  for (int y = 0; y < out.ink.height; ++y) {
    for (int x = 0; x < out.ink.width; ++x) {
      const std::int32_t label = out.labels.at(x, y);
      if (label < 0) continue;
      Part& part = parts[static_cast<std::size_t>(label)];
      part.mass += out.ink.at(x, y);
      part.box = around(part.box, {x, y, 1, 1});
    }
  }
  out.parts = std::move(parts);
  return out;
}

}  // namespace

InkParts find_parts(GrayImage ink, Image<std::int16_t> strokes) {
  InkParts out = connect(std::move(ink));
  const float height = typical_height(out, all_parts(out));
  const bool may_be_ruled = strokes.pixels.empty() && height > 0;
  if (may_be_ruled && remove_rules(out.ink, kRuleLength * height, out.stroke_width)) {
    out = connect(std::move(out.ink));
  }
  out = without_specks(std::move(out));
  out.strokes = std::move(strokes);
  return out;
}

float typical_height(const InkParts& parts, std::span<const int> indices) {
  std::vector<std::pair<int, float>> heights;
  float mass = 0;
  for (const int index : telling_parts(parts, indices)) {
    heights.emplace_back(parts.part(index).box.height, parts.part(index).mass);
    mass += parts.part(index).mass;
  }
  sort_stably(heights, std::less<>());
  float sum = 0;
  for (const auto& [height, part_mass] : heights) {
    sum += part_mass;
    if (sum >= kHalf * mass) return static_cast<float>(height);
  }
  return 0;
}

Box box_around(const InkParts& parts, std::span<const int> indices) {
  Box box = parts.part(indices.front()).box;
  for (const int index : indices) box = around(box, parts.part(index).box);
  return box;
}

GrayImage ink_of(const InkParts& parts, std::span<const int> indices, const Box& box) {
  GrayImage out(box.width, box.height);
  for (int y = 0; y < box.height; ++y) {
    const std::int32_t* labels = parts.labels.view().row(box.y + y) + box.x;
    const float* ink = parts.ink.view().row(box.y + y) + box.x;
    float* to = out.row(y);
    for (int x = 0; x < box.width; ++x) {
      if (std::find(indices.begin(), indices.end(), labels[x]) != indices.end()) to[x] = ink[x];
    }
  }
  return out;
}

}  // namespace inkread
