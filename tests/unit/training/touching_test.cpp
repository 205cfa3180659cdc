// SPDX-License-Identifier: MIT
#include "engine/training/touching.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

}  // namespace

TEST_CASE("A cut through the neighbour leaves the digit nearly whole, with a good part of the neighbour") {
  const Dataset data = rings_and_bars(20);
  Random random(6);
  int found = 0;
  for (int i = 0; i < 80; ++i) {
    const std::size_t number = static_cast<std::size_t>(i) % data.size();
    const std::optional<Canvas> cut = cut_through_neighbour(data, number, 0, random);
    if (!cut) continue;
    ++found;
    const Canvas whole = enlarge(as_tile(data.image(number)));
    float lost = 0;
    float gained = 0;
    for (std::size_t p = 0; p < whole.pixels.size(); ++p) {
      lost += std::max(whole.pixels[p] - cut->pixels[p], 0.0F);
      gained += std::max(cut->pixels[p] - whole.pixels[p], 0.0F);
    }
    CHECK(lost <= 0.2F * whole.mass());
    CHECK(gained >= 0.05F * whole.mass());
  }
  CHECK(found > 15);
}

TEST_CASE("A digit cut from its neighbours is nearly whole, and they and what joins them are nearly gone") {
  const Dataset data = rings_and_bars(20);
  Random random(5);
  int changed = 0;
  int found = 0;
  for (int i = 0; i < 60; ++i) {
    const std::size_t number = static_cast<std::size_t>(i) % data.size();
    const std::optional<Canvas> cut = cut_from_neighbours(data, number, 0, random);
    if (!cut) continue;
    ++found;
    const Canvas whole = enlarge(as_tile(data.image(number)));
    float difference = 0;
    for (std::size_t p = 0; p < whole.pixels.size(); ++p) {
      difference += std::abs(whole.pixels[p] - cut->pixels[p]);
    }
    CHECK(difference <= 0.42F * whole.mass());
    changed += difference > 0 ? 1 : 0;
  }
  CHECK(found > 20);
  CHECK(changed > 5);
}

TEST_CASE("Noughts are often joined at their heads, and keep a stump of the stroke") {
  const Dataset rings = rings_and_bars(1);
  const Canvas ring = enlarge(as_tile(rings.image(0)));
  const Box box = ink_box(ring).value();
  const auto has_stump = [&](const Canvas& cut) {
    constexpr float kInk = 0.5F;
    constexpr int kBeside = 4;  // where the neighbours' sides are further away
    for (int y = box.y; y < box.y + box.height / 8; ++y) {
      const float* row = ring.row(y);
      const auto is_ink = [](float value) { return value > kInk; };
      const auto first = std::find_if(row, row + kCanvasSide, is_ink) - row;
      if (first == kCanvasSide) continue;
      const auto last = kCanvasSide - 1 - first;  // the ring is symmetric
      if (is_ink(cut.row(y)[first - kBeside]) || is_ink(cut.row(y)[last + kBeside])) return true;
    }
    return false;
  };
  Random random(8);
  int found = 0;
  int joined = 0;
  for (int i = 0; i < 100; ++i) {
    const std::optional<Canvas> cut = cut_from_neighbours(rings, 0, 0, random);
    if (!cut) continue;
    ++found;
    joined += has_stump(*cut) ? 1 : 0;
  }
  CHECK(found > 40);
  CHECK(joined > 5);
}

TEST_CASE("A cut digit is the same for the same stream, with values of 0 to 1 and with ink") {
  const Dataset data = rings_and_bars(10);
  const Augmentation settings = Augmentation::standard();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random first(seed);
    Random again(seed);
    const Tile tile = augment_touching(data, seed % data.size(), settings, first);
    CHECK(tile == augment_touching(data, seed % data.size(), settings, again));
    CHECK(*std::min_element(tile.begin(), tile.end()) >= 0);
    CHECK(*std::max_element(tile.begin(), tile.end()) <= 1);
    CHECK(*std::max_element(tile.begin(), tile.end()) > 0.3F);
  }
}
