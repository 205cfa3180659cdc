// SPDX-License-Identifier: MIT
#include "engine/training/habits.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "engine/vision/components.hpp"

namespace inkread {
namespace {

struct Point {
  float x = 0;
  float y = 0;
};

constexpr float kInk = 0.4F;  ///< from this on a canvas pixel counts as ink

float radians(float degrees) {
  return degrees * std::numbers::pi_v<float> / 180;
}

/// Calls visit(ink, x, y) for every pixel.
template <typename Visit>
void for_each_pixel(const Canvas& canvas, Visit visit) {
  for (int y = 0; y < kCanvasSide; ++y) {
    for (int x = 0; x < kCanvasSide; ++x) {
      visit(canvas.row(y)[x], x, y);
    }
  }
}

/// Draws a straight stroke with round ends, as dark as the darkest ink.
void draw_stroke(Canvas& canvas, Point from, Point to, float width) {
  const float darkest = *std::max_element(canvas.pixels.begin(), canvas.pixels.end());
  const float across = to.x - from.x;
  const float down = to.y - from.y;
  const float square = std::max(across * across + down * down, 1e-6F);
  for (int y = 0; y < kCanvasSide; ++y) {
    float* row = canvas.row(y);
    for (int x = 0; x < kCanvasSide; ++x) {
      const float dx = static_cast<float>(x) - from.x;
      const float dy = static_cast<float>(y) - from.y;
      const float along = std::clamp((dx * across + dy * down) / square, 0.0F, 1.0F);
      const float distance = std::hypot(dx - along * across, dy - along * down);
      row[x] = std::max(row[x], darkest * std::clamp((width - 2 * distance) / 2 + 0.5F, 0.0F, 1.0F));
    }
  }
}

/// A digit that is one straight stroke, or nearly.
struct Stem {
  Point top;
  Point bottom;
  float length = 0;
  float width = 0;
  float angle = 0;  ///< degrees between the way down and the way to the left: 90 is upright
};

std::optional<Stem> find_stem(const Canvas& canvas) {
  double mass = 0;
  double mx = 0;
  double my = 0;
  for_each_pixel(canvas, [&](float value, int x, int y) {
    const auto ink = static_cast<double>(value);
    mass += ink;
    mx += ink * x;
    my += ink * y;
  });
  if (mass <= 0) return std::nullopt;
  mx /= mass;
  my /= mass;
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for_each_pixel(canvas, [&](float value, int x, int y) {
    const auto ink = static_cast<double>(value);
    xx += ink * (x - mx) * (x - mx);
    xy += ink * (x - mx) * (y - my);
    yy += ink * (y - my) * (y - my);
  });
  // The principal axis, pointing down.
  const double turn = 0.5 * std::atan2(2 * xy, xx - yy);
  double ax = std::cos(turn);
  double ay = std::sin(turn);
  if (ay < 0) {
    ax = -ax;
    ay = -ay;
  }
  const double spread = (xx * ay * ay - 2 * xy * ax * ay + yy * ax * ax) / mass;  // across the axis
  double first = 0;
  double last = 0;
  for_each_pixel(canvas, [&](float value, int x, int y) {
    if (value < kInk) return;
    const double along = (x - mx) * ax + (y - my) * ay;
    first = std::min(first, along);
    last = std::max(last, along);
  });
  Stem stem;
  stem.length = static_cast<float>(last - first);
  if (stem.length < 20) return std::nullopt;
  stem.width = static_cast<float>(mass) / stem.length;
  stem.angle = static_cast<float>(std::atan2(ay, -ax) * 180 / std::numbers::pi);
  const bool straight = spread < 0.25 * static_cast<double>(stem.width * stem.width);
  if (!straight || stem.angle < 50 || stem.angle > 115) return std::nullopt;
  const double in = static_cast<double>(stem.width) / 2;
  stem.top = {static_cast<float>(mx + ax * (first + in)), static_cast<float>(my + ay * (first + in))};
  stem.bottom = {static_cast<float>(mx + ax * (last - in)), static_cast<float>(my + ay * (last - in))};
  return stem;
}

void add_flag(Canvas& canvas, Random& random) {
  const std::optional<Stem> stem = find_stem(canvas);
  if (!stem) return;
  // Flatter than this it would be the roof of a seven.
  constexpr float kFlattest = 28;
  const float flattest = std::max(kFlattest, stem->angle - 65);
  const float steepest = stem->angle - 22;
  if (steepest < flattest) return;
  const float angle = random.uniform(flattest, steepest);
  const float longest = angle < 40 ? 0.5F : 0.75F;
  const float length = stem->length * random.uniform(0.25F, longest);
  draw_stroke(
      canvas, stem->top,
      {stem->top.x - length * std::cos(radians(angle)), stem->top.y + length * std::sin(radians(angle))},
      stem->width);
  if (random.uniform(0, 1) < 0.35F) {
    const float tilt = radians(random.uniform(-8, 8));
    const float left = stem->length * random.uniform(0.15F, 0.35F);
    const float right = stem->length * random.uniform(0.15F, 0.35F);
    const Point at = stem->bottom;
    draw_stroke(canvas, {at.x - left * std::cos(tilt), at.y + left * std::sin(tilt)},
                {at.x + right * std::cos(tilt), at.y - right * std::sin(tilt)}, stem->width);
  }
}

/// A run of ink along a row.
struct Run {
  int first = 0;
  int last = 0;  ///< behind it
  [[nodiscard]] int length() const { return last - first; }
};

/// The row's only run of ink; nothing where there are several or none.
std::optional<Run> only_run(const Canvas& canvas, int y) {
  std::optional<Run> run;
  for (int x = 0; x < kCanvasSide; ++x) {
    if (canvas.row(y)[x] < kInk) continue;
    if (!run) {
      run = Run{x, x + 1};
    } else if (run->last == x) {
      run->last = x + 1;
    } else {
      return std::nullopt;
    }
  }
  return run;
}

/// A stroke's width: the ink over the length of a seven's roof and stem.
float stroke_width(const Canvas& canvas, const Box& box) {
  return canvas.mass() / (static_cast<float>(box.width) +
                          std::hypot(static_cast<float>(box.height), 0.4F * static_cast<float>(box.width)));
}

void add_bar(Canvas& canvas, const Box& box, float width, Random& random) {
  const auto row = [&](float share) {
    return box.y + static_cast<int>(share * static_cast<float>(box.height));
  };
  const int y = row(random.uniform(0.42F, 0.62F));
  // Where the stem is much wider than a stroke, it is crossed already or no stem.
  for (int at = row(0.35F); at < row(0.75F); ++at) {
    const auto here = only_run(canvas, at);
    if (!here || static_cast<float>(here->length()) > 2.2F * width + 2) return;
  }
  const Run stem = *only_run(canvas, y);
  const float middle = static_cast<float>(stem.first + stem.last - 1) / 2;
  const float side = std::max(static_cast<float>(box.width), 0.5F * static_cast<float>(box.height));
  const float tilt = radians(random.uniform(-8, 22));  // mostly rising to the right
  const float left = side * random.uniform(0.2F, 0.42F);
  const float right = side * random.uniform(0.2F, 0.42F);
  const auto height = static_cast<float>(y);
  draw_stroke(canvas, {middle - left * std::cos(tilt), height + left * std::sin(tilt)},
              {middle + right * std::cos(tilt), height - right * std::sin(tilt)}, width);
}

void add_tick(Canvas& canvas, const Box& box, float width, Random& random) {
  const int lowest = box.y + box.height * 3 / 10;
  for (int x = box.x; x < box.x + box.width / 3; ++x) {
    for (int y = box.y; y < lowest; ++y) {
      if (canvas.row(y)[x] < kInk) continue;
      const Point from{static_cast<float>(x) + width / 2, static_cast<float>(y)};
      const float length = static_cast<float>(box.height) * random.uniform(0.12F, 0.28F);
      const float lean = radians(random.uniform(-20, 20));
      draw_stroke(canvas, from, {from.x + length * std::sin(lean), from.y + length * std::cos(lean)}, width);
      return;
    }
  }
}

/// The ring of a zero or a nine.
struct Ring {
  Box hole;
  float stroke = 0;  ///< its width
};

/// The ring around the largest enclosed paper, if that is more than a speck. `bottom` is where the digit
/// ends, to which a stem goes from the ring.
std::optional<Ring> find_ring(const Canvas& canvas, int bottom) {
  constexpr int kLeastSide = 5;
  GrayImage paper(kCanvasSide, kCanvasSide);
  for_each_pixel(canvas, [&](float value, int x, int y) { paper.at(x, y) = value < kInk ? 1.0F : 0.0F; });
  std::optional<Component> hole;
  for (const Component& part : find_components(paper.view(), kInk).parts) {
    if (!touches_border(part.box, paper.view()) && (!hole || part.mass > hole->mass)) hole = part;
  }
  if (!hole || std::min(hole->box.width, hole->box.height) < kLeastSide) return std::nullopt;
  // All ink is that of an oval, as wide as the stroke around the hole, and of the stem.
  constexpr float kPi = std::numbers::pi_v<float>;
  const float length = kPi / 2 * static_cast<float>(hole->box.width + hole->box.height) +
                       static_cast<float>(bottom - hole->box.y - hole->box.height);
  return Ring{hole->box, (std::sqrt(length * length + 4 * kPi * canvas.mass()) - length) / (2 * kPi)};
}

/// The ink nearest to an edge of the canvas, seen along a row from the left (step 1) or the right (-1).
int first_ink_of_row(const Canvas& canvas, int y, int step) {
  int x = step > 0 ? 0 : kCanvasSide - 1;
  while (x + step >= 0 && x + step < kCanvasSide && canvas.row(y)[x] < kInk) x += step;
  return x;
}

/// A stroke that joins a zero to its neighbour.
void add_tail(Canvas& canvas, const Box& box, float width, bool right, Random& random) {
  const int y = box.y + static_cast<int>(random.uniform(0.05F, 0.55F) * static_cast<float>(box.height));
  const float way = right ? 1 : -1;
  const Point from{static_cast<float>(first_ink_of_row(canvas, y, right ? -1 : 1)) - way * width / 2,
                   static_cast<float>(y)};
  const float length = static_cast<float>(box.width) * random.uniform(0.15F, 0.65F);
  const float rise = radians(right ? random.uniform(-10, 40) : random.uniform(-30, 15));
  draw_stroke(canvas, from, {from.x + way * length * std::cos(rise), from.y - way * length * std::sin(rise)},
              width);
}

/// The end of a zero's stroke where it goes on beyond its beginning: into the ring or out of it, at the top.
void add_overshoot(Canvas& canvas, const Box& box, float width, Random& random) {
  const int x = box.x + static_cast<int>(random.uniform(0.3F, 0.85F) * static_cast<float>(box.width));
  int y = box.y;
  while (y + 1 < kCanvasSide && canvas.row(y)[x] < kInk) ++y;
  const Point from{static_cast<float>(x), static_cast<float>(y) + width / 2};
  const bool inwards = random.below(2) == 0;
  const float angle = radians(inwards ? random.uniform(-140, -40) : random.uniform(15, 75));
  const float length = static_cast<float>(box.height) * random.uniform(0.15F, inwards ? 0.4F : 0.3F);
  draw_stroke(canvas, from, {from.x + length * std::cos(angle), from.y - length * std::sin(angle)}, width);
}

void add_zero_ends(Canvas& canvas, Random& random) {
  const std::optional<Box> box = ink_box(canvas);
  if (!box) return;
  const std::optional<Ring> ring = find_ring(canvas, box->y + box->height);
  if (!ring) return;
  const std::uint32_t which = random.below(6);  // two in six a tail at the right, one at the left, one both
  if (which < 3) add_tail(canvas, *box, ring->stroke, true, random);
  if (which == 2 || which == 3) add_tail(canvas, *box, ring->stroke, false, random);
  if (which > 3) add_overshoot(canvas, *box, ring->stroke, random);
}

/// Hangs a nine's stem under the middle of its ring rather than at its side.
void move_stem(Canvas& canvas, Random& random) {
  const std::optional<Box> box = ink_box(canvas);
  if (!box) return;
  const std::optional<Ring> ring = find_ring(canvas, box->y + box->height);
  if (!ring) return;
  const auto hole_width = static_cast<float>(ring->hole.width);
  const auto hole_height = static_cast<float>(ring->hole.height);
  const Point middle{static_cast<float>(ring->hole.x) + hole_width / 2,
                     static_cast<float>(ring->hole.y) + hole_height / 2};
  const float end = static_cast<float>(box->y + box->height) - ring->stroke / 2;
  const float begin = middle.y + hole_height / 2 + ring->stroke / 2;
  if (end - begin < 0.25F * static_cast<float>(box->height)) return;
  // All that lies below the ring's middle and outside an oval around it.
  const float across = hole_width / 2 + 1.2F * ring->stroke;
  const float down = hole_height / 2 + 1.2F * ring->stroke;
  for (int y = static_cast<int>(middle.y); y < kCanvasSide; ++y) {
    for (int x = 0; x < kCanvasSide; ++x) {
      const float distance =
          std::hypot((static_cast<float>(x) - middle.x) / across, (static_cast<float>(y) - middle.y) / down);
      canvas.row(y)[x] *= std::clamp((1 - distance) * ring->stroke + 0.5F, 0.0F, 1.0F);
    }
  }
  const Point top{middle.x + hole_width * random.uniform(-0.25F, 0.3F), begin};
  const float lean = random.uniform(-0.25F, 0.1F) * (end - begin);
  draw_stroke(canvas, top, {top.x + lean, end}, ring->stroke);
}

}  // namespace

void add_habit(Canvas& canvas, int label, Random random) {
  if (label == 1) {
    add_flag(canvas, random);
  } else if (label == 0) {
    add_zero_ends(canvas, random);
  } else if (label == 9 && random.below(2) == 0) {
    move_stem(canvas, random);
  } else if (label == 7) {
    const std::optional<Box> box = ink_box(canvas);
    if (!box || box->height < 20 || box->width < 8) return;
    const float width = stroke_width(canvas, *box);
    const std::uint32_t which = random.below(4);  // two in four the bar, one the tick, one both
    if (which != 0) add_bar(canvas, *box, width, random);
    if (which < 2) add_tick(canvas, *box, width, random);
  }
}

}  // namespace inkread
