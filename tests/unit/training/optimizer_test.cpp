// SPDX-License-Identifier: MIT
#include "engine/training/optimizer.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "engine/training/schedule.hpp"
#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

/// Two weights and their biases.
Network two_weights() {
  return NetworkLine(1, 1).flatten().dense(1, 2).softmax().create(1);
}

}  // namespace

TEST_CASE("Adam's steps are those of the paper's formulas") {
  OptimizerOptions options;
  options.learning_rate = 0.1F;
  Optimizer adam(options, two_weights());
  std::vector<float> parameters{1, 1, 1, 1};
  double m = 0;
  double v = 0;
  double expected = 1;
  for (int t = 1; t <= 5; ++t) {
    const double g = 0.5 * t;
    const double rate = t == 3 ? 0.5 : 1;
    adam.step(std::vector<float>{static_cast<float>(g), 0, 0, 0}, static_cast<float>(rate), parameters);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double m_hat = m / (1 - std::pow(0.9, t));
    const double v_hat = v / (1 - std::pow(0.999, t));
    expected -= rate * 0.1 * m_hat / (std::sqrt(v_hat) + 1e-7);
    CHECK(static_cast<double>(parameters[0]) == doctest::Approx(expected).epsilon(1e-5));
  }
  CHECK(parameters[1] == 1.0F);
}

TEST_CASE("SGD gathers momentum") {
  OptimizerOptions options;
  options.kind = OptimizerKind::kSgd;
  options.learning_rate = 0.5F;
  options.beta1 = 0.5F;
  Optimizer sgd(options, two_weights());
  std::vector<float> parameters(4);
  const std::vector<float> gradient{1, 0, 0, -2};
  sgd.step(gradient, 1, parameters);
  CHECK(parameters == std::vector<float>{-0.5F, 0, 0, 1});
  sgd.step(gradient, 1, parameters);
  CHECK(parameters == std::vector<float>{-1.25F, 0, 0, 2.5F});
  CHECK(sgd.state().second_moment.empty());
}

TEST_CASE("Weight decay shrinks the weights and leaves the biases") {
  OptimizerOptions options;
  options.learning_rate = 0.5F;
  options.weight_decay = 0.5F;
  Optimizer adam(options, two_weights());
  std::vector<float> parameters{4, -8, 4, -8};
  adam.step(std::vector<float>(4), 0.5F, parameters);
  CHECK(parameters == std::vector<float>{3.5F, -7, 4, -8});
}

TEST_CASE("A constant rate stays, the others climb to the top and come down") {
  constexpr std::uint64_t kSteps = 1000;
  CHECK(Schedule{}.rate(0, kSteps) == 1.0F);
  CHECK(Schedule{}.rate(kSteps - 1, kSteps) == 1.0F);
  for (const ScheduleKind kind : {ScheduleKind::kCosine, ScheduleKind::kOneCycle}) {
    const Schedule schedule{kind, 0.25};
    CHECK(schedule.rate(0, kSteps) < 0.05F);
    CHECK(schedule.rate(kSteps - 1, kSteps) < 0.001F);
    CHECK(schedule.rate(250, kSteps) > 0.999F);
    for (std::uint64_t step = 1; step < kSteps; ++step) {
      const float before = schedule.rate(step - 1, kSteps);
      const float now = schedule.rate(step, kSteps);
      CHECK(now > 0);
      CHECK(now <= 1);
      CHECK((step < 250 ? now > before : step == 250 || now < before));
    }
    CHECK(schedule.rate(kSteps + 5, kSteps) == doctest::Approx(schedule.rate(kSteps, kSteps)));
    CHECK((Schedule{kind, 0}).rate(0, kSteps) > 0.999F);
    CHECK((Schedule{kind, 1}).rate(kSteps - 1, kSteps) > 0.99F);
  }
}
