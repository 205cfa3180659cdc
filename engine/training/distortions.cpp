// SPDX-License-Identifier: MIT
#include "engine/training/distortions.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace inkread {
namespace {

struct Point {
  float x;
  float y;
};

/// Keys' cubic weights of the four pixels about a point `t` of the way from the second to the third.
std::array<float, 4> cubic_weights(float t) {
  return {((-0.5F * t + 1.0F) * t - 0.5F) * t, (1.5F * t - 2.5F) * t * t + 1.0F,
          ((-1.5F * t + 2.0F) * t + 0.5F) * t, (0.5F * t - 0.5F) * t * t};
}

/// What a canvas pixel along one axis takes from the tile: four tile pixels from `first` on.
struct EnlargeTaps {
  int first;
  std::array<float, 4> weights;
};

EnlargeTaps enlarge_taps(int canvas_pixel) {
  const float position = (static_cast<float>(canvas_pixel - kCanvasMargin) + 0.5F) / kCanvasScale - 0.5F;
  const float floor = std::floor(position);
  return {static_cast<int>(floor) - 1, cubic_weights(position - floor)};
}

/// By canvas pixel.
const std::array<EnlargeTaps, kCanvasSide>& all_enlarge_taps() {
  static const auto taps = [] {
    std::array<EnlargeTaps, kCanvasSide> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = enlarge_taps(static_cast<int>(i));
    return all;
  }();
  return taps;
}

/// Whether the four tile pixels of these taps are all paper beyond the tile.
bool reads_only_paper(const EnlargeTaps& taps) {
  return taps.first + 3 < 0 || taps.first >= kTileSide;
}

/// A random smooth field: a uniform cubic B-spline through random control points.
class SmoothField {
 public:
  /// Values have this root mean square; `spacing` is in canvas pixels, at least 8.
  SmoothField(float root_mean_square, float spacing, Random& random)
      : spacing_(spacing), phase_(random.uniform(0, 1)) {
    // A uniform number's standard deviation is 1 / sqrt 3; the spline's mean sum of squared weights, 151/315
    // along each axis, reduces it by its square root for each.
    const float reach = root_mean_square * std::numbers::sqrt3_v<float> * (315.0F / 151.0F);
    for (float& value : controls_) value = random.uniform(-reach, reach);
    for (int i = 0; i < kCanvasSide; ++i) knots_[static_cast<std::size_t>(i)] = knot(i);
  }

  /// The field along row y of a canvas.
  void fill_row(int y, std::array<float, kCanvasSide>& out) const {
    const Knot& down = knots_[static_cast<std::size_t>(y)];
    std::array<float, kControls> blended{};
    for (int i = 0; i < 4; ++i) {
      const float* line = controls_.data() + (down.first + i) * kControls;
      const float weight = down.weights[static_cast<std::size_t>(i)];
      for (std::size_t x = 0; x < blended.size(); ++x) blended[x] += weight * line[x];
    }
    for (int x = 0; x < kCanvasSide; ++x) {
      const Knot& across = knots_[static_cast<std::size_t>(x)];
      const float* four = blended.data() + across.first;
      out[static_cast<std::size_t>(x)] = across.weights[0] * four[0] + across.weights[1] * four[1] +
                                         across.weights[2] * four[2] + across.weights[3] * four[3];
    }
  }

 private:
  static constexpr int kControls = 14;  // 72 pixels at 8 a control, the phase's one and the spline's three

  struct Knot {
    int first;
    std::array<float, 4> weights;
  };
  [[nodiscard]] Knot knot(int pixel) const {
    const float at = static_cast<float>(pixel) / spacing_ + phase_;
    const int first = static_cast<int>(at);
    const float t = at - static_cast<float>(first);
    const float s = 1 - t;
    return {first,
            {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6,
             t * t * t / 6}};
  }

