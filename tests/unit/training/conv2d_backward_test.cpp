// SPDX-License-Identifier: MIT
#include "engine/training/conv2d_backward.hpp"

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"

namespace inkread {
namespace {

/// The weight gradient of a 3x3 convolution from 8 to `channels` channels over 7 x 9 pixels.
std::vector<float> weight_gradient(int channels, InstructionSet instruction_set) {
  const ConvGeometry g{padded_layout({8, 7, 9}), padded_layout({channels, 5, 7}), 3, 3, 1, 1, false,
                       instruction_set};
  Random random(7);
  AlignedBuffer input(g.in.size());
  AlignedBuffer output_gradient(g.out.size());
  for (const auto numbers : {input.span(), output_gradient.span()}) {
    for (float& number : numbers) {
      number = random.uniform(-1, 1);
    }
  }
  AlignedBuffer gradient(conv2d_gradient_size(g));
  AlignedBuffer bias_gradient(static_cast<std::size_t>(g.out.pixel_stride));
  conv2d_weight_gradient(g, input.data(), output_gradient.data(), gradient.data(), bias_gradient.data());
  std::vector<float> result(gradient.span().begin(), gradient.span().end());
  result.insert(result.end(), bias_gradient.span().begin(), bias_gradient.span().end());
  return result;
}

TEST_CASE("a weight gradient has the same bits on every instruction set of this processor") {
  if (best_instruction_set() == InstructionSet::kBaseline) {
    MESSAGE("SKIPPED: this processor has no more than the build assumes");
    return;
  }
  for (const int channels : {8, 16, 24, 32, 48, 56}) {
    CAPTURE(channels);
    CHECK(weight_gradient(channels, InstructionSet::kBaseline) ==
          weight_gradient(channels, best_instruction_set()));
  }
}

}  // namespace
}  // namespace inkread
