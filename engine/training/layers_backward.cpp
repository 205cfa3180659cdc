// SPDX-License-Identifier: MIT
#include "engine/training/layers_backward.hpp"

#include <algorithm>
#include <cmath>

#include "engine/nn/kernels/max_pool2d.hpp"
#include "engine/nn/kernels/simd.hpp"
#include "engine/nn/kernels/vector_ops.hpp"
#include "engine/nn/kernels/window.hpp"

namespace inkread {
void relu_backward(std::span<const float> y, std::span<float> dy) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    dy[i] = y[i] > 0 ? dy[i] : 0.0F;
  }
}

void max_pool2d_backward(const Window& window, const PixelLayout& in, const PixelLayout& out, const float* x,
                         const float* y, const float* dy, float* dx) {
  std::fill_n(dx, in.size(), 0.0F);
  for (int oy = 0; oy < out.height; ++oy) {
    const WindowSpan row_span =
        window_span(oy, window.kernel_height, window.stride_y, window.pad_top, in.height);
    for (int ox = 0; ox < out.width; ++ox) {
      const WindowSpan columns =
          window_span(ox, window.kernel_width, window.stride_x, window.pad_left, in.width);
      const int at = oy * out.row_stride + ox * out.pixel_stride;
      for (int c = 0; c < out.pixel_stride; c += simd::kLanes) {
        const simd::Vector best = simd::load(y + at + c);
        simd::Vector pending = simd::load(dy + at + c);
        for (int iy = row_span.first; iy < row_span.last; ++iy) {
          for (int ix = columns.first; ix < columns.last; ++ix) {
            const int from = iy * in.row_stride + ix * in.pixel_stride + c;
            const auto hit = simd::load(x + from) == best;
            simd::store(dx + from, simd::load(dx + from) + (hit ? pending : simd::Vector{}));
            pending = hit ? simd::Vector{} : pending;
          }
        }
      }
    }
  }
}

void average_pool2d_backward(const AveragePool2d& op, const PixelLayout& in, const PixelLayout& out,
                             const float* dy, float* dx) {
  std::fill_n(dx, in.size(), 0.0F);
  const int kernel_area = op.window.kernel_height * op.window.kernel_width;
  for_each_window(op.window, in, out, [&](WindowSpan rows, WindowSpan columns, int from) {
    const int count = op.count_padding ? kernel_area : rows.length() * columns.length();
    const simd::Vector divisor = simd::splat(static_cast<float>(count));
    for (int c = 0; c < out.pixel_stride; c += simd::kLanes) {
      const simd::Vector each = simd::load(dy + from + c) / divisor;
      for (int iy = rows.first; iy < rows.last; ++iy) {
        for (int ix = columns.first; ix < columns.last; ++ix) {
          float* to = dx + iy * in.row_stride + ix * in.pixel_stride + c;
          simd::store(to, simd::load(to) + each);
        }
      }
    }
  });
}

void tanh_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    dx[i] = dy[i] * (1 - y[i] * y[i]);
  }
}

void flatten_backward(const PixelLayout& in, const float* dy, float* dx) {
  std::fill_n(dx, in.size(), 0.0F);
  for (int c = 0; c < in.channels; ++c) {
    for (int y = 0; y < in.height; ++y) {
      for (int x = 0; x < in.width; ++x) {
        dx[y * in.row_stride + x * in.pixel_stride + c] = *dy++;
      }
    }
  }
}

float softmax_cross_entropy(std::span<const float> logits, std::span<const float> target,
                            std::span<float> p) {
  const float highest = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (const float logit : logits) {
    sum += std::exp(logit - highest);
  }
  const float log_sum = highest + std::log(sum);
  float loss = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    loss += target[i] * (log_sum - logits[i]);
  }
  softmax_forward(logits, p);
  return loss;
}

}  // namespace inkread
