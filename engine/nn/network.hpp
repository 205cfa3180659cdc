// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.hpp"

namespace inkread {

/// The shape of one image's value: channels x height x width. A plain vector of n numbers is n x 1 x 1.
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  /// Numbers in it.
  [[nodiscard]] std::size_t volume() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width);
  }
  bool operator==(const Shape&) const = default;
};

/// A run of numbers in Network::parameters(). count is 0 where a parameter is absent.
struct ParameterSlice {
  std::size_t offset = 0;
  std::size_t count = 0;
};

/// How a window moves over an image; the names and meanings are ONNX's.
struct Window {
  int kernel_height = 1;
  int kernel_width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int pad_top = 0;
  int pad_left = 0;
  int pad_bottom = 0;
  int pad_right = 0;
  bool operator==(const Window&) const = default;
};

/// Cross-correlation, as ONNX's Conv. The channels form `groups` groups of equal size, and those of an output
/// group see only those of the input group at its place; as many groups as channels are a depthwise
/// convolution.
struct Conv2d {
  int in_channels = 0;
  int out_channels = 0;
  Window window{};
  ParameterSlice weights{};  ///< [out_channels][in_channels / groups][kernel_height][kernel_width]
  ParameterSlice bias{};     ///< [out_channels], or absent
  int groups = 1;
};
struct Relu {};
/// Padding counts as minus infinity.
struct MaxPool2d {
  Window window;
};
/// The mean under each window, as ONNX's AveragePool; GlobalAveragePool is the window as large as the image.
struct AveragePool2d {
  Window window;
  bool count_padding = false;  ///< whether padding counts as zeros (count_include_pad) or not at all
};
/// Channels x height x width, in this order, into a vector.
struct Flatten {};
/// y = weights * x + bias, as ONNX's Gemm with transB = 1.
struct Dense {
  int inputs = 0;
  int outputs = 0;
  ParameterSlice weights{};  ///< [outputs][inputs]
  ParameterSlice bias{};     ///< [outputs], or absent
};
/// Over the channels of a vector.
struct Softmax {};
/// The hyperbolic tangent of every number.
struct Tanh {};
/// 1 / (1 + exp(-x)) of every number.
struct Sigmoid {};
/// The sum of two values of the same shape, number by number.
struct Add {};

using Operator =
    std::variant<Conv2d, Relu, MaxPool2d, AveragePool2d, Flatten, Dense, Softmax, Tanh, Sigmoid, Add>;

/// The operators that have weights and a bias.
template <typename T>
concept HasParameters = requires(const T& op) {
  op.weights;
  op.bias;
};

/// The operator's name in ONNX: "Conv", "Relu", ...
[[nodiscard]] std::string_view operator_name(const Operator& op);

/// How many values it reads: two for Add, one for all others.
[[nodiscard]] std::size_t input_count(const Operator& op);

/// A value of the network: 0 is its input, i + 1 the output of node i.
using ValueId = std::uint32_t;

struct Node {
  std::string name;  ///< unique, printable ASCII, at most NetworkLimits::kNameBytes
  Operator op;
  std::vector<ValueId> inputs;  ///< input_count() earlier values, so nodes are in topological order
};

/// What a Network may not exceed. Far above any digit reader, far below what could exhaust a phone.
struct NetworkLimits {
  static constexpr std::size_t kNodes = 256;
  static constexpr std::size_t kNameBytes = 128;
  static constexpr std::size_t kParameters = 4U << 20U;
  static constexpr int kChannels = 4096;
  static constexpr int kSide = 1024;                 ///< height or width of a value
  static constexpr std::size_t kVolume = 4U << 20U;  ///< numbers in a value
  /// numbers in all values that are still to be used, at any node; channels round up to multiples of 8
  static constexpr std::uint64_t kKeptVolume = 16U << 20U;
  static constexpr int kWindow = 64;                       ///< kernel, stride or padding
  static constexpr std::uint64_t kOperations = 1U << 30U;  ///< multiplications and comparisons for an image
};

/// An immutable network: operators, their parameters in ONNX's own layouts, and the shapes that follow. Takes
/// one image of one channel and gives one value, the last node's. It is what files hold and what training
/// changes; to run it, prepare a Program.
class Network {
 public:
  /// Checks everything and infers the shapes: names, limits, operators against shapes, finite numbers, that
  /// every value but the last is used, and that the parameters are the nodes' weights and bias in the order
  /// of the nodes, without gaps. Errors: kInvalidArgument (names, order, unused values, settings out of
  /// range), kShapeMismatch, kTooLarge, kNotFinite, kUnsupported (an input of several channels).
  static Result<Network> create(Shape input, std::vector<Node> nodes, std::vector<float> parameters);

  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }
  [[nodiscard]] std::span<const float> parameters() const { return parameters_; }
  [[nodiscard]] std::span<const float> parameters(ParameterSlice slice) const {
    return std::span(parameters_).subspan(slice.offset, slice.count);
  }
  [[nodiscard]] const Shape& shape(ValueId value) const { return shapes_[value]; }
  [[nodiscard]] const Shape& input_shape() const { return shapes_.front(); }
  [[nodiscard]] const Shape& output_shape() const { return shapes_.back(); }

  /// The same operators with other parameters: as many (else kShapeMismatch), and finite (else kNotFinite).
  [[nodiscard]] Result<Network> with_parameters(std::vector<float> parameters) const;

 private:
  Network() = default;
  std::vector<Node> nodes_;
  std::vector<float> parameters_;
  std::vector<Shape> shapes_;  ///< by ValueId
};

/// The shape that op makes of values of the shapes `inputs`. Fails with a fragment to follow the operator's
/// name: "takes 3 channels, but gets 1".
[[nodiscard]] Result<Shape> infer_shape(const Operator& op, std::span<const Shape> inputs);
/// Whether value is a row of numbers (ONNX: [N,n]) and not an image ([N,C,H,W]), whose shape may be n x 1 x 1
/// too. Dense and Softmax take rows; Conv2d and the pools take images.
[[nodiscard]] bool is_vector(std::span<const Node> nodes, ValueId value);
/// Numbers that node holds.
[[nodiscard]] std::size_t parameter_count(const Node& node);
/// Multiply-accumulate operations of node for one image (convolutions and dense layers; the rest counts as
/// none).
[[nodiscard]] std::uint64_t multiply_accumulates(const Network& network, std::size_t node_index);

}  // namespace inkread
