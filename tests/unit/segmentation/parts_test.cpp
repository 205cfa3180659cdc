// SPDX-License-Identifier: MIT
#include "engine/segmentation/parts.hpp"

#include <array>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

using namespace inkread;
using namespace inkread::test;

TEST_CASE("Parts are the connected pieces of ink, with their soft edges and without specks") {
  GrayImage ink(80, 50);
  draw_ring(ink, {20, 25}, 12, 4);
  draw_line(ink, {50, 10}, {50, 40}, 4);
  ink.at(70, 5) = 1;  // a speck
  const float mass = std::accumulate(ink.pixels.begin(), ink.pixels.end(), 0.0F) - 1;
  const InkParts parts = find_parts(ink);
  REQUIRE(parts.parts.size() == 2);
  CHECK(parts.part(0).mass + parts.part(1).mass == doctest::Approx(mass).epsilon(0.01));
  CHECK(parts.part(0).component != parts.part(1).component);
  CHECK(parts.stroke_width == doctest::Approx(4).epsilon(0.3));
  const std::vector<int> both{0, 1};
  const Box box = box_around(parts, both);
  CHECK(box.x <= 6);
  CHECK(box.x + box.width >= 52);
  CHECK(typical_height(parts, both) == doctest::Approx(32).epsilon(0.15));
}

TEST_CASE("The ink of a part leaves out its neighbour within the same box") {
  GrayImage ink(60, 60);
  draw_ring(ink, {30, 30}, 24, 3);
  draw_ring(ink, {30, 30}, 8, 3);
  const InkParts parts = find_parts(ink);
  REQUIRE(parts.parts.size() == 2);
  const GrayImage outer = ink_of(parts, std::array{0}, parts.part(0).box);
  CHECK(std::accumulate(outer.pixels.begin(), outer.pixels.end(), 0.0F) ==
        doctest::Approx(parts.part(0).mass));
  CHECK(outer.view().at(outer.width / 2, outer.height / 2 - 8) == 0);  // where the inner ring is
}

TEST_CASE("What touches the border does not tell the typical height, unless all does") {
  GrayImage ink(100, 100);
  draw_line(ink, {3, 0}, {3, 100}, 6);  // a shadow
  draw_line(ink, {40, 40}, {40, 60}, 3);
  const InkParts parts = find_parts(ink);
  std::vector<int> all(parts.parts.size());
  std::iota(all.begin(), all.end(), 0);
  CHECK(typical_height(parts, all) == doctest::Approx(23).epsilon(0.2));
  CHECK(typical_height(parts, {}) == 0);
}

TEST_CASE("An empty image has no parts") {
  CHECK(find_parts(GrayImage(20, 20)).parts.empty());
  CHECK(find_parts(GrayImage(1, 1)).parts.empty());
}
