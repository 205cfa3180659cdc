// SPDX-License-Identifier: MIT
#include "engine/model/onnx_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/message.hpp"
#include "engine/model/onnx_message.hpp"
#include "engine/model/onnx_notes.hpp"
#include "engine/model/onnx_subset.hpp"
#include "engine/model/wire.hpp"

namespace inkread {
namespace onnx {
namespace {

const OperatorRule* find_rule(std::string_view op_type) {
  const auto* const rule = std::find_if(kOperators.begin(), kOperators.end(),
                                        [&](const OperatorRule& known) { return known.name == op_type; });
  return rule == kOperators.end() ? nullptr : rule;
}

const AttributeMessage* find_attribute(const NodeMessage& node, std::string_view name) {
  const auto found = std::find_if(node.attributes.begin(), node.attributes.end(),
                                  [&](const AttributeMessage& known) { return known.name == name; });
  return found == node.attributes.end() ? nullptr : &*found;
}

/// The channels that a layer with parameters makes; 0 of any other operator.
int layer_outputs(const Operator& op) {
  if (const auto* const conv = std::get_if<Conv2d>(&op)) return conv->out_channels;
  if (const auto* const dense = std::get_if<Dense>(&op)) return dense->outputs;
  return 0;
}

/// Turns the messages of a file into a Network, one node after the other. Its steps return false at the first
/// fault, which error_ keeps.
class Importer {
 public:
  explicit Importer(const ModelMessage& model) : model_(model) {}

  Result<Network> import() {
    if (!check_operators() || !bind_initializers() || !import_input() || !import_nodes() || !check_output()) {
      return *error_;
    }
    return Network::create(shapes_.front(), std::move(nodes_), std::move(parameters_));
  }

  /// Of the file that was imported.
  [[nodiscard]] WeightStorage storage() const {
    return layers_ > 0 && layers_ == quantized_layers_ ? WeightStorage::kInt8 : WeightStorage::kFloat32;
  }

 private:
  /// The value before a bias or a batch normalization was folded into its layer: it no longer exists.
  struct Folded {};
  /// What a name of the file stands for: a value of the network, or a constant.
  using Binding = std::variant<ValueId, const TensorMessage*, Folded>;

  struct Bound {
    std::string_view name;
    Binding binding;
  };

  struct FloatTensor {
    std::vector<int> dims;
    std::vector<float> values;
  };
  struct ByteTensor {
    std::vector<int> dims;
    std::vector<std::int16_t> values;  ///< -128..127 or 0..255
  };

  bool fail(ErrorCode code, std::string_view form, std::initializer_list<MessageValue> values = {}) {
    error_ = Error{code, message("{}: {}", {context_, message(form, values)})};
    return false;
  }
  bool unsupported(std::string_view form, std::initializer_list<MessageValue> values = {}) {
    return fail(ErrorCode::kUnsupported, form, values);
  }

  // The steps.
  bool check_operators();
  bool check_operator(const NodeMessage& node);
  bool bind_initializers();
  bool import_input();
  bool import_nodes();
  bool import_node(const NodeMessage& node, OperatorKind kind);
  bool check_output();

  // The operators that are more than a name.
  bool import_conv(const NodeMessage& node);
  bool import_max_pool(const NodeMessage& node);
  bool import_average_pool(const NodeMessage& node);
  bool import_global_average_pool(const NodeMessage& node);
  bool import_pad(const NodeMessage& node);
  bool import_reshape(const NodeMessage& node);
  bool import_gemm(const NodeMessage& node);
  bool import_add(const NodeMessage& node);
  bool import_batch_normalization(const NodeMessage& node);
  bool import_dequantize_linear(const NodeMessage& node);
  bool import_dense(const NodeMessage& node, bool transposed);
  bool import_groups(const NodeMessage& node, int channels_a_group, Conv2d& conv);
  bool import_window(const NodeMessage& node, const Shape& input, Window& window);
  bool import_pool_window(const NodeMessage& node, Window& window);

  // Names and inputs.
  void set_context(const NodeMessage& node);
  /// Where the name is among the bindings, or would be.
  std::vector<Bound>::iterator place_of(std::string_view name) {
    return std::lower_bound(bindings_.begin(), bindings_.end(), name,
                            [](const Bound& bound, std::string_view wanted) { return bound.name < wanted; });
  }
  /// Null where nothing has the name.
  const Binding* find(std::string_view name) {
    const auto place = place_of(name);
    return place == bindings_.end() || place->name != name ? nullptr : &place->binding;
  }
  bool bind(std::string_view name, Binding binding);
  bool lookup(const NodeMessage& node, std::size_t input, Binding& binding);
  bool value_input(const NodeMessage& node, std::size_t input, ValueId& value);
  bool constant_input(const NodeMessage& node, std::size_t input, const TensorMessage*& constant);
  bool float_input(const NodeMessage& node, std::size_t input, std::size_t rank, FloatTensor& tensor);
  bool byte_input(const NodeMessage& node, std::size_t input, std::int64_t type, ByteTensor& tensor);
  bool scale_input(const NodeMessage& node, std::vector<float>& scales);
  bool channel_stride(const NodeMessage& node, const ByteTensor& tensor, std::size_t channels,
                      std::size_t& stride);
  bool weights_input(const NodeMessage& node, std::size_t rank, FloatTensor& tensor);
  bool take_dims(const TensorMessage& constant, MessageValue name, std::vector<int>& dims,
                 std::size_t& volume);
  bool bias_input(const NodeMessage& node, std::size_t input, int outputs, std::vector<float>& bias);
  bool channel_input(const NodeMessage& node, std::size_t input, int channels, std::vector<float>& numbers);
  bool shape_input(const NodeMessage& node, std::size_t input, std::vector<std::int64_t>& shape);
  static bool has_input(const NodeMessage& node, std::size_t input) {
    return input < node.inputs.size() && !node.inputs[input].empty();
  }

