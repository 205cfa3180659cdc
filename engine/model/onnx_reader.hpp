// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/result.hpp"
#include "engine/model/model_notes.hpp"
#include "engine/model/quantization.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// What an .onnx file holds.
struct OnnxModel {
  Network network;
  ModelNotes notes;
  WeightStorage weights;  ///< kInt8 where all layers have their weights in 8 bits
};

/// Reads a network from the bytes of an .onnx file (https://onnx.ai/onnx/repo-docs/IR.html), restricted to
/// what onnx_subset.hpp names. The bytes are hostile by assumption: no length is trusted, and external data,
/// subgraphs, functions, unknown operators, attributes or types, cycles, values used before they are made,
/// size mismatches, non-finite numbers and anything above a named limit are refused, with an Error that says
/// what and where. Weights in 8 bits (DequantizeLinear of int8 or uint8) become the float32 that they mean.
Result<OnnxModel> read_onnx_model(std::span<const std::byte> file);
/// The network of it alone.
Result<Network> read_onnx(std::span<const std::byte> file);

}  // namespace inkread
