// SPDX-License-Identifier: MIT
#include "engine/vision/writing_style.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "engine/vision/components.hpp"

namespace inkread {
namespace {

constexpr int kMostSide = 128;  ///< pixels of the longer side; larger ink is reduced to at most this
constexpr float kHalf = 0.5F;
constexpr double kLeastPieceWidths = 0.4;    ///< stroke widths: the side of what is no speck or gap ...
constexpr double kLeastPieceHeights = 0.03;  ///< ... and heights of the digit

/// A copy of the box with a pixel of paper around it, so that nothing lies at the border; each
/// reduction x reduction block is averaged to one pixel.
GrayImage sheet_of(GrayView ink, Box box, int reduction) {
  const auto reduced = [&](int side) { return (side + reduction - 1) / reduction; };
  GrayImage out(reduced(box.width) + 2, reduced(box.height) + 2);
  for (int y = 0; y < box.height; ++y) {
    const float* from = ink.row(box.y + y) + box.x;
    float* to = out.row(y / reduction + 1);
    for (int x = 0; x < box.width;) {
      ++to;
      for (const int end = std::min(x + reduction, box.width); x < end; ++x) *to += from[x];
    }
  }
  const float share = 1 / static_cast<float>(reduction * reduction);
  for (float& value : out.pixels) value *= share;
  return out;
}

/// Where ink ends: half of what is typical of the inside of strokes, the mean weighted by ink squared, so
/// that pale ink has its edges too. 0 without ink.
float edge_level(GrayView ink) {
  double squares = 0;
  double cubes = 0;
  for (const float pixel : ink.pixels) {
    const auto value = static_cast<double>(pixel);
    squares += value * value;
    cubes += value * value * value;
  }
  return squares > 0 ? static_cast<float>(kHalf * cubes / squares) : 0;
}

struct Point {
  double x = 0;
  double y = 0;
};

/// What the lines around ink tell, in pixels.
struct Outline {
  double area = 0;
  double length = 0;
  Point low{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  Point high{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};

  void add(Point from, Point to) {
    area += (from.x * to.y - from.y * to.x) / 2;
    const Point way{to.x - from.x, to.y - from.y};
    length += std::sqrt(way.x * way.x + way.y * way.y);
    for (const Point& point : {from, to}) {
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
  }
};

/// The pixel centres of a cell, clockwise from the top left.
constexpr std::size_t kCorners = 4;
constexpr std::array<Point, kCorners> kCorner{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};

/// Where the line at `level` crosses a cell's side, between two pixel centres.
Point crossing(const std::array<float, kCorners>& cell, std::size_t side, float level) {
  const std::size_t next = (side + 1) % kCorners;
  const auto t = static_cast<double>((level - cell[side]) / (cell[next] - cell[side]));
  return {kCorner[side].x + t * (kCorner[next].x - kCorner[side].x),
          kCorner[side].y + t * (kCorner[next].y - kCorner[side].y)};
}

/// Follows the line at `level` from cell to cell (marching squares). Ink that touches at a corner is joined.
Outline trace_outline(GrayView ink, float level) {
  Outline outline;
  const auto is_ink = [level](float value) { return value >= level; };
  for (int y = 0; y + 1 < ink.height; ++y) {
    const float* above = ink.row(y);
    const float* below = ink.row(y + 1);
    const auto inked_at = [&](int x) {
      return static_cast<int>(is_ink(above[x])) + static_cast<int>(is_ink(below[x]));
    };
    int inked = inked_at(0);
    for (int x = 0; x + 1 < ink.width; ++x) {
      const int before = std::exchange(inked, inked_at(x + 1));
      if (before == inked && inked != 1) continue;
      const std::array<float, kCorners> cell{above[x], above[x + 1], below[x + 1], below[x]};
      const auto place = [x, y](Point at) { return Point{x + at.x, y + at.y}; };
      for (std::size_t side = 0; side < kCorners; ++side) {
        if (!is_ink(cell[side]) || is_ink(cell[(side + 1) % kCorners])) continue;
        std::size_t next = (side + 1) % kCorners;  // ink ends here; the side where it begins again
        while (!is_ink(cell[(next + 1) % kCorners])) next = (next + 1) % kCorners;
        outline.add(place(crossing(cell, side, level)), place(crossing(cell, next, level)));
      }
    }
  }
  return outline;
}

/// What hangs together.
struct Pieces {
  int ink = 0;
  int loops = 0;  ///< of paper that ink closes off
};

/// Counts what has at least so many pixels. Ink is joined at corners too, paper is not. There is paper all
/// around the ink.
Pieces count_pieces(GrayImage sheet, float level, double least) {
  const auto is_piece = [least](const Component& part) {
    return part.box.x > 0 && static_cast<double>(part.mass) >= least;
  };
  const auto count = [&](Touch touch) {
    const std::vector<Component> parts = find_components(sheet.view(), kHalf, touch).parts;
    return static_cast<int>(std::count_if(parts.begin(), parts.end(), is_piece));
  };
  Pieces pieces;
  for (float& value : sheet.pixels) value = value >= level ? 1.0F : 0.0F;
  pieces.ink = count(Touch::kCorners);
  for (float& value : sheet.pixels) value = 1 - value;
  pieces.loops = count(Touch::kSides);
  return pieces;
}

/// A line of centre length L that a pen of radius r drew has the area 2Lr + e pi r^2 and an outline of
/// 2L + 2e pi r, where e is its pieces less its loops: r solves e pi r^2 - length r + area = 0.
double stroke_width(const Outline& outline, const Pieces& pieces) {
  const double root = outline.length * outline.length -
                      4 * std::numbers::pi * static_cast<double>(pieces.ink - pieces.loops) * outline.area;
  return 4 * outline.area / (outline.length + std::sqrt(std::max(root, 0.0)));
}

/// Central second moments, pixels being squares.
struct Moments {
  double down = 0;
  double mixed = 0;
};

Moments second_moments(GrayView ink, float level) {
  double mass = 0;
  Point sum;
  Moments squares;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) < level) continue;
      const auto value = static_cast<double>(ink.at(x, y));
      mass += value;
      sum = {sum.x + value * x, sum.y + value * y};
      squares.down += value * y * y;
      squares.mixed += value * x * y;
    }
  }
  const Point centre{sum.x / mass, sum.y / mass};
  constexpr double kOfPixel = 1.0 / 12;
  return {squares.down / mass - centre.y * centre.y + kOfPixel, squares.mixed / mass - centre.x * centre.y};
}

}  // namespace