  // Attributes. An absent one has its default, which is what the first demands.
  bool require_integer(const NodeMessage& node, std::string_view name, std::int64_t wanted);
  template <std::size_t Count>
  bool integers(const NodeMessage& node, std::string_view name, std::array<int, Count>& values);

  // The network.
  bool take_size(std::int64_t wide, int& size, std::string_view what,
                 std::initializer_list<MessageValue> values = {});
  bool store(std::span<const float> numbers, ParameterSlice& slice);
  bool scale_last_layer(std::span<const double> factors, std::span<const double> offsets);
  bool transform(float& parameter, double factor, double offset);
  bool rebind_folded(const NodeMessage& node, ValueId value);
  bool add_node(const NodeMessage& node, const Operator& op);
  bool add_node(std::string_view name, const Operator& op, std::vector<ValueId> inputs);
  std::string unique_name(std::string_view wanted);

  const ModelMessage& model_;
  std::vector<Bound> bindings_;  ///< by name
  std::int64_t batch_ = ValueMessage::kSymbolic;
  std::vector<Node> nodes_;
  std::vector<std::string> node_names_;  ///< sorted
  std::vector<Shape> shapes_;            ///< by ValueId
  std::vector<float> parameters_;
  std::list<TensorMessage> dequantized_;  ///< what DequantizeLinear made; bindings_ points to them
  std::size_t dequantized_numbers_ = 0;
  std::size_t layers_ = 0;            ///< that have weights
  std::size_t quantized_layers_ = 0;  ///< of these, those whose weights are in dequantized_
  std::string context_;               ///< of an error
  std::optional<Error> error_;
};

void Importer::set_context(const NodeMessage& node) {
  const std::string_view name = node.name.empty() && !node.outputs.empty() ? node.outputs[0] : node.name;
  context_ = message("node {} ({})", {quote(name), printable(node.op_type, kQuotedCharacters)});
}

// Before any node is imported, because an unknown operator tells more than whatever it leads to.
bool Importer::check_operators() {
  for (const NodeMessage& node : model_.nodes) {
    set_context(node);
    if (!check_operator(node)) return false;
  }
  return true;
}

bool Importer::check_operator(const NodeMessage& node) {
  const OperatorRule* const rule = find_rule(node.op_type);
  if (!is_standard_domain(node.domain)) {
    return unsupported("the operators of {} are not supported", {quote(node.domain)});
  }
  if (rule == nullptr) return unsupported("this operator is not supported");
  if (node.inputs.size() < rule->least_inputs || node.inputs.size() > rule->most_inputs) {
    return unsupported("{} inputs are not supported", {node.inputs.size()});
  }
  if (node.outputs.size() != 1) {
    return unsupported("{} outputs are not supported; it must have one", {node.outputs.size()});
  }
  for (const AttributeMessage& attribute : node.attributes) {
    const auto known = std::find_if(rule->attributes.begin(), rule->attributes.end(),
                                    [&](const AttributeRule& a) { return a.name == attribute.name; });
    if (known == rule->attributes.end()) {
      return unsupported("attribute {} is not supported", {quote(attribute.name)});
    }
    if (known->type != attribute.type) {
      return fail(ErrorCode::kMalformed, "attribute {} has the wrong type", {quote(attribute.name)});
    }
    if (find_attribute(node, attribute.name) != &attribute) {
      return fail(ErrorCode::kMalformed, "attribute {} appears twice", {quote(attribute.name)});
    }
  }
  return true;
}

bool Importer::bind(std::string_view name, Binding binding) {
  if (name.empty()) return fail(ErrorCode::kMalformed, "a value has no name");
  const auto place = place_of(name);
  if (place != bindings_.end() && place->name == name) {
    return fail(ErrorCode::kMalformed, "two values have the name {}", {quote(name)});
  }
  bindings_.insert(place, {name, binding});
  return true;
}

bool Importer::bind_initializers() {
  context_ = "the initializers";
  for (const TensorMessage& tensor : model_.initializers) {
    if (!bind(tensor.name, &tensor)) return false;
  }
  return true;
}

bool Importer::import_input() {
  context_ = "the graph";
  const ValueMessage* input = nullptr;
  for (const ValueMessage& value : model_.inputs) {
    if (find(value.name) != nullptr) continue;  // an initializer, which old files list here too
    if (input != nullptr) {
      return unsupported("it has several inputs, {} and {}", {quote(input->name), quote(value.name)});
    }
    input = &value;
  }
  if (input == nullptr) return fail(ErrorCode::kMalformed, "it has no input");

  context_ = message("input {}", {quote(input->name)});
  if (input->element_type != DataType::kFloat) return unsupported("it does not take float32 numbers");
  const std::vector<std::int64_t>& dims = input->dims;
  if (!dims.empty()) batch_ = dims[0];
  if (dims.size() == 4) {
    Shape shape;
    if (!take_size(dims[1], shape.channels, "its number of channels") ||
        !take_size(dims[2], shape.height, "its height") || !take_size(dims[3], shape.width, "its width")) {
      return false;
    }
    shapes_ = {shape};
    return bind(input->name, ValueId{0});
  }
  if (dims.size() == 2) {
    // A row of numbers: the pixels of a square image, as dense networks take them.
    for (int side = 1; side <= NetworkLimits::kSide; ++side) {
      if (std::int64_t{side} * side != dims[1]) continue;
      shapes_ = {Shape{.channels = 1, .height = side, .width = side}};
      return add_node("flatten", Flatten{}, {ValueId{0}}) && bind(input->name, ValueId{1});
    }
  }
  return unsupported("its shape is neither N x 1 x height x width nor N x a square number");
}

bool Importer::import_nodes() {
  for (const NodeMessage& node : model_.nodes) {
    set_context(node);
    Binding ignored;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (has_input(node, i) && !lookup(node, i, ignored)) return false;
    }
    if (!import_node(node, find_rule(node.op_type)->kind)) return false;
  }
  return true;
}

bool Importer::import_node(const NodeMessage& node, OperatorKind kind) {
  Binding same;
  switch (kind) {
    case OperatorKind::kConv:
      return import_conv(node);
    case OperatorKind::kRelu:
      return add_node(node, Relu{});
    case OperatorKind::kTanh:
      return add_node(node, Tanh{});
    case OperatorKind::kSigmoid:
      return add_node(node, Sigmoid{});
    case OperatorKind::kMaxPool:
      return import_max_pool(node);
    case OperatorKind::kAveragePool:
      return import_average_pool(node);
    case OperatorKind::kGlobalAveragePool:
      return import_global_average_pool(node);
    case OperatorKind::kFlatten:
      return require_integer(node, "axis", 1) && add_node(node, Flatten{});
    case OperatorKind::kPad:
      return import_pad(node);
    case OperatorKind::kReshape:
      return import_reshape(node);
    case OperatorKind::kGemm:
      return import_gemm(node);
    case OperatorKind::kMatMul:
      return import_dense(node, false);
    case OperatorKind::kAdd:
      return import_add(node);
    case OperatorKind::kBatchNormalization:
      return import_batch_normalization(node);
    case OperatorKind::kDequantizeLinear:
      return import_dequantize_linear(node);
    case OperatorKind::kSoftmax:
      // Of a row of numbers, which has two axes, 1 and -1 are the same.
      if (const AttributeMessage* const axis = find_attribute(node, "axis");
          axis != nullptr && axis->integer != 1 && axis->integer != -1) {
        return unsupported("attribute 'axis' must be 1 or -1");
      }
      return add_node(node, Softmax{});
    case OperatorKind::kDropout:
    case OperatorKind::kIdentity:
      return lookup(node, 0, same) && bind(node.outputs[0], same);
    case OperatorKind::kConstant: {
      const AttributeMessage* const value = find_attribute(node, "value");
      if (value == nullptr) return fail(ErrorCode::kMalformed, "it has no attribute {}", {quote("value")});
      return bind(node.outputs[0], &value->tensor);
    }
  }
  return unsupported("this operator is not supported");
}

bool Importer::check_output() {
  context_ = "the graph";
  if (model_.outputs.empty()) return fail(ErrorCode::kMalformed, "it has no output");
  const std::string_view name = model_.outputs[0].name;
  const Binding* const found = find(name);
  const ValueId* const value = found == nullptr ? nullptr : std::get_if<ValueId>(found);
  if (value == nullptr) return fail(ErrorCode::kMalformed, "no node makes its output {}", {quote(name)});
  if (*value != nodes_.size()) {
    return unsupported("its output {} is not what its last node makes", {quote(name)});
  }
  return true;
}

bool Importer::import_conv(const NodeMessage& node) {
  ValueId input = 0;
  FloatTensor weights;
  if (!value_input(node, 0, input) || !weights_input(node, 4, weights)) return false;
  Conv2d conv{.in_channels = shapes_[input].channels, .out_channels = weights.dims[0]};
  conv.window.kernel_height = weights.dims[2];
  conv.window.kernel_width = weights.dims[3];
  if (!import_groups(node, weights.dims[1], conv) || !import_window(node, shapes_[input], conv.window)) {
    return false;
  }
  if (conv.window.kernel_height != weights.dims[2] || conv.window.kernel_width != weights.dims[3]) {
    return fail(ErrorCode::kShapeMismatch, "attribute 'kernel_shape' differs from the shape of the weights");
  }
  std::vector<float> bias;
  if (has_input(node, 2) && !bias_input(node, 2, conv.out_channels, bias)) return false;
  return store(weights.values, conv.weights) && store(bias, conv.bias) && add_node(node, conv);
}

/// The attribute 'group', and what it says of the channels that the weights have: [out][in / groups][..][..].
bool Importer::import_groups(const NodeMessage& node, int channels_a_group, Conv2d& conv) {
  const AttributeMessage* const attribute = find_attribute(node, "group");
  const std::int64_t groups = attribute == nullptr ? 1 : attribute->integer;
  if (groups < 1 || groups > NetworkLimits::kChannels) {
    return fail(ErrorCode::kInvalidArgument, "attribute {} is {}, which is out of range",
                {quote("group"), groups});
  }
  if (groups * channels_a_group != conv.in_channels) {
    return fail(ErrorCode::kShapeMismatch, "takes {} channels, but gets {}",
                {groups * channels_a_group, conv.in_channels});
  }
  conv.groups = static_cast<int>(groups);
  return true;
}

bool Importer::import_max_pool(const NodeMessage& node) {
  MaxPool2d pool;
  return require_integer(node, "storage_order", 0) && import_pool_window(node, pool.window) &&
         add_node(node, pool);
}

bool Importer::import_average_pool(const NodeMessage& node) {
  AveragePool2d pool;
  const AttributeMessage* const count = find_attribute(node, "count_include_pad");
  pool.count_padding = count != nullptr && count->integer != 0;
  return import_pool_window(node, pool.window) && add_node(node, pool);
}

/// The mean of the whole image: one window as large as it.
bool Importer::import_global_average_pool(const NodeMessage& node) {
  ValueId input = 0;
  if (!value_input(node, 0, input)) return false;
  const Shape& shape = shapes_[input];
  return add_node(node, AveragePool2d{{.kernel_height = shape.height, .kernel_width = shape.width}});
}

bool Importer::import_pool_window(const NodeMessage& node, Window& window) {
  ValueId input = 0;
  if (find_attribute(node, "kernel_shape") == nullptr) {
    return fail(ErrorCode::kMalformed, "it has no attribute {}", {quote("kernel_shape")});
  }
  return value_input(node, 0, input) && require_integer(node, "ceil_mode", 0) &&
         import_window(node, shapes_[input], window);
}

/// The padding for ceil(size / stride) windows, which auto_pad asks for; `upper` puts the odd one at the end.
void pad_same(int size, int kernel, int stride, bool upper, int& before, int& after) {
  if (stride < 1) return;  // infer_shape refuses it
  const std::int64_t windows = (std::int64_t{size} + stride - 1) / stride;
  const auto total =
      static_cast<int>(std::max<std::int64_t>((windows - 1) * stride + std::int64_t{kernel} - size, 0));
  before = upper ? total / 2 : total - total / 2;
  after = total - before;
}

bool Importer::import_window(const NodeMessage& node, const Shape& input, Window& window) {
  std::array<int, 2> kernel = {window.kernel_height, window.kernel_width};
  std::array<int, 2> dilations = {1, 1};
  std::array<int, 2> strides = {1, 1};
  std::array<int, 4> pads = {0, 0, 0, 0};
  if (!integers(node, "kernel_shape", kernel) || !integers(node, "dilations", dilations) ||
      !integers(node, "strides", strides) || !integers(node, "pads", pads)) {
    return false;
  }
  if (dilations != std::array{1, 1}) return unsupported("attribute {} must be {}", {quote("dilations"), 1});
  window = {.kernel_height = kernel[0],
            .kernel_width = kernel[1],
            .stride_y = strides[0],
            .stride_x = strides[1],
            .pad_top = pads[0],
            .pad_left = pads[1],
            .pad_bottom = pads[2],
            .pad_right = pads[3]};
  const AttributeMessage* const attribute = find_attribute(node, "auto_pad");
  const std::string_view auto_pad = attribute == nullptr ? "NOTSET" : attribute->text;
  if (auto_pad == "NOTSET") return true;
  if (pads != std::array{0, 0, 0, 0}) {
    return fail(ErrorCode::kMalformed, "attributes 'auto_pad' and 'pads' contradict each other");
  }
  if (auto_pad == "VALID") return true;
  if (auto_pad != "SAME_UPPER" && auto_pad != "SAME_LOWER") {
    return unsupported("attribute {} is {}", {quote("auto_pad"), quote(auto_pad)});
  }
  const bool upper = auto_pad == "SAME_UPPER";
  pad_same(input.height, kernel[0], strides[0], upper, window.pad_top, window.pad_bottom);
  pad_same(input.width, kernel[1], strides[1], upper, window.pad_left, window.pad_right);
  return true;
}

/// Only of nothing, which leaves its input as it is.
bool Importer::import_pad(const NodeMessage& node) {
  ValueId value = 0;
  std::vector<std::int64_t> pads;
  if (!value_input(node, 0, value)) return false;
  if (has_input(node, 1)) {
    if (!shape_input(node, 1, pads)) return false;
  } else if (const AttributeMessage* const attribute = find_attribute(node, "pads"); attribute != nullptr) {
    pads = attribute->integers;
  }
  const std::size_t sides = is_vector(nodes_, value) ? 4 : 8;
  if (pads.size() != sides) {
    return fail(ErrorCode::kShapeMismatch, "its pads are not {} numbers", {sides});
  }
  if (std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad != 0; })) {
    return unsupported("it pads; only a Conv or a pool may");
  }
  return bind(node.outputs[0], value);
}

