// SPDX-License-Identifier: MIT
// Batch normalisation over the images and pixels of a shard. All arrays of channels hold layout.pixel_stride
// numbers, images lie side by side in `layout`, and padding channels stay zero.
#pragma once

#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// The mean and variance (divided by their number, not by one less) of every channel of `values`.
void batch_statistics(int images, const PixelLayout& layout, const float* values, std::span<float> mean,
                      std::span<float> variance);

/// output = factor * values + offset by channel, then max(0, .) if `relu`.
void scale_channels(int images, const PixelLayout& layout, const float* values, std::span<const float> factor,
                    std::span<const float> offset, bool relu, float* output);

/// The numbers of a channel in the backward pass.
struct BatchNormChannels {
  std::span<const float> mean;
  std::span<const float> inverse_deviation;  ///< 1 / sqrt(variance + epsilon)
  std::span<const float> factor;             ///< scale * inverse_deviation
};

/// From the loss's derivative by output = scale * (values - mean) * inverse_deviation + bias, `gradient`,
/// that by `values`, in its place. With `relu_output` the output went through max(0, .) and is given there.
/// Adds to the gradients of scale and bias.
void batch_norm_backward(int images, const PixelLayout& layout, const BatchNormChannels& channels,
                         const float* values, const float* relu_output, float* gradient,
                         std::span<float> scale_gradient, std::span<float> bias_gradient);

}  // namespace inkread
