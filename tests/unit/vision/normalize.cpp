// SPDX-License-Identifier: MIT
#include "engine/vision/normalize.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/ink.hpp"

namespace {

using namespace inkread;
using inkread::test::draw_line;

float at(const Tile& tile, int x, int y) {
  const int pixel = y * kTileSide + x;
  return tile[static_cast<std::size_t>(pixel)];
}

double mass(const Tile& tile) {
  double sum = 0;
  for (const float value : tile) sum += value;
  return sum;
}

/// In pixels from the tile's left or top edge.
double centroid(const Tile& tile, bool across) {
  double moment = 0;
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) moment += at(tile, x, y) * ((across ? x : y) + 0.5);
  }
  return moment / mass(tile);
}

/// The smallest box around what is not zero.
Box extent(const Tile& tile) {
  int left = kTileSide;
  int top = kTileSide;
  int right = 0;
  int bottom = 0;
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      if (at(tile, x, y) == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  return {left, top, right - left, bottom - top};
}

GrayImage filled(int width, int height) {
  return {width, height, 1, 1.0F};
}

Tile whole(const GrayImage& ink) {
  return normalize_ink(ink.view(), {0, 0, ink.width, ink.height});
}

}  // namespace

TEST_CASE("the longer side becomes 20 pixels and the aspect stays") {
  struct Size {
    int width, height;
  };
  for (const Size& size : {Size{20, 20}, {200, 200}, {7, 7}, {60, 300}, {300, 60}, {5, 10}, {997, 500}}) {
    const int width = size.width;
    const int height = size.height;
    CAPTURE(width);
    CAPTURE(height);
    const Box box = extent(whole(filled(width, height)));
    const double longer = std::max(width, height);
    CHECK(std::max(box.width, box.height) == 20);
    CHECK(std::abs(box.width - 20 * width / longer) < 1);
    CHECK(std::abs(box.height - 20 * height / longer) < 1);
  }
}

TEST_CASE("shrinking averages areas exactly") {
  GrayImage stripes(60, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) stripes.at(x, y) = x % 3 == 0 ? 1.0F : 0.7F;
  }
  const Tile tile = whole(stripes);
  for (int y = 4; y < 24; ++y) {
    for (int x = 4; x < 24; ++x) CHECK(at(tile, x, y) == doctest::Approx(0.8));
  }
}

TEST_CASE("shrinking by no whole number splits pixels between their neighbours") {
  GrayImage edge(30, 30, 1, 1.0F);  // 1.5 pixels a tile pixel; the last column covers 28.5 to 30
  for (int y = 0; y < 30; ++y) edge.at(28, y) = 0;
  const Tile tile = whole(edge);
  const Box box = extent(tile);
  CHECK(at(tile, box.x + 19, 14) == doctest::Approx(1.0 / 1.5));
  CHECK(at(tile, box.x + 18, 14) == doctest::Approx(1.0 / 1.5));
  CHECK(at(tile, box.x + 17, 14) == doctest::Approx(1.0));
}

TEST_CASE("ink of 20 pixels is copied as it is") {
  GrayImage ink(20, 20);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) ink.at(x, y) = (x * 7 + y * 3) % 5 == 0 ? 0.75F : 1.0F;
  }
  const Tile tile = whole(ink);
  const Box box = extent(tile);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) CHECK(at(tile, box.x + x, box.y + y) == ink.view().at(x, y));
  }
}

TEST_CASE("enlarging is smooth and stays within 0 and 1") {
  GrayImage ink(5, 5);
  for (int i = 0; i < 5; ++i) ink.at(i, i) = ink.at(2, i) = 1.0F;
  const Tile tile = whole(ink);
  CHECK(std::all_of(tile.begin(), tile.end(), [](float value) { return value >= 0 && value <= 1; }));
  const Box box = extent(tile);
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x + 1; x < box.x + box.width; ++x)
      CHECK(std::abs(at(tile, x, y) - at(tile, x - 1, y)) < 0.5F);
  }
}

