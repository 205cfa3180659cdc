// SPDX-License-Identifier: MIT
// Whatever is handed over, reading it ends soon, in bounded memory, and finds no digit where nobody wrote
// one.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "tests/support/scenes.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

struct Size {
  int width;
  int height;
};

constexpr std::array kLayouts{Layout::kAuto, Layout::kSingle, Layout::kLine, Layout::kPage};
constexpr std::array kSlowLayouts{Layout::kAuto, Layout::kLine};  ///< where all would take long

Recognizer shipped_recognizer() {
  std::ifstream file(INKREAD_WEIGHTS, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return Recognizer::create(std::as_bytes(std::span(bytes))).value();
}

void check_refused(Recognizer& recognizer, const std::string& what, const RgbaImage& picture) {
  for (const Layout layout : kLayouts) {
    const Result<Reading> reading = recognizer.read_picture(picture.view(), layout);
    REQUIRE(reading.ok());
    CAPTURE(what);
    CAPTURE(static_cast<int>(layout));
    CAPTURE(reading.value().text);
    CAPTURE(reading.value().confidence);
    CHECK_FALSE(reading.value().accepted());
  }
}

void check_refused(Recognizer& recognizer, const std::string& what, const std::vector<Stroke>& strokes) {
  for (const Layout layout : kSlowLayouts) {
    const Result<Reading> reading = recognizer.read_strokes(strokes, layout);
    REQUIRE(reading.ok());
    CAPTURE(what);
    CAPTURE(static_cast<int>(layout));
    CAPTURE(reading.value().text);
    CHECK_FALSE(reading.value().accepted());
  }
}

/// `count` strokes of `points` random points each, each within a square of side `size`; the squares are
/// `distance` apart, in rows and columns, or anywhere where that is 0.
std::vector<Stroke> scribbles(int count, int points, float size, float distance) {
  Random random(1);
  const int columns = static_cast<int>(std::sqrt(count));
  std::vector<Stroke> strokes;
  for (int i = 0; i < count; ++i) {
    const float all = size * 100;
    const int column = i % columns;
    const int row = i / columns;
    const float x = distance > 0 ? static_cast<float>(column) * distance : random.uniform(0, all);
    const float y = distance > 0 ? static_cast<float>(row) * distance : random.uniform(0, all);
    Stroke& stroke = strokes.emplace_back();
    for (int k = 0; k < points; ++k) {
      stroke.push_back({x + random.uniform(0, size), y + random.uniform(0, size)});
    }
  }
  return strokes;
}

}  // namespace

TEST_CASE("Nothing is read in pictures of one colour, in any size, or behind full transparency") {
  Recognizer recognizer = shipped_recognizer();
  RgbaImage transparent = white_noise(120, 90, 1);
  for (std::size_t i = 3; i < transparent.pixels.size(); i += 4) transparent.pixels[i] = 0;
  std::vector<RgbaImage> pictures{transparent};
  for (const double light : {0.0, 0.5, 1.0}) {
    for (const Size size : {Size{1, 1}, {2, 1}, {3, 3}, {300, 400}, {100'000, 1}, {1, 100'000}}) {
      pictures.push_back(gray_picture(size.width, size.height, [&](int, int) { return light; }));
    }
  }
  for (const RgbaImage& picture : pictures) {
    for (const Layout layout : kLayouts) {
      CAPTURE(picture.width);
      CAPTURE(picture.height);
      CHECK(recognizer.read_picture(picture.view(), layout).value().reason == Reason::kNothing);
    }
  }
}

TEST_CASE("Light that changes evenly, from one side or around a lamp, is no digit") {
  Recognizer recognizer = shipped_recognizer();
  for (const Size size : {Size{60, 40}, {200, 300}}) {
    for (int direction = 0; direction < 8; ++direction) {
      const double x_step = std::cos(direction * std::numbers::pi / 4) / size.width;
      const double y_step = std::sin(direction * std::numbers::pi / 4) / size.height;
      for (const double power : {1.0, 2.0}) {
        const RgbaImage slope = gray_picture(size.width, size.height, [&](int x, int y) {
          const double along = 0.5 + (x - size.width / 2.0) * x_step + (y - size.height / 2.0) * y_step;
          return std::pow(std::clamp(along, 0.0, 1.0), power);
        });
        check_refused(recognizer, "a slope", slope);
      }
    }
    const RgbaImage lamp = gray_picture(size.width, size.height, [&](int x, int y) {
      return 1 -
             std::hypot(x - 0.3 * size.width, y - 0.4 * size.height) / std::hypot(size.width, size.height);
    });
    check_refused(recognizer, "a lamp", lamp);
  }
}

