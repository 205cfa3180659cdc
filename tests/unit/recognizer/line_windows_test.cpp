// SPDX-License-Identifier: MIT
#include "engine/recognizer/line_windows.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "engine/vision/normalize.hpp"
#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

constexpr int kMiddle = kTileSide / 2;

/// A network that sees a 1 where the tile's two middle columns have ink, and else cannot tell; with `weight`
/// for each pixel.
Network sees_ones(float weight) {
  const Network network = NetworkLine(28, 28).flatten().dense(784, 10).softmax().create(1);
  std::vector<float> parameters(network.parameters().size());
  for (std::size_t y = 0; y < 28; ++y) {
    for (std::size_t x = kMiddle - 1; x <= kMiddle; ++x) parameters[784 + y * 28 + x] = weight;
  }
  return network.with_parameters(parameters).value();
}

/// Upright bars from these columns of the strip on, two columns wide.
GrayImage bars(int width, const std::vector<int>& columns) {
  GrayImage strip(width, kTileSide);
  for (const int column : columns) {
    for (int y = 4; y < 24; ++y) strip.at(column, y) = strip.at(column + 1, y) = 1;
  }
  return strip;
}

Result<std::vector<Digit>> look(const GrayImage& strip, int& looks,
                                const Network& network = sees_ones(0.3F)) {
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  return look_along(strip, program, workspace, looks);
}

WindowReading read(const GrayImage& strip) {
  int looks = 100;
  return read_windows(look(strip, looks).value());
}

float cost(const GrayImage& strip, std::string_view text) {
  int looks = 100;
  return cost_of_text(look(strip, looks).value(), text);
}

}  // namespace

TEST_CASE("Along a strip every digit is found once, at its middle") {
  const WindowReading reading = read(bars(80, {20, 31, 40}));
  REQUIRE(reading.digits.size() == 3);
  const std::vector<float> middles{21, 32, 41};
  for (std::size_t i = 0; i < middles.size(); ++i) {
    CHECK(reading.digits[i].label == 1);
    CHECK(reading.digits[i].confidence() > 0.9F);
    CHECK(std::abs(reading.digits[i].box.x - middles[i]) <= 1.5F);
  }
}

TEST_CASE("The digit's tile is what the network saw, with the neighbours in view") {
  const WindowReading reading = read(bars(80, {30, 40}));
  REQUIRE(reading.digits.size() == 2);
  const Tile& tile = reading.digits[0].tile;
  const auto ink_in = [&](int first, int last) {
    float sum = 0;
    for (int x = first; x < last; ++x) sum += tile[static_cast<std::size_t>(14 * kTileSide + x)];
    return sum;
  };
  CHECK(ink_in(kMiddle - 2, kMiddle + 2) > 1.5F);
  CHECK(ink_in(kMiddle + 7, kMiddle + 13) > 1.5F);
}

TEST_CASE("Where the network cannot tell along a strip there is no digit") {
  CHECK(read(bars(80, {})).digits.empty());
}

TEST_CASE("Of all texts the one that a strip shows costs least") {
  const GrayImage strip = bars(80, {20, 31, 40});
  const float shown = cost(strip, "111");
  for (const std::string_view other : {"", "1", "11", "1111", "121", "7"})
    CHECK(cost(strip, other) > shown + 1);
}

TEST_CASE("A strip without digits shows the empty text") {
  CHECK(cost(bars(80, {}), "") < cost(bars(80, {}), "1"));
}

TEST_CASE("Different digits may follow each other at once, the same one needs a place between") {
  const GrayImage strip(kTileSide + 2, kTileSide);  // two looks, each at either's place
  int looks = 2;
  std::vector<Digit> seen = look(strip, looks).value();
  REQUIRE(seen.size() == 2);
  seen[0].probabilities = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  seen[1].probabilities = {0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  CHECK(cost_of_text(seen, "12") < 0.1F);
  seen[1] = seen[0];
  CHECK(cost_of_text(seen, "1") < 0.1F);
  CHECK(std::isinf(cost_of_text(seen, "11")));
}

TEST_CASE("A strip takes a look at every second place, and no more looks than are left") {
  int looks = 100;
  CHECK(look(bars(kTileSide + 20, {20}), looks).value().size() == 11);
  CHECK(looks == 100 - 11);
  looks = 3;
  CHECK(look(bars(80, {60}), looks).value().size() == 3);
  CHECK(looks == 0);
  CHECK(read_windows(look(bars(80, {20}), looks).value()).digits.empty());
}

TEST_CASE("A network whose answers along a strip are no numbers gives an error") {
  int looks = 100;
  const Result<std::vector<Digit>> seen =
      look(bars(80, {20}), looks, sees_ones(std::numeric_limits<float>::max()));
  REQUIRE_FALSE(seen.ok());
  CHECK(seen.error().code == ErrorCode::kNotFinite);
}
