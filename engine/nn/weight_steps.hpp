// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "engine/nn/network.hpp"

namespace inkread {

/// The most steps that 8 bits hold on each side of zero.
inline constexpr int kMostWeightSteps = 127;

/// The step of which `largest` (>= 0) is `steps` (1..127), shortened to 17 bits: an output channel's weights
/// are whole multiples of it (symmetric quantisation by channel: Krishnamoorthi,
/// https://arxiv.org/abs/1806.08342, section 2.2), and those are exact in float32 and never above `largest`.
/// 1 where it would be no normal number.
[[nodiscard]] float weight_step(float largest, int steps);

/// The largest of the weights, without sign; 0 of none.
[[nodiscard]] float largest_weight(std::span<const float> weights);

/// Makes each of a channel's weights the nearest multiple of its step. `steps` is in 1..127.
void round_to_steps(std::span<float> weights, int steps);

/// Does so with every weight (not the biases) of these layers. `parameters` are theirs, finite, and may be
/// followed by others; `steps` is in 1..127.
void round_weights(std::span<const Node> layers, int steps, std::span<float> parameters);

/// The network with rounded weights. Rounding again changes nothing.
[[nodiscard]] Network with_rounded_weights(const Network& network, int steps);

}  // namespace inkread
