// SPDX-License-Identifier: MIT
#include "engine/model/quantization.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/nn/weight_steps.hpp"

namespace inkread {
namespace {

/// The largest step of which all these weights are whole multiples exactly, if the largest weight has at most
/// 127 of them.
std::optional<float> common_step(std::span<const float> weights) {
  const float largest = largest_weight(weights);
  for (int steps = 1; steps <= kMostWeightSteps; ++steps) {
    const float step = weight_step(largest, steps);
    const bool are_multiples = std::all_of(weights.begin(), weights.end(), [step](float weight) {
      return step * std::round(double{weight} / step) == double{weight};
    });
    if (are_multiples) return step;
  }
  return std::nullopt;
}

}  // namespace

std::string_view storage_name(WeightStorage storage) {
  return storage == WeightStorage::kInt8 ? "int8" : "float32";
}

std::optional<WeightStorage> find_storage(std::string_view name) {
  for (const WeightStorage storage : {WeightStorage::kFloat32, WeightStorage::kInt8}) {
    if (name == storage_name(storage)) {
      return storage;
    }
  }
  return std::nullopt;
}

QuantizedWeights quantize(std::span<const float> weights, std::size_t channels) {
  assert(channels > 0 && weights.size() % channels == 0);
  const std::size_t run = weights.size() / channels;
  QuantizedWeights quantized;
  quantized.values.reserve(weights.size());
  quantized.scales.reserve(channels);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const auto first = weights.begin() + static_cast<std::ptrdiff_t>(channel * run);
    std::vector<float> row(first, first + static_cast<std::ptrdiff_t>(run));
    std::optional<float> step = common_step(row);
    if (!step) {
      round_to_steps(row, kMostWeightSteps);
      step = common_step(row);
    }
    const float scale = step.value();
    quantized.scales.push_back(scale);
    for (const float weight : row) {
      quantized.values.push_back(static_cast<std::int8_t>(std::round(weight / scale)));
    }
  }
  return quantized;
}

}  // namespace inkread
