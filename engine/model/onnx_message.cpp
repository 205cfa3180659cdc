// SPDX-License-Identifier: MIT
#include "engine/model/onnx_message.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/model/onnx_subset.hpp"

namespace inkread::onnx {
namespace {

Error inside(std::string_view where, const Error& error) {
  return {error.code, std::string(where) + ": " + error.detail};
}

Error inside(std::string_view where, std::size_t index, const Error& error) {
  return inside(std::string(where) + " " + std::to_string(index), error);
}

/// Parses a message and appends it to a list of at most `limit`.
template <typename Message>
std::optional<Error> append(std::vector<Message>& list, std::size_t limit, std::string_view what, Bytes bytes,
                            Result<Message> (*parse)(Bytes)) {
  if (list.size() == limit) {
    return Error{ErrorCode::kTooLarge,
                 "there are more than " + std::to_string(limit) + " " + std::string(what) + "s"};
  }
  Result<Message> message = parse(bytes);
  if (!message.ok()) return inside(what, list.size(), message.error());
  list.push_back(std::move(message).value());
  return std::nullopt;
}

Result<TensorMessage> parse_tensor(Bytes bytes) {
  TensorMessage tensor;
  WireReader reader(bytes);
  while (reader.next()) {
    switch (reader.field()) {
      case TensorField::kDims:
        reader.integers(tensor.dims, Limits::kIntegers);
        break;
      case TensorField::kDataType:
        tensor.data_type = reader.once().integer();
        break;
      case TensorField::kFloatData:
        reader.numbers(tensor.float_data);
        break;
      case TensorField::kInt32Data:
        reader.integers(tensor.int32_data, NetworkLimits::kParameters);
        break;
      case TensorField::kInt64Data:
        reader.integers(tensor.int64_data, Limits::kIntegers);
        break;
      case TensorField::kName:
        tensor.name = reader.once().text(Limits::kTextBytes);
        break;
      case TensorField::kRawData:
        tensor.raw_data = reader.once().bytes();
        tensor.has_raw_data = true;
        break;
      case TensorField::kDataLocation:
        if (reader.once().integer() == 0) break;
        [[fallthrough]];
      case TensorField::kExternalData:
        return Error{ErrorCode::kUnsupported, "its data lies in another file"};
      case TensorField::kSegment:
        return Error{ErrorCode::kUnsupported, "it is stored in segments"};
      default:
        break;
    }
  }
  if (!reader.ok()) return reader.error();
  return tensor;
}

Result<AttributeMessage> parse_attribute(Bytes bytes) {
  AttributeMessage attribute;
  WireReader reader(bytes);
  while (reader.next()) {
    switch (reader.field()) {
      case AttributeField::kName:
        attribute.name = reader.once().text(Limits::kTextBytes);
        break;
      case AttributeField::kFloat:
        attribute.number = reader.once().number();
        break;
      case AttributeField::kInt:
        attribute.integer = reader.once().integer();
        break;
      case AttributeField::kString:
        attribute.text = reader.once().text(Limits::kTextBytes);
        break;
      case AttributeField::kTensor: {
        Result<TensorMessage> tensor = parse_tensor(reader.once().bytes());
        if (!tensor.ok()) return inside("its tensor", tensor.error());
        attribute.tensor = std::move(tensor).value();
        break;
      }
      case AttributeField::kInts:
        reader.integers(attribute.integers, Limits::kIntegers);
        break;
      case AttributeField::kType:
        attribute.type = reader.once().integer();
        break;
      case AttributeField::kGraph:
      case AttributeField::kGraphs:
        return Error{ErrorCode::kUnsupported, "it holds a subgraph"};
      case AttributeField::kReference:
        return Error{ErrorCode::kUnsupported, "it refers to a function's attribute"};
      default:
        break;
    }
  }
  if (!reader.ok()) return reader.error();
  return attribute;
}

bool append_name(std::vector<std::string_view>& names, WireReader& reader) {
  names.push_back(reader.text(Limits::kTextBytes));
  return names.size() <= Limits::kNodeValues;
}

Result<NodeMessage> parse_node(Bytes bytes) {
  NodeMessage node;
  WireReader reader(bytes);
  while (reader.next()) {
    switch (reader.field()) {
      case NodeField::kInput:
      case NodeField::kOutput:
        if (!append_name(reader.field() == NodeField::kInput ? node.inputs : node.outputs, reader)) {
          return Error{ErrorCode::kTooLarge,
                       "it has more than " + std::to_string(Limits::kNodeValues) + " inputs or outputs"};
        }
        break;
      case NodeField::kName:
        node.name = reader.once().text(Limits::kTextBytes);
        break;
      case NodeField::kOperator:
        node.op_type = reader.once().text(Limits::kTextBytes);
        break;
      case NodeField::kAttribute:
        if (auto error =
                append(node.attributes, Limits::kAttributes, "attribute", reader.bytes(), &parse_attribute)) {
          return *error;
        }
        break;
      case NodeField::kDomain:
        node.domain = reader.once().text(Limits::kTextBytes);
        break;
      case NodeField::kOverload:
        if (!reader.once().text(Limits::kTextBytes).empty()) {
          return Error{ErrorCode::kUnsupported, "it calls a function"};
        }
        break;
      default:
        break;
    }
  }
  if (!reader.ok()) return reader.error();
  return node;
}

Result<std::int64_t> parse_dimension(Bytes bytes) {
  std::int64_t size = ValueMessage::kSymbolic;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == DimensionField::kValue) size = reader.once().integer();
  }
  if (!reader.ok()) return reader.error();
  return size;
}

