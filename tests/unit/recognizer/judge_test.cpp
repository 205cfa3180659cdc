// SPDX-License-Identifier: MIT
#include "engine/recognizer/judge.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "engine/vision/normalize.hpp"
#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

constexpr std::size_t kDot = 5 * kTileSide + 5;

/// A network that sees a 1 as this dot has ink, with `weight` for it, and else a 2, as likely as a weight of
/// 0.6 makes it.
Network sees_dots(float weight) {
  const Network network = NetworkLine(28, 28).flatten().dense(784, 10).softmax().create(1);
  std::vector<float> parameters(network.parameters().size());
  parameters[784 + kDot] = weight;
  parameters[784 * 10 + 2] = 0.6F;
  return network.with_parameters(parameters).value();
}

Tile dot() {
  Tile tile{};
  tile[kDot] = 1;
  return tile;
}

struct Looks {
  Digit once;
  Digit carefully;
};

Looks look(const Network& network, const Tile& tile) {
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  return {judge_tile(tile, program, workspace).value(), judge_carefully(tile, program, workspace).value()};
}

}  // namespace

TEST_CASE("A digit of which the network is sure needs no second look") {
  const Looks looks = look(sees_dots(8), dot());
  REQUIRE(looks.once.confidence() > 0.9F);
  CHECK(looks.carefully.label == 1);
  CHECK(looks.carefully.probabilities == looks.once.probabilities);
}

TEST_CASE("An unsure answer that hangs on one pixel does not outlast a second look") {
  const Looks looks = look(sees_dots(2), dot());
  CHECK(looks.once.label == 1);
  CHECK(looks.carefully.label == 2);
  const auto& all = looks.carefully.probabilities;
  CHECK(std::accumulate(all.begin(), all.end(), 0.0F) == doctest::Approx(1));
  CHECK(looks.carefully.confidence() == all[2]);
}

TEST_CASE("A second look at an empty tile changes nothing") {
  const Looks looks = look(sees_dots(2), Tile{});
  for (std::size_t k = 0; k < 10; ++k) {
    CHECK(looks.carefully.probabilities[k] == doctest::Approx(looks.once.probabilities[k]));
  }
}
