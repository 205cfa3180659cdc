// SPDX-License-Identifier: MIT
#include "engine/training/negatives.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

#include "engine/training/sketches.hpp"

namespace inkread {
namespace {

constexpr float kMiddle = kCanvasSide / 2.0F;

/// A set of digits, a bit each.
using Labels = std::uint32_t;
constexpr Labels labels(std::initializer_list<int> members) {
  Labels set = 0;
  for (const int member : members) set |= 1U << static_cast<unsigned>(member);
  return set;
}
constexpr Labels kAll = 0x3FF;
constexpr Labels kAllButOne = kAll & ~labels({1});

/// How often a digit that does not serve is replaced by another.
constexpr int kTries = 20;

/// The number of an image with one of these labels; nothing where such are missing or very rare.
std::optional<std::size_t> choose(const Dataset& data, Labels wanted, Random& random) {
  constexpr int kLooks = 200;
  for (int i = 0; i < kLooks; ++i) {
    const std::size_t at = random.below(static_cast<std::uint32_t>(data.size()));
    if ((wanted >> data.labels[at] & 1U) != 0) return at;
  }
  return std::nullopt;
}

/// Makes strokes wider or narrower so that they are as wide as a digit's, or nearly, once they are scaled.
void foresee_scale(Canvas& canvas, float scale, Random& random) {
  constexpr float kStroke = 2.4F;  // tile pixels, typical of MNIST
  const float missing = kStroke / scale - kStroke;
  change_stroke_width(canvas, std::clamp(missing * random.uniform(0.2F, 1), -1.6F, 1.6F));
}

/// Makes edges `scale` times as steep.
void sharpen(std::span<float> pixels, float scale) {
  for (float& value : pixels) value = std::clamp((value - 0.5F) * scale + 0.5F, 0.0F, 1.0F);
}

/// The part of the canvas on one side of a straight cut that keeps this share of its ink. `towards` is the
/// direction of what is kept: degrees, 0 = right, 90 = down.
Canvas cut_part(const Canvas& canvas, float towards, float share) {
  const float radians = towards * std::numbers::pi_v<float> / 180;
  const float across = std::cos(radians);
  const float down = std::sin(radians);
  constexpr int kReach = kCanvasSide;  // more than half a diagonal
  std::array<float, 2 * kReach> ink{};
  const auto distance = [&](int x, int y) {
    return (static_cast<float>(x) - kMiddle) * across + (static_cast<float>(y) - kMiddle) * down;
  };
  float mass = 0;
  for (int y = 0; y < kCanvasSide; ++y) {
    const float* row = canvas.row(y);
    for (int x = 0; x < kCanvasSide; ++x) {
      if (row[x] <= 0) continue;
      ink[static_cast<std::size_t>(distance(x, y) + kReach)] += row[x];
      mass += row[x];
    }
  }
  std::size_t edge = ink.size();
  for (float kept = 0; edge > 0 && kept < share * mass;) kept += ink[--edge];
  const float from = static_cast<float>(edge) - kReach;
  Canvas out;
  for (int y = 0; y < kCanvasSide; ++y) {
    const float* row = canvas.row(y);
    float* to = out.row(y);
    for (int x = 0; x < kCanvasSide; ++x) {
      to[x] = row[x] * std::clamp((distance(x, y) - from) / 2 + 0.5F, 0.0F, 1.0F);
    }
  }
  return out;
}

/// A digit on a sheet larger than a canvas.
struct Member {
  Canvas canvas;
  Box box;
  float scale = 1;
  float x = 0;  ///< of its middle, in canvas pixels
  float y = 0;

