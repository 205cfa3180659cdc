// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "engine/model/model_notes.hpp"
#include "engine/model/quantization.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

struct OnnxOptions {
  WeightStorage weights = WeightStorage::kFloat32;
  ModelNotes notes{};  ///< numbers in their ranges
};

/// The network as the bytes of a standard .onnx file (opset 13, float32, dynamic batch): input "image"
/// [N,1,H,W], output "probabilities" [N,n]. With int8 weights, see quantize(), a DequantizeLinear stands in
/// front of each layer. Canonical: the same network with the same options always gives the same bytes, and so
/// does what read_onnx_model() reads from them.
std::vector<std::byte> write_onnx(const Network& network, const OnnxOptions& options = {});

}  // namespace inkread
