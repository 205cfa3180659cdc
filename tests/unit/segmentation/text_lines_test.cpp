// SPDX-License-Identifier: MIT
#include "engine/segmentation/text_lines.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

/// Rows of rings, the lines climbing by `slope`.
GrayImage rings(int rows, int columns, double slope) {
  GrayImage ink(columns * 40 + 40, rows * 60 + 80);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const double x = 40 + 40 * column;
      draw_ring(ink, {x, 60 + 60 * row - slope * x}, 13, 4);
    }
  }
  return ink;
}

/// The boxes of a line must go to the right.
void check_order(const InkParts& parts, const TextLine& line) {
  int last = -1;
  for (const int part : line.parts) {
    CHECK(parts.part(part).box.x > last);
    last = parts.part(part).box.x;
  }
}

}  // namespace

TEST_CASE("Lines are found from top to bottom, level or climbing, their parts from left to right") {
  for (const double slope : {0.0, 0.15, -0.15}) {
    const InkParts parts = find_parts(rings(3, 7, slope));
    const std::vector<TextLine> lines = find_lines(parts);
    CAPTURE(slope);
    REQUIRE(lines.size() == 3);
    int top = -1;
    for (const TextLine& line : lines) {
      REQUIRE(line.parts.size() == 7);
      check_order(parts, line);
      CHECK(line.height == doctest::Approx(30).epsilon(0.15));
      const int here = parts.part(line.parts.front()).box.y;
      CHECK(here > top);
      top = here;
    }
  }
}

TEST_CASE("A dot and a dash belong to their line") {
  GrayImage ink = rings(2, 4, 0);
  draw_line(ink, {180, 72}, {180, 72}, 5);    // a dot on the first line
  draw_line(ink, {183, 122}, {194, 122}, 4);  // a dash on the second
  const InkParts parts = find_parts(ink);
  const std::vector<TextLine> lines = find_lines(parts);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].parts.size() == 5);
  CHECK(lines[1].parts.size() == 5);
}

TEST_CASE("A frame around the digits and a shadow at the border are no writing") {
  GrayImage ink = rings(1, 4, 0);
  const double w = ink.width;
  const double h = ink.height;
  draw_line(ink, {4, 4}, {w - 4, 4}, 5);
  draw_line(ink, {4, h - 4}, {w - 4, h - 4}, 5);
  draw_line(ink, {4, 4}, {4, h - 4}, 5);
  draw_line(ink, {w - 4, 4}, {w - 4, h - 4}, 5);
  const InkParts framed = find_parts(ink);
  REQUIRE(find_line(framed));
  CHECK(find_line(framed)->parts.size() == 4);

  GrayImage shaded(400, 300);
  draw_line(shaded, {0, 150}, {0, 300}, 60);
  for (const double x : {100.0, 160.0, 220.0}) draw_ring(shaded, {x, 80}, 12, 4);
  const InkParts parts = find_parts(shaded);
  const std::vector<TextLine> lines = find_lines(parts);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].parts.size() == 3);
}

TEST_CASE("Digits that a crop cuts off are writing, and not the dots between them alone") {
  GrayImage ink(280, 70);
  for (const double x : {30.0, 90.0, 150.0, 210.0}) draw_ring(ink, {x, 27}, 27, 4);
  draw_line(ink, {255, 50}, {255, 50}, 5);
  const InkParts parts = find_parts(ink);
  const std::optional<TextLine> line = find_line(parts);
  REQUIRE(line);
  CHECK(line->parts.size() == 5);
  CHECK(line->height > 50);
}

TEST_CASE("Where nothing is written there is no line") {
  const InkParts parts = find_parts(GrayImage(50, 50));
  CHECK_FALSE(find_line(parts));
  CHECK(find_lines(parts).empty());
}