/// Only N x (the rest in a row), which is a Flatten.
bool Importer::import_reshape(const NodeMessage& node) {
  ValueId input = 0;
  std::vector<std::int64_t> shape;
  if (!value_input(node, 0, input) || !shape_input(node, 1, shape) ||
      !require_integer(node, "allowzero", 0)) {
    return false;
  }
  constexpr std::int64_t kInferred = -1;
  constexpr std::int64_t kAsInput = 0;
  const auto is_batch = [&](std::int64_t size) {
    return size == kAsInput || size == kInferred || size == 1 || size == batch_;
  };
  const auto volume = static_cast<std::int64_t>(shapes_[input].volume());
  if (shape.size() != 2 || !is_batch(shape[0]) ||
      (shape[1] != volume && (shape[1] != kInferred || shape[0] == kInferred))) {
    return unsupported("it does not reshape to N x {}", {volume});
  }
  return add_node(node, Flatten{});
}

bool Importer::import_gemm(const NodeMessage& node) {
  for (const std::string_view name : {"alpha", "beta"}) {
    const AttributeMessage* const factor = find_attribute(node, name);
    if (factor != nullptr && factor->number != 1.0F) {
      return unsupported("attribute {} must be {}", {quote(name), 1});
    }
  }
  const AttributeMessage* const transposed = find_attribute(node, "transB");
  const bool is_transposed = transposed != nullptr && transposed->integer != 0;
  return require_integer(node, "transA", 0) && import_dense(node, is_transposed);
}

