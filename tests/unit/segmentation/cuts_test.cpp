// SPDX-License-Identifier: MIT
#include "engine/segmentation/cuts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

/// Two rings that touch at x = 42.
InkParts touching_rings() {
  GrayImage ink(90, 50);
  draw_ring(ink, {24, 25}, 18, 4);
  draw_ring(ink, {60, 25}, 18, 4);
  return find_parts(ink);
}

}  // namespace

TEST_CASE("Dividing a part gives two pieces of one component that hold all its ink") {
  InkParts parts = touching_rings();
  REQUIRE(parts.parts.size() == 1);
  const Part whole = parts.part(0);
  const std::vector<int> pieces = divide_at(parts, 0, std::array{42});
  REQUIRE(pieces.size() == 2);
  const Part& left = parts.part(pieces[0]);
  const Part& right = parts.part(pieces[1]);
  CHECK(left.mass + right.mass == doctest::Approx(whole.mass));
  CHECK(left.mass == doctest::Approx(right.mass).epsilon(0.05));
  CHECK(left.box.x + left.box.width == 42);
  CHECK(right.box.x == 42);
  CHECK(left.component == right.component);
  const Box again = box_around(parts, pieces);
  CHECK(again.x == whole.box.x);
  CHECK(again.width == whole.box.width);
}

TEST_CASE("A part is divided along its strokes where they lean") {
  GrayImage ink(90, 50);
  constexpr double kSlant = 0.3;
  for (const double x : {20.0, 32.0, 44.0}) {
    draw_line(ink, {x - 18 * kSlant, 43}, {x + 18 * kSlant, 7}, 4);
  }
  draw_line(ink, {20, 25}, {44, 25}, 4);
  InkParts parts = find_parts(ink);
  REQUIRE(parts.parts.size() == 1);
  const std::vector<int> pieces = divide_at(parts, 0, std::array{26, 38});
  REQUIRE(pieces.size() == 3);
  // Each bar is whole, so the middle one reaches under the right one's foot and over the left one's head.
  for (const int piece : pieces) CHECK(parts.part(piece).box.height >= 36);
  const Box& left = parts.part(pieces[0]).box;
  const Box& middle = parts.part(pieces[1]).box;
  const Box& right = parts.part(pieces[2]).box;
  CHECK(left.x + left.width > middle.x);
  CHECK(middle.x + middle.width > right.x);
}

TEST_CASE("Where a division leaves no ink there is no piece") {
  InkParts parts = touching_rings();
  CHECK(divide_at(parts, 0, std::array{1000}) == std::vector<int>{0, -1});
  CHECK(divide_at(parts, 0, {}) == std::vector<int>{0});
}

TEST_CASE("A part of a drawing is divided into its strokes, each a component of its own") {
  GrayImage ink(90, 50);
  Image<std::int16_t> strokes(90, 50, 1, -1);
  for (const std::int16_t stroke : {std::int16_t{0}, std::int16_t{1}}) {
    GrayImage alone(90, 50);
    draw_ring(alone, {stroke == 0 ? 50.0 : 24.0, 25}, 18, 4);  // the rings overlap
    for (std::size_t i = 0; i < ink.pixels.size(); ++i) {
      if (alone.pixels[i] <= ink.pixels[i]) continue;
      ink.pixels[i] = alone.pixels[i];
      strokes.pixels[i] = stroke;
    }
  }
  InkParts parts = find_parts(ink, strokes);
  REQUIRE(parts.parts.size() == 1);
  const float whole = parts.part(0).mass;
  const std::vector<int> pieces = divide_by_strokes(parts, 0);
  REQUIRE(pieces.size() == 2);
  const Part& one = parts.part(pieces[0]);
  const Part& other = parts.part(pieces[1]);
  CHECK(one.component != other.component);
  CHECK(one.mass + other.mass == doctest::Approx(whole));
  CHECK(std::max(one.box.x, other.box.x) < 40);
  CHECK(std::min(one.box.x + one.box.width, other.box.x + other.box.width) > 36);
}

TEST_CASE("A picture's part, of which no strokes are known, is not divided into any") {
  InkParts parts = touching_rings();
  CHECK(divide_by_strokes(parts, 0) == std::vector<int>{0});
}
