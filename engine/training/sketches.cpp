// SPDX-License-Identifier: MIT
#include "engine/training/sketches.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>

#include "engine/vision/strokes.hpp"

namespace inkread {
namespace {

/// Strokes in any unit, y downwards.
using Sketch = std::vector<Stroke>;

constexpr float kTwoPi = 2 * std::numbers::pi_v<float>;
constexpr float kMiddle = kCanvasSide / 2.0F;

// Strokes a character each: '-' begins one of straight lines, '~' one that is smooth; then come its points,
// two figures each, across and down on a grid of ten. Whatever a sloppy hand could turn into a digit is
// missing: among others B, C, D, G, I, J, O, Q, S, Z, b, c, g, i, j, l, q, s, y, z, slashes, brackets, and,
// dollar.
constexpr std::array<std::string_view, 38> kLetters{
    "-094099-2676",             // A
    "-90000999-0474",           // E
    "-900009-0464",             // F
    "-0009-9099-0494",          // H
    "-0009-900599",             // K
    "-000989",                  // L
    "-0900469099",              // M
    "-09009990",                // N
    "-0009~0060827405",         // P
    "-0009~0060827405-4599",    // R
    "-0090-4049",               // T
    "~000629698680",            // U
    "-004980",                  // V
    "-0029436990",              // W
    "-0099-9009",               // X
    "-004490-4449",             // Y
    "~7433063977-7079",         // d
    "~055585713004185988",      // e
    "~81604249-1474",           // f
    "-0009~06346579",           // h
    "-0009-730679",             // k
    "-0209~04224449~44729499",  // m
    "-0109~04428489",           // n
    "-0009~0240725505",         // p
    "-0009~043171",             // r
    "~40476988-0383",           // t
    "~0028437890",              // w
    "-00099099",                // Cyrillic i
    "-4049-0099-9009",          // Cyrillic zhe
    "-00099990-4049",           // Cyrillic sha
    "-0191-2129~616889",        // pi
    "-2089-4409",               // lambda
    "-9000450999",              // sigma
    "~000426668480-4049",       // psi
    "-0393-4044-4409-4499",     // great
    "-0393-4049-4408-4498",     // tree
    "-1484-4049-0999",          // earth
    "-0090990900-4049-0494",    // field
};

constexpr std::array<std::string_view, 34> kSigns{
    "-4049-0494",                                           // plus
    "-0393-0696",                                           // equals
    "-2029-6069-0393-0696",                                 // hash
    "-4049-0287-8207",                                      // asterisk
    "~0330608264-6445-4849",                                // question mark
    "-9009~2002244220~7557799775",                          // percent
    "~63433546656376958140042869",                          // at
    "-800489",                                              // less
    "-052990",                                              // check mark
    "-0494-4142-4748",                                      // divided by
    "-0393-0696-7029",                                      // unequal
    "~03226392~08276897",                                   // about
    "-0524496090",                                          // root
    "-0494-619468",                                         // arrow to the right
    "-0494-310438",                                         // to the left
    "-0099-939939",                                         // down to the right
    "-4049-054985",                                         // down
    "-4049-0292-0595",                                      // double cross
    "-294079039329",                                        // star
    "~49041042~42709449",                                   // heart
    "-40099940",                                            // triangle
    "-14198984-04409404",                                   // house
    "~401104184988948140-3234-6264~264776",                 // face
    "~4224477442-4041-4849-0414-8494-1122-7788-8172-1827",  // sun
    "~4031435140-4346-1484-194679",                         // stick figure
    "~92663704316397",                                      // fish
    "-0902254065929909",                                    // crown
    "-0629799606-46408545",                                 // boat
    "-0090990900-004590",                                   // envelope
    "-28219097~28070928~97767897",                          // two notes
    "-0119697101~73939676",                                 // cup
    "-2029-6069-2262-2565-2868",                            // ladder
    "-0009-008304",                                         // flag
    "-0090990900-0099-9009",                                // crossed box
};

float bell(float most, Random& random) {
  return most * (random.uniform(-0.5F, 0.5F) + random.uniform(-0.5F, 0.5F));
}

StrokePoint between(StrokePoint a, StrokePoint b, float share) {
  return {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}

/// A curve through all points (Catmull, Rom, "A class of local interpolating splines", 1974).
Stroke smooth(const Stroke& points) {
  constexpr int kPieces = 6;  // between two points
  if (points.size() < 3) return points;
  Stroke out;
  out.reserve((points.size() - 1) * kPieces + 1);
  const auto spline = [](float a, float b, float c, float d, float t) {
    return b + t * ((c - a) / 2 + t * ((2 * a - 5 * b + 4 * c - d) / 2 + t * (3 * (b - c) + d - a) / 2));
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const StrokePoint& a = points[i == 0 ? 0 : i - 1];
    const StrokePoint& b = points[i];
    const StrokePoint& c = points[i + 1];
    const StrokePoint& d = points[std::min(i + 2, points.size() - 1)];
    for (int piece = 0; piece < kPieces; ++piece) {
      const float t = static_cast<float>(piece) / kPieces;
      out.push_back({spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)});
    }
  }
  out.push_back(points.back());
  return out;
}

/// The sketch with every point sent through `change`.
template <typename Change>
void transform(Sketch& sketch, Change change) {
  for (Stroke& stroke : sketch) {
    for (StrokePoint& point : stroke) point = change(point);
  }
}

void turn(Sketch& sketch, float radians) {
  const float cosine = std::cos(radians);
  const float sine = std::sin(radians);
  transform(sketch, [&](StrokePoint p) {
    return StrokePoint{cosine * p.x - sine * p.y, sine * p.x + cosine * p.y};
  });
}

struct Extent {
  StrokePoint low{1e9F, 1e9F};
  StrokePoint high{-1e9F, -1e9F};
};
Extent extent(const Sketch& sketch) {
  Extent all;
  for (const Stroke& stroke : sketch) {
    for (const StrokePoint& p : stroke) {
      all.low = {std::min(all.low.x, p.x), std::min(all.low.y, p.y)};
      all.high = {std::max(all.high.x, p.x), std::max(all.high.y, p.y)};
    }
  }
  return all;
}

/// Moves and scales the sketch, its shape kept, into the middle of the canvas, its longer side `longer`.
void fit(Sketch& sketch, float longer) {
  const Extent now = extent(sketch);
  const float size = std::max({now.high.x - now.low.x, now.high.y - now.low.y, 1e-3F});
  const StrokePoint middle = between(now.low, now.high, 0.5F);
  transform(sketch, [&](StrokePoint p) {
    return StrokePoint{(p.x - middle.x) * longer / size + kMiddle,
                       (p.y - middle.y) * longer / size + kMiddle};
  });
}

/// Draws a line that grows or shrinks evenly, with round ends.
void draw_line(Canvas& canvas, StrokePoint from, StrokePoint to, float from_radius, float to_radius) {
  constexpr float kSoftness = 2;  // of the edge: a tile pixel, as MNIST's own
  const float reach = std::max(from_radius, to_radius) + kSoftness / 2;
  const auto first = [reach](float a, float b) {
    return std::clamp(static_cast<int>(std::min(a, b) - reach), 0, kCanvasSide);
  };
  const auto last = [reach](float a, float b) {
    return std::clamp(static_cast<int>(std::max(a, b) + reach) + 1, 0, kCanvasSide);
  };
  const float dx = to.x - from.x;
  const float dy = to.y - from.y;
  const float per_length = 1 / std::max(dx * dx + dy * dy, 1e-6F);
  const int left = first(from.x, to.x);
  const int right = last(from.x, to.x);
  for (int y = first(from.y, to.y); y < last(from.y, to.y); ++y) {
    float* row = canvas.row(y);
    const float v = static_cast<float>(y) + 0.5F - from.y;
    for (int x = left; x < right; ++x) {
      const float u = static_cast<float>(x) + 0.5F - from.x;
      const float along = std::clamp((u * dx + v * dy) * per_length, 0.0F, 1.0F);
      const float across = u - along * dx;
      const float down = v - along * dy;
      const float radius = from_radius + along * (to_radius - from_radius);
      const float distance = std::sqrt(across * across + down * down);
      row[x] = std::max(row[x], std::clamp((radius - distance) / kSoftness + 0.5F, 0.0F, 1.0F));
    }
  }
}

/// Half of the width of a pen as MNIST's, in canvas pixels.
float draw_pen(Random& random) {
  return 2.45F + bell(0.9F, random);
}

/// The sketch in ink. The pen presses unevenly, as a hand does.
Canvas ink(const Sketch& sketch, float pen, Random& random) {
  Canvas canvas;
  const float unevenness = random.uniform(0, 0.22F);
  const float pace = random.uniform(0.05F, 0.2F);  // radians a pixel
  for (const Stroke& stroke : sketch) {
    float phase = random.uniform(0, kTwoPi);
    float radius = pen * (1 + unevenness * std::sin(phase));
    if (stroke.size() == 1) draw_line(canvas, stroke.front(), stroke.front(), radius, radius);
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      phase += pace * std::hypot(stroke[i].x - stroke[i - 1].x, stroke[i].y - stroke[i - 1].y);
      const float next = pen * (1 + unevenness * std::sin(phase));
      draw_line(canvas, stroke[i - 1], stroke[i], radius, next);
      radius = next;
    }
  }
  return canvas;
}

Canvas fitted_ink(Sketch& sketch, float pen, Random& random) {
  fit(sketch, kSketchSide - 2 * pen);
  return ink(sketch, pen, random);
}

/// A template's strokes, each point off by up to `jitter` of the ten grid steps.
Sketch from_template(std::string_view text, float jitter, Random& random) {
  Sketch sketch;
  bool curved = false;
  const auto close_stroke = [&] {
    if (curved && !sketch.empty()) sketch.back() = smooth(sketch.back());
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '-' || text[i] == '~') {
      close_stroke();
      curved = text[i] == '~';
      sketch.emplace_back();
      ++i;
      continue;
    }
    const auto grid = [&](char figure) { return static_cast<float>(figure - '0') + bell(jitter, random); };
    const float x = grid(text[i]);
    sketch.back().push_back({x, grid(text[i + 1])});
    i += 2;
  }
  close_stroke();
  return sketch;
}

