// SPDX-License-Identifier: MIT
#include "engine/vision/strokes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/random.hpp"
#include "engine/vision/ink.hpp"
#include "engine/vision/normalize.hpp"

namespace {

using namespace inkread;

const std::vector<Stroke> kFive = {{{10, 5}, {90, 5}},
                                   {{10, 5}, {10, 45}, {60, 40}, {85, 65}, {60, 95}, {10, 90}}};

StrokeInk drawn(const std::vector<Stroke>& strokes) {
  Result<StrokeInk> ink = draw_strokes(strokes);
  REQUIRE(ink.ok());
  return std::move(ink).value();
}

ErrorCode code_of(const std::vector<Stroke>& strokes) {
  const Result<StrokeInk> ink = draw_strokes(strokes);
  REQUIRE(!ink.ok());
  return ink.error().code;
}

std::vector<Stroke> moved(std::vector<Stroke> strokes, float scale, float dx, float dy) {
  for (Stroke& stroke : strokes) {
    for (StrokePoint& point : stroke) point = {point.x * scale + dx, point.y * scale + dy};
  }
  return strokes;
}

double mass(const GrayImage& ink) {
  double sum = 0;
  for (const float value : ink.pixels) sum += value;
  return sum;
}

}  // namespace

TEST_CASE("a second digit beside the first does not make the first smaller, if strokes tell the scale") {
  const std::vector<Stroke> ones{{{0, 0}, {0, 100}}, {{300, 0}, {300, 100}}};
  const Result<StrokeInk> one = draw_strokes(std::span(ones).first(1), StrokeScale::kStrokes);
  const Result<StrokeInk> both = draw_strokes(ones, StrokeScale::kStrokes);
  const Result<StrokeInk> whole = draw_strokes(ones, StrokeScale::kWhole);
  REQUIRE((one.ok() && both.ok() && whole.ok()));
  CHECK(both.value().scale == doctest::Approx(one.value().scale));
  CHECK(both.value().ink.height == one.value().ink.height);
  const Result<StrokeInk> alone = draw_strokes(std::span(ones).first(1), StrokeScale::kWhole);
  REQUIRE(alone.ok());
  CHECK(whole.value().ink.height < alone.value().ink.height / 2);
}

TEST_CASE("a drawing of any width has a bounded size") {
  const std::vector<Stroke> far{{{0, 0}, {0, 1}}, {{0, 0}, {1, 0}}, {{1e6F, 0}, {1e6F, 1}}};
  const StrokeInk ink = draw_strokes(far, StrokeScale::kStrokes).value();
  CHECK(ink.ink.width <= 2010);
  CHECK(ink.ink.height <= 2010);
}

TEST_CASE("size and place of the strokes do not change the ink") {
  const StrokeInk plain = drawn(kFive);
  struct Move {
    float scale, dx, dy;
  };
  for (const Move& move : {Move{0.5F, 0, 0}, {8, -500, 300}, {0x1p-60F, 0, 0}, {0x1p90F, 0, 0}}) {
    CAPTURE(move.scale);
    const StrokeInk other = drawn(moved(kFive, move.scale, move.dx, move.dy));
    REQUIRE(other.ink.width == plain.ink.width);
    REQUIRE(other.ink.height == plain.ink.height);
    float most = 0;
    for (std::size_t i = 0; i < plain.ink.pixels.size(); ++i) {
      most = std::max(most, std::abs(plain.ink.pixels[i] - other.ink.pixels[i]));
    }
    CHECK(most < 0.01F);
  }
}

TEST_CASE("points lie in the ink where scale and origin say") {
  const StrokeInk out = drawn(moved(kFive, 3, 100, -70));
  for (const Stroke& stroke : moved(kFive, 3, 100, -70)) {
    for (const StrokePoint& point : stroke) {
      const auto x = static_cast<int>((point.x - out.origin.x) * out.scale);
      const auto y = static_cast<int>((point.y - out.origin.y) * out.scale);
      REQUIRE(x >= 0);
      REQUIRE(y >= 0);
      REQUIRE(x < out.ink.width);
      REQUIRE(y < out.ink.height);
      CHECK(out.ink.view().at(x, y) == 1);
    }
  }
}

TEST_CASE("nothing is cut off: paper surrounds the ink") {
  const StrokeInk out = drawn(kFive);
  const GrayView ink = out.ink.view();
  for (int x = 0; x < ink.width; ++x) CHECK(std::max(ink.at(x, 0), ink.at(x, ink.height - 1)) == 0);
  for (int y = 0; y < ink.height; ++y) CHECK(std::max(ink.at(0, y), ink.at(ink.width - 1, y)) == 0);
}

TEST_CASE("a straight 1 has MNIST's stroke width in its tile") {
  for (const std::vector<Stroke>& one : {std::vector<Stroke>{{{0, 0}, {0, 50}}}, {{{3, 0}, {3.5F, 700}}}}) {
    const StrokeInk out = drawn(one);
    const std::optional<Box> box = find_ink(out.ink.view());
    REQUIRE(box);
    const Tile tile = normalize_ink(out.ink.view(), *box);
    double sum = 0;
    for (const float value : tile) sum += value;
    CHECK(sum / 20 > 2.0);  // its mean width
    CHECK(sum / 20 < 2.8);
  }
}

