// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/model_notes.hpp"
#include "engine/model/onnx_message.hpp"

// ModelNotes as a file's metadata, pairs of key and value.
namespace inkread::onnx {

/// Reads the notes among the pairs. Errors: kMalformed (a key twice, some keys of a calibration without the
/// others, a value that is no number), kInvalidArgument (a number out of its range).
Result<ModelNotes> read_notes(std::span<const PropertyMessage> properties);

struct Property {
  std::string_view key;
  std::string value;
};
/// The notes as pairs, always in the same order. Their numbers are in their ranges.
std::vector<Property> write_notes(const ModelNotes& notes);

}  // namespace inkread::onnx
