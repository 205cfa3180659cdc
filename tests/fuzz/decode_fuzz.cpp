// SPDX-License-Identifier: MIT
// Any bytes at all: a picture within the limits or an error, never a fault.
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/decode/image_decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto decoded = inkread::decode_image(std::as_bytes(std::span(data, size)));
  if (!decoded.ok()) return 0;
  const inkread::RgbaImage& picture = decoded.value();
  const bool sane = picture.width > 0 && picture.height > 0 && picture.channels == 4 &&
                    picture.pixels.size() == std::size_t{4} * static_cast<std::size_t>(picture.width) *
                                                 static_cast<std::size_t>(picture.height);
  if (!sane) __builtin_trap();
  return 0;
}
