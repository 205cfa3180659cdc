// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/vector_ops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace inkread {

void softmax_forward(std::span<const float> input, std::span<float> output) {
  const float highest = *std::max_element(input.begin(), input.end());
  float sum = 0;
  for (std::size_t i = 0; i < input.size(); ++i) {
    output[i] = std::exp(input[i] - highest);
    sum += output[i];
  }
  for (float& value : output) {
    value /= sum;
  }
}

void relu_forward(std::span<const float> input, std::span<float> output) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    output[i] = std::max(input[i], 0.0F);
  }
}

void tanh_forward(std::span<const float> input, std::span<float> output) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    output[i] = std::tanh(input[i]);
  }
}

void sigmoid_forward(const PixelLayout& layout, const float* input, float* output) {
  const int pixels = layout.height * layout.width;
  for (int pixel = 0; pixel < pixels; ++pixel) {
    for (int c = 0; c < layout.pixel_stride; ++c, ++input, ++output) {
      // Where exp overflows to infinity the quotient is zero, as it should be.
      *output = c < layout.channels ? 1.0F / (1.0F + std::exp(-*input)) : 0.0F;
    }
  }
}

void add_forward(std::span<const float> a, std::span<const float> b, bool relu, std::span<float> output) {
  const float lowest = relu ? 0.0F : -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < output.size(); ++i) {
    output[i] = std::max(a[i] + b[i], lowest);
  }
}

void flatten_forward(const PixelLayout& in, const float* input, float* output) {
  for (int c = 0; c < in.channels; ++c) {
    for (int y = 0; y < in.height; ++y) {
      for (int x = 0; x < in.width; ++x) {
        *output++ = input[y * in.row_stride + x * in.pixel_stride + c];
      }
    }
  }
}

}  // namespace inkread
