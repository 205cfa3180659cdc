// SPDX-License-Identifier: MIT
#include "engine/nn/weight_steps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/training/architectures.hpp"

namespace inkread {
namespace {

TEST_CASE("rounded weights are at most half a step from what they were, and the largest keeps its steps") {
  const std::vector<float> weights{0.1F, -0.04F, 0.31F, -0.9F, 0.02F};
  std::vector<float> rounded = weights;
  round_to_steps(rounded, 7);
  const float step = weight_step(0.9F, 7);
  CHECK(step == doctest::Approx(0.9F / 7));
  CHECK(rounded == std::vector<float>{step, 0, 2 * step, -7 * step, 0});
}

TEST_CASE("rounding a network's weights leaves its biases, and rounding again changes nothing") {
  const TrainableNetwork drawn = with_fresh_parameters(find_architecture("seed")->build(), 3);
  std::vector<float> parameters = drawn.initial_parameters();
  const auto& dense = std::get<Dense>(drawn.network().nodes()[drawn.network().nodes().size() - 2].op);
  parameters[dense.bias.offset] = 0.123F;
  const Network network = drawn.network().with_parameters(parameters).value();
  const Network once = with_rounded_weights(network, 15);
  const Network twice = with_rounded_weights(once, 15);
  CHECK(once.parameters(dense.bias)[0] == 0.123F);
  CHECK_FALSE(std::equal(once.parameters().begin(), once.parameters().end(), network.parameters().begin()));
  CHECK(std::equal(once.parameters().begin(), once.parameters().end(), twice.parameters().begin()));
}

}  // namespace
}  // namespace inkread
