// SPDX-License-Identifier: MIT
// Direct convolution by register tiles: a few output pixels by one or two vectors of output channels stay in
// registers while the kernel window passes over them, so every weight loaded serves several pixels and every
// input number several channels. Pixels of all output rows form one list, so only the last tile of an image
// is a partial one.
#include "engine/nn/kernels/conv2d.hpp"

#include <algorithm>
#include <cassert>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// Output pixels of a tile. With two vectors of channels, their sums and operands just fit 16 registers on
/// AVX2, and twelve pixels 32 on AVX-512; engines of WebAssembly keep some registers for themselves.
constexpr int kTilePixels = kLanes == 8 ? 6 : 4;

/// The side of windows on a grey image for which the loops are unrolled: such a layer comes first in nearly
/// every network, and its sums are too short for anything else.
constexpr int kUnrolledSide = 3;

bool is_unrolled(const ConvGeometry& g) {
  return g.kernel_height == kUnrolledSide && g.kernel_width * g.in.pixel_stride == kUnrolledSide;
}

/// The convolution into a block of output channels.
struct Block {
  const ConvGeometry& geometry;
  bool relu;
  const float* packed;
  const float* bias;
  const float* input;
  float* output;  ///< at the block's first channel
};

template <typename Vector>
[[gnu::always_inline]] inline void store_result(const Block& block, const Vector& result, float* to) {
  simd::store(to, Vector(block.relu ? (result > Vector{} ? result : Vector{}) : result));
}