WritingStyle measure_style(GrayView ink, Box box) {
  assert(box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0);
  assert(box.x + box.width <= ink.width && box.y + box.height <= ink.height);
  const int reduction = (std::max(box.width, box.height) + kMostSide - 1) / kMostSide;
  GrayImage sheet = sheet_of(ink, box, reduction);
  const float level = edge_level(sheet.view());
  if (level <= 0) return {};
  const Outline outline = trace_outline(sheet.view(), level);
  const double height = outline.high.y - outline.low.y;
  const double rough_width = 2 * outline.area / outline.length;  // of a long line
  const double least_side = std::max(kLeastPieceWidths * rough_width, kLeastPieceHeights * height);

  const Moments moments = second_moments(sheet.view(), level);
  const Pieces pieces = count_pieces(std::move(sheet), level, least_side * least_side);
  const double slant = std::atan(-moments.mixed / moments.down);
  WritingStyle style;
  style.slant = static_cast<float>(slant * 180 / std::numbers::pi);
  style.stroke_width = static_cast<float>(stroke_width(outline, pieces));
  style.width = static_cast<float>(outline.high.x - outline.low.x);
  style.height = static_cast<float>(height);
  style.loops = pieces.loops;
  style = style.scaled(static_cast<float>(reduction));
  // Reduced ink may reach a little further.
  style.width = std::min(style.width, static_cast<float>(box.width));
  style.height = std::min(style.height, static_cast<float>(box.height));
  return style;
}

}  // namespace inkread
