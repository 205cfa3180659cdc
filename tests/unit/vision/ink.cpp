// SPDX-License-Identifier: MIT
#include "engine/vision/ink.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/random.hpp"
#include "tests/support/drawings.hpp"
#include "tests/support/pixels.hpp"

namespace {

using namespace inkread;
using namespace inkread::test;

bool is_blank(const InkImage& ink) {
  return std::all_of(ink.ink.pixels.begin(), ink.ink.pixels.end(), [](float value) { return value == 0; });
}

/// The largest difference of two ink images of one size.
float difference(const InkImage& a, const InkImage& b) {
  REQUIRE(a.ink.pixels.size() == b.ink.pixels.size());
  float most = 0;
  for (std::size_t i = 0; i < a.ink.pixels.size(); ++i)
    most = std::max(most, std::abs(a.ink.pixels[i] - b.ink.pixels[i]));
  return most;
}

/// Whether the ink's box is the given one to within `slack` pixels on each side.
bool boxed(const InkImage& ink, Box expected, int slack) {
  const std::optional<Box> box = find_ink(ink.ink.view());
  if (!box) return false;
  CAPTURE(box->x);
  CAPTURE(box->y);
  CAPTURE(box->width);
  CAPTURE(box->height);
  const bool good = std::abs(box->x - expected.x) <= slack && std::abs(box->y - expected.y) <= slack &&
                    std::abs(box->x + box->width - expected.x - expected.width) <= slack &&
                    std::abs(box->y + box->height - expected.y - expected.height) <= slack;
  CHECK(good);
  return good;
}

RgbaImage five_on_sheet(Rgb ink = kBlack, Rgb paper = kWhitePaper, double pen = 8) {
  RgbaImage picture = sheet(200, 160, paper);
  draw(picture, placed(five(), 60, 30, 100), pen, ink);
  return picture;
}
// Of the strokes above with their pen of 8: the middle line runs x 70..150, y 35..125.
constexpr Box kFiveBox{66, 31, 88, 98};

void add_noise(RgbaImage& picture, int amplitude, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
    // Two even draws: a triangular distribution.
    const int by = static_cast<int>(random.below(static_cast<std::uint32_t>(amplitude)) +
                                    random.below(static_cast<std::uint32_t>(amplitude))) -
                   amplitude;
    for (std::size_t c = 0; c < 3; ++c) {
      picture.pixels[i + c] = static_cast<std::uint8_t>(std::clamp(picture.pixels[i + c] + by, 0, 255));
    }
  }
}

}  // namespace

TEST_CASE("black on white keeps its anti-aliasing exactly") {
  const RgbaImage picture = five_on_sheet();
  const InkImage ink = extract_ink(picture.view());
  REQUIRE(ink.reduction == 1);
  float most = 0;
  for (std::size_t i = 0; i < ink.ink.pixels.size(); ++i) {
    most = std::max(most,
                    std::abs(ink.ink.pixels[i] - static_cast<float>(255 - picture.pixels[i * 4]) / 255.0F));
  }
  CHECK(most < 0.005F);
  CHECK(boxed(ink, kFiveBox, 1));
}

TEST_CASE("ink and paper of any colours that differ in light give the same ink") {
  const InkImage plain = extract_ink(five_on_sheet().view());
  const std::array<std::pair<Rgb, Rgb>, 6> colours = {{
      {{255, 255, 255}, {0, 0, 0}},
      {{20, 30, 120}, {250, 240, 200}},
      {{250, 240, 90}, {40, 60, 40}},
      {{90, 90, 90}, {140, 140, 140}},
      {{140, 140, 140}, {90, 90, 90}},
      {{0, 160, 0}, {255, 255, 255}},
  }};
  for (const std::pair<Rgb, Rgb>& colour : colours) {
    CAPTURE(colour.first[1]);
    CHECK(difference(extract_ink(five_on_sheet(colour.first, colour.second).view()), plain) < 0.03F);
  }
}

TEST_CASE("a thick digit that fills the picture is still ink, in either polarity") {
  for (const bool dark : {true, false}) {
    RgbaImage picture = sheet(28, 28, dark ? kWhitePaper : kBlack);
    draw(picture, placed(five(), 1, 1, 26), 6, dark ? kBlack : kWhitePaper);
    const InkImage ink = extract_ink(picture.view());
    CHECK(ink.ink.view().at(12, 2) > 0.9F);  // the bar
    CHECK(ink.ink.view().at(26, 8) == 0);
    CHECK(ink.ink.view().at(2, 18) == 0);
  }
}

