// SPDX-License-Identifier: MIT
#include "engine/vision/writing_style.hpp"

#include <cmath>
#include <initializer_list>
#include <numbers>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

namespace {

using namespace inkread;
using namespace inkread::test;

WritingStyle style_of(const GrayImage& ink) {
  return measure_style(ink.view(), {0, 0, ink.width, ink.height});
}

double tangent(double degrees) {
  return std::tan(degrees * std::numbers::pi / 180);
}

/// Each row moved, the middle one not, so that uprights lean by `degrees`.
GrayImage sheared(const GrayImage& ink, double degrees) {
  GrayImage out(ink.width, ink.height);
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const double from = x - tangent(degrees) * (ink.height / 2.0 - y - 0.5);
      const int left = static_cast<int>(std::floor(from));
      if (left < 0 || left + 1 >= ink.width) continue;
      const auto t = static_cast<float>(from - left);
      out.at(x, y) = (1 - t) * ink.view().at(left, y) + t * ink.view().at(left + 1, y);
    }
  }
  return out;
}

/// An 8 of two rings, `scale` pixels a unit.
GrayImage eight(double scale) {
  GrayImage ink(static_cast<int>(120 * scale), static_cast<int>(90 * scale));
  draw_ring(ink, {60 * scale, 26 * scale}, 15 * scale, 5 * scale);
  draw_ring(ink, {60 * scale, 59 * scale}, 18 * scale, 5 * scale);
  return ink;
}

}  // namespace

TEST_CASE("slant is the angle by which uprights were sheared") {
  GrayImage bar(120, 80);
  draw_line(bar, {60, 12}, {60, 68}, 7);
  const GrayImage two_loops = eight(1);
  for (const double degrees : {-35.0, -20.0, 0.0, 8.0, 20.0}) {
    CAPTURE(degrees);
    CHECK(std::abs(style_of(sheared(bar, degrees)).slant - degrees) < 1);
    CHECK(std::abs(style_of(sheared(two_loops, degrees)).slant - degrees) < 2);
  }
}

TEST_CASE("stroke width is the pen's, whatever it drew: a line, a cross, a loop, two, a dot") {
  for (const double pen : {2.0, 3.5, 6.0, 11.0}) {
    CAPTURE(pen);
    GrayImage leaning(100, 100);
    draw_line(leaning, {30, 20}, {60, 85}, pen);
    CHECK(style_of(leaning).stroke_width == doctest::Approx(pen).epsilon(0.05));
    GrayImage cross(100, 100);
    draw_line(cross, {50, 10}, {50, 90}, pen);
    draw_line(cross, {10, 45}, {90, 45}, pen);
    CHECK(style_of(cross).stroke_width == doctest::Approx(pen).epsilon(0.1));
    GrayImage ring(100, 100);
    draw_ring(ring, {50, 50}, 30, pen);
    CHECK(style_of(ring).stroke_width == doctest::Approx(pen).epsilon(0.05));
    draw_ring(ring, {50, 50}, 14, pen);
    CHECK(style_of(ring).stroke_width == doctest::Approx(pen).epsilon(0.05));
  }
  GrayImage dot(40, 40);
  draw_line(dot, {20, 20}, {20, 20}, 12);
  CHECK(style_of(dot).stroke_width == doctest::Approx(12).epsilon(0.1));
}

TEST_CASE("stroke width as a share is in heights") {
  GrayImage bar(40, 120);
  draw_line(bar, {20, 15}, {20, 105}, 10);
  CHECK(style_of(bar).stroke_share() == doctest::Approx(0.1).epsilon(0.03));
  CHECK(WritingStyle{}.stroke_share() == 0);
}

TEST_CASE("loops are counted when they are closed") {
  GrayImage one(60, 90);
  draw_line(one, {30, 10}, {30, 80}, 6);
  CHECK(style_of(one).loops == 0);
  GrayImage zero(60, 60);
  draw_ring(zero, {30, 30}, 20, 5);
  CHECK(style_of(zero).loops == 1);
  CHECK(style_of(eight(1)).loops == 2);
  for (int y = 28; y < 32; ++y) std::fill_n(zero.row(y), 30, 0.0F);
  CHECK(style_of(zero).loops == 0);
}

TEST_CASE("thin lines that meet at corners close a loop") {
  CHECK(style_of(ink_from({"..#..",    //
                           ".#.#.",    //
                           "#...#",    //
                           ".#.#.",    //
                           "..#.."}))  //
            .loops == 1);
}

