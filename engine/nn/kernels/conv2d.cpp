// SPDX-License-Identifier: MIT
// Direct convolution by register tiles: a few output pixels by one or two vectors of output channels stay in
// registers while the kernel window passes over them, so every weight loaded serves several pixels and every
// input number several channels. Pixels of all output rows form one list, so only the last tile of an image
// is a partial one.
#include "engine/nn/kernels/conv2d.hpp"

#include <algorithm>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// Output pixels of a tile. With two vectors of channels, their sums and operands just fit 16 registers on
/// AVX2, and twelve pixels 32 on AVX-512; engines of WebAssembly keep some registers for themselves.
constexpr int kTilePixels = kLanes == 8 ? 6 : 4;

/// The convolution into a block of output channels.
struct Block {
  const ConvGeometry& geometry;
  bool relu;
  const float* packed;
  const float* bias;
  const float* input;
  float* output;  ///< at the block's first channel
};

template <typename Vector, int Pixels, int Vectors>
[[gnu::always_inline]] inline void run_tile(const Block& block, const float* const* inputs,
                                            float* const* outputs) {
  constexpr int kLength = simd::kLanesOf<Vector>;
  const int row_length = block.geometry.kernel_width * block.geometry.in.pixel_stride;
  Vector sums[Pixels][Vectors];
  for (int v = 0; v < Vectors; ++v) {
    Vector bias;
    simd::load(block.bias + v * kLength, bias);
    for (int p = 0; p < Pixels; ++p) {
      sums[p][v] = bias;
    }
  }
  const float* weights = block.packed;
  for (int ky = 0; ky < block.geometry.kernel_height; ++ky) {
    const float* rows[Pixels];
    for (int p = 0; p < Pixels; ++p) {
      rows[p] = inputs[p] + ky * block.geometry.in.row_stride;
    }
    for (int i = 0; i < row_length; ++i, weights += Vectors * kLength) {
      Vector w[Vectors];
      for (int v = 0; v < Vectors; ++v) {
        simd::load(weights + v * kLength, w[v]);
      }
      for (int p = 0; p < Pixels; ++p) {
        const Vector x = rows[p][i] - Vector{};
        for (int v = 0; v < Vectors; ++v) {
          simd::add_product(x, w[v], sums[p][v]);
        }
      }
    }
  }
  for (int p = 0; p < Pixels; ++p) {
    for (int v = 0; v < Vectors; ++v) {
      const Vector sum = sums[p][v];
      simd::store(outputs[p] + v * kLength, block.relu ? (sum > Vector{} ? sum : Vector{}) : sum);
    }
  }
}

/// The tile of `pixels` <= Pixels.
template <typename Vector, int Pixels, int Vectors>
[[gnu::always_inline]] inline void run_tile_of(int pixels, const Block& block, const float* const* inputs,
                                               float* const* outputs) {
  if constexpr (Pixels > 1) {
    if (pixels < Pixels) {
      return run_tile_of<Vector, Pixels - 1, Vectors>(pixels, block, inputs, outputs);
    }
  }
  run_tile<Vector, Pixels, Vectors>(block, inputs, outputs);
}

template <typename Vector, int Pixels, int Vectors>
[[gnu::always_inline]] inline void run_tiles(const Block& block) {
  const ConvGeometry& g = block.geometry;
  const int pixels = g.out.height * g.out.width;
  const float* inputs[Pixels];
  float* outputs[Pixels];
  for (int first = 0; first < pixels; first += Pixels) {
    const int count = std::min(Pixels, pixels - first);
    for (int p = 0; p < count; ++p) {
      const int y = (first + p) / g.out.width;
      const int x = (first + p) % g.out.width;
      inputs[p] = block.input + y * g.stride_y * g.in.row_stride + x * g.stride_x * g.in.pixel_stride;
      outputs[p] = block.output + y * g.out.row_stride + x * g.out.pixel_stride;
    }
    run_tile_of<Vector, Pixels, Vectors>(count, block, inputs, outputs);
  }
}

