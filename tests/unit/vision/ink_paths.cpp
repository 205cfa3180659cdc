// SPDX-License-Identifier: MIT
#include "engine/vision/ink_paths.hpp"

#include <cstdlib>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/ink.hpp"

using namespace inkread;
using namespace inkread::test;

TEST_CASE("A way meets no ink where there is a gap, even a slanted one") {
  const GrayImage ink = ink_from({"##...##",  //
                                  "##..###",  //
                                  "#..####",  //
                                  "...####",  //
                                  "..#####"});
  const InkPaths paths(ink, 0.1F);
  const std::vector<int> columns = paths.columns(2);
  CHECK(columns[2] == 2);
  float met = 0;
  for (int y = 0; y < ink.height; ++y) {
    met += ink.view().at(columns[static_cast<std::size_t>(y)], y);
    if (y > 0) {
      CHECK(std::abs(columns[static_cast<std::size_t>(y)] - columns[static_cast<std::size_t>(y) - 1]) <= 1);
    }
  }
  CHECK(met == 0);
  CHECK(paths.cost(2) < 1);
  CHECK(paths.cost(5) > 2);
}

TEST_CASE("A way's cost is its ink and its steps to the side") {
  const GrayImage ink = ink_from({"...", "...", "###"});
  const InkPaths paths(ink, 0.25F);
  for (int x = 0; x < ink.width; ++x) {
    CHECK(paths.cost(x) == doctest::Approx(1));
    CHECK(paths.columns(x) == std::vector<int>(3, x));
  }
  const InkPaths around(ink_from({"#..", "#..", "#.."}), 0.25F);
  CHECK(around.cost(0) == doctest::Approx(1.5));  // in and out again from the column beside
}

TEST_CASE("A single pixel has one way") {
  const InkPaths paths(GrayImage(1, 1, 1, 0.5F), 0.1F);
  CHECK(paths.cost(0) == 0.5F);
  CHECK(paths.columns(0) == std::vector<int>{0});
}
