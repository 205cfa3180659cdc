// SPDX-License-Identifier: MIT
#include "engine/training/line_window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "engine/training/distortions.hpp"
#include "engine/training/habits.hpp"
#include "engine/training/sketches.hpp"
#include "engine/vision/strokes.hpp"

namespace inkread {
namespace {

// Lengths are in canvas pixels, two of a tile's, unless they say otherwise.
constexpr float kLeastGap = -10;
constexpr float kMostGap = 12;
constexpr float kMostRise = 5;       ///< of a neighbour, up or down
constexpr float kLeastSize = 0.85F;  ///< of a neighbour, in sizes of the digit
constexpr float kMostSize = 1.15F;
constexpr float kSignChance = 0.08F;   ///< of a letter or a sign in a neighbour's place
constexpr float kLeastSign = 0.4F;     ///< its size
constexpr float kStrayChance = 0.06F;  ///< of a stroke to the side that leads to no digit

// Where the reader looks, as it does not know the digit's middle and size.
constexpr float kMostBeside = 1.25F;  ///< tile pixels across ...
constexpr float kMostAbove = 2;       ///< ... and up or down
constexpr float kLeastScale = 0.88F;
constexpr float kMostScale = 1.2F;  ///< of the ink's pixels in a tile's

// Places that are no digit's.
constexpr float kBetweenChance = 0.35F;
constexpr float kLeastBetween = 0.42F;  ///< of the way to the neighbour
constexpr float kMostBetween = 0.58F;
constexpr float kNearest = 12;  ///< between the middles of two digits that have a place between them

constexpr float kMiddle = kCanvasSide / 2.0F;

/// A digit of the line.
struct Written {
  Canvas canvas;
  Box box;
  float scale = 1;
  float x = 0;  ///< of the box's middle
  float y = 0;

  [[nodiscard]] float width() const { return static_cast<float>(box.width) * scale; }