  float spacing_;
  float phase_;
  std::array<float, std::size_t{kControls} * kControls> controls_{};
  std::array<Knot, kCanvasSide> knots_{};  ///< by row or column
};

/// Linearly between the four pixels about a point; beyond the canvas its edge goes on.
float sample(const Canvas& canvas, float x, float y) {
  constexpr float kLast = kCanvasSide - 1.001F;
  x = std::clamp(x, 0.0F, kLast);
  y = std::clamp(y, 0.0F, kLast);
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const float right_share = x - static_cast<float>(left);
  const float lower_share = y - static_cast<float>(top);
  const float* upper = canvas.row(top) + left;
  const float* lower = upper + kCanvasSide;
  const float above = upper[0] + right_share * (upper[1] - upper[0]);
  const float below = lower[0] + right_share * (lower[1] - lower[0]);
  return above + lower_share * (below - above);
}

/// One step of grey dilation (Pick = larger) or erosion over the pixel's neighbours: the four beside it, or
/// the corners too. The outermost pixels stay.
template <typename Pick>
Canvas morph(const Canvas& canvas, bool corners, Pick pick) {
  Canvas out = canvas;
  for (int y = 1; y + 1 < kCanvasSide; ++y) {
    const float* above = canvas.row(y - 1);
    const float* here = canvas.row(y);
    const float* below = canvas.row(y + 1);
    float* to = out.row(y);
    for (int x = 1; x + 1 < kCanvasSide; ++x) {
      to[x] = pick(pick(pick(here[x - 1], here[x + 1]), pick(above[x], below[x])), here[x]);
    }
    if (!corners) continue;
    for (int x = 1; x + 1 < kCanvasSide; ++x) {
      to[x] = pick(to[x], pick(pick(above[x - 1], above[x + 1]), pick(below[x - 1], below[x + 1])));
    }
  }
  return out;
}

void blend(Canvas& canvas, const Canvas& other, float share) {
  for (std::size_t i = 0; i < kCanvasPixels; ++i) {
    canvas.pixels[i] += share * (other.pixels[i] - canvas.pixels[i]);
  }
}

/// Dilates or erodes by `radius` pixels; steps with and without corners in turn make an octagon.
template <typename Pick>
void morph_by(Canvas& canvas, float radius, Pick pick) {
  const int steps = static_cast<int>(std::ceil(radius));
  for (int step = 0; step < steps; ++step) {
    const float share = std::min(radius - static_cast<float>(step), 1.0F);
    blend(canvas, morph(canvas, step % 2 == 1, pick), share);
  }
}

/// The mean of the canvas over a rectangle of any position and size; beyond the canvas is paper.
float mean_over(const Canvas& canvas, float left, float top, float width, float height) {
  const auto covered = [](int pixel, float from, float to) {
    const auto at = static_cast<float>(pixel);
    return std::min(to, at + 1) - std::max(from, at);
  };
  const auto first = [](float from) { return std::max(0, static_cast<int>(std::floor(from))); };
  const auto last = [](float to) { return std::min(kCanvasSide, static_cast<int>(std::ceil(to))); };
  float sum = 0;
  for (int y = first(top); y < last(top + height); ++y) {
    const float* row = canvas.row(y);
    float line = 0;
    for (int x = first(left); x < last(left + width); ++x) line += row[x] * covered(x, left, left + width);
    sum += line * covered(y, top, top + height);
  }
  return sum / (width * height);
}

/// Draws a round dot with a soft edge.
void stamp(Canvas& canvas, Point centre, float radius) {
  const auto first = [radius](float c) { return std::max(0, static_cast<int>(std::floor(c - radius))); };
  const auto last = [radius](float c) {
    return std::min(kCanvasSide, static_cast<int>(std::ceil(c + radius)) + 1);
  };
  for (int y = first(centre.y); y < last(centre.y); ++y) {
    for (int x = first(centre.x); x < last(centre.x); ++x) {
      const float distance =
          std::hypot(static_cast<float>(x) + 0.5F - centre.x, static_cast<float>(y) + 0.5F - centre.y);
      float& pixel = canvas.row(y)[x];
      pixel = std::max(pixel, std::clamp(radius + 0.5F - distance, 0.0F, 1.0F));
    }
  }
}

Point on_curve(const std::array<Point, 3>& bezier, float t) {
  const float a = (1 - t) * (1 - t);
  const float b = 2 * t * (1 - t);
  const float c = t * t;
  return {a * bezier[0].x + b * bezier[1].x + c * bezier[2].x,
          a * bezier[0].y + b * bezier[1].y + c * bezier[2].y};
}

/// The centre of mass of what lies inside the box, in pixels from the canvas's corner.
Point centre_of_mass(const Canvas& canvas, Box box) {
  float mass = 0;
  float moment_x = 0;
  float moment_y = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    const float* row = canvas.row(y);
    float line = 0;
    for (int x = box.x; x < box.x + box.width; ++x) {
      line += row[x];
      moment_x += row[x] * (static_cast<float>(x) + 0.5F);
    }
    mass += line;
    moment_y += line * (static_cast<float>(y) + 0.5F);
  }
  return {moment_x / mass, moment_y / mass};
}

