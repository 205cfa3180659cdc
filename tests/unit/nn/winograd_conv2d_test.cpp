// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/winograd_conv2d.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"
#include "engine/nn/kernels/max_pool2d.hpp"

namespace inkread {
namespace {

AlignedBuffer random_numbers(std::size_t count, Random& random) {
  AlignedBuffer numbers(count);
  for (float& number : numbers.span()) {
    number = random.uniform(-1, 1);
  }
  return numbers;
}

/// A convolution of 3x3 windows of random numbers, `padding` zeros all around, on some images.
struct Example {
  int in_channels = 8;
  int out_channels = 8;
  int height = 5;  ///< of the results
  int width = 7;
  int padding = 0;
  int images = 1;
};

/// Sets an image's padding channels to zero.
void clear_padding_channels(const PixelLayout& layout, float* image) {
  for (int pixel = 0; pixel < layout.height * layout.width; ++pixel) {
    std::fill(image + pixel * layout.pixel_stride + layout.channels,
              image + (pixel + 1) * layout.pixel_stride, 0.0F);
  }
}

class Convolution {
 public:
  explicit Convolution(const Example& example)
      : example_(example),
        in_(padded_layout({example.in_channels, example.height + 2 - 2 * example.padding,
                           example.width + 2 - 2 * example.padding})),
        out_(padded_layout({example.out_channels, example.height, example.width})) {
    Random random(7);
    weights_ =
        random_numbers(static_cast<std::size_t>(example.in_channels * example.out_channels * 9), random);
    bias_ = random_numbers(static_cast<std::size_t>(out_.pixel_stride), random);
    std::fill(bias_.data() + out_.channels, bias_.data() + out_.pixel_stride, 0.0F);
    input_ = random_numbers(static_cast<std::size_t>(example.images) * image_stride(in_.size()), random);
    for (int i = 0; i < example.images; ++i) clear_padding_channels(in_, input(i));
  }

  /// Image after image, by the direct kernel; with the maximum of every 2x2 if `pooled`.
  [[nodiscard]] std::vector<float> direct(bool pooled) {
    const int p = example_.padding;
    const PixelLayout bordered = padded_layout({in_.channels, in_.height + 2 * p, in_.width + 2 * p});
    const ConvGeometry g{bordered, out_, 3, 3, 1, 1};
    AlignedBuffer packed(packed_conv2d_size(g));
    pack_conv2d_weights(g, weights_.span(), packed.span());
    std::vector<float> all;
    for (int i = 0; i < example_.images; ++i) {
      AlignedBuffer within(bordered.size());
      for (int y = 0; y < in_.height; ++y) {
        std::copy_n(input(i) + y * in_.row_stride, in_.row_stride,
                    within.data() + (y + p) * bordered.row_stride + p * bordered.pixel_stride);
      }
      AlignedBuffer results(out_.size());
      conv2d_forward(g, packed.data(), bias_.data(), true, within.data(), results.data());
      AlignedBuffer answer(output_layout(pooled).size());
      if (pooled) {
        max_pool2d_forward(Window{2, 2, 2, 2}, out_, output_layout(pooled), results.data(), answer.data());
      } else {
        std::copy_n(results.data(), results.size(), answer.data());
      }
      all.insert(all.end(), answer.span().begin(), answer.span().end());
    }
    return all;
  }

  /// The same by Winograd's algorithm, all images together.
  [[nodiscard]] std::vector<float> winograd(int tile, bool pooled,
                                            InstructionSet instruction_set = best_instruction_set()) {
    const PixelLayout out = output_layout(pooled);
    const WinogradGeometry g{in_, out, example_.padding, example_.padding, tile, pooled, instruction_set};
    AlignedBuffer packed(packed_winograd_size(g));
    pack_winograd_weights(g, weights_.span(), packed.span());
    AlignedBuffer scratch(winograd_scratch_size(g, example_.images));
    std::fill_n(scratch.data(), scratch.size(), 1e30F);
    AlignedBuffer output(static_cast<std::size_t>(example_.images) * image_stride(out.size()));
    winograd_conv2d_forward(g, {example_.images, image_stride(in_.size()), image_stride(out.size())},
                            packed.data(), bias_.data(), true, input(0), output.data(), scratch.data());
    std::vector<float> all;
    for (int i = 0; i < example_.images; ++i) {
      const float* image = output.data() + static_cast<std::size_t>(i) * image_stride(out.size());
      all.insert(all.end(), image, image + out.size());
    }
    return all;
  }

