// SPDX-License-Identifier: MIT
#include "engine/training/calibration.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>
#include <vector>

namespace inkread {
namespace {

/// The sum of -log softmax(log(p) / temperature)[label].
double cross_entropy(std::span<const float> probabilities, std::span<const std::uint8_t> labels,
                     std::size_t classes, double temperature) {
  constexpr float kLeast = 1e-30F;
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto p = probabilities.subspan(i * classes, classes);
    const auto logit = [&](std::size_t c) {
      return std::log(static_cast<double>(std::max(p[c], kLeast))) / temperature;
    };
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      total += std::exp(logit(c));
    }
    sum += std::log(total) - logit(labels[i]);
  }
  return sum;
}

}  // namespace

float fit_temperature(std::span<const float> probabilities, std::span<const std::uint8_t> labels,
                      std::size_t classes) {
  assert(probabilities.size() == labels.size() * classes);
  const auto loss = [&](double log_temperature) {
    return cross_entropy(probabilities, labels, classes, std::exp(log_temperature));
  };
  // Golden-section search: the loss has one minimum in 1 / T, so it has one in log T.
  const double shrink = (std::sqrt(5.0) - 1) / 2;
  double low = -std::log(8.0);
  double high = std::log(8.0);
  double left = high - shrink * (high - low);
  double right = low + shrink * (high - low);
  double loss_left = loss(left);
  double loss_right = loss(right);
  while (high - low > 1e-4) {
    if (loss_left < loss_right) {
      high = std::exchange(right, left);
      loss_right = loss_left;
      left = high - shrink * (high - low);
      loss_left = loss(left);
    } else {
      low = std::exchange(left, right);
      loss_left = loss_right;
      right = low + shrink * (high - low);
      loss_right = loss(right);
    }
  }
  return static_cast<float>(std::exp((low + high) / 2));
}

bool can_be_calibrated(const Network& network) {
  const auto nodes = network.nodes();
  return nodes.size() >= 2 && std::holds_alternative<Softmax>(nodes.back().op) &&
         std::holds_alternative<Dense>(nodes[nodes.size() - 2].op);
}

Result<Network> with_temperature(const Network& network, float temperature) {
  assert(temperature > 0);
  if (!can_be_calibrated(network)) {
    return Error{ErrorCode::kUnsupported,
                 "only a network that ends in a Dense and a Softmax has a temperature"};
  }
  const auto& dense = std::get<Dense>(network.nodes()[network.nodes().size() - 2].op);
  std::vector<float> parameters(network.parameters().begin(), network.parameters().end());
  for (const ParameterSlice& slice : {dense.weights, dense.bias}) {
    for (float& parameter : std::span(parameters).subspan(slice.offset, slice.count)) {
      parameter /= temperature;
    }
  }
  return network.with_parameters(std::move(parameters));
}

}  // namespace inkread
