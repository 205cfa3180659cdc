// SPDX-License-Identifier: MIT
// One vector of output channels at a time. Each of its lanes has an input channel of its own, so the inputs
// are gathered, but for a depthwise convolution, whose input channels are a vector too.
#include "engine/nn/kernels/grouped_conv2d.hpp"

#include <array>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// The first input channel of the group that each of the output channels from `first` on belongs to; any for
/// padding channels, whose weights are zero.
std::array<int, kLanes> group_starts(const ConvGeometry& g, int groups, int first) {
  std::array<int, kLanes> starts{};
  const int in_size = g.in.channels / groups;
  const int out_size = g.out.channels / groups;
  for (int lane = 0; lane < kLanes && first + lane < g.out.channels; ++lane) {
    starts[static_cast<std::size_t>(lane)] = (first + lane) / out_size * in_size;
  }
  return starts;
}

Vector gather(const float* pixel, const std::array<int, kLanes>& starts) {
  Vector v{};
  for (int lane = 0; lane < kLanes; ++lane) {
    v[lane] = pixel[starts[static_cast<std::size_t>(lane)]];
  }
  return v;
}

/// The output channels from `first` on, at every pixel.
template <bool Depthwise>
void run_block(const ConvGeometry& g, int groups, int first, const float* packed, Vector bias, bool relu,
               const float* input, float* output) {
  const std::array<int, kLanes> starts = group_starts(g, groups, first);
  const int in_size = g.in.channels / groups;
  for (int y = 0; y < g.out.height; ++y) {
    for (int x = 0; x < g.out.width; ++x) {
      const float* corner = input + y * g.stride_y * g.in.row_stride + x * g.stride_x * g.in.pixel_stride;
      const float* weights = packed + first;
      Vector sum = bias;
      for (int ky = 0; ky < g.kernel_height; ++ky) {
        for (int kx = 0; kx < g.kernel_width; ++kx) {
          const float* pixel = corner + ky * g.in.row_stride + kx * g.in.pixel_stride;
          for (int i = 0; i < in_size; ++i, weights += g.out.pixel_stride) {
            const Vector in = Depthwise ? simd::load(pixel + first) : gather(pixel + i, starts);
            simd::add_product(in, simd::load(weights), sum);
          }
        }
      }
      simd::store(output + y * g.out.row_stride + x * g.out.pixel_stride + first,
                  relu ? simd::max(sum, Vector{}) : sum);
    }
  }
}

}  // namespace

std::size_t packed_grouped_conv2d_size(const ConvGeometry& g, int groups) {
  return static_cast<std::size_t>(g.out.pixel_stride) *
         static_cast<std::size_t>(g.kernel_height * g.kernel_width * (g.in.channels / groups));
}

void pack_grouped_conv2d_weights(const ConvGeometry& g, int groups, std::span<const float> weights,
                                 std::span<float> packed) {
  const int in_size = g.in.channels / groups;
  std::size_t index = 0;
  for (int ky = 0; ky < g.kernel_height; ++ky) {
    for (int kx = 0; kx < g.kernel_width; ++kx) {
      for (int in = 0; in < in_size; ++in) {
        for (int out = 0; out < g.out.pixel_stride; ++out, ++index) {
          const int source = ((out * in_size + in) * g.kernel_height + ky) * g.kernel_width + kx;
          packed[index] = out < g.out.channels ? weights[static_cast<std::size_t>(source)] : 0.0F;
        }
      }
    }
  }
}

void grouped_conv2d_forward(const ConvGeometry& g, int groups, const float* packed, const float* bias,
                            bool relu, const float* input, float* output) {
  const bool depthwise = groups == g.in.channels && groups == g.out.channels;
  const auto run = depthwise ? run_block<true> : run_block<false>;
  for (int first = 0; first < g.out.channels; first += kLanes) {
    run(g, groups, first, packed, simd::load(bias + first), relu, input, output);
  }
}

}  // namespace inkread
