// SPDX-License-Identifier: MIT
#include "engine/segmentation/text_lines.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

#include "engine/base/stable_order.hpp"

namespace inkread {
namespace {

constexpr float kFrameSide = 0.5F;       ///< of the picture's: a frame is longer on both sides ...
constexpr float kFrameInk = 0.12F;       ///< ... and inks less than this share of its box
constexpr float kRuleAspect = 4;         ///< width over height of a level rule that was not found as one
constexpr float kRuleWidth = 2.5F;       ///< typical heights
constexpr float kHairAspect = 30;        ///< height over width that no stroke has
constexpr float kUprightAspect = 10;     ///< height over width of an upright rule that is taller than digits
constexpr float kUprightHeight = 2;      ///< typical heights
constexpr float kMostHeight = 3;         ///< typical heights of ink at the picture's border ...
constexpr float kMostStrokeHeight = 4;   ///< ... and of strokes there
constexpr float kThickest = 2;           ///< typical stroke widths of a stroke
constexpr float kLeastInside = 0.3F;     ///< of the ink of strokes at the border: with less inside those tell
constexpr float kTall = 0.5F;            ///< typical heights: what is taller makes lines
constexpr float kNearestNext = 0.3F;     ///< typical heights to the digit that tells the slope ...
constexpr float kFarthestNext = 4;       ///< ... at least and at most
constexpr float kSteepest = 0.35F;       ///< of lines
constexpr std::size_t kLeastSlopes = 3;  ///< fewer do not tell the slope
constexpr float kOverlap = 0.4F;         ///< with its line, of the lower one's height

struct Span {
  float low = 0;
  float high = 0;
  [[nodiscard]] float size() const { return high - low; }
  [[nodiscard]] float middle() const { return (low + high) / 2; }
};

float overlap(const Span& a, const Span& b) {
  return std::min(a.high, b.high) - std::max(a.low, b.low);
}

float middle_x(const Box& box) {
  return static_cast<float>(box.x) + static_cast<float>(box.width) / 2;
}
float middle_y(const Box& box) {
  return static_cast<float>(box.y) + static_cast<float>(box.height) / 2;
}

bool is_level(const Box& box) {
  return static_cast<float>(box.width) > kRuleAspect * static_cast<float>(box.height);
}

bool is_frame(const Part& part, const GrayImage& picture) {
  const auto w = static_cast<float>(part.box.width);
  const auto h = static_cast<float>(part.box.height);
  return w > kFrameSide * static_cast<float>(picture.width) &&
         h > kFrameSide * static_cast<float>(picture.height) && part.mass < kFrameInk * w * h;
}

/// Whether the part is drawn with the pen, and no shadow or table.
bool is_stroke(const InkParts& parts, const Part& part) {
  return part.stroke_width <= kThickest * parts.stroke_width;
}

/// The height of writing: the typical one, but where a crop cuts off nearly all of it, that of the strokes at
/// the border.
float writing_height(const InkParts& parts, std::span<const int> indices) {
  std::vector<int> cut_off;
  float mass_inside = 0;
  float mass_cut_off = 0;
  for (const int index : indices) {
    const Part& part = parts.part(index);
    if (!touches_border(part.box, parts.ink)) {
      mass_inside += part.mass;
    } else if (is_stroke(parts, part) && !is_level(part.box)) {
      mass_cut_off += part.mass;
      cut_off.push_back(index);
    }
  }
  return typical_height(parts, mass_inside < kLeastInside * mass_cut_off ? cut_off : indices);
}

/// The parts that may be writing: no frames, rules or shadows.
std::vector<int> written_parts(const InkParts& parts) {
  std::vector<int> indices;
  for (std::size_t i = 0; i < parts.parts.size(); ++i) {
    if (!is_frame(parts.parts[i], parts.ink)) indices.push_back(static_cast<int>(i));
  }
  const float height = writing_height(parts, indices);
  std::erase_if(indices, [&](int index) {
    const Box& box = parts.part(index).box;
    const auto w = static_cast<float>(box.width);
    const auto h = static_cast<float>(box.height);
    const bool is_level_rule = is_level(box) && w > kRuleWidth * height;
    const bool is_upright_rule =
        h > kHairAspect * w || (h > kUprightAspect * w && h > kUprightHeight * height);
    const float most = is_stroke(parts, parts.part(index)) ? kMostStrokeHeight : kMostHeight;
    const bool is_shadow = h > most * height && touches_border(box, parts.ink);
    return is_level_rule || is_upright_rule || is_shadow;
  });
  return indices;
}

/// How much y grows with x along the lines: the median over each part and the next to its right.
float common_slope(const InkParts& parts, const std::vector<int>& tall, float height) {
  std::vector<float> slopes;
  for (const int index : tall) {
    const Box& box = parts.part(index).box;
    float nearest = kFarthestNext * height;
    std::optional<float> slope;
    for (const int other : tall) {
      const float dx = middle_x(parts.part(other).box) - middle_x(box);
      const float dy = middle_y(parts.part(other).box) - middle_y(box);
      if (dx <= kNearestNext * height || dx > nearest || std::abs(dy) > kSteepest * dx) continue;
      nearest = dx;
      slope = dy / dx;
    }
    if (slope) slopes.push_back(*slope);
  }
  if (slopes.size() < kLeastSlopes) return 0;
  sort_stably(slopes, std::less<>());
  return slopes[slopes.size() / 2];
}

struct Row {
  std::vector<int> parts;
  std::vector<float> lows;  // in order
  std::vector<float> highs;
  Span span;  ///< the medians

