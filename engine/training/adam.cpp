// SPDX-License-Identifier: MIT
#include "engine/training/adam.hpp"

#include <cassert>
#include <cmath>
#include <utility>

namespace inkread {

Adam::Adam(AdamOptions options, std::size_t parameters)
    : options_(options), state_{0, std::vector<float>(parameters), std::vector<float>(parameters)} {}

void Adam::step(std::span<const float> gradient, std::span<float> parameters) {
  assert(gradient.size() == state_.first_moment.size() && parameters.size() == gradient.size());
  ++state_.steps;
  const auto t = static_cast<double>(state_.steps);
  const double correction1 = 1.0 - std::pow(static_cast<double>(options_.beta1), t);
  const double correction2 = 1.0 - std::pow(static_cast<double>(options_.beta2), t);
  const auto rate =
      static_cast<float>(static_cast<double>(options_.learning_rate) * std::sqrt(correction2) / correction1);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const float g = gradient[i];
    float& m = state_.first_moment[i];
    float& v = state_.second_moment[i];
    m += (1 - options_.beta1) * (g - m);
    v += (1 - options_.beta2) * (g * g - v);
    parameters[i] -= rate * m / (std::sqrt(v) + options_.epsilon);
  }
}

void Adam::restore(State state) {
  assert(state.first_moment.size() == state_.first_moment.size() &&
         state.second_moment.size() == state_.second_moment.size());
  state_ = std::move(state);
}

}  // namespace inkread