/// Gemm and MatMul. Their weights are [inputs][outputs], or if transposed [outputs][inputs], as ours.
bool Importer::import_dense(const NodeMessage& node, bool transposed) {
  FloatTensor weights;
  if (!weights_input(node, 2, weights)) return false;
  Dense dense{.inputs = weights.dims[1], .outputs = weights.dims[0]};
  if (!transposed) {
    std::swap(dense.inputs, dense.outputs);
    const auto rows = static_cast<std::size_t>(dense.inputs);
    const auto columns = static_cast<std::size_t>(dense.outputs);
    std::vector<float> turned(weights.values.size());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        turned[column * rows + row] = weights.values[row * columns + column];
      }
    }
    weights.values = std::move(turned);
  }
  std::vector<float> bias;
  if (has_input(node, 2) && !bias_input(node, 2, dense.outputs, bias)) return false;
  return store(weights.values, dense.weights) && store(bias, dense.bias) && add_node(node, dense);
}

/// The sum of two values, or the bias of the MatMul (or Gemm) just before, which takes it in.
bool Importer::import_add(const NodeMessage& node) {
  std::array<Binding, 2> terms;
  if (!lookup(node, 0, terms[0]) || !lookup(node, 1, terms[1])) return false;
  const std::size_t value_at = std::holds_alternative<ValueId>(terms[0]) ? 0 : 1;
  if (std::holds_alternative<ValueId>(terms[1 - value_at])) return add_node(node, Add{});
  ValueId value = 0;
  if (!value_input(node, value_at, value)) return false;
  Dense* const dense = value > 0 && value == nodes_.size() ? std::get_if<Dense>(&nodes_.back().op) : nullptr;
  if (dense == nullptr || dense->bias.count != 0) {
    return unsupported("it adds a constant to something other than a MatMul");
  }
  std::vector<float> bias;
  if (!bias_input(node, 1 - value_at, dense->outputs, bias) || !store(bias, dense->bias)) return false;
  return rebind_folded(node, value);
}