/// The canvas pixel in which the ink, added up in rows from the top, reaches this share.
Point ink_at(const Canvas& canvas, float share) {
  const float wanted = share * canvas.mass();
  float sum = 0;
  for (std::size_t i = 0; i < kCanvasPixels; ++i) {
    sum += canvas.pixels[i];
    if (sum > wanted) {
      const std::size_t row = i / kCanvasSide;
      return {static_cast<float>(i % kCanvasSide), static_cast<float>(row)};
    }
  }
  return {kCanvasSide / 2.0F, kCanvasSide / 2.0F};
}

enum class Side : std::uint8_t { kLeft, kRight, kTop, kBottom };

/// Neighbours stand in the line far more often than above or below.
Side draw_side(Random& random) {
  const std::uint32_t number = random.below(8);
  return number < 3 ? Side::kLeft : number < 6 ? Side::kRight : number == 6 ? Side::kTop : Side::kBottom;
}

/// The point `along` pixels along a side of the box from its top or left end, and `out` pixels away from it.
Point beside(Box box, Side side, float along, float out) {
  const auto left = static_cast<float>(box.x);
  const auto top = static_cast<float>(box.y);
  switch (side) {
    case Side::kLeft:
      return {left - out, top + along};
    case Side::kRight:
      return {left + static_cast<float>(box.width) + out, top + along};
    case Side::kTop:
      return {left + along, top - out};
    case Side::kBottom:
      break;
  }
  return {left + along, top + static_cast<float>(box.height) + out};
}

/// The box grown by `amount` pixels on one side, as far as the canvas goes.
Box grown(Box box, Side side, int amount) {
  int left = box.x;
  int top = box.y;
  int right = box.x + box.width;
  int bottom = box.y + box.height;
  switch (side) {
    case Side::kLeft:
      left = std::max(0, left - amount);
      break;
    case Side::kRight:
      right = std::min(kCanvasSide, right + amount);
      break;
    case Side::kTop:
      top = std::max(0, top - amount);
      break;
    case Side::kBottom:
      bottom = std::min(kCanvasSide, bottom + amount);
      break;
  }
  return {left, top, right - left, bottom - top};
}

}  // namespace

float Canvas::mass() const {
  float sum = 0;
  for (int y = 0; y < kCanvasSide; ++y) {
    const float* line = row(y);
    float line_sum = 0;
    for (int x = 0; x < kCanvasSide; ++x) line_sum += line[x];
    sum += line_sum;
  }
  return sum;
}

Canvas enlarge(const Tile& tile) {
  // Three rows and columns of paper about the tile, so that no tap needs a test.
  constexpr int kBorder = 3;
  constexpr int kSide = kTileSide + 2 * kBorder;
  std::array<float, std::size_t{kSide} * kSide> padded{};
  for (int y = 0; y < kTileSide; ++y) {
    std::copy_n(tile.data() + y * kTileSide, kTileSide, padded.data() + (y + kBorder) * kSide + kBorder);
  }
  const auto& taps = all_enlarge_taps();
  Canvas out;
  for (int y = 0; y < kCanvasSide; ++y) {
    const EnlargeTaps& down = taps[static_cast<std::size_t>(y)];
    if (reads_only_paper(down)) continue;
    std::array<float, kSide> line{};
    for (int i = 0; i < 4; ++i) {
      const float* from = padded.data() + (down.first + i + kBorder) * kSide;
      const float weight = down.weights[static_cast<std::size_t>(i)];
      for (std::size_t x = 0; x < line.size(); ++x) line[x] += weight * from[x];
    }
    float* to = out.row(y);
    for (int x = 0; x < kCanvasSide; ++x) {
      const EnlargeTaps& across = taps[static_cast<std::size_t>(x)];
      if (reads_only_paper(across)) continue;
      const float* four = line.data() + across.first + kBorder;
      const float value = across.weights[0] * four[0] + across.weights[1] * four[1] +
                          across.weights[2] * four[2] + across.weights[3] * four[3];
      to[x] = std::clamp(value, 0.0F, 1.0F);  // cubic weights overshoot
    }
  }
  return out;
}

