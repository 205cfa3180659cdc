// SPDX-License-Identifier: MIT
// The operators on plain vectors and on numbers one by one, and the change of layout that leads to them.
#pragma once

#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// output = exp(input) / sum(exp(input)), computed without overflow. May work in place.
void softmax_forward(std::span<const float> input, std::span<float> output);

/// output = tanh(input). May work in place.
void tanh_forward(std::span<const float> input, std::span<float> output);

/// output = 1 / (1 + exp(-input)) for an image or vector laid out as `layout`, zero in its padding channels.
void sigmoid_forward(const PixelLayout& layout, const float* input, float* output);

/// output = a + b, then max(0, .) if `relu`.
void add_forward(std::span<const float> a, std::span<const float> b, bool relu, std::span<float> output);

/// output = max(0, input). May work in place.
void relu_forward(std::span<const float> input, std::span<float> output);

/// The engine's image layout into channels x height x width without gaps.
void flatten_forward(const PixelLayout& in, const float* input, float* output);

}  // namespace inkread