  void add(int part, const Span& of_part) {
    parts.push_back(part);
    const auto insert = [](std::vector<float>& values, float value) {
      values.insert(std::upper_bound(values.begin(), values.end(), value), value);
      return values[values.size() / 2];
    };
    span = {insert(lows, of_part.low), insert(highs, of_part.high)};
  }
};

/// The tall parts in rows from top to bottom.
template <typename SpanOf>
std::vector<Row> make_rows(std::vector<int> tall, SpanOf span_of) {
  sort_stably(tall, [&](int a, int b) { return span_of(a).middle() < span_of(b).middle(); });
  std::vector<Row> rows;
  for (const int index : tall) {
    const Span span = span_of(index);
    const auto share = [&](const Row& row) {
      return overlap(row.span, span) / std::min(row.span.size(), span.size());
    };
    auto best = std::max_element(rows.begin(), rows.end(),
                                 [&](const Row& a, const Row& b) { return share(a) < share(b); });
    if (best == rows.end() || share(*best) <= kOverlap) best = rows.insert(rows.end(), Row{});
    best->add(index, span);
  }
  sort_stably(rows, [](const Row& a, const Row& b) { return a.span.middle() < b.span.middle(); });
  return rows;
}

TextLine make_line(const InkParts& parts, std::vector<int> indices) {
  sort_stably(indices,
              [&](int a, int b) { return middle_x(parts.part(a).box) < middle_x(parts.part(b).box); });
  const float height = writing_height(parts, indices);
  return {std::move(indices), height};
}

}  // namespace

std::optional<TextLine> find_line(const InkParts& parts) {
  std::vector<int> written = written_parts(parts);
  if (written.empty()) return std::nullopt;
  return make_line(parts, std::move(written));
}

std::vector<TextLine> find_lines(const InkParts& parts) {
  const std::vector<int> written = written_parts(parts);
  const float height = writing_height(parts, written);
  std::vector<int> tall;
  std::vector<int> small;
  for (const int index : written) {
    const bool is_tall = static_cast<float>(parts.part(index).box.height) >= kTall * height;
    (is_tall ? tall : small).push_back(index);
  }
  const float slope = common_slope(parts, tall, height);
  const auto span_of = [&](int index) {
    const Box& box = parts.part(index).box;
    const float low = static_cast<float>(box.y) - slope * middle_x(box);
    return Span{low, low + static_cast<float>(box.height)};
  };
  std::vector<Row> rows = make_rows(tall, span_of);
  for (const int index : small) {  // dots, dashes and detached strokes, which are near their row
    const Span span = span_of(index);
    const auto nearest = std::max_element(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      return overlap(a.span, span) < overlap(b.span, span);
    });
    if (nearest != rows.end() && overlap(nearest->span, span) > -kTall * height)
      nearest->parts.push_back(index);
  }
  std::vector<TextLine> lines;
  for (Row& row : rows) lines.push_back(make_line(parts, std::move(row.parts)));
  return lines;
}

}  // namespace inkread
