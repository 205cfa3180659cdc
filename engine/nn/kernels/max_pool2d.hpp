// SPDX-License-Identifier: MIT
#pragma once

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// The pixels [first, last) of one axis that output position `out` of a window sees, padding left out.
struct WindowSpan {
  int first;
  int last;
};
[[nodiscard]] WindowSpan window_span(int out, int kernel, int stride, int pad, int extent);

/// The maximum under each window, channel by channel. Every window must see at least one pixel.
void max_pool2d_forward(const Window& window, const PixelLayout& in, const PixelLayout& out,
                        const float* input, float* output);

}  // namespace inkread
