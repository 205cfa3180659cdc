// SPDX-License-Identifier: MIT
#include "engine/recognizer/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/nn/program.hpp"

namespace inkread {
namespace {

/// Pixels to each side of the covered one: strokes are three to four pixels wide.
constexpr int kReach = 2;

/// Of a probability, so that its logarithm is one.
constexpr float kLeast = 1e-7F;

/// The part of a network that `value` depends on.
Result<Network> up_to(const Network& network, ValueId value) {
  std::vector<bool> needed(value + 1, false);
  needed[value] = true;
  for (ValueId v = value; v > 0; --v) {
    if (!needed[v]) continue;
    for (const ValueId input : network.nodes()[v - 1].inputs) needed[input] = true;
  }
  std::vector<ValueId> renumbered(value + 1, 0);
  std::vector<Node> nodes;
  std::vector<float> parameters;
  const auto keep = [&](ParameterSlice& slice) {
    const auto from = network.parameters(slice);
    slice.offset = parameters.size();
    parameters.insert(parameters.end(), from.begin(), from.end());
  };
  for (ValueId v = 1; v <= value; ++v) {
    if (!needed[v]) continue;
    Node node = network.nodes()[v - 1];
    for (ValueId& input : node.inputs) input = renumbered[input];
    std::visit(
        [&](auto& op) {
          if constexpr (HasParameters<std::decay_t<decltype(op)>>) {
            keep(op.weights);
            keep(op.bias);
          }
        },
        node.op);
    nodes.push_back(std::move(node));
    renumbered[v] = static_cast<ValueId>(nodes.size());
  }
  return Network::create(network.input_shape(), std::move(nodes), std::move(parameters));
}

std::vector<float> run(const Network& network, std::span<const float> tile) {
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  std::vector<float> output(program.output_size());
  program.forward(workspace, tile, output);
  return output;
}

void add_filters(const Network& network, const Operator& op, LayerView& layer) {
  const auto* convolution = std::get_if<Conv2d>(&op);
  if (convolution == nullptr || convolution->in_channels != 1) return;
  const auto weights = network.parameters(convolution->weights);
  layer.filters.assign(weights.begin(), weights.end());
  layer.filter_height = convolution->window.kernel_height;
  layer.filter_width = convolution->window.kernel_width;
}

float log_probability(std::span<const float> probabilities, int label) {
  return std::log(std::max(probabilities[static_cast<std::size_t>(label)], kLeast));
}

/// Takes the ink around a pixel away; false where there is none.
bool cover(Tile& tile, int x, int y) {
  float ink = 0;
  for (int row = std::max(0, y - kReach); row <= std::min(kTileSide - 1, y + kReach); ++row) {
    for (int column = std::max(0, x - kReach); column <= std::min(kTileSide - 1, x + kReach); ++column) {
      float& pixel = tile[static_cast<std::size_t>(row * kTileSide + column)];
      ink += pixel;
      pixel = 0;
    }
  }
  return ink > 0;
}

}  // namespace

Result<Explanation> explain_tile(const Network& network, const Tile& tile, int label) {
  if (label < 0 || label > 9) return Error{ErrorCode::kInvalidArgument, "a label that is no digit"};
  if (!std::all_of(tile.begin(), tile.end(), [](float pixel) { return std::isfinite(pixel); })) {
    return Error{ErrorCode::kNotFinite, "a pixel that is not a finite number"};
  }
  Explanation explanation;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const auto value = static_cast<ValueId>(i + 1);
    const Result<Network> part = up_to(network, value);
    if (!part.ok()) return part.error();
    const Operator& op = network.nodes()[i].op;
    LayerView layer{operator_name(op), network.shape(value), run(part.value(), tile), {}};
    add_filters(network, op, layer);
    explanation.layers.push_back(std::move(layer));
  }

  const Program program = Program::prepare(network);
  Workspace workspace(program);
  const float whole = log_probability(explanation.layers.back().values, label);
  std::vector<float> probabilities(program.output_size());
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      Tile covered = tile;
      if (!cover(covered, x, y)) continue;
      program.forward(workspace, covered, probabilities);
      explanation.influence[static_cast<std::size_t>(y * kTileSide + x)] =
          whole - log_probability(probabilities, label);
    }
  }
  return explanation;
}

}  // namespace inkread