/// A hand of its own for one drawing: how wide, slanted and turned it writes.
void as_written(Sketch& sketch, float narrowest, float widest, Random& random) {
  const float width = random.uniform(narrowest, widest);
  const float slant = bell(0.35F, random);
  transform(sketch, [&](StrokePoint p) { return StrokePoint{width * p.x - slant * p.y, p.y}; });
  turn(sketch, bell(0.2F, random));
}

Sketch letter(Random& random) {
  Sketch sketch = from_template(kLetters[random.below(kLetters.size())], 1.1F, random);
  as_written(sketch, 0.6F, 1.1F, random);
  return sketch;
}

StrokePoint in_square(Random& random) {
  const float x = random.uniform(0, 1);
  return {x, random.uniform(0, 1)};
}

/// A curve through random points, each a good way from the one before.
Stroke wander(int points, Random& random) {
  constexpr float kLeastWay = 0.45F;
  constexpr int kTries = 8;
  Stroke stroke{in_square(random)};
  while (static_cast<int>(stroke.size()) < points) {
    StrokePoint next = in_square(random);
    for (int i = 0; i < kTries; ++i) {
      if (std::hypot(next.x - stroke.back().x, next.y - stroke.back().y) >= kLeastWay) break;
      next = in_square(random);
    }
    stroke.push_back(next);
  }
  return smooth(stroke);
}