TEST_CASE("a printed frame along the border does not decide what is paper, in either polarity") {
  for (const bool dark : {true, false}) {
    const Rgb pen = dark ? kBlack : kWhitePaper;
    RgbaImage picture = sheet(300, 70, dark ? kWhitePaper : kBlack);
    for (int i = 0; i < 4; ++i) draw(picture, placed(five(), 30 + 65 * i, 20, 34), 4, pen);
    for (std::size_t y = 0; y < 70; ++y) {
      if (y >= 5 && y < 65) continue;
      for (std::size_t x = 0; x < 300; ++x)
        std::copy(pen.begin(), pen.end(), &picture.pixels[4 * (300 * y + x)]);
    }
    const InkImage ink = extract_ink(picture.view());
    CAPTURE(dark);
    CHECK(ink.ink.view().at(150, 2) > 0.9F);  // the frame
    CHECK(ink.ink.view().at(150, 12) == 0);
    CHECK(ink.ink.view().at(15, 40) == 0);
  }
}

TEST_CASE("ink on nothing lies on the paper that contrasts") {
  const InkImage plain = extract_ink(five_on_sheet().view());
  for (const int light : {0, 255}) {
    RgbaImage picture = five_on_sheet();
    for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
      picture.pixels[i + 3] = static_cast<std::uint8_t>(255 - picture.pixels[i]);
      std::fill_n(&picture.pixels[i], 3, static_cast<std::uint8_t>(light));
    }
    CAPTURE(light);
    CHECK(difference(extract_ink(picture.view()), plain) < 0.01F);
  }
}

TEST_CASE("colours behind full transparency do not show") {
  RgbaImage picture = five_on_sheet();
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
    if (picture.pixels[i] != 255) continue;
    picture.pixels[i] = static_cast<std::uint8_t>(i / 4 % 256);
    picture.pixels[i + 3] = 0;
  }
  CHECK(difference(extract_ink(picture.view()), extract_ink(five_on_sheet().view())) < 0.01F);
}

TEST_CASE("the transparent corners of an opaque picture are no ink") {
  RgbaImage picture = five_on_sheet();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const bool corner = (x < 20 || x >= picture.width - 20) && (y < 20 || y >= picture.height - 20);
      if (corner) std::fill_n(pixel_at(picture, x, y), 4, std::uint8_t{0});
    }
  }
  CHECK(boxed(extract_ink(picture.view()), kFiveBox, 1));
}

TEST_CASE("pictures with nothing written give no ink") {
  for (const int light : {0, 1, 128, 254, 255}) {
    CAPTURE(light);
    CHECK(is_blank(extract_ink(sheet(90, 60, {light, light, light}).view())));
  }
  CHECK(is_blank(extract_ink(RgbaImage(50, 50, 4).view())));  // nothing but transparency
  CHECK(is_blank(extract_ink(sheet(1, 1).view())));
  for (int side = 1; side < 200; side += 7)
    CHECK(is_blank(extract_ink(sheet(side, side, {77, 131, 9}).view())));
  CHECK(is_blank(extract_ink(sheet(300, 1).view())));
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    RgbaImage noisy = sheet(200, 150, {180, 175, 170});
    add_noise(noisy, 20, seed);
    CAPTURE(seed);
    CHECK(!find_ink(extract_ink(noisy.view()).ink.view()));
    shade(noisy, [](double x, double y) { return 1.0 - 0.3 * x - 0.2 * y; });
    CHECK(!find_ink(extract_ink(noisy.view()).ink.view()));
  }
}

TEST_CASE("faint even light is no ink, faint strokes are") {
  RgbaImage shaded = sheet(200, 160, {200, 200, 200});
  shade(shaded,
        [](double x, double y) { return 1.0 - 0.25 * (x - 0.5) * (x - 0.5) - 0.25 * (y - 0.5) * (y - 0.5); });
  CHECK(!find_ink(extract_ink(shaded.view()).ink.view()));
  CHECK(boxed(extract_ink(five_on_sheet({225, 225, 225}).view()), kFiveBox, 1));
}