/// The last node's value now includes what `node` does to it. No node has used it before; no later one may.
bool Importer::rebind_folded(const NodeMessage& node, ValueId value) {
  for (Bound& bound : bindings_) {
    const ValueId* const id = std::get_if<ValueId>(&bound.binding);
    if (id != nullptr && *id == value) bound.binding = Folded{};
  }
  return bind(node.outputs[0], value);
}

/// y = (x - mean) / sqrt(variance + epsilon) * scale + offset, channel by channel (ONNX's inputs: x, scale,
/// offset, mean, variance): what the Conv, Gemm or MatMul just before does with other weights and bias.
bool Importer::import_batch_normalization(const NodeMessage& node) {
  ValueId value = 0;
  if (!value_input(node, 0, value) || !require_integer(node, "spatial", 1) ||
      !require_integer(node, "training_mode", 0)) {
    return false;
  }
  const int channels = value == 0 || value != nodes_.size() ? 0 : layer_outputs(nodes_.back().op);
  if (channels == 0) {
    return unsupported("it normalizes something other than a Conv, Gemm or MatMul");
  }
  std::array<std::vector<float>, 4> constants;
  for (std::size_t i = 0; i < constants.size(); ++i) {
    if (!channel_input(node, i + 1, channels, constants[i])) return false;
  }
  const auto& [scale, offset, mean, variance] = constants;
  const AttributeMessage* const attribute = find_attribute(node, "epsilon");
  const auto epsilon = static_cast<double>(attribute == nullptr ? 1e-5F : attribute->number);
  std::vector<double> factors(scale.size());
  std::vector<double> offsets(scale.size());
  for (std::size_t i = 0; i < scale.size(); ++i) {
    const double spread = static_cast<double>(variance[i]) + epsilon;
    if (!(spread > 0)) {
      return fail(ErrorCode::kInvalidArgument, "the variance of channel {} and epsilon are not above 0", {i});
    }
    factors[i] = static_cast<double>(scale[i]) / std::sqrt(spread);
    offsets[i] = static_cast<double>(offset[i]) - static_cast<double>(mean[i]) * factors[i];
  }
  return scale_last_layer(factors, offsets) && rebind_folded(node, value);
}

/// parameter = factor * parameter + offset, if that is finite.
bool Importer::transform(float& parameter, double factor, double offset) {
  const double result = static_cast<double>(parameter) * factor + offset;
  if (!(std::abs(result) <= static_cast<double>(std::numeric_limits<float>::max()))) {
    return fail(ErrorCode::kNotFinite, "it makes a parameter that is not a finite number");
  }
  parameter = static_cast<float>(result);
  return true;
}