/// One long line or several shorter ones: together too much for a digit.
Sketch tangle(Random& random) {
  constexpr std::array<int, 4> kPoints{9, 5, 4, 4};  // of each stroke, at least, by the number of strokes
  const std::uint32_t strokes = random.below(4);
  Sketch sketch;
  for (std::uint32_t i = 0; i <= strokes; ++i) {
    sketch.push_back(wander(kPoints[strokes] + static_cast<int>(random.below(3)), random));
  }
  return sketch;
}

/// To and fro between two rails, straight or rounded.
Sketch zigzag(Random& random) {
  const int turns = 5 + static_cast<int>(random.below(6));
  const float height = random.uniform(0.4F, 1);
  const bool rounded = random.below(2) == 0;
  Stroke stroke;
  for (int i = 0; i <= turns; ++i) {
    const float rail = i % 2 == 0 ? 0.0F : height;
    stroke.push_back({(static_cast<float>(i) + bell(0.5F, random)) / static_cast<float>(turns),
                      rail + bell(0.3F, random) * height});
  }
  Sketch sketch{rounded ? smooth(stroke) : stroke};
  turn(sketch, bell(0.7F, random));
  return sketch;
}

/// The pen goes round as it moves on: a row of loops.
Sketch loops(Random& random) {
  const auto rounds = static_cast<float>(3 + random.below(3));
  const float radius = random.uniform(0.9F, 2.2F);
  const float height = random.uniform(1, 2.5F);
  const float way = random.below(2) == 0 ? 1.0F : -1.0F;
  constexpr int kSteps = 14;  // a round
  const int steps = static_cast<int>(rounds * kSteps);
  Stroke stroke;
  for (int i = 0; i <= steps; ++i) {
    const float angle = static_cast<float>(i) * kTwoPi / kSteps;
    stroke.push_back({angle / 2 + radius * std::cos(angle), way * radius * height * std::sin(angle)});
  }
  Sketch sketch{stroke};
  turn(sketch, bell(0.6F, random));
  return sketch;
}

