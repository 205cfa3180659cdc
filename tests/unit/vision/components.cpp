// SPDX-License-Identifier: MIT
#include "engine/vision/components.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace inkread;

/// '#' is full ink, '+' half, anything else paper.
GrayImage from_text(const std::vector<std::string>& rows) {
  GrayImage ink(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const char pixel = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      ink.at(x, y) = pixel == '#' ? 1.0F : pixel == '+' ? 0.5F : 0.0F;
    }
  }
  return ink;
}

bool same(const Box& a, const Box& b) {
  return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

}  // namespace

TEST_CASE("an empty picture has no components") {
  CHECK(find_components(GrayImage(5, 4).view(), 0.1F).parts.empty());
}

TEST_CASE("pixels that touch by a corner belong together") {
  const Components found = find_components(from_text({"#..", ".#.", "#.."}).view(), 0.5F);
  REQUIRE(found.parts.size() == 1);
  CHECK(same(found.parts[0].box, {0, 0, 2, 3}));
  CHECK(found.parts[0].mass == 3);
}

TEST_CASE("branches that meet late are one component") {
  const Components found = find_components(from_text({
                                                         "#.#.#.#",
                                                         "#.#.#.#",
                                                         "#.#.###",
                                                         "#.###..",
                                                         "###....",
                                                     })
                                               .view(),
                                           0.5F);
  REQUIRE(found.parts.size() == 1);
  CHECK(same(found.parts[0].box, {0, 0, 7, 5}));
}

TEST_CASE("parts apart are told apart, in reading order, with runs, mass and peak") {
  const GrayImage ink = from_text({
      "....##",
      "++....",
      "......",
      "...#..",
  });
  const Components found = find_components(ink.view(), 0.4F);
  REQUIRE(found.parts.size() == 3);
  CHECK(same(found.parts[0].box, {4, 0, 2, 1}));
  CHECK(same(found.parts[1].box, {0, 1, 2, 1}));
  CHECK(same(found.parts[2].box, {3, 3, 1, 1}));
  CHECK(found.parts[1].mass == 1);
  CHECK(found.parts[1].peak == 0.5F);
  REQUIRE(found.runs.size() == 3);
  const Run& run = found.runs[1];
  CHECK(run.y == 1);
  CHECK(run.first == 0);
  CHECK(run.end == 2);
  CHECK(run.part == 1);
}

TEST_CASE("where only sides touch, corners part") {
  const GrayImage ink = from_text({"##..", "..##", ".#.#", "..#."});
  const Components found = find_components(ink.view(), 0.5F, Touch::kSides);
  REQUIRE(found.parts.size() == 4);
  CHECK(same(found.parts[1].box, {2, 1, 2, 2}));
  CHECK(found.runs.back().part == 3);
  CHECK(find_components(ink.view(), 0.5F).parts.size() == 1);
}

TEST_CASE("what is fainter than the threshold connects nothing") {
  CHECK(find_components(from_text({"#+#"}).view(), 0.6F).parts.size() == 2);
  CHECK(find_components(from_text({"#+#"}).view(), 0.5F).parts.size() == 1);
}
