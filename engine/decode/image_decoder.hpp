// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"

namespace inkread {

struct DecodeLimits {
  static constexpr std::size_t kFileBytes = 64U << 20U;
  static constexpr int kSide = 20'000;                 ///< pixels of width or height
  static constexpr std::int64_t kPixels = 64'000'000;  ///< width times height
};

/// Decodes a PNG, JPEG, BMP or GIF file (its first frame) to RGBA, turned upright by its EXIF orientation.
/// Sizes are checked before any pixel is decoded. Errors: kEmpty, kNotAnImage (names the format where it is a
/// known other one), kTooLarge, kTruncated, kMalformed, kUnsupported.
Result<RgbaImage> decode_image(std::span<const std::byte> file);

}  // namespace inkread
