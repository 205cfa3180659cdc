// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// What Network::create takes, for tests to change before they call it.
struct NetworkParts {
  Shape input;
  std::vector<Node> nodes;
  std::vector<float> parameters;

  [[nodiscard]] Result<Network> create() const { return Network::create(input, nodes, parameters); }
};

/// One of each operator: 1 x 6 x 6 -> Conv 2 x 6 x 6 -> Relu -> MaxPool 2 x 3 x 3 -> Flatten 18 -> Gemm 3 ->
/// Softmax, with any numbers as parameters.
inline NetworkParts sample_parts() {
  const Window same{
      .kernel_height = 3, .kernel_width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1};
  const Window halve{.kernel_height = 2, .kernel_width = 2, .stride_y = 2, .stride_x = 2};
  NetworkParts parts;
  parts.input = {.channels = 1, .height = 6, .width = 6};
  parts.nodes = {
      {"conv1",
       Conv2d{.in_channels = 1, .out_channels = 2, .window = same, .weights = {0, 18}, .bias = {18, 2}},
       {0}},
      {"relu1", Relu{}, {1}},
      {"pool1", MaxPool2d{halve}, {2}},
      {"flatten", Flatten{}, {3}},
      {"dense", Dense{.inputs = 18, .outputs = 3, .weights = {20, 54}, .bias = {74, 3}}, {4}},
      {"softmax", Softmax{}, {5}}};
  Random random(1);
  parts.parameters.resize(77);
  for (float& parameter : parts.parameters) parameter = random.uniform(-1.0F, 1.0F);
  return parts;
}

inline Network sample_network() {
  return sample_parts().create().value();
}

}  // namespace inkread
