// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inkread {

/// Rows of pixels from the top, `channels` values a pixel side by side, no gaps. Owns nothing.
template <typename T>
struct ImageView {
  std::span<const T> pixels;  ///< width * height * channels values
  int width = 0;
  int height = 0;
  int channels = 1;

  [[nodiscard]] const T* row(int y) const {
    assert(y >= 0 && y < height);
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
  }
  [[nodiscard]] T at(int x, int y) const {
    assert(x >= 0 && x < width);
    return row(y)[x * channels];
  }
};

/// The same, owning its pixels.
template <typename T>
struct Image {
  std::vector<T> pixels;
  int width = 0;
  int height = 0;
  int channels = 1;

  Image() = default;
  Image(int image_width, int image_height, int image_channels = 1, T fill = T{})
      : pixels(static_cast<std::size_t>(image_width) * static_cast<std::size_t>(image_height) *
                   static_cast<std::size_t>(image_channels),
               fill),
        width(image_width),
        height(image_height),
        channels(image_channels) {}

  [[nodiscard]] T* row(int y) {
    assert(y >= 0 && y < height);
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
  }
  [[nodiscard]] T& at(int x, int y) {
    assert(x >= 0 && x < width);
    return row(y)[x * channels];
  }
  [[nodiscard]] ImageView<T> view() const { return {pixels, width, height, channels}; }
};

/// Grey in 0..1. An ink image has ink = 1 and paper = 0, as MNIST.
using GrayImage = Image<float>;
using GrayView = ImageView<float>;
/// Eight bits a channel: 4 channels, red, green, blue, alpha (not premultiplied), as in a browser's
/// ImageData.
using RgbaImage = Image<std::uint8_t>;
using RgbaView = ImageView<std::uint8_t>;

/// A rectangle in pixels; (x, y) is its top left corner.
struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// The smallest box around both.
inline Box around(const Box& a, const Box& b) {
  const int left = std::min(a.x, b.x);
  const int top = std::min(a.y, b.y);
  return {left, top, std::max(a.x + a.width, b.x + b.width) - left,
          std::max(a.y + a.height, b.y + b.height) - top};
}

/// Whether the box reaches the edge of the picture that it lies in.
template <typename Picture>
bool touches_border(const Box& box, const Picture& picture) {
  return box.x == 0 || box.y == 0 || box.x + box.width == picture.width ||
         box.y + box.height == picture.height;
}

}  // namespace inkread
