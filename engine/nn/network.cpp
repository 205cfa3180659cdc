// SPDX-License-Identifier: MIT
#include "engine/nn/network.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>

#include "engine/base/message.hpp"

namespace inkread {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string to_text(const Shape& shape) {
  return message("{} x {} x {}", {shape.channels, shape.height, shape.width});
}

Status check_shape(const Shape& shape) {
  if (shape.channels < 1 || shape.height < 1 || shape.width < 1) {
    return Error{ErrorCode::kShapeMismatch, message("a shape of {} is empty", {to_text(shape)})};
  }
  // In 64 bits, because size_t, and with it volume(), has 32 in WebAssembly.
  const std::uint64_t volume = static_cast<std::uint64_t>(shape.channels) *
                               static_cast<std::uint64_t>(shape.height) *
                               static_cast<std::uint64_t>(shape.width);
  if (shape.height > NetworkLimits::kSide || shape.width > NetworkLimits::kSide ||
      volume > NetworkLimits::kVolume) {
    return Error{ErrorCode::kTooLarge, message("a shape of {} is beyond the limit", {to_text(shape)})};
  }
  return success();
}

bool within(int value, int low, int high) {
  return low <= value && value <= high;
}

Status check_window(const Window& window) {
  for (const int size : {window.kernel_height, window.kernel_width, window.stride_y, window.stride_x}) {
    if (!within(size, 1, NetworkLimits::kWindow)) {
      return Error{ErrorCode::kInvalidArgument,
                   message("a kernel or stride of {} is not in 1..{}", {size, NetworkLimits::kWindow})};
    }
  }
  for (const int pad : {window.pad_top, window.pad_left, window.pad_bottom, window.pad_right}) {
    if (!within(pad, 0, NetworkLimits::kWindow)) {
      return Error{ErrorCode::kInvalidArgument,
                   message("a padding of {} is not in 0..{}", {pad, NetworkLimits::kWindow})};
    }
  }
  return success();
}

/// The shape of `channels` images after a checked window has moved over one of shape `input`.
Result<Shape> slide(const Window& window, const Shape& input, int channels) {
  const int height = input.height + window.pad_top + window.pad_bottom;
  const int width = input.width + window.pad_left + window.pad_right;
  if (height < window.kernel_height || width < window.kernel_width) {
    return Error{ErrorCode::kShapeMismatch,
                 message("a kernel of {} x {} does not fit into a padded image of {} x {}",
                         {window.kernel_height, window.kernel_width, height, width})};
  }
  return Shape{channels, (height - window.kernel_height) / window.stride_y + 1,
               (width - window.kernel_width) / window.stride_x + 1};
}

Result<Shape> output_shape(const Conv2d& conv, const Shape& input) {
  if (Status window = check_window(conv.window); !window.ok()) return window.error();
  if (conv.in_channels != input.channels) {
    return Error{ErrorCode::kShapeMismatch,
                 message("takes {} channels, but gets {}", {conv.in_channels, input.channels})};
  }
  if (!within(conv.in_channels, 1, NetworkLimits::kChannels) ||
      !within(conv.out_channels, 1, NetworkLimits::kChannels)) {
    return Error{ErrorCode::kTooLarge,
                 message("makes {} channels of {}; the limit is 1..{}",
                         {conv.out_channels, conv.in_channels, NetworkLimits::kChannels})};
  }
  if (conv.groups < 1 || conv.in_channels % conv.groups != 0 || conv.out_channels % conv.groups != 0) {
    return Error{ErrorCode::kInvalidArgument, message("{} groups do not divide {} and {} channels evenly",
                                                      {conv.groups, conv.in_channels, conv.out_channels})};
  }
  return slide(conv.window, input, conv.out_channels);
}

Result<Shape> pool(const Window& window, const Shape& input) {
  if (Status checked = check_window(window); !checked.ok()) return checked.error();
  // Otherwise a window could see nothing but padding, which has neither a maximum nor a mean.
  if (std::max(window.pad_top, window.pad_bottom) >= window.kernel_height ||
      std::max(window.pad_left, window.pad_right) >= window.kernel_width) {
    return Error{ErrorCode::kInvalidArgument, "its padding is not smaller than its kernel"};
  }
  return slide(window, input, input.channels);
}

Result<Shape> output_shape(const MaxPool2d& op, const Shape& input) {
  return pool(op.window, input);
}

Result<Shape> output_shape(const AveragePool2d& op, const Shape& input) {
  return pool(op.window, input);
}

Result<Shape> output_shape(const Dense& dense, const Shape& input) {
  if (input != Shape{.channels = dense.inputs}) {
    return Error{ErrorCode::kShapeMismatch,
                 message("takes {} numbers, but gets {}", {dense.inputs, to_text(input)})};
  }
  return Shape{.channels = dense.outputs};
}

Result<Shape> output_shape(const Flatten& /*flatten*/, const Shape& input) {
  return Shape{.channels = static_cast<int>(input.volume())};
}

Result<Shape> output_shape(const Relu& /*relu*/, const Shape& input) {
  return input;
}

Result<Shape> output_shape(const Tanh& /*tanh*/, const Shape& input) {
  return input;
}

Result<Shape> output_shape(const Sigmoid& /*sigmoid*/, const Shape& input) {
  return input;
}

Result<Shape> output_shape(const Add& /*add*/, const Shape& input) {
  return input;
}

Result<Shape> output_shape(const Softmax& /*softmax*/, const Shape& input) {
  return input;
}

std::uint64_t area(const Window& window) {
  return static_cast<std::uint64_t>(window.kernel_height) * static_cast<std::uint64_t>(window.kernel_width);
}

/// Whether op moves a window over an image, and so neither takes nor makes a vector.
bool is_windowed(const Operator& op) {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<MaxPool2d>(op) ||
         std::holds_alternative<AveragePool2d>(op);
}

/// Whether op takes images and vectors alike, and makes what it takes.
bool keeps_rank(const Operator& op) {
  return std::holds_alternative<Relu>(op) || std::holds_alternative<Tanh>(op) ||
         std::holds_alternative<Sigmoid>(op) || std::holds_alternative<Add>(op);
}

/// Multiplications (or comparisons, or additions) that one number of the operator's output takes.
std::uint64_t operations_per_output(const Operator& op) {
  return std::visit(Overloaded{[](const Conv2d& conv) {
                                 return static_cast<std::uint64_t>(conv.in_channels / conv.groups) *
                                        area(conv.window);
                               },
                               [](const MaxPool2d& pool) { return area(pool.window); },
                               [](const AveragePool2d& pool) { return area(pool.window); },
                               [](const Dense& dense) { return static_cast<std::uint64_t>(dense.inputs); },
                               [](const auto& /*other*/) { return std::uint64_t{1}; }},
                    op);
}

Status check_names(std::span<const Node> nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string& name = nodes[i].name;
    const bool printable = std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (name.empty() || name.size() > NetworkLimits::kNameBytes || !printable) {
      return Error{ErrorCode::kInvalidArgument,
                   message("node {}: its name is not 1 to {} printable ASCII characters",
                           {i, NetworkLimits::kNameBytes})};
    }
    if (std::any_of(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const Node& node) { return node.name == name; })) {
      return Error{ErrorCode::kInvalidArgument, message("two nodes have the name '{}'", {name})};
    }
  }
  return success();
}