TEST_CASE("gaps in the ink and specks of ink change neither loops nor, by much, the width") {
  GrayImage ring(100, 100);
  draw_ring(ring, {50, 50}, 32, 12);
  const WritingStyle clean = style_of(ring);
  for (const auto& [x, y] : {std::pair{50, 18}, {82, 50}, {27, 73}}) {
    std::fill_n(ring.row(y) + x, 2, 0.0F);  // light comes through
  }
  ring.at(50, 50) = 1;
  const WritingStyle worn = style_of(ring);
  CHECK(worn.loops == 1);
  CHECK(worn.stroke_width == doctest::Approx(clean.stroke_width).epsilon(0.08));
  CHECK(worn.slant == doctest::Approx(clean.slant).epsilon(0.01).scale(10));
}

TEST_CASE("width and height go from edge to edge of the ink") {
  GrayImage ink(90, 70);
  draw_ring(ink, {41.3, 30.6}, 20, 6);
  const WritingStyle style = style_of(ink);
  CHECK(style.width == doctest::Approx(46).epsilon(0.01));
  CHECK(style.height == doctest::Approx(46).epsilon(0.01));
  GrayImage bar(40, 60);
  draw_line(bar, {20, 10}, {20, 50}, 5);
  CHECK(style_of(bar).width == doctest::Approx(5).epsilon(0.02));
  CHECK(style_of(bar).height == doctest::Approx(45).epsilon(0.01));
}

TEST_CASE("ink of ten times the size gives ten times the lengths and the same angles and loops") {
  const WritingStyle small = style_of(sheared(eight(0.5), 15));
  const WritingStyle large = style_of(sheared(eight(5), 15));
  CHECK(large.stroke_width == doctest::Approx(10 * small.stroke_width).epsilon(0.08));
  CHECK(large.width == doctest::Approx(10 * small.width).epsilon(0.02));
  CHECK(large.height == doctest::Approx(10 * small.height).epsilon(0.02));
  CHECK(std::abs(large.slant - small.slant) < 1);
  CHECK((small.loops == 2 && large.loops == 2));
}

TEST_CASE("pale ink has the style of dark ink") {
  GrayImage ink = sheared(eight(1), 10);
  const WritingStyle dark = style_of(ink);
  for (float& value : ink.pixels) value *= 0.4F;
  const WritingStyle pale = style_of(ink);
  CHECK(pale.stroke_width == doctest::Approx(dark.stroke_width).epsilon(0.01));
  CHECK(pale.slant == doctest::Approx(dark.slant).epsilon(0.01));
  CHECK(pale.height == doctest::Approx(dark.height).epsilon(0.01));
  CHECK(pale.loops == dark.loops);
}

TEST_CASE("only the ink inside the box counts") {
  GrayImage ink(200, 90);
  draw_line(ink, {30, 10}, {30, 80}, 6);
  const WritingStyle alone = measure_style(ink.view(), {20, 0, 20, 90});
  draw_ring(ink, {100, 45}, 30, 8);
  const WritingStyle beside = measure_style(ink.view(), {20, 0, 20, 90});
  CHECK(beside.loops == 0);
  CHECK(beside.width == alone.width);
  CHECK(beside.slant == alone.slant);
  // Ink that the box cuts off ends there.
  CHECK(measure_style(ink.view(), {30, 20, 10, 40}).height == doctest::Approx(40));
}

TEST_CASE("a blot has no loop") {
  const WritingStyle style = style_of(GrayImage(128, 128, 1, 1.0F));
  CHECK(style.loops == 0);
  CHECK(style.width == doctest::Approx(128).epsilon(0.01));
}

TEST_CASE("no ink has no style, and a pixel's is finite") {
  const WritingStyle none = style_of(GrayImage(5, 5));
  CHECK((none.width == 0 && none.height == 0 && none.stroke_width == 0 && none.loops == 0));
  CHECK(none.slant == 0);
  for (const GrayImage& ink :
       {ink_from({"#"}), ink_from({"####"}), ink_from({"#", "#"}), ink_from({"#.", ".#"})}) {
    const WritingStyle style = style_of(ink);
    CHECK(std::abs(style.slant) <= 45);
    CHECK(style.stroke_width > 0.3F);
    CHECK(style.stroke_width < 1.5F);
    CHECK(style.loops == 0);
  }
}