TEST_CASE("the centre of mass lies on the centre of pixel 14, as in MNIST") {
  for (const int heavy : {0, 2, 4, 6}) {
    GrayImage ink(100, 100);
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 100; ++x)
        ink.at(x, y) = x / 5 == 10 || y / 5 == 10 + heavy / 3 || x < heavy ? 1.0F : 0.0F;
    }
    const Tile tile = whole(ink);
    CAPTURE(heavy);
    CHECK(std::abs(centroid(tile, true) - 14.5) <= 0.501);
    CHECK(std::abs(centroid(tile, false) - 14.5) <= 0.501);
  }
}

TEST_CASE("no ink leaves the tile, however lopsided it is") {
  for (const int corner : {0, 1, 2, 3}) {
    GrayImage ink(200, 200);  // a block in one corner and a thin hair that reaches the other
    for (int y = 0; y < 200; ++y) {
      for (int x = 0; x < 200; ++x) {
        const int u = (corner & 1) != 0 ? 199 - x : x;
        const int v = (corner & 2) != 0 ? 199 - y : y;
        const bool block = u < 40 && v < 40;
        const bool hair = u == v || u == v + 1;
        ink.at(x, y) = block || hair ? 1.0F : 0.0F;
      }
    }
    const Box box = extent(whole(ink));
    CHECK(box.width == 20);
    CHECK(box.height == 20);
  }
}

TEST_CASE("a hair-thin stroke is as dark in the tile as MNIST's palest") {
  for (const int side : {100, 300, 1000}) {
    GrayImage ink(side / 2, side);
    for (int i = 0; i < side; ++i) ink.at(i / 2, i) = 1.0F;
    const Tile tile = whole(ink);
    double squares = 0;
    for (const float value : tile) squares += value * value;
    CAPTURE(side);
    CHECK(squares / mass(tile) > 0.6);
  }
}

TEST_CASE("only the box counts") {
  GrayImage ink(50, 40, 1, 1.0F);
  for (int y = 10; y < 30; ++y) {
    for (int x = 20; x < 30; ++x) ink.at(x, y) = 0.9F;
  }
  const Tile tile = normalize_ink(ink.view(), {20, 10, 10, 20});
  CHECK(*std::max_element(tile.begin(), tile.end()) == doctest::Approx(0.9F));
  CHECK(mass(tile) == doctest::Approx(0.9 * 200));
}

TEST_CASE("a box without ink gives an empty tile") {
  CHECK(mass(whole(GrayImage(9, 9))) == 0);
}

TEST_CASE("a box of one pixel gives a full square") {
  CHECK(mass(whole(filled(1, 1))) == doctest::Approx(400));
}

TEST_CASE("A strip has the ink's means at its scale, and paper beyond") {
  GrayImage ink(60, 40);
  draw_line(ink, {30, 4}, {30, 36}, 4);
  const GrayImage strip = scale_strip(ink.view(), -20, -8, 2, 60);
  REQUIRE(strip.width == 60);
  REQUIRE(strip.height == kTileSide);
  for (int x = 0; x < strip.width; ++x) {
    const bool is_bar = x == 24 || x == 25;  // ink columns 28 to 32
    CHECK(strip.view().at(x, 14) == doctest::Approx(is_bar ? 1 : 0));
  }
  CHECK(strip.view().at(24, 2) == 0);
}

TEST_CASE("A strip of few pixels lies smoothly between them") {
  GrayImage ink(4, 4);
  ink.at(1, 1) = 1;
  const GrayImage strip = scale_strip(ink.view(), 0, 0, 0.25F, 16);
  float most = 0;
  for (int x = 1; x < 16; ++x) {
    CHECK(std::abs(strip.view().at(x, 6) - strip.view().at(x - 1, 6)) <= 0.3F);
    most = std::max(most, strip.view().at(x, 6));
  }
  CHECK(most > 0.7F);
}

TEST_CASE("A window is 28 columns of a strip between two rails, with pale strokes made darker") {
  GrayImage strip(40, kTileSide);
  for (int y = 4; y < 24; ++y) strip.at(20, y) = 0.3F;
  const Tile tile = strip_window(strip.view(), 6);
  CHECK(tile[10 * kTileSide + 14] > 0.6F);
  CHECK(tile[10 * kTileSide + 13] == 0);
  CHECK(tile[kTileSide + 14] == 0);
  for (int x = 0; x < kTileSide; ++x) {
    CHECK(at(tile, x, 0) == 1);
    CHECK(at(tile, x, kTileSide - 1) == 1);
  }
}