Error in_node(const Node& node, const Error& error) {
  return {error.code, message("node '{}' ({}): {}", {node.name, operator_name(node.op), error.detail})};
}

/// A node reads as many earlier values as its operator takes, of the rank that it takes.
Status check_inputs(std::span<const Node> nodes, std::size_t index) {
  const Node& node = nodes[index];
  if (node.inputs.size() != input_count(node.op)) {
    return Error{ErrorCode::kInvalidArgument,
                 message("takes {}, but is given {}",
                         {input_count(node.op) == 1 ? "one value" : "two values", node.inputs.size()})};
  }
  if (std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) { return input > index; })) {
    return Error{ErrorCode::kInvalidArgument, "uses a value that no earlier node makes"};
  }
  const bool vector = is_vector(nodes, node.inputs.front());
  if (!vector && (std::holds_alternative<Dense>(node.op) || std::holds_alternative<Softmax>(node.op))) {
    return Error{ErrorCode::kShapeMismatch, "takes a vector, but gets an image; flatten it first"};
  }
  if (vector && is_windowed(node.op)) {
    return Error{ErrorCode::kShapeMismatch, "takes an image, but gets a vector"};
  }
  if (vector != is_vector(nodes, node.inputs.back())) {
    return Error{ErrorCode::kShapeMismatch, "takes two images or two vectors, but gets one of each"};
  }
  return success();
}

