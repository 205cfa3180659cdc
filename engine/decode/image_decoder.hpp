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
  static constexpr int kSide = 20'000;  ///< pixels of width or height
  /// Width times height. Decoded pixels and their RGBA copy must fit into the page's 512 MiB together.
  static constexpr std::int64_t kPixels = 50'000'000;
  static constexpr int kScans = 100;  ///< of a progressive JPEG; each is a pass over the whole picture
};

/// Decodes a PNG, JPEG, BMP or GIF file (its first frame) to RGBA, turned upright by its EXIF orientation.
/// Sizes are checked before any pixel is decoded. Errors: kEmpty, kNotAnImage, kUnsupported (for another
/// known format the detail names it: "a WebP picture"), kTooLarge, kTruncated, kMalformed.
Result<RgbaImage> decode_image(std::span<const std::byte> file);

}  // namespace inkread
