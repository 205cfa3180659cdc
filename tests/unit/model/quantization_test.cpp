// SPDX-License-Identifier: MIT
#include "engine/model/quantization.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/nn/weight_steps.hpp"

namespace inkread {
namespace {

std::vector<float> dequantize(const QuantizedWeights& quantized) {
  const std::size_t run = quantized.values.size() / quantized.scales.size();
  std::vector<float> weights;
  for (std::size_t i = 0; i < quantized.values.size(); ++i) {
    weights.push_back(static_cast<float>(quantized.values[i]) * quantized.scales[i / run]);
  }
  return weights;
}

/// Channels of 9 weights of very different sizes.
std::vector<float> random_weights(std::size_t channels) {
  Random random(7);
  std::vector<float> weights;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const float size = std::pow(10.0F, random.uniform(-30.0F, 30.0F));
    for (int i = 0; i < 9; ++i) weights.push_back(size * random.uniform(-1.0F, 1.0F));
  }
  return weights;
}

TEST_CASE("no weight changes by more than half a step of its channel, and the largest becomes 127 steps") {
  constexpr std::size_t kChannels = 500;
  const std::vector<float> weights = random_weights(kChannels);
  const QuantizedWeights quantized = quantize(weights, kChannels);
  REQUIRE(quantized.values.size() == weights.size());
  REQUIRE(quantized.scales.size() == kChannels);
  const std::vector<float> again = dequantize(quantized);
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    CAPTURE(channel);
    int largest = 0;
    for (std::size_t i = channel * 9; i < channel * 9 + 9; ++i) {
      largest = std::max(largest, std::abs(int{quantized.values[i]}));
      CHECK(std::abs(double{weights[i]} - double{again[i]}) <= double{quantized.scales[channel]} / 2);
    }
    CHECK(largest == 127);
  }
}

TEST_CASE("what was quantised stays as it is when it is quantised again") {
  constexpr std::size_t kChannels = 500;
  const QuantizedWeights once = quantize(random_weights(kChannels), kChannels);
  const QuantizedWeights twice = quantize(dequantize(once), kChannels);
  CHECK(once.values == twice.values);
  CHECK(once.scales == twice.scales);
}

TEST_CASE("weights that were rounded to few steps take no more steps than those, exactly") {
  constexpr std::size_t kChannels = 500;
  std::vector<float> weights = random_weights(kChannels);
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    round_to_steps(std::span(weights).subspan(channel * 9, 9), 15);
  }
  const QuantizedWeights quantized = quantize(weights, kChannels);
  CHECK(dequantize(quantized) == weights);
  CHECK(*std::max_element(quantized.values.begin(), quantized.values.end()) == 15);
  CHECK(*std::min_element(quantized.values.begin(), quantized.values.end()) == -15);
}

TEST_CASE("the steps of a channel are exact in float32") {
  const std::vector<float> weights = random_weights(100);
  for (const float scale : quantize(weights, 100).scales) {
    for (int step = -127; step <= 127; ++step) {
      CHECK(double{static_cast<float>(step) * scale} == step * double{scale});
    }
  }
}

TEST_CASE("channels of zeros, of one size and of the smallest and largest numbers are quantised") {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> weights = {
      0, -0.0F, -0.25F, 0.25F, Limits::denorm_min(), -Limits::min(), Limits::max(), -Limits::max()};
  const QuantizedWeights quantized = quantize(weights, 4);
  CHECK(std::vector(quantized.values.begin(), quantized.values.begin() + 6) ==
        std::vector<std::int8_t>{0, 0, -1, 1, 0, 0});
  CHECK(quantized.values[6] > 0);
  CHECK(quantized.values[7] == -quantized.values[6]);
  CHECK(quantized.scales[0] == 1);
  CHECK(quantized.scales[1] == 0.25);
  CHECK(quantized.scales[2] == 1);
  const std::vector<float> again = dequantize(quantized);
  CHECK(std::all_of(again.begin(), again.end(), [](float weight) { return std::isfinite(weight); }));
  CHECK(quantize(again, 4).values == quantized.values);
  CHECK(quantize(again, 4).scales == quantized.scales);
}

}  // namespace
}  // namespace inkread