  [[nodiscard]] float width() const { return static_cast<float>(box.width) * scale; }
  [[nodiscard]] float height() const { return static_cast<float>(box.height) * scale; }
};

/// The members together, scaled to a digit's size.
Canvas compose(const std::vector<Member>& members) {
  float left = 1e9F;
  float right = -1e9F;
  float top = 1e9F;
  float bottom = -1e9F;
  for (const Member& m : members) {
    left = std::min(left, m.x - m.width() / 2);
    right = std::max(right, m.x + m.width() / 2);
    top = std::min(top, m.y - m.height() / 2);
    bottom = std::max(bottom, m.y + m.height() / 2);
  }
  const float scale = kSketchSide / std::max(right - left, bottom - top);
  Canvas out;
  for (const Member& m : members) {
    lay_on(out, m.canvas, m.box, m.scale * scale, kMiddle + (m.x - (left + right) / 2) * scale,
           kMiddle + (m.y - (top + bottom) / 2) * scale);
  }
  return out;
}

/// A digit for a number that will be scaled by about `scale`.
std::optional<Member> draw_member(const Dataset& data, Labels wanted, float scale, Random& random) {
  const auto number = choose(data, wanted, random);
  if (!number) return std::nullopt;
  Member member;
  member.canvas = enlarge(as_tile(data.image(*number)));
  foresee_scale(member.canvas, scale, random);
  const auto box = ink_box(member.canvas);
  if (!box) return std::nullopt;
  member.box = *box;
  member.scale = random.uniform(0.8F, 1.2F);
  member.y = random.uniform(-0.15F, 0.15F) * kSketchSide;
  return member;
}

/// Digits in a row, from clearly apart to slightly overlapping.
Canvas draw_row(const Dataset& data, std::size_t count, Random& random) {
  std::vector<Member> members;
  float right = 0;
  bool after_one = false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool one = random.below(5) == 0;
    auto member =
        draw_member(data, one ? labels({1}) : kAllButOne, 1.2F / (static_cast<float>(count)), random);
    if (!member) return {};
    // A 1 that touches its neighbour makes a 6, 8 or 9 of a 0 or a 3, and a 4 of another 1: that is shown
    // seldom enough to leave such digits what they are.
    const bool apart = i > 0 && (one || after_one) && random.below(2) == 0;
    const float gap = i == 0 ? 0.0F : apart ? random.uniform(6, 12) : random.uniform(-8, 8);
    member->x = right + gap + member->width() / 2;
    right = member->x + member->width() / 2;
    after_one = one;
    members.push_back(*member);
  }
  return compose(members);
}

/// One digit written over another.
Canvas draw_overlap(const Dataset& data, Random& random) {
  auto first = draw_member(data, kAllButOne, 0.75F, random);
  auto second = draw_member(data, kAllButOne, 0.75F, random);
  if (!first || !second) return {};
  second->x = random.uniform(0.55F, 0.85F) * (first->width() + second->width()) / 2;
  return compose({*first, *second});
}

/// One above the other. Without 0 and 1: a 0 above a 0 is an 8, above a 1 a 9, and a 1 above a 1 is a 1.
Canvas draw_column(const Dataset& data, Random& random) {
  constexpr Labels kStacked = kAllButOne & ~labels({0});
  auto upper = draw_member(data, kStacked, 0.55F, random);
  auto lower = draw_member(data, kStacked, 0.55F, random);
  if (!upper || !lower) return {};
  lower->x = random.uniform(-0.2F, 0.2F) * kSketchSide;
  upper->y = 0;
  lower->y = (upper->height() + lower->height()) / 2 + random.uniform(-2, 6);
  return compose({*upper, *lower});
}

/// A digit and so much of its neighbour that a box around one digit cannot have been meant.
Canvas draw_with_part(const Dataset& data, Random& random) {
  constexpr Labels kLargeInHalf = labels({0, 4, 6, 8, 9});  // of the others mere ends may be left
  auto whole = draw_member(data, kAllButOne, 0.75F, random);
  auto part = draw_member(data, kLargeInHalf, 0.75F, random);
  if (!whole || !part) return {};
  const bool right = random.below(2) == 0;
  part->canvas = cut_part(part->canvas, right ? 180.0F : 0.0F, random.uniform(0.45F, 0.75F));
  const auto box = ink_box(part->canvas);
  if (!box) return {};
  part->box = *box;
  const float way = (whole->width() + part->width()) / 2 + random.uniform(0, 6);
  part->x = right ? way : -way;
  return compose({*whole, *part});
}

Canvas draw_number(const Dataset& data, Random& random) {
  const std::uint32_t number = random.below(20);
  if (number < 10) return draw_row(data, 2, random);
  if (number < 12) return draw_row(data, 3, random);
  if (number < 14) return draw_overlap(data, random);
  if (number < 17) return draw_column(data, random);
  return draw_with_part(data, random);
}

/// Where a digit may be cut and what share of its ink may be kept so that no digit is left. Missing: 1, 6, 7
/// and 9, of which a stroke (1) or a ring (0) remains; 2, whose foot may be a loop (0) and whose head a 7; 3,
/// whose ends look like a faded 7; 4, whose corner with a bit of its stem still is one; halves of 8 (0, 3);
/// the sides of 0 and 5 (1, 3).
struct Cut {
  int label;
  float towards;  ///< of the kept part: degrees, 0 = right, 90 = down
  float least;
  float most;
  bool both_sides = false;  ///< what is left is then cut from the other side too
};
constexpr std::array<Cut, 5> kCuts{{
    {0, 90, 0.3F, 0.5F},          // a bowl
    {0, -90, 0.3F, 0.5F},         // an arch
    {0, 90, 0.57F, 0.61F, true},  // two short strokes side by side
    {5, -90, 0.25F, 0.38F},       // a hook
    {8, 90, 0.64F, 0.7F, true},   // a crossing
}};

/// How the ink is spread, by its second moments.
struct Spread {
  float elongation = 1;  ///< the variance along the long axis over that across
  float angle = 0;       ///< of the long axis from lying, degrees, -90..90
};
Spread spread_of(const Canvas& canvas) {
  float mass = 0;
  float x_sum = 0;
  float y_sum = 0;
  float xx_sum = 0;
  float xy_sum = 0;
  float yy_sum = 0;
  for (int row = 0; row < kCanvasSide; ++row) {
    const float* line = canvas.row(row);
    const float y = static_cast<float>(row) - kMiddle;
    float line_mass = 0;
    float line_x = 0;
    for (int column = 0; column < kCanvasSide; ++column) {
      const float x = static_cast<float>(column) - kMiddle;
      line_mass += line[column];
      line_x += line[column] * x;
      xx_sum += line[column] * x * x;
    }
    mass += line_mass;
    x_sum += line_x;
    y_sum += line_mass * y;
    xy_sum += line_x * y;
    yy_sum += line_mass * y * y;
  }
  if (mass <= 0) return {};
  const float xx = xx_sum / mass - x_sum * x_sum / (mass * mass);
  const float xy = xy_sum / mass - x_sum * y_sum / (mass * mass);
  const float yy = yy_sum / mass - y_sum * y_sum / (mass * mass);
  const float half = std::hypot((xx - yy) / 2, xy);
  const float mean = (xx + yy) / 2;
  return {(mean + half) / std::max(mean - half, 1e-3F),
          std::atan2(2 * xy, xx - yy) / 2 * 180 / std::numbers::pi_v<float>};
}

/// Whether the ink is one straight stroke that stands or leans, which is a 1.
bool is_upright_stroke(const Canvas& canvas) {
  const Spread spread = spread_of(canvas);
  return spread.elongation > 6 && std::abs(spread.angle) > 15;
}

/// The part of a digit that this cut leaves, as large as a digit; nothing where it would be a 1.
Canvas draw_cut(const Cut& cut, const Dataset& data, Random& random) {
  for (int i = 0; i < kTries; ++i) {
    const auto number = choose(data, labels({cut.label}), random);
    if (!number) break;
    const float towards = cut.towards + random.uniform(-12, 12);
    const float share = random.uniform(cut.least, cut.most);
    Canvas part = cut_part(enlarge(as_tile(data.image(*number))), towards, share);
    if (cut.both_sides) part = cut_part(part, towards + 180, 2 - 1 / share);  // as much again
    const auto box = ink_box(part);
    if (!box || is_upright_stroke(part)) continue;
    const float scale = std::min(kSketchSide / static_cast<float>(std::max(box->width, box->height)), 2.0F);
    foresee_scale(part, scale, random);
    Canvas out;
    lay_on(out, part, *box, scale, kMiddle, kMiddle);
    if (scale > 1) sharpen(out.pixels, scale);
    return out;
  }
  return {};
}

/// How a tile is turned: mirrored left to right first, then quarter turns clockwise.
struct Turn {
  int label;
  bool mirrored;
  int quarters;
};
/// Missing: 0, 1 and 8, which stay what they are or become dashes; 2, 4 and 5, of which each turn and mirror
/// image reads as some 2, 4, 5 or 7, a slant given; 3 turned, which then is slanted or stands again; 6 and 9
/// half round (9, 6) and a quarter round (a 0 with a tail); 7 half round (with a serif an open 4).
constexpr std::array<Turn, 7> kTurns{{
    {3, true, 0},  // epsilon
    {6, true, 0},  // d
    {6, true, 2},  // e, p
    {7, true, 0},  // gamma
    {7, true, 2},  // L, mirrored
    {9, true, 0},  // P
    {9, true, 2},  // d
}};

Tile turned(const Tile& tile, const Turn& how) {
  Tile out;
  constexpr int kLast = kTileSide - 1;
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      int from_x = x;
      int from_y = y;
      for (int i = 0; i < how.quarters; ++i) {
        const int across = from_x;
        from_x = from_y;
        from_y = kLast - across;
      }
      if (how.mirrored) from_x = kLast - from_x;
      out[static_cast<std::size_t>(y * kTileSide + x)] =
          tile[static_cast<std::size_t>(from_y * kTileSide + from_x)];
    }
  }
  return out;
}

