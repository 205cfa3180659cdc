// SPDX-License-Identifier: MIT
#include "engine/training/architectures.hpp"

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/training/random_stream.hpp"

namespace inkread {
namespace {

/// Lines up nodes and counts their parameters.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(Shape input) : input_(input) {}

  NetworkBuilder& conv(int in_channels, int out_channels, int kernel) {
    Conv2d op;
    op.in_channels = in_channels;
    op.out_channels = out_channels;
    op.window.kernel_height = kernel;
    op.window.kernel_width = kernel;
    op.weights = take(static_cast<std::size_t>(out_channels) *
                      static_cast<std::size_t>(in_channels * kernel * kernel));
    op.bias = take(static_cast<std::size_t>(out_channels));
    return add("conv", op);
  }
  NetworkBuilder& relu() { return add("relu", Relu{}); }
  NetworkBuilder& max_pool(int size) {
    MaxPool2d op;
    op.window.kernel_height = size;
    op.window.kernel_width = size;
    op.window.stride_y = size;
    op.window.stride_x = size;
    return add("pool", op);
  }
  NetworkBuilder& flatten() { return add("flatten", Flatten{}); }
  NetworkBuilder& dense(int inputs, int outputs) {
    Dense op{inputs, outputs, {}, {}};
    op.weights = take(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs));
    op.bias = take(static_cast<std::size_t>(outputs));
    return add("dense", op);
  }
  NetworkBuilder& softmax() { return add("softmax", Softmax{}); }

  Network build() {
    return Network::create(input_, std::move(nodes_), std::vector<float>(parameters_)).value();
  }

 private:
  ParameterSlice take(std::size_t count) {
    const ParameterSlice slice{parameters_, count};
    parameters_ += count;
    return slice;
  }

  /// Names count by kind: conv1, conv2, relu1, ...
  NetworkBuilder& add(const char* kind, Operator op) {
    int number = 1;
    for (const Node& node : nodes_) {
      number += node.op.index() == op.index() ? 1 : 0;
    }
    const auto input = static_cast<ValueId>(nodes_.size());
    nodes_.push_back({kind + std::to_string(number), op, {input}});
    return *this;
  }

  Shape input_;
  std::vector<Node> nodes_;
  std::size_t parameters_ = 0;
};

Network build_seed() {
  NetworkBuilder builder({1, 28, 28});
  builder.conv(1, 32, 3).relu().max_pool(2);
  builder.conv(32, 64, 3).relu();
  builder.conv(64, 64, 3).relu();
  builder.conv(64, 32, 3).relu().max_pool(2);
  builder.flatten().dense(288, 10).softmax();
  return builder.build();
}

constexpr std::array kArchitectures{
    Architecture{"seed",
                 "four 3x3 convolutions of 32, 64, 64, 32 channels and a dense layer: the original network",
                 &build_seed},
};

struct Fans {
  int in;
  int out;
};

void fill_evenly(std::span<float> values, Fans fans, Random& random) {
  const float limit = std::sqrt(6.0F / static_cast<float>(fans.in + fans.out));
  for (float& value : values) {
    value = random.uniform(-limit, limit);
  }
}

}  // namespace

std::span<const Architecture> architectures() {
  return kArchitectures;
}

const Architecture* find_architecture(std::string_view name) {
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == name) {
      return &architecture;
    }
  }
  return nullptr;
}

Network fresh_network(const Architecture& architecture, std::uint64_t seed) {
  const Network structure = architecture.build();
  Random random = Random::stream(seed, RandomStream::kParameters);
  std::vector<float> parameters(structure.parameters().size());
  const auto fill = [&](ParameterSlice slice, Fans fans) {
    fill_evenly(std::span(parameters).subspan(slice.offset, slice.count), fans, random);
  };
  for (const Node& node : structure.nodes()) {
    if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
      const int area = conv->window.kernel_height * conv->window.kernel_width;
      fill(conv->weights, {conv->in_channels * area, conv->out_channels * area});
    } else if (const auto* dense = std::get_if<Dense>(&node.op)) {
      fill(dense->weights, {dense->inputs, dense->outputs});
    }
  }
  return structure.with_parameters(std::move(parameters)).value();
}

}  // namespace inkread
