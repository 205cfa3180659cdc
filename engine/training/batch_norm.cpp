// SPDX-License-Identifier: MIT
#include "engine/training/batch_norm.hpp"

#include <algorithm>
#include <vector>

#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// Sums of one image in float, of all images in double: little precision is lost over many pixels.
class ChannelSums {
 public:
  explicit ChannelSums(const PixelLayout& layout)
      : image_(static_cast<std::size_t>(layout.pixel_stride)), all_(image_.size()) {}

  [[nodiscard]] float* image() { return image_.data(); }
  void end_image() {
    for (std::size_t c = 0; c < all_.size(); ++c) {
      all_[c] += static_cast<double>(image_[c]);
      image_[c] = 0;
    }
  }
  [[nodiscard]] double operator[](std::size_t channel) const { return all_[channel]; }

 private:
  std::vector<float> image_;
  std::vector<double> all_;
};

/// Calls visit(offset of a vector in an image, channel) over one image.
template <typename Visit>
void for_each_vector(const PixelLayout& layout, Visit visit) {
  const int size = static_cast<int>(layout.size());
  for (int pixel = 0; pixel < size; pixel += layout.pixel_stride) {
    for (int c = 0; c < layout.pixel_stride; c += kLanes) {
      visit(pixel + c, c);
    }
  }
}

void add_to(float* sums, Vector value) {
  simd::store(sums, simd::load(sums) + value);
}

}  // namespace

void batch_statistics(int images, const PixelLayout& layout, const float* values, std::span<float> mean,
                      std::span<float> variance) {
  ChannelSums sums(layout);
  ChannelSums squares(layout);
  for (int i = 0; i < images; ++i, values += layout.size()) {
    for_each_vector(layout, [&](int at, int c) {
      const Vector v = simd::load(values + at);
      add_to(sums.image() + c, v);
      add_to(squares.image() + c, v * v);
    });
    sums.end_image();
    squares.end_image();
  }
  const double count = static_cast<double>(images) * layout.height * layout.width;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double m = sums[c] / count;
    mean[c] = static_cast<float>(m);
    variance[c] = static_cast<float>(std::max(0.0, squares[c] / count - m * m));
  }
}

void scale_channels(int images, const PixelLayout& layout, const float* values, std::span<const float> factor,
                    std::span<const float> offset, bool relu, float* output) {
  for (int i = 0; i < images; ++i, values += layout.size(), output += layout.size()) {
    for_each_vector(layout, [&](int at, int c) {
      const Vector v =
          simd::load(values + at) * simd::load(factor.data() + c) + simd::load(offset.data() + c);
      simd::store(output + at, relu ? simd::max(v, Vector{}) : v);
    });
  }
}

void batch_norm_backward(int images, const PixelLayout& layout, const BatchNormChannels& channels,
                         const float* values, const float* relu_output, float* gradient,
                         std::span<float> scale_gradient, std::span<float> bias_gradient) {
  ChannelSums sums(layout);
  ChannelSums products(layout);
  for (int i = 0; i < images; ++i) {
    const std::size_t first = static_cast<std::size_t>(i) * layout.size();
    const float* z = values + first;
    float* d = gradient + first;
    for_each_vector(layout, [&](int at, int c) {
      Vector g = simd::load(d + at);
      if (relu_output != nullptr) {
        g = simd::load(relu_output + first + at) > Vector{} ? g : Vector{};
        simd::store(d + at, g);
      }
      add_to(sums.image() + c, g);
      add_to(products.image() + c, g * (simd::load(z + at) - simd::load(channels.mean.data() + c)));
    });
    sums.end_image();
    products.end_image();
  }
  // With x = (values - mean) * inverse_deviation, over the shard's n numbers of a channel:
  // gradient' = scale * inverse_deviation * (gradient - sum(gradient) / n - x * sum(gradient * x) / n).
  // In terms of values: gradient' = a * gradient + b * values + c.
  const double count = static_cast<double>(images) * layout.height * layout.width;
  const auto size = static_cast<std::size_t>(layout.pixel_stride);
  std::vector<float> a(size);
  std::vector<float> b(size);
  std::vector<float> offset(size);
  for (std::size_t c = 0; c < size; ++c) {
    const auto inverse = static_cast<double>(channels.inverse_deviation[c]);
    const double product = products[c] * inverse;
    const auto factor = static_cast<double>(channels.factor[c]);
    const double by_value = -factor * product / count * inverse;
    a[c] = static_cast<float>(factor);
    b[c] = static_cast<float>(by_value);
    offset[c] =
        static_cast<float>(-factor * sums[c] / count - by_value * static_cast<double>(channels.mean[c]));
    if (c < scale_gradient.size()) {
      scale_gradient[c] += static_cast<float>(product);
      bias_gradient[c] += static_cast<float>(sums[c]);
    }
  }
  for (int i = 0; i < images; ++i) {
    const std::size_t first = static_cast<std::size_t>(i) * layout.size();
    const float* z = values + first;
    float* d = gradient + first;
    for_each_vector(layout, [&](int at, int c) {
      simd::store(d + at, simd::load(a.data() + c) * simd::load(d + at) +
                              simd::load(b.data() + c) * simd::load(z + at) + simd::load(offset.data() + c));
    });
  }
}

}  // namespace inkread
