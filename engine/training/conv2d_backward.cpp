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

/// One image's share of the gradient of a block of output channels.
struct Block {
  const ConvGeometry& geometry;
  const float* input;
  const float* output_gradient;  ///< at the block's first channel
  float* gradient;               ///< at the block's first channel
};

/// gradient[i][v] += sum over output pixels of input[i] * output_gradient[v].
template <typename Vector, int Inputs, int Vectors>
[[gnu::always_inline]] inline void accumulate_tile(const ConvGeometry& g, const float* input,
                                                   const float* output_gradient, float* gradient) {
  constexpr int kLength = simd::kLanesOf<Vector>;
  Vector sums[Inputs][Vectors];
  for (int i = 0; i < Inputs; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      simd::load(gradient + i * g.out.pixel_stride + v * kLength, sums[i][v]);
    }
  }
  for (int y = 0; y < g.out.height; ++y) {
    const float* x_row = input + y * g.stride_y * g.in.row_stride;
    const float* d_row = output_gradient + y * g.out.row_stride;
    for (int x = 0; x < g.out.width; ++x) {
      Vector d[Vectors];
      for (int v = 0; v < Vectors; ++v) {
        simd::load(d_row + v * kLength, d[v]);
      }
      for (int i = 0; i < Inputs; ++i) {
        const Vector value = x_row[i] - Vector{};
        for (int v = 0; v < Vectors; ++v) {
          simd::add_product(value, d[v], sums[i][v]);
        }
      }
      x_row += g.stride_x * g.in.pixel_stride;
      d_row += g.out.pixel_stride;
    }
  }
  for (int i = 0; i < Inputs; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      simd::store(gradient + i * g.out.pixel_stride + v * kLength, sums[i][v]);
    }
  }
}

/// The tile of `inputs` <= Inputs.
template <typename Vector, int Inputs, int Vectors>
[[gnu::always_inline]] inline void accumulate_tile_of(int inputs, const ConvGeometry& g, const float* input,
                                                      const float* output_gradient, float* gradient) {
  if constexpr (Inputs > 1) {
    if (inputs < Inputs) {
      return accumulate_tile_of<Vector, Inputs - 1, Vectors>(inputs, g, input, output_gradient, gradient);
    }
  }
  accumulate_tile<Vector, Inputs, Vectors>(g, input, output_gradient, gradient);
}

template <typename Vector, int Inputs, int Vectors>
[[gnu::always_inline]] inline void accumulate_tiles(const Block& block) {
  const ConvGeometry& g = block.geometry;
  const int row_length = g.kernel_width * g.in.pixel_stride;
  for (int ky = 0; ky < g.kernel_height; ++ky) {
    for (int i = 0; i < row_length; i += Inputs) {
      accumulate_tile_of<Vector, Inputs, Vectors>(
          std::min(Inputs, row_length - i), g, block.input + ky * g.in.row_stride + i, block.output_gradient,
          block.gradient + (ky * row_length + i) * g.out.pixel_stride);
    }
  }
}

void accumulate_block(int channels, const Block& block) {
  if (channels == 2 * kLanes) {
    accumulate_tiles<Vector, kTileInputs, 2>(block);
  } else {
    accumulate_tiles<Vector, kTileInputs, 1>(block);
  }
}

#if defined(INKREAD_TARGET_AVX512)
INKREAD_TARGET_AVX512 void accumulate_block_avx512(int channels, const Block& block) {
  using simd::Avx512Vector;
  constexpr int kAvx512TileInputs = 12;
  if (channels == 32) {
    accumulate_tiles<Avx512Vector, kAvx512TileInputs, 2>(block);
  } else if (channels == 16) {
    accumulate_tiles<Avx512Vector, kAvx512TileInputs, 1>(block);
  } else {
    accumulate_tiles<Vector, kAvx512TileInputs, 1>(block);
  }
}
#endif

}  // namespace

std::size_t conv2d_gradient_size(const ConvGeometry& g) {
  return static_cast<std::size_t>(g.kernel_height * g.kernel_width * g.in.pixel_stride) *
         static_cast<std::size_t>(g.out.pixel_stride);
}

void conv2d_weight_gradient(const ConvGeometry& g, const float* input, const float* output_gradient,
                            float* gradient, float* bias_gradient) {
  auto accumulate = accumulate_block;
#if defined(INKREAD_TARGET_AVX512)
  if (g.instruction_set == InstructionSet::kAvx512) {
    accumulate = accumulate_block_avx512;
  }
#endif
  for_each_channel_block(g, [&](int first, int channels) {
    accumulate(channels, {g, input, output_gradient + first, gradient + first});
  });
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
