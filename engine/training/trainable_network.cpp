// SPDX-License-Identifier: MIT
#include "engine/training/trainable_network.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>
#include <variant>

namespace inkread {

TrainableNetwork::TrainableNetwork(Network network, std::span<const std::size_t> batch_normalized,
                                   std::vector<Dropout> dropouts)
    : network_(std::move(network)),
      dropouts_(std::move(dropouts)),
      parameter_count_(network_.parameters().size()) {
  for (const std::size_t node : batch_normalized) {
    const auto& conv = std::get<Conv2d>(network_.nodes()[node].op);
    assert(conv.bias.count > 0);
    BatchNorm norm{node};
    for (ParameterSlice* slice : {&norm.scale, &norm.mean, &norm.variance}) {
      *slice = {parameter_count_, static_cast<std::size_t>(conv.out_channels)};
      parameter_count_ += slice->count;
    }
    batch_norms_.push_back(norm);
  }
}

std::vector<float> TrainableNetwork::initial_parameters() const {
  std::vector<float> parameters(network_.parameters().begin(), network_.parameters().end());
  parameters.resize(parameter_count_, 0.0F);
  for (const BatchNorm& norm : batch_norms_) {
    for (const ParameterSlice& slice : {norm.scale, norm.variance}) {
      std::fill_n(parameters.begin() + static_cast<std::ptrdiff_t>(slice.offset), slice.count, 1.0F);
    }
  }
  return parameters;
}

Result<TrainableNetwork> TrainableNetwork::with_parameters(std::vector<float> parameters) const {
  Result<Network> network = network_.with_parameters(std::move(parameters));
  if (!network.ok()) {
    return network.error();
  }
  TrainableNetwork result = *this;
  result.network_ = std::move(network).value();
  return result;
}

Result<Network> TrainableNetwork::fold(std::span<const float> parameters) const {
  assert(parameters.size() == parameter_count_);
  const auto own = parameters.first(network_.parameters().size());
  std::vector<float> folded(own.begin(), own.end());
  for (const BatchNorm& norm : batch_norms_) {
    const auto& conv = std::get<Conv2d>(network_.nodes()[norm.node].op);
    const std::size_t filter = conv.weights.count / norm.scale.count;
    for (std::size_t c = 0; c < norm.scale.count; ++c) {
      const float factor =
          parameters[norm.scale.offset + c] / std::sqrt(parameters[norm.variance.offset + c] + kEpsilon);
      for (float& weight : std::span(folded).subspan(conv.weights.offset + c * filter, filter)) {
        weight *= factor;
      }
      folded[conv.bias.offset + c] -= parameters[norm.mean.offset + c] * factor;
    }
  }
  return network_.with_parameters(std::move(folded));
}

}  // namespace inkread
