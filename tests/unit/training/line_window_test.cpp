// SPDX-License-Identifier: MIT
#include "engine/training/line_window.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <doctest/doctest.h>

#include "engine/training/dataset.hpp"

using namespace inkread;

namespace {

/// Rings (0) and upright bars (1), by turns.
Dataset rings_and_bars(std::size_t count) {
  Dataset data;
  data.width = data.height = kTileSide;
  for (std::size_t i = 0; i < count; ++i) {
    data.labels.push_back(static_cast<std::uint8_t>(i % 2));
    for (int y = 0; y < kTileSide; ++y) {
      for (int x = 0; x < kTileSide; ++x) {
        const double from_centre = std::hypot(x - 13.5, y - 13.5);
        const bool ring = std::abs(from_centre - 8) < 1.3;
        const bool bar = std::abs(x - 13.5) < 1.5 && std::abs(y - 13.5) < 10;
        data.images.push_back((i % 2 == 0 ? ring : bar) ? 255 : 0);
      }
    }
  }
  return data;
}

/// The share of a tile's ink in its middle columns.
float share_in_middle(const Tile& tile) {
  float middle = 0;
  float all = 0;
  for (int i = kTileSide; i < kTileSide * (kTileSide - 1); ++i) {  // between the rails
    const int x = i % kTileSide;
    all += tile[static_cast<std::size_t>(i)];
    if (x >= 11 && x < 17) middle += tile[static_cast<std::size_t>(i)];
  }
  return all > 0 ? middle / all : 0;
}

}  // namespace

TEST_CASE("A window has the digit in its middle, most often between others") {
  Dataset bars = rings_and_bars(2);
  Random random(5);
  int in_middle = 0;
  int beside = 0;
  int digits = 0;
  for (int i = 0; i < 200; ++i) {
    const LineWindow window = look_into_line(bars, 1, Augmentation::none(), random);
    if (!window.is_digit) continue;
    ++digits;
    in_middle += share_in_middle(window.tile) > 0.2F ? 1 : 0;
    beside += share_in_middle(window.tile) < 0.9F ? 1 : 0;
  }
  CHECK(digits > 120);
  CHECK(in_middle > 0.95 * digits);
  CHECK(beside > digits / 2);
}

TEST_CASE("A place between rings or beside one shows a ring's side in its middle, where a ring is open") {
  const Dataset rings = rings_and_bars(1);
  Random random(6);
  const auto has_side = [](const Tile& tile) {
    for (int x = 10; x < 18; ++x) {
      if (tile[static_cast<std::size_t>(14 * kTileSide + x)] > 0.5F) return true;
    }
    return false;
  };
  int digits = 0;
  int open = 0;
  int others = 0;
  int sides = 0;
  for (int i = 0; i < 200; ++i) {
    const LineWindow window = look_into_line(rings, 0, Augmentation::none(), random);
    (window.is_digit ? digits : others) += 1;
    if (window.is_digit) open += has_side(window.tile) ? 0 : 1;
    if (!window.is_digit) sides += has_side(window.tile) ? 1 : 0;
  }
  CHECK(others > 20);
  CHECK(open > 0.8 * digits);
  CHECK(sides > 0.6 * others);
}

TEST_CASE("A window is the same for the same stream, with values of 0 to 1 and with ink") {
  const Dataset data = rings_and_bars(10);
  const Augmentation settings = Augmentation::standard();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random first(seed);
    Random again(seed);
    const LineWindow window = look_into_line(data, seed % data.size(), settings, first);
    const LineWindow same = look_into_line(data, seed % data.size(), settings, again);
    CHECK(window.tile == same.tile);
    CHECK(window.is_digit == same.is_digit);
    const std::span<const float> between_rails(window.tile.data() + kTileSide, kTilePixels - 2 * kTileSide);
    CHECK(*std::min_element(window.tile.begin(), window.tile.end()) >= 0);
    CHECK(*std::max_element(window.tile.begin(), window.tile.end()) <= 1);
    CHECK(*std::max_element(between_rails.begin(), between_rails.end()) > 0.3F);
  }
}