/// Makes the last node, a layer with parameters, give factor * y + offset for every channel's y.
bool Importer::scale_last_layer(std::span<const double> factors, std::span<const double> offsets) {
  return std::visit(
      [&](auto& layer) {
        if constexpr (HasParameters<std::decay_t<decltype(layer)>>) {
          if (layer.bias.count == 0 && !store(std::vector<float>(factors.size(), 0.0F), layer.bias)) {
            return false;
          }
          const std::size_t inputs = layer.weights.count / factors.size();
          for (std::size_t i = 0; i < layer.weights.count; ++i) {
            if (!transform(parameters_[layer.weights.offset + i], factors[i / inputs], 0)) return false;
          }
          for (std::size_t i = 0; i < layer.bias.count; ++i) {
            if (!transform(parameters_[layer.bias.offset + i], factors[i], offsets[i])) return false;
          }
        }
        return true;
      },
      nodes_.back().op);
}

bool Importer::lookup(const NodeMessage& node, std::size_t input, Binding& binding) {
  const std::string_view name = node.inputs[input];
  const Binding* const found = find(name);
  if (found == nullptr) {
    return fail(ErrorCode::kMalformed, "no earlier node makes its input {}", {quote(name)});
  }
  if (std::holds_alternative<Folded>(*found)) {
    return unsupported("its input {} is used elsewhere without the bias or normalization", {quote(name)});
  }
  binding = *found;
  return true;
}

bool Importer::value_input(const NodeMessage& node, std::size_t input, ValueId& value) {
  Binding binding;
  if (!lookup(node, input, binding)) return false;
  const ValueId* const found = std::get_if<ValueId>(&binding);
  if (found == nullptr) return unsupported("its input {} is a constant", {quote(node.inputs[input])});
  value = *found;
  return true;
}

bool Importer::constant_input(const NodeMessage& node, std::size_t input, const TensorMessage*& constant) {
  Binding binding;
  if (!lookup(node, input, binding)) return false;
  const auto* const found = std::get_if<const TensorMessage*>(&binding);
  if (found == nullptr) return unsupported("its input {} is not a constant", {quote(node.inputs[input])});
  constant = *found;
  return true;
}

bool Importer::float_input(const NodeMessage& node, std::size_t input, std::size_t rank,
                           FloatTensor& tensor) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, input, constant)) return false;
  const MessageValue name = quote(node.inputs[input]);
  if (constant->data_type != DataType::kFloat)
    return unsupported("its constant {} is not of float32 numbers", {name});
  if (constant->dims.size() != rank) {
    return fail(ErrorCode::kShapeMismatch, "its constant {} has {} dimensions instead of {}",
                {name, constant->dims.size(), rank});
  }
  std::size_t volume = 0;
  if (!take_dims(*constant, name, tensor.dims, volume)) return false;
  const std::size_t given =
      constant->has_raw_data ? constant->raw_data.size() / sizeof(float) : constant->float_data.size();
  if (given != volume || constant->raw_data.size() % sizeof(float) != 0 ||
      (constant->has_raw_data && !constant->float_data.empty())) {
    return fail(ErrorCode::kShapeMismatch,
                "its constant {} does not hold exactly the {} numbers of its shape", {name, volume});
  }
  if (!constant->has_raw_data) {
    tensor.values = constant->float_data;
    return true;
  }
  append_floats(tensor.values, constant->raw_data);
  return true;
}

bool Importer::take_dims(const TensorMessage& constant, MessageValue name, std::vector<int>& dims,
                         std::size_t& volume) {
  volume = 1;
  dims.resize(constant.dims.size());
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!take_size(constant.dims[i], dims[i], "a dimension of its constant {}", {name})) return false;
    const auto size = static_cast<std::size_t>(dims[i]);
    if (size > NetworkLimits::kParameters / volume)
      return fail(ErrorCode::kTooLarge, "its constant {} is too large", {name});
    volume *= size;
  }
  return true;
}

/// The weights of a layer, which is counted.
bool Importer::weights_input(const NodeMessage& node, std::size_t rank, FloatTensor& tensor) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, 1, constant) || !float_input(node, 1, rank, tensor)) return false;
  ++layers_;
  const bool quantized = std::any_of(dequantized_.begin(), dequantized_.end(),
                                     [&](const TensorMessage& made) { return &made == constant; });
  if (quantized) ++quantized_layers_;
  return true;
}

/// Numbers of 8 bits, kInt8 or kUint8.
bool Importer::byte_input(const NodeMessage& node, std::size_t input, std::int64_t type, ByteTensor& tensor) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, input, constant)) return false;
  const bool is_signed = type == DataType::kInt8;
  const MessageValue name = quote(node.inputs[input]);
  if (constant->data_type != type) {
    return unsupported("its constant {} is not of {} numbers", {name, is_signed ? "int8" : "uint8"});
  }
  std::size_t volume = 0;
  if (!take_dims(*constant, name, tensor.dims, volume)) return false;
  const std::size_t given = constant->has_raw_data ? constant->raw_data.size() : constant->int32_data.size();
  if (given != volume || (constant->has_raw_data && !constant->int32_data.empty())) {
    return fail(ErrorCode::kShapeMismatch,
                "its constant {} does not hold exactly the {} numbers of its shape", {name, volume});
  }
  tensor.values.reserve(volume);
  for (const std::byte byte : constant->raw_data) {
    const auto value = std::to_integer<std::uint8_t>(byte);
    tensor.values.push_back(is_signed ? static_cast<std::int8_t>(value) : value);
  }
  const std::int32_t least = is_signed ? -128 : 0;
  for (const std::int32_t value : constant->int32_data) {
    if (value < least || value > least + 255) {
      return fail(ErrorCode::kMalformed, "its constant {} holds {}, beyond 8 bits", {name, value});
    }
    tensor.values.push_back(static_cast<std::int16_t>(value));
  }
  return true;
}