/// What a value takes in memory at most: pixels are padded to whole vectors of 8 numbers.
std::uint64_t kept_volume(const Shape& shape) {
  return (static_cast<std::uint64_t>(shape.channels) + 7) / 8 * 8 * static_cast<std::uint64_t>(shape.height) *
         static_cast<std::uint64_t>(shape.width);
}

/// Values with several uses are kept until the last one; holds all that are kept at the same time against
/// NetworkLimits::kKeptVolume. A chain, which never keeps more than two values, cannot exceed it.
Status check_kept(std::span<const Node> nodes, std::span<const Shape> shapes) {
  std::vector<std::size_t> last_use(shapes.size(), nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const ValueId input : nodes[i].inputs) last_use[input] = i;
  }
  std::uint64_t kept = kept_volume(shapes.front());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    kept += kept_volume(shapes[i + 1]);
    if (kept > NetworkLimits::kKeptVolume) {
      return in_node(nodes[i], {ErrorCode::kTooLarge,
                                message("takes the network beyond the limit of {} numbers at a time",
                                        {NetworkLimits::kKeptVolume})});
    }
    for (std::size_t value = 0; value <= i; ++value) {
      if (last_use[value] == i) kept -= kept_volume(shapes[value]);
    }
  }
  return success();
}

/// The slices of a shape-checked operator, which have to start at `next`; moves `next` behind them.
Status check_slices(const Operator& op, std::size_t& next) {
  const auto check = [&next](const auto& layer, int outputs) -> Status {
    const std::uint64_t weights = operations_per_output(layer) * static_cast<std::uint64_t>(outputs);
    if (layer.weights.count != weights) {
      return Error{ErrorCode::kShapeMismatch,
                   message("needs {} weights, but has {}", {weights, layer.weights.count})};
    }
    if (layer.bias.count != 0 && layer.bias.count != static_cast<std::size_t>(outputs)) {
      return Error{ErrorCode::kShapeMismatch,
                   message("needs a bias of {} numbers, but has {}", {outputs, layer.bias.count})};
    }
    for (const ParameterSlice slice : {layer.weights, layer.bias}) {
      if (slice.count == 0) continue;
      if (slice.offset != next) {
        return Error{ErrorCode::kShapeMismatch, "its parameters do not follow those of the nodes before"};
      }
      if (slice.count > NetworkLimits::kParameters - next) {
        return Error{ErrorCode::kTooLarge, message("takes the network beyond the limit of {} parameters",
                                                   {NetworkLimits::kParameters})};
      }
      next += slice.count;
    }
    return success();
  };
  return std::visit(Overloaded{[&](const Conv2d& conv) { return check(conv, conv.out_channels); },
                               [&](const Dense& dense) { return check(dense, dense.outputs); },
                               [](const auto& /*other*/) { return success(); }},
                    op);
}

Status check_finite(std::span<const float> parameters) {
  if (!std::all_of(parameters.begin(), parameters.end(), [](float p) { return std::isfinite(p); })) {
    return Error{ErrorCode::kNotFinite, "a parameter is not a finite number"};
  }
  return success();
}

}  // namespace

Result<Network> Network::create(Shape input, std::vector<Node> nodes, std::vector<float> parameters) {
  if (input.channels != 1) {
    return Error{
        ErrorCode::kUnsupported,
        message("the input of {} (channels x height x width) has not one channel", {to_text(input)})};
  }
  if (Status shape = check_shape(input); !shape.ok()) {
    return Error{shape.error().code, message("the input: {}", {shape.error().detail})};
  }
  if (nodes.empty()) return Error{ErrorCode::kEmpty, "the network has no nodes"};
  if (nodes.size() > NetworkLimits::kNodes) {
    return Error{ErrorCode::kTooLarge,
                 message("the network has {} nodes; the limit is {}", {nodes.size(), NetworkLimits::kNodes})};
  }
  if (Status names = check_names(nodes); !names.ok()) return names.error();

  Network network;
  network.shapes_.reserve(nodes.size() + 1);
  network.shapes_.push_back(input);
  std::vector<bool> used(nodes.size() + 1, false);
  std::size_t next_parameter = 0;
  std::uint64_t operations = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (Status checked = check_inputs(nodes, i); !checked.ok()) return in_node(node, checked.error());
    std::vector<Shape> inputs;
    for (const ValueId value : node.inputs) {
      used[value] = true;
      inputs.push_back(network.shapes_[value]);
    }
    Result<Shape> shape = infer_shape(node.op, inputs);
    if (!shape.ok()) return in_node(node, shape.error());
    network.shapes_.push_back(shape.value());
    if (Status slices = check_slices(node.op, next_parameter); !slices.ok()) {
      return in_node(node, slices.error());
    }
    operations += shape.value().volume() * operations_per_output(node.op);
    if (operations > NetworkLimits::kOperations) {
      return in_node(node, {ErrorCode::kTooLarge,
                            message("takes the network beyond the limit of {} operations for an image",
                                    {NetworkLimits::kOperations})});
    }
  }
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (!used[i + 1]) return in_node(nodes[i], {ErrorCode::kInvalidArgument, "nothing uses its value"});
  }
  if (Status kept = check_kept(nodes, network.shapes_); !kept.ok()) return kept.error();
  if (parameters.size() != next_parameter) {
    return Error{ErrorCode::kShapeMismatch, message("the nodes have {} parameters, but {} are given",
                                                    {next_parameter, parameters.size()})};
  }
  if (Status finite = check_finite(parameters); !finite.ok()) return finite.error();
  network.nodes_ = std::move(nodes);
  network.parameters_ = std::move(parameters);
  return network;
}

