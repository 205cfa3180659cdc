// SPDX-License-Identifier: MIT
#pragma once

#include "engine/nn/kernels/window.hpp"

namespace inkread {

/// The maximum under each window, channel by channel. Every window must see at least one pixel.
void max_pool2d_forward(const Window& window, const PixelLayout& in, const PixelLayout& out,
                        const float* input, float* output);

}  // namespace inkread
