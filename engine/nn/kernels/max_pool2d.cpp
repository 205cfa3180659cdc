// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/max_pool2d.hpp"

#include <algorithm>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {

WindowSpan window_span(int out, int kernel, int stride, int pad, int extent) {
  const int first = out * stride - pad;
  return {std::max(first, 0), std::min(first + kernel, extent)};
}

void max_pool2d_forward(const Window& window, const PixelLayout& in, const PixelLayout& out,
                        const float* input, float* output) {
  for (int y = 0; y < out.height; ++y) {
    const WindowSpan rows = window_span(y, window.kernel_height, window.stride_y, window.pad_top, in.height);
    for (int x = 0; x < out.width; ++x) {
      const WindowSpan columns =
          window_span(x, window.kernel_width, window.stride_x, window.pad_left, in.width);
      float* to = output + y * out.row_stride + x * out.pixel_stride;
      for (int c = 0; c < out.channels; c += simd::kLanes) {
        simd::Vector best =
            simd::load(input + rows.first * in.row_stride + columns.first * in.pixel_stride + c);
        for (int iy = rows.first; iy < rows.last; ++iy) {
          for (int ix = columns.first; ix < columns.last; ++ix) {
            best = simd::max(simd::load(input + iy * in.row_stride + ix * in.pixel_stride + c), best);
          }
        }
        simd::store(to + c, best);
      }
    }
  }
}

}  // namespace inkread