/// A tile of `Pixels` results, `Window` being the side of an unrolled window or 0 for any. `pooled`: the
/// results come in fours, of which only the largest is stored.
template <typename Vector, int Pixels, int Vectors, int Window>
INKREAD_SHARED_IF_COMPACT void run_tile(const Block& block, bool pooled, const float* const* inputs,
                                        float* const* outputs) {
  constexpr int kLength = simd::kLanesOf<Vector>;
  const int height = Window > 0 ? Window : block.geometry.kernel_height;
  const int row_length = Window > 0 ? Window : block.geometry.kernel_width * block.geometry.in.pixel_stride;
  Vector sums[Pixels][Vectors];
  for (int v = 0; v < Vectors; ++v) {
    Vector bias;
    simd::load(block.bias + v * kLength, bias);
    for (int p = 0; p < Pixels; ++p) {
      sums[p][v] = bias;
    }
  }
  const float* weights = block.packed;
  for (int ky = 0; ky < height; ++ky) {
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
  if constexpr (Pixels % 4 == 0) {
    if (pooled) {
      for (int p = 0; p < Pixels; p += 4) {
        for (int v = 0; v < Vectors; ++v) {
          Vector result = sums[p][v];
          for (int other = p + 1; other < p + 4; ++other) {
            result = sums[other][v] > result ? sums[other][v] : result;
          }
          store_result(block, result, outputs[p / 4] + v * kLength);
        }
      }
      return;
    }
  }
  for (int p = 0; p < Pixels; ++p) {
    for (int v = 0; v < Vectors; ++v) {
      store_result(block, sums[p][v], outputs[p] + v * kLength);
    }
  }
}

/// The tile of `pixels` <= Pixels.
template <typename Vector, int Pixels, int Vectors, int Window, bool Pooled>
[[gnu::always_inline]] inline void run_tile_of(int pixels, const Block& block, const float* const* inputs,
                                               float* const* outputs) {
#if defined(INKREAD_COMPACT)
  if (pixels < Pixels) {  // the last few of an image, a dense layer's only one; pooled tiles are whole
    for (int p = 0; p < pixels; ++p) {
      run_tile<Vector, 1, Vectors, 0>(block, false, inputs + p, outputs + p);
    }
    return;
  }
#else
  constexpr int kStep = Pooled ? 4 : 1;
  if constexpr (Pixels > kStep) {
    if (pixels < Pixels) {
      return run_tile_of<Vector, Pixels - kStep, Vectors, Window, Pooled>(pixels, block, inputs, outputs);
    }
  }
#endif
  run_tile<Vector, Pixels, Vectors, Window>(block, Pooled, inputs, outputs);
}

template <typename Vector, int Pixels, int Vectors, int Window>
[[gnu::always_inline]] inline void run_tiles(const Block& block) {
  const ConvGeometry& g = block.geometry;
  const int pixels = g.out.height * g.out.width;
  const float* inputs[Pixels];
  float* outputs[Pixels];
  int x = 0;
  int y = 0;
  for (int first = 0; first < pixels; first += Pixels) {
    const int count = std::min(Pixels, pixels - first);
    for (int p = 0; p < count; ++p) {
      inputs[p] = block.input + y * g.stride_y * g.in.row_stride + x * g.stride_x * g.in.pixel_stride;
      outputs[p] = block.output + y * g.out.row_stride + x * g.out.pixel_stride;
      if (++x == g.out.width) {
        x = 0;
        ++y;
      }
    }
    run_tile_of<Vector, Pixels, Vectors, Window, false>(count, block, inputs, outputs);
  }
}

/// The same for tiles whose results are pooled, four by four.
template <typename Vector, int Pixels, int Vectors, int Window>
[[gnu::always_inline]] inline void run_pooled_tiles(const Block& block) {
  constexpr int kOutputs = Pixels / 4;
  const ConvGeometry& g = block.geometry;
  const int down = g.stride_y * g.in.row_stride;
  const int right = g.stride_x * g.in.pixel_stride;
  const float* inputs[4 * kOutputs];
  float* outputs[kOutputs];
  for (int y = 0; y < g.out.height; ++y) {
    for (int x = 0; x < g.out.width; x += kOutputs) {
      const int count = std::min(kOutputs, g.out.width - x);
      for (int p = 0; p < count; ++p) {
        const float* corner = block.input + 2 * y * down + 2 * (x + p) * right;
        const float* const window[] = {corner, corner + right, corner + down, corner + down + right};
        std::copy_n(window, 4, inputs + 4 * p);
        outputs[p] = block.output + y * g.out.row_stride + (x + p) * g.out.pixel_stride;
      }
      run_tile_of<Vector, 4 * kOutputs, Vectors, Window, true>(4 * count, block, inputs, outputs);
    }
  }
}

/// By the kind of convolution.
template <typename Vector, int Pixels, int Vectors>
[[gnu::always_inline]] inline void run_vectors(const Block& block) {
#if defined(INKREAD_COMPACT)
  constexpr int kWindow = Vectors == 1 ? 0 : kUnrolledSide;  // one vector: the last channels of a few layers
#else
  constexpr int kWindow = kUnrolledSide;
#endif
  if (block.geometry.max_pooled) {
    run_pooled_tiles<Vector, Pixels, Vectors, kWindow>(block);
  } else if (is_unrolled(block.geometry)) {
    run_tiles<Vector, Pixels, Vectors, kWindow>(block);
  } else {
    run_tiles<Vector, Pixels, Vectors, 0>(block);
  }
}

void run_block(int channels, const Block& block) {
  if (channels == 2 * kLanes) {
    run_vectors<Vector, kTilePixels, 2>(block);
  } else {
    run_vectors<Vector, kTilePixels, 1>(block);
  }
}

#if defined(INKREAD_TARGET_AVX512)
INKREAD_TARGET_AVX512 void run_block_avx512(int channels, const Block& block) {
  using simd::Avx512Vector;
  constexpr int kAvx512TilePixels = 12;
  if (channels == 32) {
    run_vectors<Avx512Vector, kAvx512TilePixels, 2>(block);
  } else if (channels == 16) {
    run_vectors<Avx512Vector, kAvx512TilePixels, 1>(block);
  } else {
    run_vectors<Vector, kAvx512TilePixels, 1>(block);
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

bool can_max_pool(const ConvGeometry& g) {
  return is_unrolled(g);
}

void conv2d_forward(const ConvGeometry& g, const float* packed, const float* bias, bool relu,
                    const float* input, float* output) {
  assert(!g.max_pooled || can_max_pool(g));
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
