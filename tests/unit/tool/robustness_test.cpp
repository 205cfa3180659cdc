// SPDX-License-Identifier: MIT
#include "tools/inkread/robustness.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/training/architectures.hpp"

using namespace inkread;

namespace {

constexpr std::size_t at(int x, int y) {
  return static_cast<std::size_t>(y * kTileSide + x);
}

/// No two pixels alike, ink up to every edge.
Tile busy_tile() {
  Tile tile{};
  Random random(7);
  for (float& value : tile) value = random.uniform(0, 1);
  return tile;
}

/// An upright bar, three pixels wide, in the middle.
Tile bar() {
  Tile tile{};
  for (int y = 6; y < 22; ++y) {
    for (int x = 13; x < 16; ++x) tile[at(x, y)] = 1;
  }
  return tile;
}

float mass(const Tile& tile) {
  return std::accumulate(tile.begin(), tile.end(), 0.0F);
}

}  // namespace

TEST_CASE("A change by nothing changes not a bit") {
  const Tile tile = busy_tile();
  const std::vector<Perturbation> nothing{Rotation{0},    Shift{0, 0}, Scaling{1},
                                          StrokeWidth{0}, Blurring{0}, Noise{0}};
  for (const Perturbation& how : nothing) {
    CAPTURE(how.index());
    CHECK(perturb(tile, how, 3) == tile);
  }
}

TEST_CASE("A shift moves every pixel and loses what leaves") {
  const Tile tile = busy_tile();
  for (const auto& [dx, dy] : std::vector<std::pair<int, int>>{{2, 0}, {-3, 0}, {0, 4}, {0, -6}, {5, -1}}) {
    const Tile shifted = perturb(tile, Shift{dx, dy}, 0);
    bool is_right = true;
    for (int y = 0; y < kTileSide; ++y) {
      for (int x = 0; x < kTileSide; ++x) {
        const bool is_new = x - dx < 0 || x - dx >= kTileSide || y - dy < 0 || y - dy >= kTileSide;
        is_right = is_right && shifted[at(x, y)] == (is_new ? 0.0F : tile[at(x - dx, y - dy)]);
      }
    }
    CHECK(is_right);
  }
}

TEST_CASE("A rotation turns clockwise about the middle") {
  const Tile tile = busy_tile();
  const Tile turned = perturb(tile, Rotation{90}, 0);
  float worst = 0;
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      // What was above the middle is to its right now.
      worst = std::max(worst, std::abs(turned[at(kTileSide - 1 - y, x)] - tile[at(x, y)]));
    }
  }
  CHECK(worst < 1e-4F);

  Tile dot{};
  dot[at(13, 4)] = dot[at(14, 4)] = 1;
  const Tile slightly = perturb(dot, Rotation{15}, 0);
  const auto darkest = std::max_element(slightly.begin(), slightly.end()) - slightly.begin();
  CHECK(darkest % kTileSide > 14);
}

TEST_CASE("Scaling keeps the middle and changes the size") {
  const float before = mass(bar());
  CHECK(mass(perturb(bar(), Scaling{1.3}, 0)) == doctest::Approx(before * 1.69).epsilon(0.05));
  CHECK(mass(perturb(bar(), Scaling{0.7}, 0)) == doctest::Approx(before * 0.49).epsilon(0.1));
  CHECK(perturb(bar(), Scaling{0.6}, 0)[at(14, 14)] == 1);
}

TEST_CASE("Strokes become wider and narrower, blurred and noisy where they are") {
  const float before = mass(bar());
  CHECK(mass(perturb(bar(), StrokeWidth{1}, 0)) > before * 1.2F);
  CHECK(mass(perturb(bar(), StrokeWidth{-1}, 0)) < before * 0.8F);
  const Tile blurred = perturb(bar(), Blurring{1}, 0);
  CHECK(mass(blurred) == doctest::Approx(before).epsilon(0.02));
  CHECK(blurred[at(14, 14)] < 0.95F);
  CHECK(blurred[at(12, 14)] == doctest::Approx(blurred[at(16, 14)]));
  CHECK(blurred[at(12, 14)] > 0.1F);
}

TEST_CASE("Noise is each image's own and always the same") {
  const Tile tile = bar();
  CHECK(perturb(tile, Noise{0.1}, 5) == perturb(tile, Noise{0.1}, 5));
  CHECK(perturb(tile, Noise{0.1}, 5) != perturb(tile, Noise{0.1}, 6));
}

TEST_CASE("The named means are those of the settings they name") {
  std::set<std::pair<int, int>> shifts;
  std::size_t asked = 0;
  const Robustness measured = measure_robustness([&](const Perturbation& how) {
    ++asked;
    if (const auto* rotation = std::get_if<Rotation>(&how)) return std::abs(rotation->degrees);
    if (const auto* scaling = std::get_if<Scaling>(&how)) return scaling->factor;
    if (const auto* shift = std::get_if<Shift>(&how)) {
      CHECK(shifts.emplace(shift->dx, shift->dy).second);  // each is measured once
      return static_cast<double>(std::max(std::abs(shift->dx), std::abs(shift->dy)));
    }
    return 0.5;
  });
  CHECK(asked == robustness_measurements());
  CHECK(measured.rotation_15_mean == doctest::Approx(10));
  CHECK(measured.scale_07_13_mean == doctest::Approx(1.0));
  CHECK(measured.shift_4_mean == doctest::Approx((8 * 2 + 8 * 3 + 16 * 4) / 32.0));
  REQUIRE(measured.shift.size() == 7);
  for (int distance = 0; distance <= 6; ++distance) {
    CHECK(measured.shift[static_cast<std::size_t>(distance)].accuracy == doctest::Approx(distance));
  }
  CHECK(measured.offsets.size() == shifts.size());
  CHECK(measured.rotation.size() == 13);
  CHECK(measured.scale.size() == 9);
}

TEST_CASE("Under no change the accuracy is the plain one") {
  const Program program =
      Program::prepare(with_fresh_parameters(find_architecture("seed")->build(), 1).network());
  Dataset data;
  data.height = data.width = kTileSide;
  Random random(11);
  for (int i = 0; i < 40; ++i) {
    data.labels.push_back(static_cast<std::uint8_t>(random.below(10)));
    for (std::size_t p = 0; p < kTilePixels; ++p) {
      data.images.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
  }
  const InputScale scale{0.1F, 0.3F};
  const double plain = evaluate(predict(program, data, scale, 1), data).accuracy;
  CHECK(plain > 0);
  const std::vector<Perturbation> nothing{Rotation{0}, Shift{0, 0}, Scaling{1}, Noise{0}};
  for (const Perturbation& how : nothing) {
    CHECK(accuracy_under(how, program, data, scale, 2) == plain);
  }
}
