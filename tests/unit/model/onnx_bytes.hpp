// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/onnx_reader.hpp"

/// Hand-made .onnx files, right and wrong, built without the engine's writer and its field numbers.
namespace inkread::onnx_bytes {

/// A protobuf message as text of bytes.
class Message {
 public:
  Message() = default;
  explicit Message(std::string bytes) : bytes_(std::move(bytes)) {}

  Message& varint(std::uint64_t value) {
    for (; value >= 128; value /= 128) bytes_.push_back(static_cast<char>(value % 128 + 128));
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  Message& integer(std::uint32_t field, std::int64_t value) {
    return varint(std::uint64_t{field} * 8).varint(static_cast<std::uint64_t>(value));
  }
  Message& number(std::uint32_t field, float value) {
    varint(std::uint64_t{field} * 8 + 5);
    return raw(value);
  }
  Message& text(std::uint32_t field, std::string_view value) {
    varint(std::uint64_t{field} * 8 + 2).varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(std::uint32_t field, const Message& value) { return text(field, value.bytes_); }
  /// A number as it lies in memory, on the little-endian machines that run the tests.
  template <typename Number>
  Message& raw(Number value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    bytes_.append(bytes, sizeof value);
    return *this;
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

using Integers = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

/// A tensor without data.
inline Message tensor_head(std::string_view name, const Integers& dims, std::int64_t type) {
  Message tensor;
  for (const std::int64_t dim : dims) tensor.integer(1, dim);
  return tensor.integer(2, type).text(8, name);
}
inline Message float_tensor(std::string_view name, const Integers& dims, const std::vector<float>& values) {
  Message raw;
  for (const float value : values) raw.raw(value);
  return tensor_head(name, dims, 1).message(9, raw);
}
inline Message integer_tensor(std::string_view name, const Integers& dims, const Integers& values) {
  Message raw;
  for (const std::int64_t value : values) raw.raw(value);
  return tensor_head(name, dims, 7).message(9, raw);
}
/// A tensor of int8 (type 3) or uint8 (type 2).
inline Message byte_tensor(std::string_view name, const Integers& dims, const Integers& values,
                           std::int64_t type = 3) {
  Message raw;
  for (const std::int64_t value : values) raw.raw(static_cast<std::uint8_t>(value));
  return tensor_head(name, dims, type).message(9, raw);
}
/// A tensor of `count` times the same float.
inline Message filled_tensor(std::string_view name, const Integers& dims, std::size_t count) {
  return float_tensor(name, dims, std::vector<float>(count, 0.25F));
}

inline Message integer_attribute(std::string_view name, std::int64_t value) {
  return Message().text(1, name).integer(3, value).integer(20, 2);
}
inline Message integers_attribute(std::string_view name, const Integers& values) {
  Message attribute;
  attribute.text(1, name);
  for (const std::int64_t value : values) attribute.integer(8, value);
  return attribute.integer(20, 7);
}
inline Message float_attribute(std::string_view name, float value) {
  return Message().text(1, name).number(2, value).integer(20, 1);
}
inline Message text_attribute(std::string_view name, std::string_view value) {
  return Message().text(1, name).text(4, value).integer(20, 3);
}
inline Message tensor_attribute(std::string_view name, const Message& tensor) {
  return Message().text(1, name).message(5, tensor).integer(20, 4);
}

/// A node whose name is that of its first output.
inline Message node(std::string_view op_type, const Names& inputs, const Names& outputs,
                    const std::vector<Message>& attributes = {}) {
  Message message;
  for (const std::string& input : inputs) message.text(1, input);
  for (const std::string& output : outputs) message.text(2, output);
  message.text(3, outputs.empty() ? std::string() : outputs.front()).text(4, op_type);
  for (const Message& attribute : attributes) message.message(5, attribute);
  return message;
}

/// A graph input or output of float32; a dimension of -1 has the symbol N.
inline Message value(std::string_view name, const Integers& dims, std::int64_t element_type = 1) {
  Message shape;
  for (const std::int64_t dim : dims) {
    shape.message(1, dim == -1 ? Message().text(2, "N") : Message().integer(1, dim));
  }
  const Message tensor_type = Message().integer(1, element_type).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor_type));
}

/// A pair of a model's metadata, its field 14.
inline Message property(std::string_view key, std::string_view value) {
  return Message().text(1, key).text(2, value);
}

/// A model to change before its bytes are taken. As made, it is a dense layer over an image of 2 x 2:
/// Flatten, Gemm with three outputs, Softmax.
struct Model {
  std::int64_t ir_version = 8;
  std::int64_t opset = 17;
  std::vector<Message> inputs = {value("x", {-1, 1, 2, 2})};
  std::vector<Message> initializers = {filled_tensor("w", {3, 4}, 12), filled_tensor("b", {3}, 3)};
  std::vector<Message> nodes = {node("Flatten", {"x"}, {"f"}),
                                node("Gemm", {"f", "w", "b"}, {"g"}, {integer_attribute("transB", 1)}),
                                node("Softmax", {"g"}, {"y"})};
  std::vector<Message> outputs = {value("y", {-1, 3})};
  Message more_graph;  ///< further fields of the graph
  Message more_model;  ///< and of the model

  [[nodiscard]] std::string bytes() const {
    Message graph;
    for (const Message& n : nodes) graph.message(1, n);
    graph.text(2, "hand-made");
    for (const Message& tensor : initializers) graph.message(5, tensor);
    for (const Message& input : inputs) graph.message(11, input);
    for (const Message& output : outputs) graph.message(12, output);
    const Message whole_graph(graph.bytes() + more_graph.bytes());
    const Message model = Message()
                              .integer(1, ir_version)
                              .message(7, whole_graph)
                              .message(8, Message().text(1, "").integer(2, opset));
    return model.bytes() + more_model.bytes();
  }
};

/// Reads a copy that is exactly as large as the file, so that AddressSanitizer sees every step beyond it.
inline Result<OnnxModel> read_model(std::string_view file) {
  const auto copy = std::make_unique<std::byte[]>(file.size());  // NOLINT(modernize-avoid-c-arrays)
  if (!file.empty()) std::memcpy(copy.get(), file.data(), file.size());
  return read_onnx_model(std::span<const std::byte>(copy.get(), file.size()));
}
inline Result<Network> read(std::string_view file) {
  Result<OnnxModel> model = read_model(file);
  if (!model.ok()) return model.error();
  return std::move(model).value().network;
}

}  // namespace inkread::onnx_bytes