/// More than two rounds: fewer could be a 6 or a 9.
Sketch spiral(Random& random) {
  const float rounds = random.uniform(2.2F, 3);
  const float start = random.uniform(0, kTwoPi);
  const float way = random.below(2) == 0 ? 1.0F : -1.0F;
  const float width = random.uniform(0.75F, 1.3F);
  constexpr int kSteps = 16;  // a round
  const int steps = static_cast<int>(rounds * kSteps);
  Stroke stroke;
  for (int i = 0; i <= steps; ++i) {
    const float angle = start + way * static_cast<float>(i) * kTwoPi / kSteps;
    const float radius = static_cast<float>(i + 2) * (1 + bell(0.05F, random));
    stroke.push_back({width * radius * std::cos(angle), radius * std::sin(angle)});
  }
  return {stroke};
}

/// Crossing-out: to and fro so densely that the lines run together.
Sketch crossing_out(Random& random) {
  const int turns = 9 + static_cast<int>(random.below(8));
  const float height = random.uniform(0.35F, 0.8F);
  Stroke stroke;
  for (int i = 0; i <= turns; ++i) {
    const float rail = i % 2 == 0 ? 0.0F : height;
    stroke.push_back({(static_cast<float>(i) + bell(3, random)) / static_cast<float>(turns),
                      rail + bell(0.5F, random) * height});
  }
  Sketch sketch{stroke};
  if (random.below(2) == 0) sketch.push_back({{0, height * random.uniform(0, 1)}, {1, height / 2}});
  turn(sketch, bell(0.8F, random));
  return sketch;
}

/// Dots in disorder.
Sketch dots(Random& random) {
  Sketch sketch;
  const std::uint32_t count = 2 + random.below(6);
  for (std::uint32_t i = 0; i < count; ++i) sketch.push_back({in_square(random)});
  return sketch;
}

/// Lines side by side, one to five, lying or leaning but never one alone that stands: that would be a 1.
Sketch rules(Random& random) {
  const std::uint32_t count = 1 + random.below(5);
  Sketch sketch;
  for (std::uint32_t i = 0; i < count; ++i) {
    const float y = static_cast<float>(i) * 0.3F;
    sketch.push_back(
        {{bell(0.2F, random), y + bell(0.08F, random)}, {1 + bell(0.2F, random), y + bell(0.08F, random)}});
  }
  turn(sketch, count < 3 ? bell(0.25F, random) : random.uniform(0, kTwoPi));
  return sketch;
}

/// Two to four lines across two to four, with or without a border.
Sketch grid(Random& random) {
  Sketch sketch;
  for (const bool lying : {true, false}) {
    const std::uint32_t count = 2 + random.below(3);
    for (std::uint32_t i = 0; i < count; ++i) {
      const float at = static_cast<float>(i + 1) / static_cast<float>(count + 1) + bell(0.06F, random);
      const StrokePoint from{at, bell(0.1F, random)};
      const StrokePoint to{at + bell(0.1F, random), 1 + bell(0.1F, random)};
      sketch.push_back(lying ? Stroke{{from.y, from.x}, {to.y, to.x}} : Stroke{from, to});
    }
  }
  if (random.below(3) == 0) sketch.push_back({{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}});
  turn(sketch, bell(0.5F, random));
  return sketch;
}

/// Round blobs that touch, or one disc.
Canvas blot(Random& random) {
  Canvas canvas;
  StrokePoint at{kMiddle, kMiddle};
  const std::uint32_t count = random.below(3) == 0 ? 1 : 2 + random.below(5);
  for (std::uint32_t i = 0; i < count; ++i) {
    const float radius = random.uniform(5, count == 1 ? 20.0F : 11.0F);
    const StrokePoint next{at.x + bell(14, random), at.y + bell(8, random)};
    draw_line(canvas, i == 0 ? at : next, next, radius, radius * random.uniform(0.7F, 1));
    draw_line(canvas, at, next, 4, 4);
    at = next;
  }
  return canvas;
}