/// The scale or scales of a DequantizeLinear.
bool Importer::scale_input(const NodeMessage& node, std::vector<float>& scales) {
  const TensorMessage* constant = nullptr;
  FloatTensor tensor;
  if (!constant_input(node, 1, constant) ||
      !float_input(node, 1, std::min<std::size_t>(constant->dims.size(), 1), tensor)) {
    return false;
  }
  scales = std::move(tensor.values);
  const auto is_scale = [](float scale) { return std::isfinite(scale) && scale > 0; };
  return std::all_of(scales.begin(), scales.end(), is_scale) ||
         fail(ErrorCode::kInvalidArgument, "its scale {} holds a number that is not finite and above 0",
              {quote(node.inputs[1])});
}

/// How many numbers in a row have the same of `channels` scales.
bool Importer::channel_stride(const NodeMessage& node, const ByteTensor& tensor, std::size_t channels,
                              std::size_t& stride) {
  stride = tensor.values.size();
  if (channels == 1) return true;
  const AttributeMessage* const attribute = find_attribute(node, "axis");
  const auto rank = static_cast<std::int64_t>(tensor.dims.size());
  const std::int64_t axis = attribute == nullptr ? 1 : attribute->integer;
  if (axis < -rank || axis >= rank) {
    return fail(ErrorCode::kInvalidArgument, "attribute {} is {}, which is out of range",
                {quote("axis"), axis});
  }
  const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  if (channels != static_cast<std::size_t>(tensor.dims[at])) {
    return fail(ErrorCode::kShapeMismatch, "its scale {} has {} numbers instead of {}",
                {quote(node.inputs[1]), channels, tensor.dims[at]});
  }
  for (std::size_t i = 0; i <= at; ++i) stride /= static_cast<std::size_t>(tensor.dims[i]);
  return true;
}

/// (number - zero point) * scale, of constants only. One scale and zero point are for the whole tensor,
/// several for what lies along an axis.
bool Importer::import_dequantize_linear(const NodeMessage& node) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, 0, constant)) return false;
  const std::int64_t type = constant->data_type;
  ByteTensor quantized;
  std::vector<float> scales;
  if (!byte_input(node, 0, type == DataType::kUint8 ? type : DataType::kInt8, quantized) ||
      !scale_input(node, scales)) {
    return false;
  }
  ByteTensor zero_points;
  if (!has_input(node, 2)) {
    zero_points.values.assign(scales.size(), 0);
  } else if (!byte_input(node, 2, type, zero_points)) {
    return false;
  }
  if (zero_points.values.size() != scales.size() || zero_points.dims.size() > 1) {
    return fail(ErrorCode::kShapeMismatch, "its scale and zero point have different shapes");
  }
  std::size_t stride = 0;
  if (!channel_stride(node, quantized, scales.size(), stride)) return false;
  // One tensor may be used many times.
  if (quantized.values.size() > NetworkLimits::kParameters - dequantized_numbers_) {
    return fail(ErrorCode::kTooLarge, "takes the dequantized constants beyond the limit of {} numbers",
                {NetworkLimits::kParameters});
  }
  dequantized_numbers_ += quantized.values.size();
  TensorMessage& made = dequantized_.emplace_back();
  made.dims = constant->dims;
  made.data_type = DataType::kFloat;
  made.float_data.reserve(quantized.values.size());
  for (std::size_t i = 0; i < quantized.values.size(); ++i) {
    const std::size_t channel = i / stride % scales.size();
    made.float_data.push_back(static_cast<float>(quantized.values[i] - zero_points.values[channel]) *
                              scales[channel]);
  }
  return bind(node.outputs[0], &made);
}

bool Importer::bias_input(const NodeMessage& node, std::size_t input, int outputs, std::vector<float>& bias) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, input, constant)) return false;
  // A row [1][outputs] does the same, but a Conv takes no such bias.
  const bool row = constant->dims.size() == 2 && constant->dims[0] == 1 && node.op_type != "Conv";
  FloatTensor tensor;
  if (!float_input(node, input, row ? 2 : 1, tensor)) return false;
  if (tensor.dims.back() != outputs) {
    return fail(ErrorCode::kShapeMismatch, "its bias {} has {} numbers instead of {}",
                {quote(node.inputs[input]), tensor.dims.back(), outputs});
  }
  bias = std::move(tensor.values);
  return true;
}

/// One number a channel.
bool Importer::channel_input(const NodeMessage& node, std::size_t input, int channels,
                             std::vector<float>& numbers) {
  FloatTensor tensor;
  if (!float_input(node, input, 1, tensor)) return false;
  if (tensor.dims[0] != channels) {
    return fail(ErrorCode::kShapeMismatch, "its constant {} has {} numbers instead of {}",
                {quote(node.inputs[input]), tensor.dims[0], channels});
  }
  numbers = std::move(tensor.values);
  return true;
}