 private:
  [[nodiscard]] PixelLayout output_layout(bool pooled) const {
    return pooled ? padded_layout({out_.channels, out_.height / 2, out_.width / 2}) : out_;
  }
  float* input(int image) {
    return input_.data() + static_cast<std::size_t>(image) * image_stride(in_.size());
  }

  Example example_;
  PixelLayout in_;
  PixelLayout out_;
  AlignedBuffer weights_;
  AlignedBuffer bias_;
  AlignedBuffer input_;
};

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return largest;
}

std::vector<Example> examples() {
  return {
      {8, 8, 4, 4, 0, 1},  // one tile of four
      {8, 8, 1, 1, 0, 1},  // less than any tile
      {3, 5, 2, 9, 1, 2},  // channels that fill no vector, rows longer than columns
      {24, 48, 10, 10, 0, 1}, {16, 32, 11, 13, 1, 3},  // tiles that overlap, in padding on all sides
      {48, 12, 7, 6, 1, 5},
  };
}

TEST_CASE("Winograd's algorithm gives what the direct kernel gives, to rounding") {
  for (const Example& example : examples()) {
    Convolution convolution(example);
    CAPTURE(example.height);
    CAPTURE(example.out_channels);
    for (const int tile : {2, 3, 4}) {
      CAPTURE(tile);
      // Sums of 9 * 48 products of magnitude 1/3 at most; each tile's transforms multiply their rounding.
      CHECK(largest_difference(convolution.direct(false), convolution.winograd(tile, false)) < 1e-4);
    }
  }
}

TEST_CASE("Winograd's algorithm pools as the direct kernel and a pool behind it") {
  for (const Example& example : examples()) {
    if (example.height < 2 || example.width < 2) continue;
    Convolution convolution(example);
    CAPTURE(example.height);
    for (const int tile : {2, 4}) {
      CAPTURE(tile);
      CHECK(largest_difference(convolution.direct(true), convolution.winograd(tile, true)) < 1e-4);
    }
  }
}

TEST_CASE("Winograd's algorithm gives images together the bits of images alone") {
  Example together{16, 24, 9, 9, 1, 4};
  Convolution four(together);
  together.images = 1;
  Convolution one(together);
  for (const int tile : {2, 3, 4}) {
    const std::vector<float> all = four.winograd(tile, false);
    const std::vector<float> first = one.winograd(tile, false);
    CHECK(std::equal(first.begin(), first.end(), all.begin()));
  }
}

TEST_CASE("Winograd's algorithm gives the same bits on every instruction set of this processor") {
  if (best_instruction_set() == InstructionSet::kBaseline) {
    MESSAGE("SKIPPED: this processor has no more than the build assumes");
    return;
  }
  for (const int channels : {8, 16, 24, 32, 48, 56}) {
    Convolution convolution({16, channels, 10, 10, 1, 2});
    for (const int tile : {2, 3, 4}) {
      CAPTURE(channels);
      CAPTURE(tile);
      CHECK(convolution.winograd(tile, false, InstructionSet::kBaseline) ==
            convolution.winograd(tile, false, best_instruction_set()));
    }
  }
}

TEST_CASE("Large convolutions are taken by Winograd's algorithm, others are not") {
  const auto tile = [](int in, int out, int side, int kernel, int stride) {
    return best_winograd_tile({padded_layout({in, side * stride + kernel - 1, side * stride + kernel - 1}),
                               padded_layout({out, side, side}), kernel, kernel, stride, stride});
  };
  CHECK(tile(64, 64, 24, 3, 1) == 4);
  CHECK(tile(64, 64, 9, 3, 1) == 3);
  CHECK(tile(64, 64, 2, 3, 1) == 2);
  CHECK(tile(64, 64, 24, 5, 1) == std::nullopt);
  CHECK(tile(64, 64, 24, 3, 2) == std::nullopt);
  CHECK(tile(64, 64, 1, 3, 1) == std::nullopt);
}

}  // namespace
}  // namespace inkread