/// A filled box, no narrower than high: a narrow one would be a thick 1.
Canvas filled_box(Random& random) {
  const float width = kSketchSide / 2;
  const float height = width * random.uniform(0.4F, 1);
  const float rounding = random.uniform(1.5F, 4);
  const float turned = bell(0.5F, random);
  Sketch sketch;
  const int lines = static_cast<int>(2 * (height - rounding) / rounding) + 2;  // a radius apart, or less
  for (int i = 0; i < lines; ++i) {
    const float y = (height - rounding) * (2 * static_cast<float>(i) / static_cast<float>(lines - 1) - 1);
    sketch.push_back({{rounding - width, y}, {width - rounding, y}});
  }
  turn(sketch, turned);
  transform(sketch, [](StrokePoint p) { return StrokePoint{p.x + kMiddle, p.y + kMiddle}; });
  Canvas canvas;
  for (const Stroke& line : sketch) draw_line(canvas, line[0], line[1], rounding, rounding);
  return canvas;
}

/// Random patches of ink in a round or square part of the paper.
Canvas noise(Random& random) {
  constexpr int kMostCells = 18;
  std::array<float, std::size_t{kMostCells} * kMostCells> cells{};
  const float cell = random.uniform(2.5F, 4.5F);
  const float level = random.uniform(-0.1F, 0.25F);
  const float roundness = random.uniform(0, 1);
  for (float& value : cells) value = random.uniform(-1, 1) - level;
  const auto at = [&](int x, int y) { return cells[static_cast<std::size_t>(y * kMostCells + x)]; };
  Canvas canvas;
  const float half = kSketchSide / 2;
  const auto first = static_cast<int>(kMiddle - half);
  for (int y = 0; y < static_cast<int>(kSketchSide); ++y) {
    for (int x = 0; x < static_cast<int>(kSketchSide); ++x) {
      const float u = (static_cast<float>(x) + 0.5F) / half - 1;
      const float v = (static_cast<float>(y) + 0.5F) / half - 1;
      const float beyond = roundness * (u * u + v * v - 1);
      const float column = std::min(static_cast<float>(x) / cell, kMostCells - 1.01F);
      const float row = std::min(static_cast<float>(y) / cell, kMostCells - 1.01F);
      const auto left = static_cast<int>(column);
      const auto top = static_cast<int>(row);
      const float right_share = column - static_cast<float>(left);
      const float above = at(left, top) + right_share * (at(left + 1, top) - at(left, top));
      const float below = at(left, top + 1) + right_share * (at(left + 1, top + 1) - at(left, top + 1));
      const float value = above + (row - static_cast<float>(top)) * (below - above);
      const float slope = cell / 3;
      canvas.row(first + y)[first + x] =
          std::clamp((value - std::max(beyond, 0.0F) * 2) * slope + 0.5F, 0.0F, 1.0F);
    }
  }
  return canvas;
}

}  // namespace

Canvas draw_letter(Random& random) {
  Sketch sketch = letter(random);
  if (random.below(6) == 0) {
    Sketch second = letter(random);
    const float left = extent(sketch).high.x + random.uniform(1.5F, 4) - extent(second).low.x;
    transform(second, [left](StrokePoint p) { return StrokePoint{p.x + left, p.y}; });
    sketch.insert(sketch.end(), second.begin(), second.end());
  }
  return fitted_ink(sketch, draw_pen(random), random);
}

Canvas draw_sign(Random& random) {
  Sketch sketch = from_template(kSigns[random.below(kSigns.size())], 0.9F, random);
  as_written(sketch, 0.8F, 1.3F, random);
  return fitted_ink(sketch, draw_pen(random), random);
}

Canvas draw_scribble(Random& random) {
  const std::uint32_t number = random.below(20);
  Sketch sketch = number < 8    ? tangle(random)
                  : number < 12 ? zigzag(random)
                  : number < 15 ? loops(random)
                  : number < 18 ? spiral(random)
                                : crossing_out(random);
  const float pen = draw_pen(random);
  const float thinner = random.uniform(0.5F, 1);  // long lines, if they are to have no more ink than a digit
  return fitted_ink(sketch, pen * thinner, random);
}

Canvas draw_marks(Random& random) {
  const std::uint32_t number = random.below(12);
  if (number < 2) return blot(random);
  if (number < 3) return filled_box(random);
  if (number < 5) return noise(random);
  Sketch sketch = number < 7 ? dots(random) : number < 10 ? rules(random) : grid(random);
  return fitted_ink(sketch, draw_pen(random), random);
}

}  // namespace inkread
