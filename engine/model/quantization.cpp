// SPDX-License-Identifier: MIT
#include "engine/model/quantization.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace inkread {
namespace {

constexpr float kLargestStep = 127.0F;

/// The scale at which `largest` is 127 steps, without its last seven bits: steps have seven, so the product
/// fits the 24 of float32. Shortened and never lengthened, so that no product exceeds `largest`, which may be
/// the largest float32 there is.
float scale_for(float largest) {
  if (largest < kLargestStep * std::numeric_limits<float>::min()) return 1.0F;
  const float scale = largest / kLargestStep;
  std::uint32_t bits = 0;
  static_assert(sizeof bits == sizeof scale);
  std::memcpy(&bits, &scale, sizeof bits);  // std::bit_cast is not in libc++ 13
  bits &= ~std::uint32_t{0x7F};
  float shortened = 0;
  std::memcpy(&shortened, &bits, sizeof bits);
  return shortened;
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
    const std::span<const float> row = weights.subspan(channel * run, run);
    float largest = 0;
    for (const float weight : row) largest = std::max(largest, std::abs(weight));
    const float scale = scale_for(largest);
    quantized.scales.push_back(scale);
    for (const float weight : row) {
      const double steps = std::round(static_cast<double>(weight) / static_cast<double>(scale));
      quantized.values.push_back(static_cast<std::int8_t>(steps));
    }
  }
  return quantized;
}

}  // namespace inkread
