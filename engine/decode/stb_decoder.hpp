// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/base/result.hpp"

namespace inkread {

struct StbFree {
  void operator()(std::uint8_t* pixels) const;
};

/// Pixels as stb_image hands them out: rows from the top, 1 (grey), 2 (grey, alpha), 3 or 4 (RGBA) channels.
struct StbPixels {
  std::unique_ptr<std::uint8_t, StbFree> pixels;
  int width = 0;
  int height = 0;
  int channels = 0;
};

/// Decodes the first picture of the file to 8 bits a channel. No single allocation exceeds
/// `allocation_limit` bytes, whatever the file claims.
Result<StbPixels> stb_decode(std::span<const std::byte> file, std::size_t allocation_limit);

}  // namespace inkread
