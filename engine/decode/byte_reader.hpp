// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace inkread {

/// Bounded reading at any offset of a file that may lie about itself: what lies beyond the end reads as zero.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes, bool little_endian = false)
      : bytes_(bytes), little_endian_(little_endian) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool has(std::size_t offset, std::size_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  [[nodiscard]] std::uint8_t u8(std::size_t offset) const {
    return has(offset, 1) ? std::to_integer<std::uint8_t>(bytes_[offset]) : std::uint8_t{0};
  }
  [[nodiscard]] std::uint16_t u16(std::size_t offset) const {
    const unsigned a = u8(offset);
    const unsigned b = u8(offset + 1);
    return static_cast<std::uint16_t>(little_endian_ ? a | (b << 8U) : (a << 8U) | b);
  }
  [[nodiscard]] std::uint32_t u32(std::size_t offset) const {
    const std::uint32_t a = u16(offset);
    const std::uint32_t b = u16(offset + 2);
    return little_endian_ ? a | (b << 16U) : (a << 16U) | b;
  }
  /// Whether exactly these characters stand at `offset`.
  [[nodiscard]] bool spells(std::size_t offset, std::string_view text) const {
    if (!has(offset, text.size())) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (u8(offset + i) != static_cast<std::uint8_t>(text[i])) return false;
    }
    return true;
  }
  /// At most `count` bytes from `offset`, fewer where the file ends.
  [[nodiscard]] std::span<const std::byte> part(std::size_t offset, std::size_t count) const {
    if (offset >= bytes_.size()) return {};
    return bytes_.subspan(offset, count < bytes_.size() - offset ? count : bytes_.size() - offset);
  }

 private:
  std::span<const std::byte> bytes_;
  bool little_endian_;
};

}  // namespace inkread