/// Whether a turned digit may still be read as one: a 7 so narrow that it is a 1, a 6 or 9 with so short a
/// stem that it is a 0.
bool is_doubtful(const Canvas& canvas, int label) {
  const float elongation = spread_of(canvas).elongation;
  return label == 7 ? elongation > 4 : label != 3 && elongation < 2.2F;
}

Canvas draw_turn(const Turn& how, const Dataset& data, Random& random) {
  for (int i = 0; i < kTries; ++i) {
    const auto number = choose(data, labels({how.label}), random);
    if (!number) break;
    Canvas canvas = enlarge(turned(as_tile(data.image(*number)), how));
    if (!is_doubtful(canvas, how.label)) return canvas;
  }
  return {};
}

Canvas draw(NegativeKind kind, const Dataset& data, Random& random) {
  switch (kind) {
    case NegativeKind::kNumber:
      return draw_number(data, random);
    case NegativeKind::kFragment:
      return draw_cut(kCuts[random.below(kCuts.size())], data, random);
    case NegativeKind::kTurned:
      return draw_turn(kTurns[random.below(kTurns.size())], data, random);
    case NegativeKind::kScribble:
      break;
    case NegativeKind::kLetter:
      return draw_letter(random);
    case NegativeKind::kSign:
      return draw_sign(random);
    case NegativeKind::kMarks:
      return draw_marks(random);
  }
  return draw_scribble(random);
}

}  // namespace

