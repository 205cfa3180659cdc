// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "engine/nn/network.hpp"

namespace inkread {

/// The network as the bytes of a standard .onnx file (opset 13, float32, dynamic batch): input "image"
/// [N,1,H,W], output "probabilities" [N,n]. Canonical: the same network always gives the same bytes.
std::vector<std::byte> write_onnx(const Network& network);

}  // namespace inkread
