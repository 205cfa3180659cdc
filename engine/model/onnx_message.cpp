// SPDX-License-Identifier: MIT
#include "engine/model/onnx_message.hpp"

#include <optional>
#include <utility>

#include "engine/base/message.hpp"
#include "engine/model/onnx_subset.hpp"

namespace inkread::onnx {
namespace {

/// Reads a message within the one that `outer` reads: `take` gets each field. A fault in it becomes outer's,
/// which says by `where` that it is in there.
void read_nested(WireReader& outer, Bytes bytes, void (*take)(WireReader& reader, void* message),
                 void* message, std::string_view where) {
  WireReader reader(bytes);
  while (reader.next()) take(reader, message);
  if (reader.ok()) return;
  const Error& error = reader.error();
  outer.refuse({error.code, inkread::message("{}: {}", {where, error.detail})});
}

/// The same by a function that knows the message's type.
template <typename Message, void Take(WireReader&, Message&)>
void read_message(WireReader& outer, Bytes bytes, Message& message, std::string_view where) {
  read_nested(
      outer, bytes, [](WireReader& reader, void* into) { Take(reader, *static_cast<Message*>(into)); },
      &message, where);
}

/// Appends the message at which `outer` is to a list of at most `limit`.
template <typename Message, void Take(WireReader&, Message&)>
void append(WireReader& outer, std::vector<Message>& list, std::size_t limit, std::string_view what) {
  if (list.size() == limit) {
    outer.refuse({ErrorCode::kTooLarge, message("there are more than {} {}s", {limit, what})});
    return;
  }
  const std::size_t index = list.size();
  list.emplace_back();
  read_message<Message, Take>(outer, outer.bytes(), list.back(), message("{} {}", {what, index}));
}

void unsupported(WireReader& reader, const char* what) {
  reader.refuse({ErrorCode::kUnsupported, what});
}

void take_tensor(WireReader& reader, TensorMessage& tensor) {
  switch (reader.field()) {
    case TensorField::kDims:
      return reader.integers(tensor.dims, Limits::kIntegers);
    case TensorField::kDataType:
      tensor.data_type = reader.once().integer();
      return;
    case TensorField::kFloatData:
      return reader.numbers(tensor.float_data);
    case TensorField::kInt32Data:
      return reader.integers(tensor.int32_data, NetworkLimits::kParameters);
    case TensorField::kInt64Data:
      return reader.integers(tensor.int64_data, Limits::kIntegers);
    case TensorField::kName:
      tensor.name = reader.once().text(Limits::kTextBytes);
      return;
    case TensorField::kRawData:
      tensor.raw_data = reader.once().bytes();
      tensor.has_raw_data = true;
      return;
    case TensorField::kDataLocation:
      if (reader.once().integer() == 0) return;
      [[fallthrough]];
    case TensorField::kExternalData:
      return unsupported(reader, "its data lies in another file");
    case TensorField::kSegment:
      return unsupported(reader, "it is stored in segments");
    default:
      return;
  }
}

void take_attribute(WireReader& reader, AttributeMessage& attribute) {
  switch (reader.field()) {
    case AttributeField::kName:
      attribute.name = reader.once().text(Limits::kTextBytes);
      return;
    case AttributeField::kFloat:
      attribute.number = reader.once().number();
      return;
    case AttributeField::kInt:
      attribute.integer = reader.once().integer();
      return;
    case AttributeField::kString:
      attribute.text = reader.once().text(Limits::kTextBytes);
      return;
    case AttributeField::kTensor:
      return read_message<TensorMessage, take_tensor>(reader, reader.once().bytes(), attribute.tensor,
                                                      "its tensor");
    case AttributeField::kInts:
      return reader.integers(attribute.integers, Limits::kIntegers);
    case AttributeField::kType:
      attribute.type = reader.once().integer();
      return;
    case AttributeField::kGraph:
    case AttributeField::kGraphs:
      return unsupported(reader, "it holds a subgraph");
    case AttributeField::kReference:
      return unsupported(reader, "it refers to a function's attribute");
    default:
      return;
  }
}

void take_name(WireReader& reader, std::vector<std::string_view>& names) {
  names.push_back(reader.text(Limits::kTextBytes));
  if (names.size() > Limits::kNodeValues) {
    reader.refuse(
        {ErrorCode::kTooLarge, message("it has more than {} inputs or outputs", {Limits::kNodeValues})});
  }
}

void take_node(WireReader& reader, NodeMessage& node) {
  switch (reader.field()) {
    case NodeField::kInput:
      return take_name(reader, node.inputs);
    case NodeField::kOutput:
      return take_name(reader, node.outputs);
    case NodeField::kName:
      node.name = reader.once().text(Limits::kTextBytes);
      return;
    case NodeField::kOperator:
      node.op_type = reader.once().text(Limits::kTextBytes);
      return;
    case NodeField::kAttribute:
      return append<AttributeMessage, take_attribute>(reader, node.attributes, Limits::kAttributes,
                                                      "attribute");
    case NodeField::kDomain:
      node.domain = reader.once().text(Limits::kTextBytes);
      return;
    case NodeField::kOverload:
      if (!reader.once().text(Limits::kTextBytes).empty()) unsupported(reader, "it calls a function");
      return;
    default:
      return;
  }
}

void take_dimension(WireReader& reader, std::int64_t& size) {
  if (reader.field() == DimensionField::kValue) size = reader.once().integer();
}

// What a value is lies four messages deep: value, type, tensor type, shape.
void take_shape(WireReader& reader, ValueMessage& value) {
  if (reader.field() != ShapeField::kDimension) return;
  append<std::int64_t, take_dimension>(reader, value.dims, Limits::kIntegers, "dimension");
}

void take_tensor_type(WireReader& reader, ValueMessage& value) {
  if (reader.field() == TensorTypeField::kElementType) value.element_type = reader.once().integer();
  if (reader.field() == TensorTypeField::kShape) {
    read_message<ValueMessage, take_shape>(reader, reader.once().bytes(), value, "its shape");
  }
}

void take_type(WireReader& reader, ValueMessage& value) {
  if (reader.field() == TypeField::kTensor) {
    read_message<ValueMessage, take_tensor_type>(reader, reader.once().bytes(), value, "its tensor type");
  }
}

void take_value(WireReader& reader, ValueMessage& value) {
  if (reader.field() == ValueField::kName) value.name = reader.once().text(Limits::kTextBytes);
  if (reader.field() == ValueField::kType) {
    read_message<ValueMessage, take_type>(reader, reader.once().bytes(), value, "its type");
  }
}

void take_graph(WireReader& reader, ModelMessage& model) {
  switch (reader.field()) {
    case GraphField::kNode:
      return append<NodeMessage, take_node>(reader, model.nodes, Limits::kNodes, "node");
    case GraphField::kInitializer:
      return append<TensorMessage, take_tensor>(reader, model.initializers, Limits::kInitializers,
                                                "initializer");
    case GraphField::kInput:
      return append<ValueMessage, take_value>(reader, model.inputs, Limits::kInputs, "input");
    case GraphField::kOutput:
      return append<ValueMessage, take_value>(reader, model.outputs, 1, "output");
    case GraphField::kSparseInitializer:
      return unsupported(reader, "it has sparse initializers");
    default:
      return;
  }
}

/// Whoever made a file may put texts of any length into its metadata.
void take_property(WireReader& reader, PropertyMessage& property) {
  if (reader.field() == PropertyField::kKey) property.key = reader.once().text(Limits::kFileBytes);
  if (reader.field() == PropertyField::kValue) property.value = reader.once().text(Limits::kFileBytes);
}

struct OpsetMessage {
  std::string_view domain;
  std::int64_t version = 0;
};

void take_opset(WireReader& reader, OpsetMessage& opset) {
  if (reader.field() == OpsetField::kDomain) opset.domain = reader.once().text(Limits::kTextBytes);
  if (reader.field() == OpsetField::kVersion) opset.version = reader.once().integer();
}

/// A file may declare other sets of operators, as long as no node is of them.
std::optional<Error> keep_opset(const OpsetMessage& opset, ModelMessage& model) {
  if (!is_standard_domain(opset.domain)) return std::nullopt;
  if (opset.version < kOldestOpset || opset.version > kNewestOpset) {
    return Error{ErrorCode::kUnsupported, message("the operator set: version {} is not in {}..{}",
                                                  {opset.version, kOldestOpset, kNewestOpset})};
  }
  if (model.opset != 0) return Error{ErrorCode::kMalformed, "the operator set is declared twice"};
  model.opset = opset.version;
  return std::nullopt;
}

}  // namespace

bool is_standard_domain(std::string_view domain) {
  return domain.empty() || domain == "ai.onnx";
}

Result<ModelMessage> parse_model(Bytes file) {
  ModelMessage model;
  bool has_graph = false;
  WireReader reader(file);
  WireReader inner(Bytes{});  // keeps the faults of the messages in the model
  while (inner.ok() && reader.next()) {
    switch (reader.field()) {
      case ModelField::kIrVersion:
        model.ir_version = reader.once().integer();
        break;
      case ModelField::kGraph:
        read_message<ModelMessage, take_graph>(inner, reader.once().bytes(), model, "the graph");
        has_graph = true;
        break;
      case ModelField::kOpsetImport: {
        OpsetMessage opset;
        read_message<OpsetMessage, take_opset>(inner, reader.bytes(), opset, "the operator set");
        if (!inner.ok()) break;
        if (const auto error = keep_opset(opset, model)) return *error;
        break;
      }
      case ModelField::kMetadata: {
        PropertyMessage property;
        read_message<PropertyMessage, take_property>(inner, reader.bytes(), property, "the metadata");
        if (property.key.starts_with(MetadataKey::kPrefix)) model.properties.push_back(property);
        break;
      }
      case ModelField::kFunctions:
        unsupported(inner, "the model has functions of its own");
        break;
      default:
        break;
    }
  }
  if (!inner.ok()) return inner.error();
  if (!reader.ok()) {
    return Error{reader.error().code,
                 message("{}: {}", {has_graph ? "the model" : "this is no ONNX model, or a damaged one",
                                    reader.error().detail})};
  }
  if (!has_graph || model.ir_version == 0) {
    return Error{ErrorCode::kMalformed, "this is no ONNX model: it has no graph or no IR version"};
  }
  if (model.ir_version < kOldestIr) {
    return Error{ErrorCode::kUnsupported, message("IR version {} is too old", {model.ir_version})};
  }
  if (model.opset == 0) return Error{ErrorCode::kMalformed, "the model names no operator set"};
  return model;
}

}  // namespace inkread::onnx