Result<Network> Network::with_parameters(std::vector<float> parameters) const {
  if (parameters.size() != parameters_.size()) {
    return Error{ErrorCode::kShapeMismatch, message("the network has {} parameters, but {} are given",
                                                    {parameters_.size(), parameters.size()})};
  }
  if (Status finite = check_finite(parameters); !finite.ok()) return finite.error();
  Network network;
  network.nodes_ = nodes_;
  network.parameters_ = std::move(parameters);
  network.shapes_ = shapes_;
  return network;
}

std::string_view operator_name(const Operator& op) {
  return std::visit(Overloaded{[](const Conv2d& /*op*/) { return std::string_view("Conv"); },
                               [](const Relu& /*op*/) { return std::string_view("Relu"); },
                               [](const MaxPool2d& /*op*/) { return std::string_view("MaxPool"); },
                               [](const AveragePool2d& /*op*/) { return std::string_view("AveragePool"); },
                               [](const Flatten& /*op*/) { return std::string_view("Flatten"); },
                               [](const Dense& /*op*/) { return std::string_view("Gemm"); },
                               [](const Softmax& /*op*/) { return std::string_view("Softmax"); },
                               [](const Tanh& /*op*/) { return std::string_view("Tanh"); },
                               [](const Sigmoid& /*op*/) { return std::string_view("Sigmoid"); },
                               [](const Add& /*op*/) { return std::string_view("Add"); }},
                    op);
}

std::size_t input_count(const Operator& op) {
  return std::holds_alternative<Add>(op) ? 2 : 1;
}

Result<Shape> infer_shape(const Operator& op, std::span<const Shape> inputs) {
  assert(inputs.size() == input_count(op));
  for (const Shape& input : inputs) {
    if (Status checked = check_shape(input); !checked.ok()) return checked.error();
  }
  if (inputs.front() != inputs.back()) {
    return Error{ErrorCode::kShapeMismatch, message("takes two values of the same shape, but gets {} and {}",
                                                    {to_text(inputs.front()), to_text(inputs.back())})};
  }
  Result<Shape> shape = std::visit([&](const auto& kind) { return output_shape(kind, inputs.front()); }, op);
  if (!shape.ok()) return shape;
  if (Status checked = check_shape(shape.value()); !checked.ok()) return checked.error();
  return shape;
}

bool is_vector(std::span<const Node> nodes, ValueId value) {
  while (value > 0 && keeps_rank(nodes[value - 1].op)) {
    value = nodes[value - 1].inputs.front();
  }
  if (value == 0) return false;
  return !is_windowed(nodes[value - 1].op);
}

std::size_t parameter_count(const Node& node) {
  return std::visit(
      [](const auto& op) {
        if constexpr (HasParameters<std::decay_t<decltype(op)>>) return op.weights.count + op.bias.count;
        return std::size_t{0};
      },
      node.op);
}

std::uint64_t multiply_accumulates(const Network& network, std::size_t node_index) {
  const Operator& op = network.nodes()[node_index].op;
  if (!std::holds_alternative<Conv2d>(op) && !std::holds_alternative<Dense>(op)) return 0;
  return network.shape(static_cast<ValueId>(node_index + 1)).volume() * operations_per_output(op);
}

}  // namespace inkread
