// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace inkread {

/// output = weights [outputs][inputs] * input + bias [outputs] (or none), then max(0, .) if `relu`.
void dense_forward(std::span<const float> weights, std::span<const float> bias, bool relu,
                   std::span<const float> input, std::span<float> output);

/// For `images` inputs side by side: dx = weights^T dy (skipped when dx is empty), weights_gradient
/// [outputs][inputs] += dy x^T, bias_gradient += dy.
void dense_backward(int images, std::span<const float> weights, std::span<const float> x,
                    std::span<const float> dy, std::span<float> weights_gradient,
                    std::span<float> bias_gradient, std::span<float> dx);

}  // namespace inkread
