// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace inkread {

/// The orientation (TIFF tag 0x0112) in an EXIF block that begins at its TIFF header: 1..8 as EXIF numbers
/// them. 1, upright, where the block names none or is damaged: a picture is never refused for its EXIF.
int exif_orientation(std::span<const std::byte> tiff);

}  // namespace inkread