bool Importer::shape_input(const NodeMessage& node, std::size_t input, std::vector<std::int64_t>& shape) {
  const TensorMessage* constant = nullptr;
  if (!constant_input(node, input, constant)) return false;
  const MessageValue name = quote(node.inputs[input]);
  if (constant->data_type != DataType::kInt64)
    return unsupported("its constant {} is not of int64 numbers", {name});
  shape = constant->int64_data;
  if (constant->has_raw_data && shape.empty() &&
      constant->raw_data.size() <= Limits::kIntegers * sizeof(std::int64_t)) {
    for (Bytes raw = constant->raw_data; raw.size() >= sizeof(std::int64_t);) {
      shape.push_back(load_integer(raw.data()));
      raw = raw.subspan(sizeof(std::int64_t));
    }
  }
  const bool whole =
      !constant->has_raw_data || constant->raw_data.size() == shape.size() * sizeof(std::int64_t);
  if (!whole || constant->dims.size() != 1 || constant->dims[0] != static_cast<std::int64_t>(shape.size())) {
    return fail(ErrorCode::kShapeMismatch, "its constant {} does not hold exactly the numbers of its shape",
                {name});
  }
  return true;
}

bool Importer::require_integer(const NodeMessage& node, std::string_view name, std::int64_t wanted) {
  const AttributeMessage* const attribute = find_attribute(node, name);
  return attribute == nullptr || attribute->integer == wanted ||
         unsupported("attribute {} must be {}", {quote(name), wanted});
}

template <std::size_t Count>
bool Importer::integers(const NodeMessage& node, std::string_view name, std::array<int, Count>& values) {
  const AttributeMessage* const attribute = find_attribute(node, name);
  if (attribute == nullptr) return true;
  if (attribute->integers.size() != Count) {
    return fail(ErrorCode::kShapeMismatch, "attribute {} does not hold {} numbers", {quote(name), Count});
  }
  for (std::size_t i = 0; i < Count; ++i) {
    const std::int64_t value = attribute->integers[i];
    if (value < 0 || value > std::numeric_limits<int>::max()) {
      return fail(ErrorCode::kInvalidArgument, "attribute {} holds {}, which is out of range",
                  {quote(name), value});
    }
    values[i] = static_cast<int>(value);
  }
  return true;
}

bool Importer::take_size(std::int64_t wide, int& size, std::string_view what,
                         std::initializer_list<MessageValue> values) {
  if (wide < 1 || wide > std::numeric_limits<int>::max()) {
    return fail(ErrorCode::kShapeMismatch, "{} is not a fixed number of at least 1", {message(what, values)});
  }
  size = static_cast<int>(wide);
  return true;
}

bool Importer::store(std::span<const float> numbers, ParameterSlice& slice) {
  if (numbers.size() > NetworkLimits::kParameters - parameters_.size()) {
    return fail(ErrorCode::kTooLarge, "takes the network beyond the limit of {} parameters",
                {NetworkLimits::kParameters});
  }
  if (!numbers.empty()) slice = {.offset = parameters_.size(), .count = numbers.size()};
  parameters_.insert(parameters_.end(), numbers.begin(), numbers.end());
  return true;
}

bool Importer::add_node(const NodeMessage& node, const Operator& op) {
  std::vector<ValueId> inputs(input_count(op));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!value_input(node, i, inputs[i])) return false;
  }
  return add_node(node.name.empty() ? node.op_type : node.name, op, std::move(inputs)) &&
         bind(node.outputs[0], static_cast<ValueId>(nodes_.size()));
}

bool Importer::add_node(std::string_view name, const Operator& op, std::vector<ValueId> inputs) {
  std::vector<Shape> shapes;
  for (const ValueId input : inputs) shapes.push_back(shapes_[input]);
  const Result<Shape> shape = infer_shape(op, shapes);
  if (!shape.ok()) return fail(shape.error().code, shape.error().detail);
  shapes_.push_back(shape.value());
  nodes_.push_back({.name = unique_name(name), .op = op, .inputs = std::move(inputs)});
  return true;
}

/// A file's nodes may have any names; a network's are printable, short and unique.
std::string Importer::unique_name(std::string_view wanted) {
  const std::string name = printable(wanted, NetworkLimits::kNameBytes);
  std::string unique = name;
  for (std::size_t count = 2;; ++count) {
    const auto place = std::lower_bound(node_names_.begin(), node_names_.end(), unique);
    if (place == node_names_.end() || *place != unique) {
      node_names_.insert(place, unique);
      return unique;
    }
    const std::string suffix = message("_{}", {count});
    unique = name.substr(0, NetworkLimits::kNameBytes - suffix.size()).append(suffix);
  }
}

}  // namespace
}  // namespace onnx

Result<OnnxModel> read_onnx_model(std::span<const std::byte> file) {
  if (file.empty()) return Error{ErrorCode::kEmpty, "the file is empty"};
  if (file.size() > onnx::Limits::kFileBytes) {
    return Error{ErrorCode::kTooLarge,
                 message("the file has {} bytes; the limit is {}", {file.size(), onnx::Limits::kFileBytes})};
  }
  const Result<onnx::ModelMessage> model = onnx::parse_model(file);
  if (!model.ok()) return model.error();
  onnx::Importer importer(model.value());
  Result<Network> network = importer.import();
  if (!network.ok()) return network.error();
  const Result<ModelNotes> notes = onnx::read_notes(model.value().properties);
  if (!notes.ok()) return notes.error();
  return OnnxModel{std::move(network).value(), notes.value(), importer.storage()};
}

Result<Network> read_onnx(std::span<const std::byte> file) {
  Result<OnnxModel> model = read_onnx_model(file);
  if (!model.ok()) return model.error();
  return std::move(model).value().network;
}

}  // namespace inkread
