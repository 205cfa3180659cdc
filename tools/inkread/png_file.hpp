// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "engine/base/image.hpp"
#include "tools/inkread/files.hpp"

namespace inkread {

/// The image as a PNG file of 8 bits a channel (W3C, "Portable Network Graphics", third edition). It has at
/// least one pixel, and one channel (grey, 0 = black) or four (as RgbaImage). Throws Failure.
Bytes encode_png(const Image<std::uint8_t>& image);

}  // namespace inkread
