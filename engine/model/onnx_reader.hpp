// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/result.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// Reads a network from the bytes of an .onnx file (https://onnx.ai/onnx/repo-docs/IR.html), restricted to
/// what onnx_subset.hpp names. The bytes are hostile by assumption: no length is trusted, and external data,
/// subgraphs, functions, unknown operators, attributes or types, cycles, values used before they are made,
/// size mismatches, non-finite numbers and anything above a named limit are refused, with an Error that says
/// what and where.
Result<Network> read_onnx(std::span<const std::byte> file);

}  // namespace inkread
