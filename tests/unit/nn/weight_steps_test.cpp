// SPDX-License-Identifier: MIT
#include "engine/nn/weight_steps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

TEST_CASE("rounded weights are at most half a step from what they were, and the largest keeps its steps") {
  const std::vector<float> weights{0.1F, -0.04F, 0.31F, -0.9F, 0.02F};
  std::vector<float> rounded = weights;
  round_to_steps(rounded, 7);
  const float step = weight_step(0.9F, 7);
  CHECK(step == doctest::Approx(0.9F / 7));
  CHECK(rounded == std::vector<float>{step, 0, 2 * step, -7 * step, 0});
}

TEST_CASE("rounding a network's weights leaves its biases, and rounding again changes nothing") {
  const Network network = NetworkLine(6, 6).conv(1, 3, square(3)).relu().flatten().dense(48, 4).create(3);
  const auto& dense = std::get<Dense>(network.nodes().back().op);
  const Network once = with_rounded_weights(network, 15);
  const Network twice = with_rounded_weights(once, 15);
  const auto biases = network.parameters(dense.bias);
  CHECK(std::equal(biases.begin(), biases.end(), once.parameters(dense.bias).begin()));
  CHECK_FALSE(std::equal(once.parameters().begin(), once.parameters().end(), network.parameters().begin()));
  CHECK(std::equal(once.parameters().begin(), once.parameters().end(), twice.parameters().begin()));
}
