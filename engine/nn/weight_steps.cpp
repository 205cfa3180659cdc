// SPDX-License-Identifier: MIT
#include "engine/nn/weight_steps.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace inkread {
namespace {

std::size_t channel_count(const Conv2d& conv) {
  return static_cast<std::size_t>(conv.out_channels);
}
std::size_t channel_count(const Dense& dense) {
  return static_cast<std::size_t>(dense.outputs);
}

}  // namespace

float weight_step(float largest, int steps) {
  assert(largest >= 0 && steps >= 1 && steps <= kMostWeightSteps);
  const float step = largest / static_cast<float>(steps);
  if (step < std::numeric_limits<float>::min()) return 1.0F;
  // Multiples have up to seven bits more. Shortened and never lengthened, because `largest` may be the
  // largest float32 there is.
  std::uint32_t bits = 0;
  static_assert(sizeof bits == sizeof step);
  std::memcpy(&bits, &step, sizeof bits);  // std::bit_cast is not in libc++ 13
  bits &= ~std::uint32_t{0x7F};
  float shortened = 0;
  std::memcpy(&shortened, &bits, sizeof bits);
  return shortened;
}

float largest_weight(std::span<const float> weights) {
  float largest = 0;
  for (const float weight : weights) largest = std::max(largest, std::abs(weight));
  return largest;
}

void round_to_steps(std::span<float> weights, int steps) {
  const float step = weight_step(largest_weight(weights), steps);
  for (float& weight : weights) weight = step * std::round(weight / step);
}

void round_weights(std::span<const Node> layers, int steps, std::span<float> parameters) {
  for (const Node& layer : layers) {
    std::visit(
        [&](const auto& op) {
          if constexpr (HasParameters<std::decay_t<decltype(op)>>) {
            const std::size_t run = op.weights.count / channel_count(op);
            for (std::size_t first = 0; first < op.weights.count; first += run) {
              round_to_steps(parameters.subspan(op.weights.offset + first, run), steps);
            }
          }
        },
        layer.op);
  }
}

Network with_rounded_weights(const Network& network, int steps) {
  std::vector<float> parameters(network.parameters().begin(), network.parameters().end());
  round_weights(network.nodes(), steps, parameters);
  return network.with_parameters(std::move(parameters)).value();
}

}  // namespace inkread
