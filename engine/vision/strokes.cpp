// SPDX-License-Identifier: MIT
#include "engine/vision/strokes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "engine/base/message.hpp"
#include "engine/base/stable_order.hpp"

namespace inkread {
namespace {

constexpr double kInkSide = 100;   ///< pixels of the longer side, pen width included
constexpr double kDigitSide = 26;  ///< the same of one of several digits: larger ones read no better
/// As a share of the longer side: the strokes of MNIST's training images are about 2.4 pixels wide in their
/// box of 20.
constexpr double kPenShare = 0.12;
/// Of several digits together: more are drawn smaller.
constexpr double kMostSide = 2000;
constexpr int kMargin = 1;           ///< paper around the ink, for its soft edge
constexpr double kLeastStep = 0.25;  ///< points nearer than this, in pixels, add nothing that is seen
/// More segments than this (a scribble of some fifty times the digit's size) are thinned out evenly, so that
/// the time is bounded whatever is drawn.
constexpr std::size_t kSegments = 20'000;

using Point = InkPoint;

/// Of pixels' distances, for which std::hypot takes needless care.
double length(double x, double y) {
  return std::sqrt(x * x + y * y);
}

struct Extent {
  Point low{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  Point high{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};

  void add(const StrokePoint& point) {
    low = {std::min<double>(low.x, point.x), std::min<double>(low.y, point.y)};
    high = {std::max<double>(high.x, point.x), std::max<double>(high.y, point.y)};
  }
};

Result<Extent> measure_extent(std::span<const Stroke> strokes) {
  if (strokes.size() > StrokeLimits::kStrokes) {
    return Error{ErrorCode::kTooLarge, message("more than {} strokes", {StrokeLimits::kStrokes})};
  }
  Extent extent;
  std::size_t points = 0;
  for (const Stroke& stroke : strokes) {
    points += stroke.size();
    if (points > StrokeLimits::kPoints) {
      return Error{ErrorCode::kTooLarge, message("more than {} points", {StrokeLimits::kPoints})};
    }
    for (const StrokePoint& point : stroke) {
      if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
        return Error{ErrorCode::kNotFinite, "a coordinate of a stroke"};
      }
      if (std::max(std::abs(point.x), std::abs(point.y)) > StrokeLimits::kFarthest) {
        return Error{ErrorCode::kTooLarge, "a point lies further out than 1e30"};
      }
      extent.add(point);
    }
  }
  if (points == 0) return Error{ErrorCode::kEmpty, "no point in any stroke"};
  return extent;
}

static_assert(StrokeLimits::kStrokes <= std::numeric_limits<std::int16_t>::max());

/// A line to draw, in ink pixels. A dot begins where it ends.
struct Segment {
  Point from;
  Point to;
  std::int16_t stroke = 0;
};

/// From stroke coordinates to ink pixels.
struct Placement {
  Point low;  ///< what lies at (inset, inset)
  double scale;
  double inset;

  [[nodiscard]] Point operator()(const StrokePoint& point) const {
    return {(point.x - low.x) * scale + inset, (point.y - low.y) * scale + inset};
  }
};

std::vector<Segment> segments_of(std::span<const Stroke> strokes, const Placement& place) {
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    const Stroke& stroke = strokes[i];
    const auto number = static_cast<std::int16_t>(i);
    if (stroke.empty()) continue;
    Point last = place(stroke.front());
    const std::size_t before = segments.size();
    for (const StrokePoint& raw : stroke) {
      const Point point = place(raw);
      const bool at_end = &raw == &stroke.back() && segments.size() > before;
      if (!at_end && length(point.x - last.x, point.y - last.y) < kLeastStep) continue;
      segments.push_back({last, point, number});
      last = point;
    }
    if (segments.size() == before) segments.push_back({last, last, number});
  }
  return segments;
}

/// Joins runs of segments to one each where there are too many. A jump from one stroke to the next within a
/// run is drawn too; with so many segments the picture is filled anyway.
void thin_out(std::vector<Segment>& segments) {
  const std::size_t run = (segments.size() + kSegments - 1) / kSegments;
  if (run <= 1) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < segments.size(); i += run) {
    const std::size_t last = std::min(i + run, segments.size()) - 1;
    segments[kept++] = {segments[i].from, segments[last].to, segments[i].stroke};
  }
  segments.resize(kept);
}

double squared_distance(Point p, Point from, Point to) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double length2 = dx * dx + dy * dy;
  const double along = length2 > 0 ? ((p.x - from.x) * dx + (p.y - from.y) * dy) / length2 : 0.0;
  const double t = std::clamp(along, 0.0, 1.0);
  const double x = p.x - from.x - t * dx;
  const double y = p.y - from.y - t * dy;
  return x * x + y * y;
}

