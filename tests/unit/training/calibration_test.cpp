// SPDX-License-Identifier: MIT
#include "engine/training/calibration.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/program.hpp"
#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

/// Labels drawn from softmax(logits), and the probabilities that someone `sharpness` times as sure states.
struct Guesses {
  std::vector<float> probabilities;
  std::vector<std::uint8_t> labels;
};

std::vector<float> softmax(const std::vector<float>& logits, float sharpness) {
  std::vector<float> p;
  float sum = 0;
  for (const float logit : logits) {
    p.push_back(std::exp(logit * sharpness));
    sum += p.back();
  }
  for (float& value : p) {
    value /= sum;
  }
  return p;
}

Guesses guesses(float sharpness) {
  Random random(5);
  Guesses result;
  for (int i = 0; i < 20'000; ++i) {
    const std::vector<float> logits{random.uniform(-2, 2), random.uniform(-2, 2), random.uniform(-2, 2)};
    const std::vector<float> truth = softmax(logits, 1);
    const float at = random.uniform(0, 1);
    result.labels.push_back(at < truth[0] ? 0 : at < truth[0] + truth[1] ? 1 : 2);
    const std::vector<float> stated = softmax(logits, sharpness);
    result.probabilities.insert(result.probabilities.end(), stated.begin(), stated.end());
  }
  return result;
}

}  // namespace

TEST_CASE("The fitted temperature undoes how much too sure or too modest probabilities are") {
  for (const float sharpness : {0.5F, 1.0F, 2.5F}) {
    const Guesses g = guesses(sharpness);
    CHECK(fit_temperature(g.probabilities, g.labels, 3) == doctest::Approx(sharpness).epsilon(0.05));
  }
}

TEST_CASE("A network with a temperature gives the same logits divided by it") {
  const Network network = NetworkLine(3, 3).flatten().dense(9, 4).softmax().create(1);
  const Network cooler = with_temperature(network, 2.5F).value();
  const std::vector<float> image = random_values(9, 2);
  const auto answer = [&](const Network& n) {
    const Program program = Program::prepare(n);
    Workspace workspace(program);
    std::vector<float> p(4);
    program.forward(workspace, image, p);
    return p;
  };
  const std::vector<float> before = answer(network);
  const std::vector<float> after = answer(cooler);
  for (std::size_t c = 1; c < 4; ++c) {
    CHECK(std::log(before[c] / before[0]) ==
          doctest::Approx(2.5F * std::log(after[c] / after[0])).epsilon(1e-3));
  }
  const auto refused = with_temperature(NetworkLine(3, 3).flatten().softmax().create(1), 2);
  REQUIRE_FALSE(refused.ok());
  CHECK_FALSE(can_be_calibrated(NetworkLine(3, 3).flatten().softmax().create(1)));
  CHECK(can_be_calibrated(network));
  CHECK(refused.error().code == ErrorCode::kUnsupported);
}