TEST_CASE("Noise, clouds, animals and pages of text are not accepted as digits") {
  Recognizer recognizer = shipped_recognizer();
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    check_refused(recognizer, "noise", white_noise(200, 150, seed));
    check_refused(recognizer, "clouds", clouds(200, 150, seed));
    for (const int hairs : {40, 400}) check_refused(recognizer, "an animal", animal(240, 180, hairs, seed));
    check_refused(recognizer, "text", page_of_text(160, 200, 12.0 + 10.0 * static_cast<double>(seed), seed));
  }
}

TEST_CASE("Pictures of one row or column hold no digit") {
  Recognizer recognizer = shipped_recognizer();
  Random random(2);
  const auto noise = [&](int, int) { return random.uniform(0, 1); };
  const auto bars = [](int x, int y) { return (x + y) / 700 % 2; };
  for (const Size size : {Size{100'000, 1}, {1, 100'000}}) {
    check_refused(recognizer, "noise", gray_picture(size.width, size.height, noise));
    check_refused(recognizer, "bars", gray_picture(size.width, size.height, bars));
  }
}

TEST_CASE("A page of thousands of letters is read no further than a page of digits may go") {
  Recognizer recognizer = shipped_recognizer();
  const RgbaImage page = page_of_text(800, 1000, 12, 1);  // some 4,500 letters
  for (const Layout layout : kSlowLayouts) {
    const Reading reading = recognizer.read_picture(page.view(), layout).value();
    CAPTURE(static_cast<int>(layout));
    CHECK(reading.reason == Reason::kNotADigit);
    CHECK(reading.digits.size() > 100);
    CHECK(reading.digits.size() < 1000);
  }
}

TEST_CASE("Scribbles of a million points end, and are no digit") {
  Recognizer recognizer = shipped_recognizer();
  check_refused(recognizer, "one wild stroke", scribbles(1, 1'000'000, 1, 0));
  check_refused(recognizer, "anywhere", scribbles(10'000, 100, 1, 0));
  check_refused(recognizer, "short strokes beside each other", scribbles(10'000, 2, 1, 1.3F));
}

TEST_CASE("A single point is no digit, nor are a few, wherever they are") {
  Recognizer recognizer = shipped_recognizer();
  for (const float far : {0.0F, 5.0F, -1e30F}) {
    check_refused(recognizer, "a point", std::vector<Stroke>{{{far, 5}}});
    check_refused(recognizer, "the same point", std::vector<Stroke>{{{far, 5}, {far, 5}}, {{far, 5}}});
  }
  check_refused(recognizer, "points", std::vector<Stroke>{{{5, 5}}, {{30, 5}}, {{50, 9}}});
}

TEST_CASE("Coordinates that are no numbers or too large give an error in every layout") {
  Recognizer recognizer = shipped_recognizer();
  const float infinite = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<std::pair<StrokePoint, ErrorCode>> wrong{{{nan, 0}, ErrorCode::kNotFinite},
                                                             {{0, infinite}, ErrorCode::kNotFinite},
                                                             {{-infinite, 0}, ErrorCode::kNotFinite},
                                                             {{3e38F, 0}, ErrorCode::kTooLarge}};
  for (const auto& [point, code] : wrong) {
    for (const Layout layout : kLayouts) {
      const Result<Reading> reading =
          recognizer.read_strokes(std::vector<Stroke>{{{0, 0}, point, {1, 1}}}, layout);
      REQUIRE_FALSE(reading.ok());
      CHECK(reading.error().code == code);
    }
  }
}