/// The columns of the row at `y` that a pen on this line may reach, from the first to behind the last. Only
/// these: many lines that go far must not take the time of their boxes.
std::pair<double, double> reached_columns(Point from, Point to, double y, double reach) {
  const double dy = to.y - from.y;
  double first = 0;  // where along the line the pen is near enough
  double last = 1;
  if (dy != 0) {
    const double middle = (y - from.y) / dy;
    const double half = reach / std::abs(dy);
    first = std::clamp(middle - half, 0.0, 1.0);
    last = std::clamp(middle + half, 0.0, 1.0);
  }
  const double dx = to.x - from.x;
  const double begin = from.x + first * dx;
  const double end = from.x + last * dx;
  return {std::min(begin, end) - reach, std::max(begin, end) + reach};
}

/// Calls visit(x, y, covered) for the pixels of an image that a round pen meets on this line, with the share
/// of the pixel that it covers, to a good approximation. Leaves out pixels that are all ink.
template <typename Visit>
void for_each_covered(Point from, Point to, double width, const GrayImage& image, Visit visit) {
  const double reach = width / 2 + 1;
  const double outer = width / 2 + 0.5;
  const double inner = std::max(width / 2 - 0.5, 0.0);
  const int top = std::max(static_cast<int>(std::min(from.y, to.y) - reach), 0);
  const int bottom = std::min(static_cast<int>(std::max(from.y, to.y) + reach) + 1, image.height);
  for (int y = top; y < bottom; ++y) {
    const auto [first, last] = reached_columns(from, to, y + 0.5, reach);
    const int left = std::max(static_cast<int>(first), 0);
    const int right = std::min(static_cast<int>(last) + 1, image.width);
    for (int x = left; x < right; ++x) {
      if (image.view().at(x, y) >= 1) continue;
      // Few pixels are at the edge, where the root is needed.
      const double squared = squared_distance({x + 0.5, y + 0.5}, from, to);
      if (squared >= outer * outer) continue;
      visit(x, y, squared < inner * inner ? 1.0F : static_cast<float>(outer - std::sqrt(squared)));
    }
  }
}

float to_float(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kMost, kMost));
}

double longer_side(const Extent& extent) {
  return std::max(extent.high.x - extent.low.x, extent.high.y - extent.low.y);
}

/// The longer side that half of all strokes' length, as their extents tell it, has at least: a digit's, not a
/// dot's or a dash's.
double typical_side(std::span<const Stroke> strokes) {
  std::vector<double> sides;
  double sum = 0;
  for (const Stroke& stroke : strokes) {
    if (stroke.empty()) continue;
    Extent extent;
    for (const StrokePoint& point : stroke) extent.add(point);
    sides.push_back(longer_side(extent));
    sum += sides.back();
  }
  sort_stably(sides, std::less<>());
  double passed = 0;
  for (const double side : sides) {
    passed += side;
    if (passed >= sum / 2) return side;
  }
  return 0;
}

}  // namespace

Result<StrokeInk> draw_strokes(std::span<const Stroke> strokes, StrokeScale by) {
  const Result<Extent> measured = measure_extent(strokes);
  if (!measured.ok()) return measured.error();
  const Extent& extent = measured.value();
  const Point size{extent.high.x - extent.low.x, extent.high.y - extent.low.y};
  const double longer = longer_side(extent);
  const bool is_whole = by == StrokeScale::kWhole;
  const double ink_side = is_whole ? kInkSide : kDigitSide;
  const double pen = ink_side * kPenShare;
  const double reference =
      is_whole ? longer : std::max(typical_side(strokes), longer * (ink_side - pen) / (kMostSide - pen));

  // All points in one place (or as good as): a dot, at one pixel a unit.
  const double wanted = (ink_side - pen) / reference;
  const double scale = wanted < std::numeric_limits<float>::max() ? wanted : 1.0;
  const double inset = pen / 2 + kMargin;
  const auto side = [&](double length) { return static_cast<int>(std::ceil(length * scale + 2 * inset)); };

  StrokeInk out;
  out.ink = GrayImage(side(size.x), side(size.y));
  out.strokes = Image<std::int16_t>(out.ink.width, out.ink.height, 1, -1);
  out.scale = to_float(scale);
  out.origin = {to_float(extent.low.x - inset / scale), to_float(extent.low.y - inset / scale)};
  std::vector<Segment> segments = segments_of(strokes, {extent.low, scale, inset});
  thin_out(segments);
  for (const Segment& segment : segments) {
    for_each_covered(segment.from, segment.to, pen, out.ink, [&](int x, int y, float covered) {
      if (covered <= out.ink.at(x, y)) return;
      out.ink.at(x, y) = covered;
      out.strokes.at(x, y) = segment.stroke;
    });
  }
  return out;
}

void draw_line(InkPoint from, InkPoint to, double width, GrayImage& ink) {
  for_each_covered(from, to, width, ink, [&](int x, int y, float covered) {
    float& pixel = ink.at(x, y);
    pixel = std::max(pixel, covered);
  });
}

}  // namespace inkread
