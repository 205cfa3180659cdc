// SPDX-License-Identifier: MIT
#include "engine/model/onnx_writer.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "engine/model/onnx_notes.hpp"
#include "engine/model/onnx_subset.hpp"
#include "engine/model/wire.hpp"

namespace inkread {
namespace onnx {
namespace {

// A value has the name of its node and a suffix, so that none is like another or like these two.
constexpr std::string_view kInputName = "image";
constexpr std::string_view kOutputName = "probabilities";

std::string value_name(const Network& network, ValueId value) {
  if (value == 0) return std::string(kInputName);
  if (value == network.nodes().size()) return std::string(kOutputName);
  return network.nodes()[value - 1].name + ".output";
}

std::string weights_name(const Node& node) {
  return node.name + ".weight";
}

std::string scales_name(const Node& node) {
  return node.name + ".scale";
}

std::string dequantized_name(const Node& node) {
  return node.name + ".dequantized";
}

std::string bias_name(const Node& node) {
  return node.name + ".bias";
}

void add_integers(WireWriter& node, std::string_view name, std::span<const std::int64_t> values) {
  WireWriter attribute;
  attribute.text(AttributeField::kName, name);
  attribute.integers(AttributeField::kInts, values);
  attribute.integer(AttributeField::kType, AttributeType::kInts);
  node.message(NodeField::kAttribute, attribute);
}

void add_integer(WireWriter& node, std::string_view name, std::int64_t value) {
  WireWriter attribute;
  attribute.text(AttributeField::kName, name);
  attribute.integer(AttributeField::kInt, value);
  attribute.integer(AttributeField::kType, AttributeType::kInt);
  node.message(NodeField::kAttribute, attribute);
}

void add_window(WireWriter& node, const Window& window) {
  add_integers(node, "kernel_shape", std::array<std::int64_t, 2>{window.kernel_height, window.kernel_width});
  add_integers(
      node, "pads",
      std::array<std::int64_t, 4>{window.pad_top, window.pad_left, window.pad_bottom, window.pad_right});
  add_integers(node, "strides", std::array<std::int64_t, 2>{window.stride_y, window.stride_x});
}

// Attributes whose default is what we mean are left out.
void add_attributes(WireWriter& node, const Conv2d& conv) {
  if (conv.groups != 1) add_integer(node, "group", conv.groups);
  add_window(node, conv.window);
}
void add_attributes(WireWriter& node, const MaxPool2d& pool) {
  add_window(node, pool.window);
}
void add_attributes(WireWriter& node, const AveragePool2d& pool) {
  add_window(node, pool.window);
  if (pool.count_padding) add_integer(node, "count_include_pad", 1);
}
void add_attributes(WireWriter& node, const Dense& /*dense*/) {
  add_integer(node, "transB", 1);
}
void add_attributes(WireWriter& /*node*/, const Relu& /*relu*/) {}
void add_attributes(WireWriter& /*node*/, const Flatten& /*flatten*/) {}
void add_attributes(WireWriter& /*node*/, const Tanh& /*tanh*/) {}
void add_attributes(WireWriter& /*node*/, const Sigmoid& /*sigmoid*/) {}
void add_attributes(WireWriter& /*node*/, const Add& /*add*/) {}
void add_attributes(WireWriter& /*node*/, const Softmax& /*softmax*/) {}

WireWriter node_message(const Network& network, std::size_t index, WeightStorage storage) {
  const Node& node = network.nodes()[index];
  WireWriter message;
  for (const ValueId input : node.inputs) message.text(NodeField::kInput, value_name(network, input));
  std::visit(
      [&](const auto& op) {
        if constexpr (HasParameters<std::decay_t<decltype(op)>>) {
          message.text(NodeField::kInput,
                       storage == WeightStorage::kInt8 ? dequantized_name(node) : weights_name(node));
          if (op.bias.count != 0) message.text(NodeField::kInput, bias_name(node));
        }
      },
      node.op);
  message.text(NodeField::kOutput, value_name(network, static_cast<ValueId>(index + 1)));
  message.text(NodeField::kName, node.name);
  message.text(NodeField::kOperator, operator_name(node.op));
  std::visit([&](const auto& op) { add_attributes(message, op); }, node.op);
  return message;
}

/// Makes a layer's weights of their int8 steps and scales, which lie along axis 0, the output channels. It
/// needs no name of its own.
WireWriter dequantize_message(const Node& node) {
  WireWriter message;
  message.text(NodeField::kInput, weights_name(node));
  message.text(NodeField::kInput, scales_name(node));
  message.text(NodeField::kOutput, dequantized_name(node));
  message.text(NodeField::kOperator, "DequantizeLinear");
  add_integer(message, "axis", 0);
  return message;
}

WireWriter tensor_head(std::string_view name, std::span<const std::int64_t> dims, std::int64_t type) {
  WireWriter tensor;
  tensor.integers(TensorField::kDims, dims);
  tensor.integer(TensorField::kDataType, type);
  tensor.text(TensorField::kName, name);
  return tensor;
}

void add_initializer(WireWriter& graph, std::string_view name, std::span<const std::int64_t> dims,
                     std::span<const float> values) {
  WireWriter tensor = tensor_head(name, dims, DataType::kFloat);
  tensor.raw_floats(TensorField::kRawData, values);
  graph.message(GraphField::kInitializer, tensor);
}

void add_initializer(WireWriter& graph, std::string_view name, std::span<const std::int64_t> dims,
                     std::span<const std::int8_t> values) {
  WireWriter tensor = tensor_head(name, dims, DataType::kInt8);
  tensor.bytes(TensorField::kRawData, std::as_bytes(values));
  graph.message(GraphField::kInitializer, tensor);
}

std::array<std::int64_t, 4> weights_shape(const Conv2d& conv) {
  return {conv.out_channels, conv.in_channels / conv.groups, conv.window.kernel_height,
          conv.window.kernel_width};
}
std::array<std::int64_t, 2> weights_shape(const Dense& dense) {
  return {dense.outputs, dense.inputs};
}

void add_initializers(WireWriter& graph, const Network& network, const Node& node, WeightStorage storage) {
  std::visit(
      [&](const auto& op) {
        if constexpr (HasParameters<std::decay_t<decltype(op)>>) {
          const auto shape = weights_shape(op);
          const std::array channels = {shape.front()};
          const std::span<const float> weights = network.parameters(op.weights);
          if (storage == WeightStorage::kInt8) {
            const QuantizedWeights quantized = quantize(weights, static_cast<std::size_t>(channels[0]));
            add_initializer(graph, weights_name(node), shape, quantized.values);
            add_initializer(graph, scales_name(node), channels, quantized.scales);
          } else {
            add_initializer(graph, weights_name(node), shape, weights);
          }
          if (op.bias.count == 0) return;
          add_initializer(graph, bias_name(node), channels, network.parameters(op.bias));
        }
      },
      node.op);
}

WireWriter value_message(const Network& network, ValueId value) {
  WireWriter shape;
  WireWriter batch;
  batch.text(DimensionField::kSymbol, "N");
  shape.message(ShapeField::kDimension, batch);
  const auto add_dimension = [&](int size) {
    WireWriter dimension;
    dimension.integer(DimensionField::kValue, size);
    shape.message(ShapeField::kDimension, dimension);
  };
  const Shape& sizes = network.shape(value);
  add_dimension(sizes.channels);
  if (!is_vector(network.nodes(), value)) {
    add_dimension(sizes.height);
    add_dimension(sizes.width);
  }
  WireWriter tensor_type;
  tensor_type.integer(TensorTypeField::kElementType, DataType::kFloat);
  tensor_type.message(TensorTypeField::kShape, shape);
  WireWriter type;
  type.message(TypeField::kTensor, tensor_type);
  WireWriter message;
  message.text(ValueField::kName, value_name(network, value));
  message.message(ValueField::kType, type);
  return message;
}

}  // namespace
}  // namespace onnx

std::vector<std::byte> write_onnx(const Network& network, const OnnxOptions& options) {
  using namespace onnx;
  WireWriter graph;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    if (options.weights == WeightStorage::kInt8 && parameter_count(network.nodes()[i]) > 0) {
      graph.message(GraphField::kNode, dequantize_message(network.nodes()[i]));
    }
    graph.message(GraphField::kNode, node_message(network, i, options.weights));
  }
  graph.text(GraphField::kName, "network");
  for (const Node& node : network.nodes()) add_initializers(graph, network, node, options.weights);
  graph.message(GraphField::kInput, value_message(network, 0));
  graph.message(GraphField::kOutput, value_message(network, static_cast<ValueId>(network.nodes().size())));

  WireWriter opset;
  opset.integer(OpsetField::kVersion, kWrittenOpset);

  WireWriter model;
  model.integer(ModelField::kIrVersion, kWrittenIr);
  model.text(ModelField::kProducerName, "inkread");
  model.message(ModelField::kGraph, graph);
  model.message(ModelField::kOpsetImport, opset);
  for (const Property& note : write_notes(options.notes)) {
    WireWriter property;
    property.text(PropertyField::kKey, note.key);
    property.text(PropertyField::kValue, note.value);
    model.message(ModelField::kMetadata, property);
  }
  return model.take();
}

}  // namespace inkread
