// SPDX-License-Identifier: MIT
#include "engine/training/optimizer.hpp"

#include <cassert>
#include <cmath>
#include <utility>

namespace inkread {

Optimizer::Optimizer(const OptimizerOptions& options, const TrainableNetwork& network) : options_(options) {
  const std::size_t parameters = network.parameter_count();
  state_.first_moment.resize(parameters);
  if (options.kind == OptimizerKind::kAdam) {
    state_.second_moment.resize(parameters);
  }
  for (const Node& node : network.network().nodes()) {
    if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
      weights_.push_back(conv->weights);
    } else if (const auto* dense = std::get_if<Dense>(&node.op)) {
      weights_.push_back(dense->weights);
    }
  }
}

void Optimizer::step(std::span<const float> gradient, float rate, std::span<float> parameters) {
  assert(gradient.size() == state_.first_moment.size() && parameters.size() == gradient.size());
  ++state_.steps;
  if (options_.weight_decay > 0) {
    const float kept = 1 - rate * options_.learning_rate * options_.weight_decay;
    for (const ParameterSlice& slice : weights_) {
      for (float& weight : parameters.subspan(slice.offset, slice.count)) {
        weight *= kept;
      }
    }
  }
  if (options_.kind == OptimizerKind::kAdam) {
    adam_step(gradient, rate, parameters);
  } else {
    sgd_step(gradient, rate, parameters);
  }
}

void Optimizer::adam_step(std::span<const float> gradient, float rate, std::span<float> parameters) {
  const auto t = static_cast<double>(state_.steps);
  const double correction1 = 1.0 - std::pow(static_cast<double>(options_.beta1), t);
  const double correction2 = 1.0 - std::pow(static_cast<double>(options_.beta2), t);
  const double learning_rate = static_cast<double>(options_.learning_rate) * static_cast<double>(rate);
  const auto corrected = static_cast<float>(learning_rate * std::sqrt(correction2) / correction1);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const float g = gradient[i];
    float& m = state_.first_moment[i];
    float& v = state_.second_moment[i];
    m += (1 - options_.beta1) * (g - m);
    v += (1 - options_.beta2) * (g * g - v);
    parameters[i] -= corrected * m / (std::sqrt(v) + options_.epsilon);
  }
}

void Optimizer::sgd_step(std::span<const float> gradient, float rate, std::span<float> parameters) {
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    float& velocity = state_.first_moment[i];
    velocity = options_.beta1 * velocity + gradient[i];
    parameters[i] -= options_.learning_rate * rate * velocity;
  }
}

bool Optimizer::fits(const State& state) const {
  return state.first_moment.size() == state_.first_moment.size() &&
         state.second_moment.size() == state_.second_moment.size();
}

void Optimizer::restore(State state) {
  assert(fits(state));
  state_ = std::move(state);
}

}  // namespace inkread
