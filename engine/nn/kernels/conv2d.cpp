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
/// AVX2; engines of WebAssembly keep some registers for themselves.
constexpr int kTilePixels = kLanes == 8 ? 6 : 4;
/// Vectors of output channels of a tile.
constexpr int kTileVectors = 2;

struct TileJob {
  int kernel_height;
  int row_length;  ///< input numbers under one kernel row
  int row_stride;  ///< input numbers from one kernel row to the next
  bool relu;
  const float* packed;
  const float* bias;
};

template <int Pixels, int Vectors>
void run_tile(const TileJob& job, const float* const* inputs, float* const* outputs) {
  Vector sums[Pixels][Vectors];
  for (int v = 0; v < Vectors; ++v) {
    const Vector bias = simd::load(job.bias + v * kLanes);
    for (int p = 0; p < Pixels; ++p) {
      sums[p][v] = bias;
    }
  }
  const float* weights = job.packed;
  for (int ky = 0; ky < job.kernel_height; ++ky) {
    const float* rows[Pixels];
    for (int p = 0; p < Pixels; ++p) {
      rows[p] = inputs[p] + ky * job.row_stride;
    }
    for (int i = 0; i < job.row_length; ++i, weights += Vectors * kLanes) {
      Vector w[Vectors];
      for (int v = 0; v < Vectors; ++v) {
        w[v] = simd::load(weights + v * kLanes);
      }
      for (int p = 0; p < Pixels; ++p) {
        const Vector x = simd::splat(rows[p][i]);
        for (int v = 0; v < Vectors; ++v) {
          sums[p][v] = simd::multiply_add(x, w[v], sums[p][v]);
        }
      }
    }
  }
  for (int p = 0; p < Pixels; ++p) {
    for (int v = 0; v < Vectors; ++v) {
      simd::store(outputs[p] + v * kLanes, job.relu ? simd::max(sums[p][v], Vector{}) : sums[p][v]);
    }
  }
}

/// The tile of `pixels` <= Pixels.
template <int Pixels, int Vectors>
void run_tile_of(int pixels, const TileJob& job, const float* const* inputs, float* const* outputs) {
  if constexpr (Pixels > 1) {
    if (pixels < Pixels) {
      return run_tile_of<Pixels - 1, Vectors>(pixels, job, inputs, outputs);
    }
  }
  run_tile<Pixels, Vectors>(job, inputs, outputs);
}

int output_vectors(const ConvGeometry& geometry) {
  return simd::padded(geometry.out.channels) / kLanes;
}

/// Calls visit(packed index, input number within the kernel row, kernel row, output channel) for every packed
/// weight.
template <typename Visit>
void for_each_packed(const ConvGeometry& g, Visit visit) {
  std::size_t index = 0;
  const int row_length = g.kernel_width * g.in.pixel_stride;
  for (int first = 0; first < output_vectors(g); first += kTileVectors) {
    const int lanes = std::min(kTileVectors, output_vectors(g) - first) * kLanes;
    for (int ky = 0; ky < g.kernel_height; ++ky) {
      for (int i = 0; i < row_length; ++i) {
        for (int lane = 0; lane < lanes; ++lane) {
          visit(index++, i, ky, first * kLanes + lane);
        }
      }
    }
  }
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
  return static_cast<std::size_t>(output_vectors(g) * kLanes) *
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
  TileJob job{g.kernel_height, g.kernel_width * g.in.pixel_stride, g.in.row_stride, relu, packed, bias};
  const int pixels = g.out.height * g.out.width;
  const float* inputs[kTilePixels];
  float* outputs[kTilePixels];
  for (int first_vector = 0; first_vector < output_vectors(g); first_vector += kTileVectors) {
    const int vectors = std::min(kTileVectors, output_vectors(g) - first_vector);
    for (int first = 0; first < pixels; first += kTilePixels) {
      const int count = std::min(kTilePixels, pixels - first);
      for (int p = 0; p < count; ++p) {
        const int y = (first + p) / g.out.width;
        const int x = (first + p) % g.out.width;
        inputs[p] = input + y * g.stride_y * g.in.row_stride + x * g.stride_x * g.in.pixel_stride;
        outputs[p] = output + y * g.out.row_stride + x * g.out.pixel_stride + first_vector * kLanes;
      }
      if (vectors == kTileVectors) {
        run_tile_of<kTilePixels, kTileVectors>(count, job, inputs, outputs);
      } else {
        run_tile_of<kTilePixels, 1>(count, job, inputs, outputs);
      }
    }
    job.packed += g.kernel_height * job.row_length * vectors * kLanes;
    job.bias += vectors * kLanes;
  }
}

}  // namespace inkread
