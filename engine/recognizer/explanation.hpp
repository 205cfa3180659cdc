// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/network.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {

/// What one layer makes of a tile.
struct LayerView {
  std::string_view op;         ///< ONNX's name; lasts as long as the program
  Shape shape;                 ///< of `values`
  std::vector<float> values;   ///< channels x height x width
  std::vector<float> filters;  ///< of a convolution of a grey image: channels x filter_height x filter_width
  int filter_height = 0;       ///< 0 where there are no filters
  int filter_width = 0;
};

/// How a network comes to its answer on one tile.
struct Explanation {
  std::vector<LayerView> layers;  ///< in the order of the network's nodes
  Tile influence{};  ///< by pixel: by how much the logarithm of the label's probability falls when the ink
                     ///< around it is taken away; negative where that ink speaks against the label
};

/// Runs the network on the tile layer by layer, and again with the ink around each pixel covered (occlusion:
/// Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014). `network` takes a tile and
/// ends in ten probabilities; `label` is 0..9. Some hundred runs of the network. Errors: kInvalidArgument,
/// kNotFinite.
Result<Explanation> explain_tile(const Network& network, const Tile& tile, int label);

}  // namespace inkread
