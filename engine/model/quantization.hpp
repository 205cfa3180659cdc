// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace inkread {

/// How a file holds the weights of its layers. Biases are float32 always.
enum class WeightStorage : std::uint8_t {
  kFloat32,
  kInt8,  ///< 8 bits a weight, and a scale for each output channel
};

/// The type's name in ONNX: "int8".
[[nodiscard]] std::string_view storage_name(WeightStorage storage);
/// The storage of this name, or nothing.
[[nodiscard]] std::optional<WeightStorage> find_storage(std::string_view name);

/// Weights as steps of their channel's scale: weight i of channel c is values[i] * scales[c].
struct QuantizedWeights {
  std::vector<std::int8_t> values;  ///< -127..127
  std::vector<float> scales;        ///< by channel, above 0
};

/// Weights that are whole multiples of a step already (round_weights()) stay as they are, with the largest
/// such step. Others are rounded to multiples of their channel's weight_step(), of which the largest weight
/// has 127, so that none changes by more than half a step. values[i] * scales[c] is exact in float32, and
/// quantising it again gives the same. A channel without a weight of 127 times the smallest normal
/// float32 or more may become zeros with the scale 1. `weights` are finite and lie in `channels` equal runs.
[[nodiscard]] QuantizedWeights quantize(std::span<const float> weights, std::size_t channels);

}  // namespace inkread
