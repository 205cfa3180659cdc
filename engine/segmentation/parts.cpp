// SPDX-License-Identifier: MIT
#include "engine/segmentation/parts.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "engine/base/histogram.hpp"
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

/// Gives fainter ink beside a part, whose ink lies in these runs, to it.
void take_soft_edges(InkParts& parts, std::vector<Run> runs) {
  const GrayView ink = parts.ink.view();
  for (int step = 0; step < kEdgeSteps; ++step) {
    std::vector<Run> offered;  // pixels
    const auto offer = [&](int x, int y, std::int32_t part) {
      if (x < 0 || y < 0 || x >= ink.width || y >= ink.height) return;
      if (parts.labels.at(x, y) < 0 && ink.at(x, y) > 0) offered.push_back({y, x, x + 1, part});
    };
    for (const Run& run : runs) {
      offer(run.first - 1, run.y, run.part);
      offer(run.end, run.y, run.part);
      for (int x = run.first; x < run.end; ++x) {
        offer(x, run.y - 1, run.part);
        offer(x, run.y + 1, run.part);
      }
    }
    runs.clear();
    for (const Run& pixel : offered) {
      std::int32_t& label = parts.labels.at(pixel.first, pixel.y);
      if (label < 0) runs.push_back(pixel);
      label = std::max(label, pixel.part);
    }
    for (Run& pixel : runs) {
      pixel.part = parts.labels.at(pixel.first, pixel.y);
      Part& part = parts.parts[static_cast<std::size_t>(pixel.part)];
      part.mass += ink.at(pixel.first, pixel.y);
      part.box = around(part.box, {pixel.first, pixel.y, 1, 1});
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

/// Measures the stroke width of every part, and the typical one: the median over pixels of the shorter of the
/// two runs of ink through each, across and down.
void measure_strokes(InkParts& parts, const std::vector<Run>& runs) {
  // The ink above each pixel and itself, then of its whole run; with a row more at each end.
  Image<int> down(parts.ink.width, parts.ink.height + 2);
  for (const Run& run : runs) {
    const int* above = down.row(run.y);
    int* here = down.row(run.y + 1);
    for (int x = run.first; x < run.end; ++x) here[x] = above[x] + 1;
  }
  std::vector<Histogram> widths(parts.parts.size());
  for (std::size_t i = runs.size(); i-- > 0;) {
    const Run& run = runs[i];
    int* here = down.row(run.y + 1);
    const int* below = down.row(run.y + 2);
    for (int x = run.first; x < run.end; ++x) {
      here[x] = std::max(here[x], below[x]);
      const int width = std::min(run.end - run.first, here[x]);
      widths[static_cast<std::size_t>(run.part)].add(static_cast<std::size_t>(width));
    }
  }
  const auto median = [](const Histogram& of) {
    return static_cast<float>(std::max<std::size_t>(of.quantile(kHalf), 1));
  };
  Histogram telling;
  for (const int index : telling_parts(parts, all_parts(parts)))
    telling.add(widths[static_cast<std::size_t>(index)]);
  parts.stroke_width = median(telling);
  for (std::size_t i = 0; i < widths.size(); ++i) parts.parts[i].stroke_width = median(widths[i]);
}

/// Keeps the parts for which `keeps` says so, and their runs.
template <typename Keeps>
void keep_parts(std::vector<Part>& parts, std::vector<Run>& runs, Keeps keeps) {
  std::vector<std::int32_t> kept(parts.size(), -1);
  std::int32_t count = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (!keeps(parts[i])) continue;
    kept[i] = count;
    parts[static_cast<std::size_t>(count)] = parts[i];
    parts[static_cast<std::size_t>(count)].component = count;
    ++count;
  }
  parts.resize(static_cast<std::size_t>(count));
  for (Run& run : runs) run.part = kept[static_cast<std::size_t>(run.part)];
  std::erase_if(runs, [](const Run& run) { return run.part < 0; });
}

/// The components with a core, and their runs.
InkParts connect(GrayImage ink, std::vector<Run>& runs) {
  Components components = find_components(ink.view(), kStroke);
  InkParts out;
  for (const Component& part : components.parts) out.parts.push_back({part.box, part.mass, 0, 0});
  runs = std::move(components.runs);
  keep_parts(out.parts, runs, [&](const Part& part) {
    return components.parts[static_cast<std::size_t>(&part - out.parts.data())].peak >= kCore;
  });
  out.ink = std::move(ink);
  measure_strokes(out, runs);
  return out;
}

/// Leaves out specks and completes the components to parts.
void complete(InkParts& out, std::vector<Run> runs) {
  const float speck = kSpeck * out.stroke_width * out.stroke_width;
  keep_parts(out.parts, runs, [speck](const Part& part) { return part.mass >= speck; });
  out.labels = Image<std::int32_t>(out.ink.width, out.ink.height, 1, -1);
  for (const Run& run : runs) {
    std::fill(out.labels.row(run.y) + run.first, out.labels.row(run.y) + run.end, run.part);
  }
  take_soft_edges(out, std::move(runs));
}

}  // namespace

InkParts find_parts(GrayImage ink, Image<std::int16_t> strokes) {
  std::vector<Run> runs;
  InkParts out = connect(std::move(ink), runs);
  const float height = typical_height(out, all_parts(out));
  const bool may_be_ruled = strokes.pixels.empty() && height > 0;
  if (may_be_ruled && remove_rules(out.ink, kRuleLength * height, out.stroke_width)) {
    out = connect(std::move(out.ink), runs);
  }
  complete(out, std::move(runs));
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
    for (const int index : indices) {
      for (int x = 0; x < box.width; ++x) to[x] = labels[x] == index ? ink[x] : to[x];
    }
  }
  return out;
}

}  // namespace inkread