std::optional<Box> ink_box(const Canvas& canvas) {
  const float darkest = *std::max_element(canvas.pixels.begin(), canvas.pixels.end());
  if (darkest <= 0) return std::nullopt;
  const float threshold = 0.1F * darkest;
  int left = kCanvasSide;
  int right = -1;
  int top = kCanvasSide;
  int bottom = -1;
  for (int y = 0; y < kCanvasSide; ++y) {
    const float* row = canvas.row(y);
    const auto is_ink = [threshold](float value) { return value > threshold; };
    const float* first = std::find_if(row, row + kCanvasSide, is_ink);
    if (first == row + kCanvasSide) continue;
    int last = kCanvasSide - 1;
    while (!is_ink(row[last])) --last;
    left = std::min(left, static_cast<int>(first - row));
    right = std::max(right, last);
    top = std::min(top, y);
    bottom = y;
  }
  return Box{left, top, right - left + 1, bottom - top + 1};
}

Canvas bend(const Canvas& canvas, const Bend& how, Random random) {
  assert(how.aspect > 0 && how.elastic_spacing >= 4);
  const float radians = how.angle * std::numbers::pi_v<float> / 180;
  const float cosine = std::cos(radians);
  const float sine = std::sin(radians);
  const float stretch = std::sqrt(how.aspect);
  const SmoothField sideways(how.elastic * kCanvasScale, how.elastic_spacing * kCanvasScale, random);
  const SmoothField downwards(how.elastic * kCanvasScale, how.elastic_spacing * kCanvasScale, random);
  constexpr float kMiddle = (kCanvasSide - 1) / 2.0F;
  std::array<float, kCanvasSide> dx{};
  std::array<float, kCanvasSide> dy{};
  Canvas out;
  for (int y = 0; y < kCanvasSide; ++y) {
    if (how.elastic > 0) {
      sideways.fill_row(y, dx);
      downwards.fill_row(y, dy);
    }
    const float v = static_cast<float>(y) - kMiddle;
    float* to = out.row(y);
    for (int x = 0; x < kCanvasSide; ++x) {  // where each pixel comes from: turned back, upright again
      const auto column = static_cast<std::size_t>(x);
      const float u = static_cast<float>(x) - kMiddle;
      const float turned_y = cosine * v - sine * u;
      const float turned_x = cosine * u + sine * v + how.slant * turned_y;
      to[x] = sample(canvas, turned_x / stretch + kMiddle + dx[column],
                     turned_y * stretch + kMiddle + dy[column]);
    }
  }
  return out;
}

void change_stroke_width(Canvas& canvas, float change) {
  // A stroke grows on both its sides.
  const float radius = std::abs(change) * kCanvasScale / 2;
  if (change > 0) {
    morph_by(canvas, radius, [](float a, float b) { return a > b ? a : b; });
    return;
  }
  const float before = canvas.mass();
  const Canvas wide = canvas;
  morph_by(canvas, radius, [](float a, float b) { return a < b ? a : b; });
  // What an opening (erosion, then dilation) would lose is too thin to become thinner.
  Canvas opened = canvas;
  morph_by(opened, radius, [](float a, float b) { return a > b ? a : b; });
  for (std::size_t i = 0; i < kCanvasPixels; ++i) {
    canvas.pixels[i] = std::max(canvas.pixels[i], wide.pixels[i] - opened.pixels[i]);
  }
  const float left = canvas.mass();
  if (left < before / 2) blend(canvas, wide, (before / 2 - left) / (before - left));
}