  /// A place at its right or left, this share of its height from its top.
  [[nodiscard]] InkPoint side(float share, bool right) const {
    constexpr float kInk = 0.5F;
    const int row =
        box.y + std::min(static_cast<int>(share * static_cast<float>(box.height)), box.height - 1);
    const float* ink = canvas.row(row);
    int found = box.x + box.width / 2;
    for (int i = 0; i < box.width; ++i) {
      const int column = right ? box.x + box.width - 1 - i : box.x + i;
      if (ink[column] < kInk) continue;
      found = column;
      break;
    }
    const float across = static_cast<float>(found - box.x) + 0.5F - static_cast<float>(box.width) / 2;
    const float down = static_cast<float>(row - box.y) + 0.5F - static_cast<float>(box.height) / 2;
    return {x + across * scale, y + down * scale};
  }
};

/// A digit of the data as somebody writes it, in the middle of the canvas; nothing without ink.
std::optional<Written> write_digit(const Dataset& data, std::size_t number, float habit_chance,
                                   Random& random) {
  Written out;
  Canvas canvas = enlarge(as_tile(data.image(number)));
  const bool has_habit = random.uniform(0, 1) < habit_chance;
  const Random habit(random.next());
  if (has_habit && ink_box(canvas)) add_habit(canvas, data.labels[number], habit);
  const std::optional<Box> box = ink_box(canvas);
  if (!box) return std::nullopt;
  // By whole pixels, which blurs nothing.
  const auto to_middle = [](int first, int size) {
    const float from = static_cast<float>(first) + static_cast<float>(size) / 2;
    return from + std::round(kMiddle - from);
  };
  out.x = to_middle(box->x, box->width);
  out.y = to_middle(box->y, box->height);
  lay_on(out.canvas, canvas, *box, 1, out.x, out.y);
  out.box = ink_box(out.canvas).value_or(*box);
  return out;
}

/// Which digit of the data stands beside one with this label: any, but noughts more often beside noughts, as
/// amounts end.
std::size_t draw_neighbour(const Dataset& data, int label, Random& random) {
  constexpr float kNoughtBesideNought = 0.35F;
  constexpr int kTries = 20;
  const auto any = [&] { return std::size_t{random.below(static_cast<std::uint32_t>(data.size()))}; };
  std::size_t number = any();
  if (label == 0 && random.uniform(0, 1) < kNoughtBesideNought) {
    for (int i = 0; i < kTries && data.labels[number] != 0; ++i) number = any();
  }
  return number;
}

/// The share of neighbours that are joined by a stroke, by people who do not lift the pen: noughts above all.
/// Not ones: a stroke at a one's head makes a seven of it.
float joint_chance(int label, int other) {
  if (label == 1 || other == 1) return 0;
  if (label == 0 && other == 0) return 0.6F;
  return label == 0 || other == 0 ? 0.25F : 0.1F;
}

void lay_stroke(InkPoint from, InkPoint to, Canvas& canvas, Random& random) {
  const auto sag = static_cast<double>(random.uniform(-2, 5));
  const auto width = static_cast<double>(random.uniform(3, 5.5F));
  const InkPoint middle{(from.x + to.x) / 2, (from.y + to.y) / 2 + sag};
  GrayImage stroke(kCanvasSide, kCanvasSide);
  draw_line(from, middle, width, stroke);
  draw_line(middle, to, width, stroke);
  std::transform(stroke.pixels.begin(), stroke.pixels.end(), canvas.pixels.begin(), canvas.pixels.begin(),
                 [](float a, float b) { return std::max(a, b); });
}

/// A stroke from the head of the first digit, or its foot, to the head of the second, a little bent.
void join(const Written& first, const Written& second, Canvas& canvas, Random& random) {
  const bool from_head = random.below(4) != 0;
  const float from = from_head ? random.uniform(0, 0.4F) : random.uniform(0.6F, 0.95F);
  const float to = random.uniform(0, 0.4F);
  lay_stroke(first.side(from, true), second.side(to, false), canvas, random);
}

/// A stroke from the digit to the side, as hands leave or cheques are filled with.
void add_stray_stroke(const Written& digit, bool right, Canvas& canvas, Random& random) {
  const InkPoint from = digit.side(random.uniform(0, 1), right);
  const auto length = static_cast<double>(random.uniform(4, 20));
  const auto rise = static_cast<double>(random.uniform(-6, 6));
  lay_stroke(from, {from.x + (right ? length : -length), from.y + rise}, canvas, random);
}

/// A letter or a sign.
Written draw_other(Random& random) {
  Written out;
  out.canvas = random.below(2) == 0 ? draw_letter(random) : draw_sign(random);
  out.box = ink_box(out.canvas).value_or(Box{kCanvasSide / 2, kCanvasSide / 2, 1, 1});
  out.scale = random.uniform(kLeastSign, 1);
  return out;
}

/// A digit amid its neighbours.
struct Line {
  struct Neighbour {
    float x;  ///< its middle
    bool is_digit;
  };
  Canvas ink;
  std::array<std::optional<Neighbour>, 2> beside;  ///< at its left and right
};

/// Writes up to two neighbours at one side of the digit.
void write_side(const Dataset& data, const Written& digit, int label, bool right, float usual_gap,
                float habit_chance, Line& line, Random& random) {
  const std::uint32_t number = random.below(8);
  const int count = number == 0 ? 0 : number == 1 ? 1 : 2;
  Written before = digit;
  std::optional<int> before_label = label;
  for (int i = 0; i < count; ++i) {
    std::optional<Written> next;
    std::optional<int> next_label;
    if (random.uniform(0, 1) < kSignChance) {
      next = draw_other(random);
    } else {
      const std::size_t chosen = draw_neighbour(data, before_label.value_or(-1), random);
      next = write_digit(data, chosen, habit_chance, random);
      if (!next) return;
      next->scale = random.uniform(kLeastSize, kMostSize);
      next_label = data.labels[chosen];
    }
    const float gap = random.below(3) == 0 ? random.uniform(kLeastGap, kMostGap) : usual_gap;
    const float way = (before.width() + next->width()) / 2 + gap;
    next->x = before.x + (right ? way : -way);
    next->y = digit.y + random.uniform(-kMostRise, kMostRise);
    lay_on(line.ink, next->canvas, next->box, next->scale, next->x, next->y);
    if (before_label && next_label && random.uniform(0, 1) < joint_chance(*before_label, *next_label)) {
      right ? join(before, *next, line.ink, random) : join(*next, before, line.ink, random);
    }
    if (i == 0) line.beside[right ? 1 : 0] = Line::Neighbour{next->x, next_label.has_value()};
    before = *next;
    before_label = next_label;
  }
  const bool is_one = label == 1;  // of which it would make a seven
  if (count == 0 && !is_one && random.uniform(0, 1) < kStrayChance)
    add_stray_stroke(digit, right, line.ink, random);
}

/// The middle of a place between the digit and a neighbour; nothing where there is none or it is too near.
std::optional<float> place_between(const Line& line, const Written& digit, float middle, Random& random) {
  const std::optional<Line::Neighbour>& other = line.beside[random.below(2)];
  if (!other || std::abs(other->x - digit.x) < kNearest) return std::nullopt;
  const float most = other->is_digit ? kMostBetween : 1;
  return middle + (other->x - digit.x) * random.uniform(kLeastBetween, most);
}

/// How all of the line is distorted. No ink is cut out, and a coarse source has as many pixels for each digit
/// as for one alone.
Distortion draw_line_distortion(const Augmentation& settings, Random& random) {
  if (random.uniform(0, 1) >= settings.changed) return {};
  Distortion out = draw_distortion(settings, random);
  out.cut_outs = 0;
  out.placing.reset();
  return out;
}

int longer_side(const Box& box) {
  return std::max(box.width, box.height);
}

}  // namespace

LineWindow look_into_line(const Dataset& data, std::size_t number, const Augmentation& settings,
                          Random& random) {
  const std::optional<Written> digit = write_digit(data, number, settings.habit_chance, random);
  if (!digit) {
    return {as_tile(data.image(number))};
  }
  Line line{digit->canvas, {}};
  const float usual_gap = random.uniform(kLeastGap, kMostGap);
  for (const bool right : {false, true}) {
    write_side(data, *digit, data.labels[number], right, usual_gap, settings.habit_chance, line, random);
  }
  Distortion distortion = draw_line_distortion(settings, random);
  const Canvas alone = distort_ink(digit->canvas, distortion);
  if (const std::optional<Box> all = ink_box(line.ink)) {
    distortion.low_resolution = distortion.low_resolution * longer_side(*all) / longer_side(digit->box);
  }
  const Canvas together = distort_ink(line.ink, distortion);
  const Box box = ink_box(alone).value_or(digit->box);

  LineWindow out;
  const float step =
      static_cast<float>(longer_side(box)) / kTileInkSide * random.uniform(kLeastScale, kMostScale);
  float x = static_cast<float>(box.x) + static_cast<float>(box.width) / 2;
  float y = static_cast<float>(box.y) + static_cast<float>(box.height) / 2;
  y += step * random.uniform(-kMostAbove, kMostAbove);
  const std::optional<float> place =
      random.uniform(0, 1) < kBetweenChance ? place_between(line, *digit, x, random) : std::nullopt;
  out.is_digit = !place;
  x = place.value_or(x + step * random.uniform(-kMostBeside, kMostBeside));
  const float reach = kTileSide * step / 2;
  out.tile = strip_window(scale_strip(together.view(), x - reach, y - reach, step, kTileSide).view(), 0);
  distort_tones(out.tile, distortion);
  draw_rails(out.tile);
  return out;
}

}  // namespace inkread
