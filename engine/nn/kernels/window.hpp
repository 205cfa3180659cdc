// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// The pixels [first, last) of one axis that output position `out` of a window sees, padding left out.
struct WindowSpan {
  int first;
  int last;
  [[nodiscard]] int length() const { return last - first; }
};
[[nodiscard]] inline WindowSpan window_span(int out, int kernel, int stride, int pad, int extent) {
  const int first = out * stride - pad;
  return {std::max(first, 0), std::min(first + kernel, extent)};
}

/// Calls visit(rows, columns, offset) for every pixel of a pool's output: the input pixels under its window,
/// and the place of its numbers in the output.
template <typename Visit>
void for_each_window(const Window& window, const PixelLayout& in, const PixelLayout& out, Visit visit) {
  for (int y = 0; y < out.height; ++y) {
    const WindowSpan rows = window_span(y, window.kernel_height, window.stride_y, window.pad_top, in.height);
    for (int x = 0; x < out.width; ++x) {
      visit(rows, window_span(x, window.kernel_width, window.stride_x, window.pad_left, in.width),
            y * out.row_stride + x * out.pixel_stride);
    }
  }
}

}  // namespace inkread