Result<ValueMessage> parse_value(Bytes bytes) {
  ValueMessage value;
  // What a value is lies four messages deep: value, type, tensor type, shape.
  Bytes type;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == ValueField::kName) value.name = reader.once().text(Limits::kTextBytes);
    if (reader.field() == ValueField::kType) type = reader.once().bytes();
  }
  if (!reader.ok()) return reader.error();

  Bytes tensor_type;
  reader = WireReader(type);
  while (reader.next()) {
    if (reader.field() == TypeField::kTensor) tensor_type = reader.once().bytes();
  }
  if (!reader.ok()) return inside("its type", reader.error());

  Bytes shape;
  reader = WireReader(tensor_type);
  while (reader.next()) {
    if (reader.field() == TensorTypeField::kElementType) value.element_type = reader.once().integer();
    if (reader.field() == TensorTypeField::kShape) shape = reader.once().bytes();
  }
  if (!reader.ok()) return inside("its tensor type", reader.error());

  reader = WireReader(shape);
  while (reader.next()) {
    if (reader.field() != ShapeField::kDimension) continue;
    if (auto error = append(value.dims, Limits::kIntegers, "dimension", reader.bytes(), &parse_dimension)) {
      return *error;
    }
  }
  if (!reader.ok()) return inside("its shape", reader.error());
  return value;
}

Status parse_graph(Bytes bytes, ModelMessage& model) {
  WireReader reader(bytes);
  while (reader.next()) {
    std::optional<Error> error;
    switch (reader.field()) {
      case GraphField::kNode:
        error = append(model.nodes, Limits::kNodes, "node", reader.bytes(), &parse_node);
        break;
      case GraphField::kInitializer:
        error =
            append(model.initializers, Limits::kInitializers, "initializer", reader.bytes(), &parse_tensor);
        break;
      case GraphField::kInput:
        error = append(model.inputs, Limits::kInputs, "input", reader.bytes(), &parse_value);
        break;
      case GraphField::kOutput:
        error = append(model.outputs, 1, "output", reader.bytes(), &parse_value);
        break;
      case GraphField::kSparseInitializer:
        error = Error{ErrorCode::kUnsupported, "it has sparse initializers"};
        break;
      default:
        break;
    }
    if (error) return *error;
  }
  if (!reader.ok()) return reader.error();
  return success();
}

/// Whoever made a file may put texts of any length into its metadata.
Result<PropertyMessage> parse_property(Bytes bytes) {
  PropertyMessage property;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == PropertyField::kKey) property.key = reader.once().text(Limits::kFileBytes);
    if (reader.field() == PropertyField::kValue) property.value = reader.once().text(Limits::kFileBytes);
  }
  if (!reader.ok()) return reader.error();
  return property;
}

/// The version of an operator set, 0 if it is not the standard operators'.
Result<std::int64_t> parse_opset(Bytes bytes) {
  std::string_view domain;
  std::int64_t version = 0;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == OpsetField::kDomain) domain = reader.once().text(Limits::kTextBytes);
    if (reader.field() == OpsetField::kVersion) version = reader.once().integer();
  }
  if (!reader.ok()) return reader.error();
  if (!is_standard_domain(domain)) return std::int64_t{0};
  if (version < kOldestOpset || version > kNewestOpset) {
    return Error{ErrorCode::kUnsupported, "version " + std::to_string(version) + " is not in " +
                                              std::to_string(kOldestOpset) + ".." +
                                              std::to_string(kNewestOpset)};
  }
  return version;
}

}  // namespace

bool is_standard_domain(std::string_view domain) {
  return domain.empty() || domain == "ai.onnx";
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown(text.substr(0, limit));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

std::string quote(std::string_view text) {
  return "'" + printable(text, Limits::kQuotedCharacters) +
         (text.size() > Limits::kQuotedCharacters ? "...'" : "'");
}

Result<ModelMessage> parse_model(Bytes file) {
  ModelMessage model;
  bool has_graph = false;
  WireReader reader(file);
  while (reader.next()) {
    switch (reader.field()) {
      case ModelField::kIrVersion:
        model.ir_version = reader.once().integer();
        break;
      case ModelField::kGraph:
        if (Status graph = parse_graph(reader.once().bytes(), model); !graph.ok()) {
          return inside("the graph", graph.error());
        }
        has_graph = true;
        break;
      case ModelField::kOpsetImport: {
        // A file may declare other sets of operators, as long as no node is of them.
        Result<std::int64_t> opset = parse_opset(reader.bytes());
        if (!opset.ok()) return inside("the operator set", opset.error());
        if (opset.value() == 0) break;
        if (model.opset != 0) {
          return Error{ErrorCode::kMalformed, "the operator set is declared twice"};
        }
        model.opset = opset.value();
        break;
      }
      case ModelField::kMetadata: {
        const Result<PropertyMessage> property = parse_property(reader.bytes());
        if (!property.ok()) return inside("the metadata", property.error());
        if (property.value().key.starts_with(MetadataKey::kPrefix)) {
          model.properties.push_back(property.value());
        }
        break;
      }
      case ModelField::kFunctions:
        return Error{ErrorCode::kUnsupported, "the model has functions of its own"};
      default:
        break;
    }
  }
  if (!reader.ok()) {
    return inside(has_graph ? "the model" : "this is no ONNX model, or a damaged one", reader.error());
  }
  if (!has_graph || model.ir_version == 0) {
    return Error{ErrorCode::kMalformed, "this is no ONNX model: it has no graph or no IR version"};
  }
  if (model.ir_version < kOldestIr) {
    return Error{ErrorCode::kUnsupported, "IR version " + std::to_string(model.ir_version) + " is too old"};
  }
  if (model.opset == 0) return Error{ErrorCode::kMalformed, "the model names no operator set"};
  return model;
}

}  // namespace inkread::onnx
