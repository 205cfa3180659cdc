// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// The floats that conv2d_weight_gradient() accumulates into.
[[nodiscard]] std::size_t conv2d_gradient_size(const ConvGeometry& geometry);

/// Adds one image's share to gradient [kernel_height][kernel_width * in.pixel_stride][out.pixel_stride], the
/// derivative of the loss by the weights, and to bias_gradient [out.pixel_stride]. `output_gradient` is the
/// loss's derivative by the convolution's output, its padding channels zero.
void conv2d_weight_gradient(const ConvGeometry& geometry, const float* input, const float* output_gradient,
                            float* gradient, float* bias_gradient);

/// Adds such a gradient to `weights` [out][in][kernel_height][kernel_width].
void unpack_conv2d_gradient(const ConvGeometry& geometry, std::span<const float> gradient,
                            std::span<float> weights);

}  // namespace inkread
