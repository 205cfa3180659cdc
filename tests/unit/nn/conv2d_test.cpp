// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/conv2d.hpp"

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"

namespace inkread {
namespace {

AlignedBuffer random_numbers(std::size_t count, Random& random) {
  AlignedBuffer numbers(count);
  for (float& number : numbers.span()) {
    number = random.uniform(-1, 1);
  }
  return numbers;
}

/// The output of a 3x3 convolution from 8 to `channels` channels over 7 x 9 pixels.
std::vector<float> convolve(int channels, InstructionSet instruction_set) {
  const ConvGeometry g{padded_layout({8, 7, 9}), padded_layout({channels, 5, 7}), 3, 3, 1, 1, false,
                       instruction_set};
  Random random(7);
  const AlignedBuffer weights = random_numbers(static_cast<std::size_t>(channels) * 72, random);
  const AlignedBuffer bias = random_numbers(static_cast<std::size_t>(g.out.pixel_stride), random);
  const AlignedBuffer input = random_numbers(g.in.size(), random);
  AlignedBuffer packed(packed_conv2d_size(g));
  AlignedBuffer output(g.out.size());
  pack_conv2d_weights(g, weights.span(), packed.span());
  conv2d_forward(g, packed.data(), bias.data(), true, input.data(), output.data());
  return {output.span().begin(), output.span().end()};
}

TEST_CASE("a convolution gives the same bits on every instruction set of this processor") {
  if (best_instruction_set() == InstructionSet::kBaseline) {
    MESSAGE("SKIPPED: this processor has no more than the build assumes");
    return;
  }
  for (const int channels : {8, 16, 24, 32, 48, 56}) {
    CAPTURE(channels);
    CHECK(convolve(channels, InstructionSet::kBaseline) == convolve(channels, best_instruction_set()));
  }
}

}  // namespace
}  // namespace inkread