void run_block(int channels, const Block& block) {
  if (channels == 2 * kLanes) {
    run_tiles<Vector, kTilePixels, 2>(block);
  } else {
    run_tiles<Vector, kTilePixels, 1>(block);
  }
}

#if defined(INKREAD_TARGET_AVX512)
INKREAD_TARGET_AVX512 void run_block_avx512(int channels, const Block& block) {
  using simd::Avx512Vector;
  constexpr int kAvx512TilePixels = 12;
  if (channels == 32) {
    run_tiles<Avx512Vector, kAvx512TilePixels, 2>(block);
  } else if (channels == 16) {
    run_tiles<Avx512Vector, kAvx512TilePixels, 1>(block);
  } else {
    run_tiles<Vector, kAvx512TilePixels, 1>(block);
  }
}
#endif

/// Calls visit(packed index, input number within the kernel row, kernel row, output channel) for every packed
/// weight.
template <typename Visit>
void for_each_packed(const ConvGeometry& g, Visit visit) {
  std::size_t index = 0;
  const int row_length = g.kernel_width * g.in.pixel_stride;
  for_each_channel_block(g, [&](int first, int channels) {
    for (int ky = 0; ky < g.kernel_height; ++ky) {
      for (int i = 0; i < row_length; ++i) {
        for (int channel = first; channel < first + channels; ++channel) {
          visit(index++, i, ky, channel);
        }
      }
    }
  });
}

/// Packs so that `source(out, in, ky, kx)` is the weight's place in `weights`.
template <typename Source>
void pack(const ConvGeometry& g, std::span<const float> weights, std::span<float> packed, Source source) {
  for_each_packed(g, [&](std::size_t index, int i, int ky, int out) {
    const int kx = i / g.in.pixel_stride;
    const int in = i % g.in.pixel_stride;
    const bool padding = in >= g.in.channels || out >= g.out.channels;
    packed[index] = padding ? 0.0F : weights[static_cast<std::size_t>(source(out, in, ky, kx))];
  });
}

}  // namespace

PixelLayout padded_layout(const Shape& shape) {
  const int pixel_stride = simd::padded(shape.channels);
  return {shape.channels, shape.height, shape.width, pixel_stride, pixel_stride * shape.width};
}

PixelLayout gray_layout(int height, int width) {
  return {1, height, width, 1, width};
}

std::size_t packed_conv2d_size(const ConvGeometry& g) {
  return static_cast<std::size_t>(g.out.pixel_stride) *
         static_cast<std::size_t>(g.kernel_height * g.kernel_width * g.in.pixel_stride);
}

void pack_conv2d_weights(const ConvGeometry& g, std::span<const float> weights, std::span<float> packed) {
  pack(g, weights, packed, [&](int out, int in, int ky, int kx) {
    return ((out * g.in.channels + in) * g.kernel_height + ky) * g.kernel_width + kx;
  });
}

void pack_conv2d_weights_transposed(const ConvGeometry& g, std::span<const float> weights,
                                    std::span<float> packed) {
  pack(g, weights, packed, [&](int out, int in, int ky, int kx) {
    const int turned = (g.kernel_height - 1 - ky) * g.kernel_width + (g.kernel_width - 1 - kx);
    return (in * g.out.channels + out) * g.kernel_height * g.kernel_width + turned;
  });
}

void conv2d_forward(const ConvGeometry& g, const float* packed, const float* bias, bool relu,
                    const float* input, float* output) {
  auto run = run_block;
#if defined(INKREAD_TARGET_AVX512)
  if (g.instruction_set == InstructionSet::kAvx512) {
    run = run_block_avx512;
  }
#endif
  for_each_channel_block(g, [&](int first, int channels) {
    run(channels, {g, relu, packed, bias + first, input, output + first});
    packed += g.kernel_height * g.kernel_width * g.in.pixel_stride * channels;
  });
}

}  // namespace inkread