void cut_out(Canvas& canvas, float radius, Random random) {
  const Point centre = ink_at(canvas, random.uniform(0, 1));
  Canvas cut = canvas;
  const auto first = [radius](float c) { return std::max(0, static_cast<int>(c - radius)); };
  const auto last = [radius](float c) { return std::min(kCanvasSide, static_cast<int>(c + radius) + 2); };
  for (int y = first(centre.y); y < last(centre.y); ++y) {
    for (int x = first(centre.x); x < last(centre.x); ++x) {
      const float distance = std::hypot(static_cast<float>(x) - centre.x, static_cast<float>(y) - centre.y);
      cut.row(y)[x] *= std::clamp(distance - radius + 0.5F, 0.0F, 1.0F);
    }
  }
  if (cut.mass() >= canvas.mass() * 7 / 8) canvas = cut;
}

void blur(Canvas& canvas, float deviation) {
  constexpr int kReach = 8;  // 2.5 deviations of the widest
  const float sigma = deviation * kCanvasScale;
  const int reach = std::min(kReach, static_cast<int>(std::ceil(2.5F * sigma)));
  if (reach == 0) return;
  std::array<float, kReach + 1> weights{};
  float sum = 0;
  for (int i = 0; i <= reach; ++i) {
    const float z = static_cast<float>(i) / sigma;
    weights[static_cast<std::size_t>(i)] = std::exp(-z * z / 2);
    sum += (i == 0 ? 1 : 2) * weights[static_cast<std::size_t>(i)];
  }
  Canvas down;
  for (int y = 0; y < kCanvasSide; ++y) {
    for (int i = -reach; i <= reach; ++i) {
      if (y + i < 0 || y + i >= kCanvasSide) continue;
      const float weight = weights[static_cast<std::size_t>(std::abs(i))] / sum;
      const float* from = canvas.row(y + i);
      float* to = down.row(y);
      for (int x = 0; x < kCanvasSide; ++x) to[x] += weight * from[x];
    }
  }
  std::array<float, kCanvasSide + 2 * kReach> line{};
  for (int y = 0; y < kCanvasSide; ++y) {
    std::copy_n(down.row(y), kCanvasSide, line.data() + kReach);
    float* to = canvas.row(y);
    std::fill_n(to, kCanvasSide, 0.0F);
    for (int i = -reach; i <= reach; ++i) {
      const float weight = weights[static_cast<std::size_t>(std::abs(i))] / sum;
      const float* from = line.data() + kReach + i;
      for (int x = 0; x < kCanvasSide; ++x) to[x] += weight * from[x];
    }
  }
}

void reduce_resolution(Canvas& canvas, Box box, int side) {
  const float step = static_cast<float>(std::max(box.width, box.height)) / static_cast<float>(side);
  if (step <= 1) return;
  const auto count = [step](int length) {
    return std::clamp(static_cast<int>(std::ceil(static_cast<float>(length) / step - 1e-3F)), 1, kCanvasSide);
  };
  const int columns = count(box.width);
  const int rows = count(box.height);
  Canvas small;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      small.row(y)[x] = mean_over(canvas, static_cast<float>(box.x) + static_cast<float>(x) * step,
                                  static_cast<float>(box.y) + static_cast<float>(y) * step, step, step);
    }
  }
  canvas = Canvas{};
  const auto back = [step](int pixel, int length) {
    return std::clamp((static_cast<float>(pixel) + 0.5F) / step - 0.5F, 0.0F, static_cast<float>(length - 1));
  };
  for (int y = 0; y < box.height; ++y) {
    for (int x = 0; x < box.width; ++x) {
      canvas.row(box.y + y)[box.x + x] = sample(small, back(x, columns), back(y, rows));
    }
  }
}

void make_binary(std::span<float> pixels) {
  float mass = 0;
  for (const float value : pixels) mass += value;
  if (mass <= 0) return;
  float threshold = 0.5F * *std::max_element(pixels.begin(), pixels.end());
  const auto ink = [&] {
    return std::count_if(pixels.begin(), pixels.end(), [&](float value) { return value >= threshold; });
  };
  while (static_cast<float>(ink()) < mass) threshold *= 0.9F;
  for (float& value : pixels) value = value >= threshold ? 1.0F : 0.0F;
}

