// SPDX-License-Identifier: MIT
// Any bytes are refused, or give a network that is written and read again as the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/model/onnx_reader.hpp"
#include "engine/model/onnx_writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const inkread::Result<inkread::Network> network = inkread::read_onnx(std::as_bytes(std::span(data, size)));
  if (!network.ok()) return 0;
  const std::vector<std::byte> written = inkread::write_onnx(network.value());
  const inkread::Result<inkread::Network> again = inkread::read_onnx(written);
  if (!again.ok() || inkread::write_onnx(again.value()) != written) std::abort();
  return 0;
}
