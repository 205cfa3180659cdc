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

/// Symmetric quantisation by channel (Krishnamoorthi, https://arxiv.org/abs/1806.08342, section 2.2): the
/// largest weight of each of the `channels` equal runs becomes 127 steps, no weight changes by more than half
/// a step, and values[i] * scales[c] is exact in float32, so that quantising it again gives the same. A
/// channel without a weight of 127 times the smallest normal float32 or more becomes zeros with the scale 1.
/// `weights` are finite.
[[nodiscard]] QuantizedWeights quantize(std::span<const float> weights, std::size_t channels);

}  // namespace inkread
