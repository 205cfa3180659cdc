// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/max_pool2d.hpp"

#include "engine/nn/kernels/simd.hpp"

namespace inkread {

void max_pool2d_forward(const Window& window, const PixelLayout& in, const PixelLayout& out,
                        const float* input, float* output) {
  for_each_window(window, in, out, [&](WindowSpan rows, WindowSpan columns, int to) {
    for (int c = 0; c < out.channels; c += simd::kLanes) {
      simd::Vector best =
          simd::load(input + rows.first * in.row_stride + columns.first * in.pixel_stride + c);
      for (int iy = rows.first; iy < rows.last; ++iy) {
        for (int ix = columns.first; ix < columns.last; ++ix) {
          best = simd::max(simd::load(input + iy * in.row_stride + ix * in.pixel_stride + c), best);
        }
      }
      simd::store(output + to + c, best);
    }
  });
}

}  // namespace inkread
