// SPDX-License-Identifier: MIT
// The weight gradient by register tiles, as the forward pass: a few input numbers by one or two vectors of
// output channels stay in registers while all output pixels pass.
#include "engine/training/conv2d_backward.hpp"

#include <algorithm>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

constexpr int kTileInputs = 6;
constexpr int kTileVectors = 2;

/// gradient[i][v] += sum over output pixels of input[i] * output_gradient[v].
template <int Inputs, int Vectors>
void accumulate_tile(const ConvGeometry& g, const float* input, const float* output_gradient,
                     float* gradient) {
  Vector sums[Inputs][Vectors];
  for (int i = 0; i < Inputs; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      sums[i][v] = simd::load(gradient + i * g.out.pixel_stride + v * kLanes);
    }
  }
  for (int y = 0; y < g.out.height; ++y) {
    const float* x_row = input + y * g.stride_y * g.in.row_stride;
    const float* d_row = output_gradient + y * g.out.row_stride;
    for (int x = 0; x < g.out.width; ++x) {
      Vector d[Vectors];
      for (int v = 0; v < Vectors; ++v) {
        d[v] = simd::load(d_row + v * kLanes);
      }
      for (int i = 0; i < Inputs; ++i) {
        const Vector value = simd::splat(x_row[i]);
        for (int v = 0; v < Vectors; ++v) {
          sums[i][v] = simd::multiply_add(value, d[v], sums[i][v]);
        }
      }
      x_row += g.stride_x * g.in.pixel_stride;
      d_row += g.out.pixel_stride;
    }
  }
  for (int i = 0; i < Inputs; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      simd::store(gradient + i * g.out.pixel_stride + v * kLanes, sums[i][v]);
    }
  }
}

/// The tile of `inputs` <= Inputs.
template <int Inputs, int Vectors>
void accumulate_tile_of(int inputs, const ConvGeometry& g, const float* input, const float* output_gradient,
                        float* gradient) {
  if constexpr (Inputs > 1) {
    if (inputs < Inputs) {
      return accumulate_tile_of<Inputs - 1, Vectors>(inputs, g, input, output_gradient, gradient);
    }
  }
  accumulate_tile<Inputs, Vectors>(g, input, output_gradient, gradient);
}

}  // namespace

std::size_t conv2d_gradient_size(const ConvGeometry& g) {
  return static_cast<std::size_t>(g.kernel_height * g.kernel_width * g.in.pixel_stride) *
         static_cast<std::size_t>(g.out.pixel_stride);
}

void conv2d_weight_gradient(const ConvGeometry& g, const float* input, const float* output_gradient,
                            float* gradient, float* bias_gradient) {
  const int row_length = g.kernel_width * g.in.pixel_stride;
  for (int channel = 0; channel < g.out.pixel_stride; channel += kTileVectors * kLanes) {
    const bool two_vectors = g.out.pixel_stride - channel > kLanes;
    for (int ky = 0; ky < g.kernel_height; ++ky) {
      for (int i = 0; i < row_length; i += kTileInputs) {
        const int inputs = std::min(kTileInputs, row_length - i);
        const float* x = input + ky * g.in.row_stride + i;
        float* sums = gradient + (ky * row_length + i) * g.out.pixel_stride + channel;
        if (two_vectors) {
          accumulate_tile_of<kTileInputs, 2>(inputs, g, x, output_gradient + channel, sums);
        } else {
          accumulate_tile_of<kTileInputs, 1>(inputs, g, x, output_gradient + channel, sums);
        }
      }
    }
  }
  for (int y = 0; y < g.out.height; ++y) {
    for (int x = 0; x < g.out.width; ++x) {
      const float* d = output_gradient + y * g.out.row_stride + x * g.out.pixel_stride;
      for (int c = 0; c < g.out.pixel_stride; ++c) {
        bias_gradient[c] += d[c];
      }
    }
  }
}

void unpack_conv2d_gradient(const ConvGeometry& g, std::span<const float> gradient,
                            std::span<float> weights) {
  std::size_t index = 0;
  for (int out = 0; out < g.out.channels; ++out) {
    for (int in = 0; in < g.in.channels; ++in) {
      for (int ky = 0; ky < g.kernel_height; ++ky) {
        for (int kx = 0; kx < g.kernel_width; ++kx) {
          const int row = (ky * g.kernel_width + kx) * g.in.pixel_stride + in;
          weights[index++] += gradient[static_cast<std::size_t>(row * g.out.pixel_stride + out)];
        }
      }
    }
  }
}

}  // namespace inkread
