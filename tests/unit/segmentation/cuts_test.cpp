// SPDX-License-Identifier: MIT
#include "engine/segmentation/cuts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
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

TEST_CASE("One of the cuts parts two rings where they touch") {
  const InkParts parts = touching_rings();
  REQUIRE(parts.parts.size() == 1);
  const std::vector<Cut> cuts = find_cuts(parts, 0, 40);
  REQUIRE(!cuts.empty());
  const auto middle = static_cast<std::size_t>(parts.part(0).box.height / 2);
  CHECK(
      std::any_of(cuts.begin(), cuts.end(), [&](const Cut& cut) { return std::abs(cut[middle] - 42) <= 3; }));
  CHECK(std::is_sorted(cuts.begin(), cuts.end(),
                       [&](const Cut& a, const Cut& b) { return a[middle] < b[middle]; }));
  for (const Cut& cut : cuts) CHECK(cut.size() == static_cast<std::size_t>(parts.part(0).box.height));
}

TEST_CASE("Dividing at a cut gives two pieces of one component that hold all its ink") {
  InkParts parts = touching_rings();
  const Part whole = parts.part(0);
  const std::vector<int> pieces = divide(parts, 0, {Cut(static_cast<std::size_t>(whole.box.height), 42)});
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

TEST_CASE("Every piece but the first has the straight cut to its left, which leans as the writing does") {
  for (const double slant : {0.0, 0.3}) {
    GrayImage ink(90, 50);
    for (const double x : {20.0, 44.0}) {  // an H
      draw_line(ink, {x - 18 * slant, 43}, {x + 18 * slant, 7}, 4);
    }
    draw_line(ink, {20, 25}, {44, 25}, 4);
    InkParts parts = find_parts(ink);
    REQUIRE(parts.parts.size() == 1);
    const Box box = parts.part(0).box;
    const std::vector<int> pieces = divide(parts, 0, {Cut(static_cast<std::size_t>(box.height), 32)});
    REQUIRE(pieces.size() == 2);
    CHECK_FALSE(parts.part(pieces[0]).before);
    const std::optional<StraightCut> before = parts.part(pieces[1]).before;
    REQUIRE(before);
    CHECK(before->slant == doctest::Approx(slant));
    const int middle = box.y + box.height / 2;
    CHECK(before->is_left_of(32, middle));
    CHECK_FALSE(before->is_left_of(31, middle));
    const int shift = static_cast<int>(10 * slant);
    CHECK(before->is_left_of(33 + shift, middle - 10));
    CHECK_FALSE(before->is_left_of(30 + shift, middle - 10));
  }
}

TEST_CASE("A cut beside all ink leaves one piece") {
  InkParts parts = touching_rings();
  const auto rows = static_cast<std::size_t>(parts.part(0).box.height);
  CHECK(divide(parts, 0, {Cut(rows, 1000)}) == std::vector<int>{0});
  CHECK(divide(parts, 0, {}) == std::vector<int>{0});
  CHECK_FALSE(parts.part(0).before);
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

TEST_CASE("A dot has no cuts") {
  GrayImage ink(20, 20);
  draw_line(ink, {10, 10}, {10, 10}, 2);
  const InkParts parts = find_parts(ink);
  REQUIRE(parts.parts.size() == 1);
  CHECK(find_cuts(parts, 0, 20).empty());
}
