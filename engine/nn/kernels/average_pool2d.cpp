// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/average_pool2d.hpp"

#include "engine/nn/kernels/simd.hpp"

namespace inkread {

void average_pool2d_forward(const AveragePool2d& pool, const PixelLayout& in, const PixelLayout& out,
                            const float* input, float* output) {
  const int kernel_area = pool.window.kernel_height * pool.window.kernel_width;
  for_each_window(pool.window, in, out, [&](WindowSpan rows, WindowSpan columns, int to) {
    const int count = pool.count_padding ? kernel_area : rows.length() * columns.length();
    const simd::Vector divisor = simd::splat(static_cast<float>(count));
    for (int c = 0; c < out.channels; c += simd::kLanes) {
      simd::Vector sum{};
      for (int iy = rows.first; iy < rows.last; ++iy) {
        for (int ix = columns.first; ix < columns.last; ++ix) {
          sum += simd::load(input + iy * in.row_stride + ix * in.pixel_stride + c);
        }
      }
      simd::store(output + to + c, sum / divisor);
    }
  });
}

}  // namespace inkread