void lay_on(Canvas& canvas, const Canvas& from, Box box, float scale, float x, float y) {
  const float width = static_cast<float>(box.width) * scale;
  const float height = static_cast<float>(box.height) * scale;
  const auto first = [](float middle, float length) {
    return std::max(0, static_cast<int>(std::floor(middle - length / 2)));
  };
  const auto last = [](float middle, float length) {
    return std::min(kCanvasSide, static_cast<int>(std::ceil(middle + length / 2)));
  };
  const float from_x = static_cast<float>(box.x) + static_cast<float>(box.width) / 2;
  const float from_y = static_cast<float>(box.y) + static_cast<float>(box.height) / 2;
  for (int row = first(y, height); row < last(y, height); ++row) {
    const float at_y = (static_cast<float>(row) + 0.5F - y) / scale + from_y - 0.5F;
    float* to = canvas.row(row);
    for (int column = first(x, width); column < last(x, width); ++column) {
      const float at_x = (static_cast<float>(column) + 0.5F - x) / scale + from_x - 0.5F;
      to[column] = std::max(to[column], sample(from, at_x, at_y));
    }
  }
}

Box add_neighbour(Canvas& canvas, Box box, int gap, int overlap, Random random) {
  const Side side = draw_side(random);
  const bool upright = side == Side::kLeft || side == Side::kRight;
  const auto length = static_cast<float>(upright ? box.height : box.width);
  const float radius = random.uniform(1.8F, 3.6F);
  // A line that touches a digit's foot or head would make a 2 of a 7 and a 7 of a 1.
  const float nearest = static_cast<float>(upright ? gap : gap + 4) + radius;
  const auto control = [&](float along_from, float along_to, float out) {
    const float along = length * random.uniform(along_from, along_to);
    return beside(box, side, along, nearest + random.uniform(0, out));
  };
  const std::array<Point, 3> stroke{control(-0.1F, 0.4F, 12), control(0.2F, 0.8F, 1),
                                    control(0.6F, 1.1F, 12)};
  constexpr int kDots = 40;
  for (int i = 0; i < kDots; ++i) {
    stamp(canvas, on_curve(stroke, static_cast<float>(i) / (kDots - 1)), radius);
  }
  return grown(box, side, gap + overlap);
}

Tile place(const Canvas& canvas, Box box, const Placing& placing) {
  constexpr float kTileCentre = 14.5F;  // as normalize_ink()'s
  constexpr float kMostBeyond = 1.5F;
  const float step = static_cast<float>(std::max(box.width, box.height)) / (kTileInkSide * placing.scale);
  const Point centre = centre_of_mass(canvas, box);
  const auto offset = [step](float from_edge, float shift, int size) {
    const float wanted = kTileCentre + shift - from_edge / step;
    const float room = kTileSide - static_cast<float>(size) / step;
    return std::clamp(wanted, std::min(-kMostBeyond, room / 2), std::max(room + kMostBeyond, room / 2));
  };
  const float left = offset(centre.x - static_cast<float>(box.x), placing.shift_x, box.width);
  const float top = offset(centre.y - static_cast<float>(box.y), placing.shift_y, box.height);
  Tile tile{};
  float* to = tile.data();
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      *to++ =
          std::clamp(mean_over(canvas, static_cast<float>(box.x) + (static_cast<float>(x) - left) * step,
                               static_cast<float>(box.y) + (static_cast<float>(y) - top) * step, step, step),
                     0.0F, 1.0F);
    }
  }
  return tile;
}

void change_tone(Tile& tile, float tone, float contrast) {
  for (float& value : tile) value = contrast * (value + tone * value * (1 - value));
}

void add_noise(Tile& tile, float deviation, Random random) {
  // The sum of four even numbers of 16 bits.
  constexpr float kMean = 2 * 65535.0F;
  constexpr float kDeviation = 65536.0F / std::numbers::sqrt3_v<float>;
  for (float& value : tile) {
    const std::uint64_t bits = random.next();
    const std::uint64_t sum =
        (bits & 0xFFFFU) + (bits >> 16U & 0xFFFFU) + (bits >> 32U & 0xFFFFU) + (bits >> 48U);
    value = std::clamp(value + deviation * (static_cast<float>(sum) - kMean) / kDeviation, 0.0F, 1.0F);
  }
}

}  // namespace inkread
