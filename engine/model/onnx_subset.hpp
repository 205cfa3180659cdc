// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/nn/network.hpp"

// The part of ONNX that Inkread reads and writes, in one place: messages
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), operators
// (https://onnx.ai/onnx/operators) and limits.
namespace inkread::onnx {

// Field numbers. A field that is not here describes (documentation, producers, inferred shapes) and is
// skipped; fields named "refused" change what a file means.
struct ModelField {
  static constexpr std::uint32_t kIrVersion = 1;
  static constexpr std::uint32_t kProducerName = 2;
  static constexpr std::uint32_t kGraph = 7;
  static constexpr std::uint32_t kOpsetImport = 8;
  static constexpr std::uint32_t kMetadata = 14;
  static constexpr std::uint32_t kFunctions = 25;  ///< refused
};
struct PropertyField {
  static constexpr std::uint32_t kKey = 1;
  static constexpr std::uint32_t kValue = 2;
};
struct OpsetField {
  static constexpr std::uint32_t kDomain = 1;
  static constexpr std::uint32_t kVersion = 2;
};
struct GraphField {
  static constexpr std::uint32_t kNode = 1;
  static constexpr std::uint32_t kName = 2;
  static constexpr std::uint32_t kInitializer = 5;
  static constexpr std::uint32_t kInput = 11;
  static constexpr std::uint32_t kOutput = 12;
  static constexpr std::uint32_t kSparseInitializer = 15;  ///< refused
};
struct NodeField {
  static constexpr std::uint32_t kInput = 1;
  static constexpr std::uint32_t kOutput = 2;
  static constexpr std::uint32_t kName = 3;
  static constexpr std::uint32_t kOperator = 4;
  static constexpr std::uint32_t kAttribute = 5;
  static constexpr std::uint32_t kDomain = 7;
  static constexpr std::uint32_t kOverload = 8;  ///< refused
};
struct AttributeField {
  static constexpr std::uint32_t kName = 1;
  static constexpr std::uint32_t kFloat = 2;
  static constexpr std::uint32_t kInt = 3;
  static constexpr std::uint32_t kString = 4;
  static constexpr std::uint32_t kTensor = 5;
  static constexpr std::uint32_t kGraph = 6;  ///< refused
  static constexpr std::uint32_t kInts = 8;
  static constexpr std::uint32_t kGraphs = 11;  ///< refused
  static constexpr std::uint32_t kType = 20;
  static constexpr std::uint32_t kReference = 21;  ///< refused
};
struct TensorField {
  static constexpr std::uint32_t kDims = 1;
  static constexpr std::uint32_t kDataType = 2;
  static constexpr std::uint32_t kSegment = 3;  ///< refused
  static constexpr std::uint32_t kFloatData = 4;
  static constexpr std::uint32_t kInt32Data = 5;
  static constexpr std::uint32_t kInt64Data = 7;
  static constexpr std::uint32_t kName = 8;
  static constexpr std::uint32_t kRawData = 9;
  static constexpr std::uint32_t kExternalData = 13;  ///< refused
  static constexpr std::uint32_t kDataLocation = 14;  ///< refused unless 0, "in this file"
};
struct ValueField {
  static constexpr std::uint32_t kName = 1;
  static constexpr std::uint32_t kType = 2;
};
struct TypeField {
  static constexpr std::uint32_t kTensor = 1;
};
struct TensorTypeField {
  static constexpr std::uint32_t kElementType = 1;
  static constexpr std::uint32_t kShape = 2;
};
struct ShapeField {
  static constexpr std::uint32_t kDimension = 1;
};
struct DimensionField {
  static constexpr std::uint32_t kValue = 1;
  static constexpr std::uint32_t kSymbol = 2;
};

// Types, by their numbers in the file.
struct DataType {
  static constexpr std::int64_t kFloat = 1;
  static constexpr std::int64_t kUint8 = 2;
  static constexpr std::int64_t kInt8 = 3;
  static constexpr std::int64_t kInt64 = 7;
};
struct AttributeType {
  static constexpr std::int64_t kFloat = 1;
  static constexpr std::int64_t kInt = 2;
  static constexpr std::int64_t kString = 3;
  static constexpr std::int64_t kTensor = 4;
  static constexpr std::int64_t kInts = 7;
};

/// Keys of the metadata that ModelNotes are kept under; others are skipped.
struct MetadataKey {
  static constexpr std::string_view kPrefix = "inkread.";
  static constexpr std::string_view kAcceptConfidence = "inkread.accept_confidence";
  static constexpr std::string_view kAcceptRisk = "inkread.accept_risk";
  static constexpr std::string_view kTemperature = "inkread.temperature";
};

/// What a file may not exceed. The network in it is held to NetworkLimits.
struct Limits {
  /// All parameters a network may have, and room for everything else.
  static constexpr std::size_t kFileBytes = NetworkLimits::kParameters * sizeof(float) + (1U << 20U);
  static constexpr std::size_t kNodes = 1024;  ///< with those that leave no node in the network
  static constexpr std::size_t kInitializers = 1024;
  static constexpr std::size_t kInputs = kInitializers + 1;  ///< old files list the initializers here too
  static constexpr std::size_t kNodeValues = 8;              ///< inputs, and outputs, of one node
  static constexpr std::size_t kAttributes = 16;             ///< of one node
  static constexpr std::size_t kIntegers = 8;                ///< in one attribute, shape or int64 tensor
  static constexpr std::size_t kTextBytes = 256;             ///< names
};

/// Since IR version 3 a file says its operator set.
inline constexpr std::int64_t kOldestIr = 3;
/// With opset 7 came today's broadcasting; the operators below mean the same in all of these.
inline constexpr std::int64_t kOldestOpset = 7;
inline constexpr std::int64_t kNewestOpset = 21;
/// What we write.
inline constexpr std::int64_t kWrittenIr = 7;
inline constexpr std::int64_t kWrittenOpset = 13;

enum class OperatorKind : std::uint8_t {
  kAdd,
  kAveragePool,
  kBatchNormalization,
  kConstant,
  kConv,
  kDequantizeLinear,
  kDropout,
  kFlatten,
  kGemm,
  kGlobalAveragePool,
  kIdentity,
  kMatMul,
  kMaxPool,
  kPad,
  kRelu,
  kReshape,
  kSigmoid,
  kSoftmax,
  kTanh,
};

struct AttributeRule {
  std::string_view name;
  std::int64_t type;  ///< an AttributeType
};

/// An operator that the reader knows, with one output. Attributes that are not listed are refused.
struct OperatorRule {
  std::string_view name;
  OperatorKind kind;
  std::size_t least_inputs;
  std::size_t most_inputs;
  std::span<const AttributeRule> attributes;
};

/// ceil_mode came with opset 10, dilations with 19.
inline constexpr std::array kAveragePoolAttributes = {
    AttributeRule{"auto_pad", AttributeType::kString},       AttributeRule{"ceil_mode", AttributeType::kInt},
    AttributeRule{"count_include_pad", AttributeType::kInt}, AttributeRule{"dilations", AttributeType::kInts},
    AttributeRule{"kernel_shape", AttributeType::kInts},     AttributeRule{"pads", AttributeType::kInts},
    AttributeRule{"strides", AttributeType::kInts}};
/// spatial went with opset 9, training_mode came with 14. momentum only matters in training.
inline constexpr std::array kBatchNormalizationAttributes = {
    AttributeRule{"epsilon", AttributeType::kFloat}, AttributeRule{"momentum", AttributeType::kFloat},
    AttributeRule{"spatial", AttributeType::kInt}, AttributeRule{"training_mode", AttributeType::kInt}};
inline constexpr std::array kConstantAttributes = {AttributeRule{"value", AttributeType::kTensor}};
inline constexpr std::array kConvAttributes = {
    AttributeRule{"auto_pad", AttributeType::kString}, AttributeRule{"dilations", AttributeType::kInts},
    AttributeRule{"group", AttributeType::kInt},       AttributeRule{"kernel_shape", AttributeType::kInts},
    AttributeRule{"pads", AttributeType::kInts},       AttributeRule{"strides", AttributeType::kInts}};
/// Dropout does nothing outside of training. Since opset 12 its third input may ask for training: refused.
inline constexpr std::array kDropoutAttributes = {AttributeRule{"ratio", AttributeType::kFloat},
                                                  AttributeRule{"seed", AttributeType::kInt}};
inline constexpr std::array kAxisAttribute = {AttributeRule{"axis", AttributeType::kInt}};
/// The bias is optional since opset 11.
inline constexpr std::array kGemmAttributes = {
    AttributeRule{"alpha", AttributeType::kFloat}, AttributeRule{"beta", AttributeType::kFloat},
    AttributeRule{"transA", AttributeType::kInt}, AttributeRule{"transB", AttributeType::kInt}};
/// storage_order came with opset 8 (and a second output, refused), ceil_mode and dilations with 10.
inline constexpr std::array kMaxPoolAttributes = {
    AttributeRule{"auto_pad", AttributeType::kString}, AttributeRule{"ceil_mode", AttributeType::kInt},
    AttributeRule{"dilations", AttributeType::kInts},  AttributeRule{"kernel_shape", AttributeType::kInts},
    AttributeRule{"pads", AttributeType::kInts},       AttributeRule{"storage_order", AttributeType::kInt},
    AttributeRule{"strides", AttributeType::kInts}};
/// Since opset 11 pads and value are inputs. Only Pads that pad nothing are read: PyTorch writes one in front
/// of every average pool.
inline constexpr std::array kPadAttributes = {AttributeRule{"mode", AttributeType::kString},
                                              AttributeRule{"pads", AttributeType::kInts},
                                              AttributeRule{"value", AttributeType::kFloat}};
/// allowzero came with opset 14; its default is the older meaning.
inline constexpr std::array kReshapeAttributes = {AttributeRule{"allowzero", AttributeType::kInt}};
inline constexpr std::span<const AttributeRule> kNoAttributes;

/// DequantizeLinear: axis came with opset 13, and with 21 block_size, refused. Only of constants.
/// Softmax: before opset 13 it flattened from its axis on, and the default was 1 and not -1. For a row of
/// numbers, all that we take, this is the same.
inline constexpr std::array kOperators = {
    OperatorRule{"Add", OperatorKind::kAdd, 2, 2, kNoAttributes},
    OperatorRule{"AveragePool", OperatorKind::kAveragePool, 1, 1, kAveragePoolAttributes},
    OperatorRule{"BatchNormalization", OperatorKind::kBatchNormalization, 5, 5,
                 kBatchNormalizationAttributes},
    OperatorRule{"Constant", OperatorKind::kConstant, 0, 0, kConstantAttributes},
    OperatorRule{"Conv", OperatorKind::kConv, 2, 3, kConvAttributes},
    OperatorRule{"DequantizeLinear", OperatorKind::kDequantizeLinear, 2, 3, kAxisAttribute},
    OperatorRule{"Dropout", OperatorKind::kDropout, 1, 2, kDropoutAttributes},
    OperatorRule{"Flatten", OperatorKind::kFlatten, 1, 1, kAxisAttribute},
    OperatorRule{"Gemm", OperatorKind::kGemm, 2, 3, kGemmAttributes},
    OperatorRule{"GlobalAveragePool", OperatorKind::kGlobalAveragePool, 1, 1, kNoAttributes},
    OperatorRule{"Identity", OperatorKind::kIdentity, 1, 1, kNoAttributes},
    OperatorRule{"MatMul", OperatorKind::kMatMul, 2, 2, kNoAttributes},
    OperatorRule{"MaxPool", OperatorKind::kMaxPool, 1, 1, kMaxPoolAttributes},
    OperatorRule{"Pad", OperatorKind::kPad, 1, 3, kPadAttributes},
    OperatorRule{"Relu", OperatorKind::kRelu, 1, 1, kNoAttributes},
    OperatorRule{"Reshape", OperatorKind::kReshape, 2, 2, kReshapeAttributes},
    OperatorRule{"Sigmoid", OperatorKind::kSigmoid, 1, 1, kNoAttributes},
    OperatorRule{"Softmax", OperatorKind::kSoftmax, 1, 1, kAxisAttribute},
    OperatorRule{"Tanh", OperatorKind::kTanh, 1, 1, kNoAttributes}};

}  // namespace inkread::onnx
