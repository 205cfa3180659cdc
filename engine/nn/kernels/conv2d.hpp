// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "engine/nn/kernels/instruction_set.hpp"
#include "engine/nn/kernels/simd.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// An image inside the engine: height x width pixels, each `pixel_stride` numbers of which the first
/// `channels` count and the others are zero. Rows are `row_stride` numbers apart.
struct PixelLayout {
  int channels = 0;
  int height = 0;
  int width = 0;
  int pixel_stride = 0;
  int row_stride = 0;

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(row_stride);
  }
};

/// How the engine keeps images between operators: rows without gaps, pixels padded to whole vectors.
[[nodiscard]] PixelLayout padded_layout(const Shape& shape);
/// The network's input: one channel, without any gaps, as callers have it.
[[nodiscard]] PixelLayout gray_layout(int height, int width);

/// From one image of a batch to the next: their size rounded up to whole cache lines.
constexpr std::size_t image_stride(std::size_t image_size) {
  return (image_size + 15) / 16 * 16;
}

/// A convolution without padding: its input is `in`, which may include a border of zeros.
struct ConvGeometry {
  PixelLayout in;
  PixelLayout out;
  int kernel_height = 1;
  int kernel_width = 1;
  int stride_y = 1;
  int stride_x = 1;
  bool max_pooled = false;  ///< `out` has the largest of every 2x2 results; see can_max_pool()
  InstructionSet instruction_set = best_instruction_set();
};

/// Calls visit(first channel, channels) for the blocks of output channels that the kernels take at once.
template <typename Visit>
void for_each_channel_block(const ConvGeometry& geometry, Visit visit) {
  const int all = geometry.out.pixel_stride;
  for (int first = 0; first < all;) {
    int channels = std::min(2 * simd::kLanes, all - first);
    if (geometry.instruction_set == InstructionSet::kAvx512 && all - first >= 32) {
      channels = 32;
    }
    visit(first, channels);
    first += channels;
  }
}

/// The floats that pack_conv2d_weights() fills.
[[nodiscard]] std::size_t packed_conv2d_size(const ConvGeometry& geometry);

/// weights [out][in][kernel_height][kernel_width] into the order in which conv2d_forward() reads them: per
/// block of output channels, per kernel row, per number of an input row. Padding channels get zeros.
void pack_conv2d_weights(const ConvGeometry& geometry, std::span<const float> weights,
                         std::span<float> packed);

/// The same for the convolution that carries a gradient back from the output to the input: input and output
/// channels change places and the kernel is turned by 180 degrees. `weights` is
/// [geometry.in.channels][geometry.out.channels][..][..].
void pack_conv2d_weights_transposed(const ConvGeometry& geometry, std::span<const float> weights,
                                    std::span<float> packed);

/// Whether conv2d_forward() can take the maximum of 2x2 results itself: of 3x3 windows on a grey image.
[[nodiscard]] bool can_max_pool(const ConvGeometry& geometry);

/// output = input * weights + bias, then max(0, .) if `relu`. bias holds out.pixel_stride numbers. Every
/// number of the output is written, padding channels with zero.
void conv2d_forward(const ConvGeometry& geometry, const float* packed, const float* bias, bool relu,
                    const float* input, float* output);

}  // namespace inkread
