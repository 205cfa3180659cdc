// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/wire.hpp"

// The messages of an .onnx file as they stand in it: sizes and wire types are checked and limited, what they
// say is not understood yet. Texts and raw bytes point into the file.
namespace inkread::onnx {

struct TensorMessage {
  std::string_view name;
  std::vector<std::int64_t> dims;
  std::int64_t data_type = 0;
  bool has_raw_data = false;
  Bytes raw_data;
  std::vector<float> float_data;
  std::vector<std::int32_t> int32_data;  ///< of types of up to 32 bits
  std::vector<std::int64_t> int64_data;
};

struct AttributeMessage {
  std::string_view name;
  std::int64_t type = 0;
  float number = 0.0F;
  std::int64_t integer = 0;
  std::string_view text;
  std::vector<std::int64_t> integers;
  TensorMessage tensor;
};

struct NodeMessage {
  std::string_view name;
  std::string_view op_type;
  std::string_view domain;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<AttributeMessage> attributes;
};

/// An input or output of the graph.
struct ValueMessage {
  static constexpr std::int64_t kSymbolic = -1;
  std::string_view name;
  std::int64_t element_type = 0;
  std::vector<std::int64_t> dims;  ///< kSymbolic where the file gives no number
};

/// A pair of the model's metadata.
struct PropertyMessage {
  std::string_view key;
  std::string_view value;
};

struct ModelMessage {
  std::int64_t ir_version = 0;
  std::int64_t opset = 0;  ///< of the standard operators
  std::vector<NodeMessage> nodes;
  std::vector<TensorMessage> initializers;
  std::vector<ValueMessage> inputs;
  std::vector<ValueMessage> outputs;
  std::vector<PropertyMessage> properties;  ///< those whose keys begin as ours do
};

/// The standard operators' domain has two spellings.
[[nodiscard]] bool is_standard_domain(std::string_view domain);

/// Reads the messages of a file. Errors: kTruncated, kMalformed, kTooLarge (onnx::Limits), kUnsupported
/// (external data, subgraphs, functions, sparse tensors, operator sets).
Result<ModelMessage> parse_model(Bytes file);

}  // namespace inkread::onnx