TEST_CASE("soft light across the paper does not become ink") {
  RgbaImage picture = five_on_sheet({60, 60, 70}, {230, 225, 215});
  SUBCASE("from the left") {
    shade(picture, [](double x, double) { return 1.0 - 0.5 * x; });
  }
  SUBCASE("from a corner") {
    shade(picture, [](double x, double y) { return 0.5 + 0.25 * x + 0.25 * y; });
  }
  SUBCASE("a lamp above the middle") {
    shade(picture,
          [](double x, double y) { return 1.0 - 0.8 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5)); });
  }
  SUBCASE("the soft shadow of a hand") {
    shade(picture, [](double x, double) { return 0.6 + 0.4 / (1 + std::exp(-(x - 0.25) * 25)); });
  }
  add_noise(picture, 6, 3);
  CHECK(boxed(extract_ink(picture.view()), kFiveBox, 2));
}

TEST_CASE("large pictures are reduced and keep their ink") {
  RgbaImage picture = sheet(2600, 1900);
  draw(picture, placed(five(), 800, 500, 1000), 80);
  const InkImage ink = extract_ink(picture.view());
  CHECK(ink.reduction == 3);
  CHECK(ink.ink.width == 867);
  CHECK(ink.ink.height == 634);
  CHECK(boxed(ink, {(900 - 40) / 3, (550 - 40) / 3, 880 / 3, 980 / 3}, 1));
}

TEST_CASE("nothing is found where nothing is written") {
  CHECK(!find_ink(GrayImage(30, 20).view()));
  CHECK(!find_ink(GrayImage(30, 20, 1, 0.05F).view()));
}

TEST_CASE("the detached bar of a 5 belongs to it, specks do not") {
  RgbaImage picture = sheet(200, 160);
  std::vector<Path> paths = placed(five(), 60, 30, 100);
  for (Point& point : paths[0]) point.y -= 14;
  draw(picture, paths, 8);
  draw(picture, {{{190, 150}, {191, 150}}, {{8, 140}, {8, 141}}}, 3);
  CHECK(boxed(extract_ink(picture.view()), {66, 17, 88, 112}, 1));
}

TEST_CASE("a dark edge of the photograph is not part of the digit") {
  RgbaImage picture = five_on_sheet();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < 12; ++x) std::fill_n(pixel_at(picture, x, y), 3, std::uint8_t{30});
  }
  CHECK(boxed(extract_ink(picture.view()), kFiveBox, 1));
}

TEST_CASE("a digit that touches the border is found whole") {
  RgbaImage picture = sheet(100, 100);
  draw(picture, placed(five(), 0, 0, 100), 10);
  CHECK(boxed(extract_ink(picture.view()), {5, 0, 90, 100}, 1));
}

TEST_CASE("Ink as light as its paper is found by its colour") {
  struct Colours {
    Rgb ink;
    Rgb paper;
  };
  for (const Colours& colours : {Colours{{255, 235, 0}, {255, 255, 255}}, Colours{{255, 0, 0}, {0, 130, 0}},
                                 Colours{{0, 90, 255}, {150, 60, 60}}}) {
    CAPTURE(colours.ink[0]);
    RgbaImage picture = five_on_sheet(colours.ink, colours.paper);
    add_noise(picture, 4, 1);
    CHECK(boxed(extract_ink(picture.view()), kFiveBox, 2));
  }
}

TEST_CASE("A pale scribble of a strong colour does not hide dark ink") {
  const Rgb sky{130, 255, 255};
  RgbaImage picture = sheet(200, 160, sky);
  draw(picture, {{{10, 20}, {40, 140}, {180, 20}}, {{190, 40}, {150, 150}, {20, 60}}}, 8, {190, 245, 0});
  draw(picture, placed(five(), 60, 30, 100), 8, {0, 0, 130});
  const InkImage ink = extract_ink(picture.view());
  CHECK(ink.ink.view().at(100, 34) > 0.9F);   // the five's bar
  CHECK(ink.ink.view().at(30, 100) < 0.35F);  // the scribble
}

TEST_CASE("The pattern of printed paper is no ink") {
  RgbaImage picture = sheet(200, 160, {215, 215, 215});
  std::vector<Path> stripes;
  for (int y = -60; y < 160; y += 7) stripes.push_back({{0, y + 0.0}, {200, y + 60.0}});
  draw(picture, stripes, 2, {180, 180, 180});
  draw(picture, placed(five(), 60, 30, 100), 8, {90, 90, 90});
  add_noise(picture, 10, 3);
  const InkImage ink = extract_ink(picture.view());
  int written = 0;
  for (int y = 0; y < ink.ink.height; ++y) {
    for (int x = 0; x < 55; ++x) written += ink.ink.view().at(x, y) > 0.35F ? 1 : 0;  // left of the five
  }
  CHECK(written < 55 * 160 / 100);
  CHECK(ink.ink.view().at(100, 34) > 0.8F);
}
