// SPDX-License-Identifier: MIT
#include "engine/segmentation/rules.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

float ink_mass(const GrayImage& ink) {
  return std::accumulate(ink.pixels.begin(), ink.pixels.end(), 0.0F);
}

}  // namespace

TEST_CASE("A ruled line goes, the digit that crosses it stays") {
  for (const double rise : {0.0, 4.0}) {
    GrayImage digit(200, 60);
    draw_ring(digit, {100, 30}, 20, 5);
    GrayImage ink = digit;
    draw_line(ink, {0, 38}, {200, 38 - rise}, 2);
    CAPTURE(rise);
    CHECK(remove_rules(ink, 100, 3));
    CHECK(ink_mass(ink) == doctest::Approx(ink_mass(digit)).epsilon(0.08));
    CHECK(ink.at(100, 10) == digit.at(100, 10));
    CHECK(ink.at(20, 38) == 0);
  }
}

TEST_CASE("An upright rule goes too") {
  GrayImage ink(60, 200);
  draw_line(ink, {30, 0}, {32, 200}, 2);
  CHECK(remove_rules(ink, 100, 3));
  CHECK(ink_mass(ink) < 5);
}

TEST_CASE("Rings in a row, thick lines and short ones are no rules") {
  GrayImage rings(220, 60);
  for (const double x : {30.0, 70.0, 110.0, 150.0, 190.0}) draw_ring(rings, {x, 30}, 19, 3);
  GrayImage thick(200, 60);
  draw_line(thick, {0, 30}, {200, 30}, 9);
  GrayImage shorter(200, 60);
  draw_line(shorter, {0, 30}, {70, 30}, 2);
  GrayImage inside(400, 60);  // away from the border a rule must be twice as long
  draw_line(inside, {100, 30}, {250, 30}, 2);
  for (const GrayImage& image : {rings, thick, shorter, inside}) {
    GrayImage ink = image;
    CHECK_FALSE(remove_rules(ink, 100, 3));
    CHECK(ink.pixels == image.pixels);
  }
}
