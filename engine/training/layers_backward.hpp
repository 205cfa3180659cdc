// SPDX-License-Identifier: MIT
// Backward passes of the small operators; the convolution's is in conv2d_backward.hpp, the dense layer's in
// dense_layer.hpp. Names: x is an operator's input, y its output, dx and dy the loss's derivatives by them.
#pragma once

#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// dy *= (y > 0), in place.
void relu_backward(std::span<const float> y, std::span<float> dy);

/// dx = each dy at the first pixel of its window that holds the maximum.
void max_pool2d_backward(const Window& window, const PixelLayout& in, const PixelLayout& out, const float* x,
                         const float* y, const float* dy, float* dx);

/// dx = each dy spread evenly over the pixels that its window averaged.
void average_pool2d_backward(const AveragePool2d& op, const PixelLayout& in, const PixelLayout& out,
                             const float* dy, float* dx);

/// dx = dy * (1 - y^2).
void tanh_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx);

/// Channels x height x width without gaps into the engine's image layout.
void flatten_backward(const PixelLayout& in, const float* dy, float* dx);

/// The cross-entropy -sum(target * log p) of one image in nats, p being the softmax of the logits, which is
/// also written; it may take the logits' place.
float softmax_cross_entropy(std::span<const float> logits, std::span<const float> target, std::span<float> p);

}  // namespace inkread
