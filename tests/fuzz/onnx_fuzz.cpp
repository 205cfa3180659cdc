// SPDX-License-Identifier: MIT
// Any bytes are refused, or give a network that is written and read again as the same bytes, with float32 and
// with int8 weights.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/model/onnx_reader.hpp"
#include "engine/model/onnx_writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const inkread::Result<inkread::OnnxModel> model =
      inkread::read_onnx_model(std::as_bytes(std::span(data, size)));
  if (!model.ok()) return 0;
  for (const auto weights : {inkread::WeightStorage::kFloat32, inkread::WeightStorage::kInt8}) {
    const std::vector<std::byte> written =
        inkread::write_onnx(model.value().network, {weights, model.value().notes});
    const inkread::Result<inkread::OnnxModel> again = inkread::read_onnx_model(written);
    if (!again.ok() ||
        inkread::write_onnx(again.value().network, {weights, again.value().notes}) != written) {
      std::abort();
    }
  }
  return 0;
}
