// SPDX-License-Identifier: MIT
// Small networks with random parameters, put together in a line, with sums across it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/network.hpp"

namespace inkread::test {

inline std::vector<float> random_values(std::size_t count, std::uint64_t seed, float limit = 1) {
  Random random(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    value = random.uniform(-limit, limit);
  }
  return values;
}

/// Lines up operators on a grey image; create() gives them random parameters.
class NetworkLine {
 public:
  NetworkLine(int height, int width) : input_{1, height, width} {}

  NetworkLine& conv(int in, int out, Window window, bool with_bias = true) {
    const int count = in * out * window.kernel_height * window.kernel_width;
    return add(Conv2d{in, out, window, take(count), take(with_bias ? out : 0)});
  }
  NetworkLine& grouped_conv(int in, int out, int groups, Window window, bool with_bias = true) {
    const int count = in / groups * out * window.kernel_height * window.kernel_width;
    return add(Conv2d{in, out, window, take(count), take(with_bias ? out : 0), groups});
  }
  NetworkLine& dense(int inputs, int outputs, bool with_bias = true) {
    return add(Dense{inputs, outputs, take(inputs * outputs), take(with_bias ? outputs : 0)});
  }
  NetworkLine& max_pool(Window window) { return add(MaxPool2d{window}); }
  NetworkLine& average_pool(Window window, bool count_padding = false) {
    return add(AveragePool2d{window, count_padding});
  }
  NetworkLine& relu() { return add(Relu{}); }
  NetworkLine& tanh() { return add(Tanh{}); }
  NetworkLine& sigmoid() { return add(Sigmoid{}); }
  NetworkLine& flatten() { return add(Flatten{}); }
  /// The sum of the last value and an earlier one.
  NetworkLine& add_value(ValueId earlier) {
    add(Add{});
    nodes_.back().inputs.push_back(earlier);
    return *this;
  }
  NetworkLine& softmax() { return add(Softmax{}); }

  [[nodiscard]] Network create(std::uint64_t seed) {
    Result<Network> network = Network::create(input_, nodes_, random_values(parameters_, seed, 0.5F));
    REQUIRE_MESSAGE(network.ok(), (network.ok() ? "" : network.error().detail));
    return std::move(network).value();
  }

 private:
  ParameterSlice take(int count) {
    const ParameterSlice slice{parameters_, static_cast<std::size_t>(count)};
    parameters_ += slice.count;
    return slice;
  }
  NetworkLine& add(const Operator& op) {
    const auto input = static_cast<ValueId>(nodes_.size());
    nodes_.push_back({"node" + std::to_string(nodes_.size()), op, {input}});
    return *this;
  }

  Shape input_;
  std::vector<Node> nodes_;
  std::size_t parameters_ = 0;
};

/// A square window of `kernel` pixels.
inline Window square(int kernel, int stride = 1, int padding = 0) {
  return {kernel, kernel, stride, stride, padding, padding, padding, padding};
}

}  // namespace inkread::test
