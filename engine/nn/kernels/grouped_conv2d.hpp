// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// The floats that pack_grouped_conv2d_weights() fills.
[[nodiscard]] std::size_t packed_grouped_conv2d_size(const ConvGeometry& geometry, int groups);

/// weights [out][in / groups][kernel_height][kernel_width] into the order in which grouped_conv2d_forward()
/// reads them: per kernel row, kernel column and input channel of a group, all output channels. Padding
/// channels get zeros.
void pack_grouped_conv2d_weights(const ConvGeometry& geometry, int groups, std::span<const float> weights,
                                 std::span<float> packed);

/// As conv2d_forward(), with the channels in groups that both in.channels and out.channels are multiples of.
/// The input's pixels are padded to whole vectors.
void grouped_conv2d_forward(const ConvGeometry& geometry, int groups, const float* packed, const float* bias,
                            bool relu, const float* input, float* output);

}  // namespace inkread