std::string_view negative_name(NegativeKind kind) {
  constexpr std::array<std::string_view, kNegativeKinds.size()> kNames{
      "numbers", "fragments", "turned digits", "scribbles", "letters", "signs", "marks"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::uint32_t negative_share(NegativeKind kind) {
  constexpr std::array<std::uint32_t, kNegativeKinds.size()> kShares{32, 8, 5, 12, 26, 12, 5};
  return kShares[static_cast<std::size_t>(kind)];
}

NegativeKind draw_negative_kind(Random& random) {
  std::uint32_t number = random.below(100);
  for (const NegativeKind kind : kNegativeKinds) {
    if (number < negative_share(kind)) return kind;
    number -= negative_share(kind);
  }
  return kNegativeKinds.back();
}

Tile make_negative(NegativeKind kind, const Dataset& data, const Augmentation& settings, Random& random) {
  assert(data.size() > 0 && data.width == kTileSide && data.height == kTileSide);
  Canvas canvas = draw(kind, data, random);
  if (!ink_box(canvas)) canvas = draw_scribble(random);
  if (random.uniform(0, 1) < settings.changed) {
    Distortion distortion = draw_distortion(settings, random);
    // A coarse source of several digits has as many pixels for each as one of a single digit.
    if (kind == NegativeKind::kNumber && distortion.low_resolution > 0) distortion.low_resolution += 6;
    return distort(canvas, distortion);
  }
  // Images shown as they are have sharper edges than any that were enlarged and reduced again.
  Tile tile = distort(canvas, {});
  sharpen(tile, random.uniform(1.2F, 1.6F));
  return tile;
}

Tile make_negative(const Dataset& data, const Augmentation& settings, Random& random) {
  return make_negative(draw_negative_kind(random), data, settings, random);
}

}  // namespace inkread