TEST_CASE("a line has the pen's width and round ends") {
  const StrokeInk out = drawn({{{0, 0}, {100, 0}}});
  CHECK(out.ink.width == 102);
  CHECK(out.ink.height == 14);
  const double pen = 12;
  CHECK(mass(out.ink) == doctest::Approx(88 * pen + 3.14159 * pen * pen / 4).epsilon(0.01));
  CHECK(out.ink.view().at(1, 1) == 0);  // the corner that a square end would fill
}

TEST_CASE("one point is a dot") {
  for (const float x : {0.0F, 5.0F, -1e30F}) {
    const StrokeInk out = drawn({{{x, 7}}});
    CHECK(out.ink.width == out.ink.height);
    CHECK(mass(out.ink) == doctest::Approx(3.14159 * 36).epsilon(0.02));
    CHECK(out.scale == 1);
    CHECK(std::isfinite(out.origin.x));
  }
  CHECK(mass(drawn({{{2, 2}, {2, 2}, {2, 2}}}).ink) == doctest::Approx(3.14159 * 36).epsilon(0.02));
}

TEST_CASE("a dot beside a line is drawn, empty strokes are not") {
  const StrokeInk line = drawn({{{0, 0}, {0, 100}}, {}});
  CHECK(mass(line.ink) == doctest::Approx(mass(drawn({{{0, 0}, {0, 100}}}).ink)));
  const StrokeInk both = drawn({{{0, 0}, {0, 100}}, {{40, 50}}});
  const auto x = static_cast<int>((40 - both.origin.x) * both.scale);
  const auto y = static_cast<int>((50 - both.origin.y) * both.scale);
  CHECK(both.ink.view().at(x, y) == 1);
}

TEST_CASE("a pixel knows the stroke that drew it, where two cross the first") {
  const StrokeInk out = drawn({{{0, 0}, {100, 100}}, {}, {{100, 0}, {0, 100}}});
  const auto stroke_at = [&](float x, float y) {
    return out.strokes.view().at(static_cast<int>((x - out.origin.x) * out.scale),
                                 static_cast<int>((y - out.origin.y) * out.scale));
  };
  CHECK(stroke_at(10, 10) == 0);
  CHECK(stroke_at(90, 90) == 0);
  CHECK(stroke_at(50, 50) == 0);
  CHECK(stroke_at(90, 10) == 2);
  CHECK(stroke_at(10, 90) == 2);
  CHECK(stroke_at(50, 10) == -1);
  for (std::size_t i = 0; i < out.ink.pixels.size(); ++i) {
    CHECK((out.ink.pixels[i] > 0) == (out.strokes.pixels[i] >= 0));
  }
}

TEST_CASE("strokes that are no strokes are refused") {
  CHECK(code_of({}) == ErrorCode::kEmpty);
  CHECK(code_of({{}, {}}) == ErrorCode::kEmpty);
  CHECK(code_of({{{0, std::numeric_limits<float>::quiet_NaN()}}}) == ErrorCode::kNotFinite);
  CHECK(code_of({{{0, 0}, {std::numeric_limits<float>::infinity(), 0}}}) == ErrorCode::kNotFinite);
  CHECK(code_of({{{0, 0}, {-1.01F * StrokeLimits::kFarthest, 0}}}) == ErrorCode::kTooLarge);
  CHECK(code_of(std::vector<Stroke>(StrokeLimits::kStrokes + 1)) == ErrorCode::kTooLarge);
  CHECK(code_of({Stroke(StrokeLimits::kPoints + 1)}) == ErrorCode::kTooLarge);
}

TEST_CASE("the largest and the smallest coordinates neither overflow nor blow up") {
  const float least = std::numeric_limits<float>::denorm_min();
  for (const float size : {StrokeLimits::kFarthest, least, std::numeric_limits<float>::min()}) {
    CAPTURE(size);
    const StrokeInk out = drawn({{{-size, -size}, {size, size}, {-size, size}}});
    CHECK(out.ink.width <= 102);
    CHECK(std::isfinite(out.scale));
    CHECK(out.scale > 0);
    CHECK(std::isfinite(out.origin.x));
    CHECK(mass(out.ink) > 0);
  }
}

TEST_CASE("a million points are drawn in bounded time") {
  Random random(1);
  Stroke wild(StrokeLimits::kPoints);
  for (StrokePoint& point : wild) point = {random.uniform(0, 1), random.uniform(0, 1)};
  const StrokeInk out = drawn({wild});
  CHECK(mass(out.ink) > 9000);  // all of it is ink
  Stroke slow(StrokeLimits::kPoints);
  for (std::size_t i = 0; i < slow.size(); ++i) slow[i] = {static_cast<float>(i), 0};
  CHECK(mass(drawn({slow}).ink) == doctest::Approx(mass(drawn({{{0, 0}, {1, 0}}}).ink)).epsilon(0.001));
}
