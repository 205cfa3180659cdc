// SPDX-License-Identifier: MIT
#pragma once

#include "engine/nn/kernels/window.hpp"

namespace inkread {

/// The mean under each window, channel by channel: of the pixels that it sees, or with padding as zeros.
/// Every window must see at least one pixel.
void average_pool2d_forward(const AveragePool2d& pool, const PixelLayout& in, const PixelLayout& out,
                            const float* input, float* output);

}  // namespace inkread
