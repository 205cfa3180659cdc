// SPDX-License-Identifier: MIT
#include "engine/decode/exif.hpp"

#include "engine/decode/byte_reader.hpp"

namespace inkread {

// TIFF 6.0, section 2: byte order mark, 42, offset of the first directory; a directory is a count and entries
// of 12 bytes (tag, type, count, value).
int exif_orientation(std::span<const std::byte> tiff) {
  constexpr unsigned kOrientationTag = 0x0112;
  constexpr unsigned kShort = 3;
  constexpr std::size_t kEntryBytes = 12;

  const bool little_endian = ByteReader(tiff).spells(0, "II");
  if (!little_endian && !ByteReader(tiff).spells(0, "MM")) return 1;
  const ByteReader in(tiff, little_endian);
  if (in.u16(2) != 42) return 1;
  const std::size_t directory = in.u32(4);
  if (!in.has(directory, 2)) return 1;
  const std::size_t entries = in.u16(directory);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (!in.has(entry, kEntryBytes)) return 1;
    if (in.u16(entry) != kOrientationTag) continue;
    const unsigned value = in.u16(entry + 8);
    const bool valid = in.u16(entry + 2) == kShort && in.u32(entry + 4) == 1 && value >= 1 && value <= 8;
    return valid ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace inkread
