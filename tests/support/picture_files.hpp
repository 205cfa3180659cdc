// SPDX-License-Identifier: MIT
// Picture files made in the tests: the plainest valid PNG, BMP and GIF, and files that lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.hpp"
#include "tests/support/pixels.hpp"

namespace inkread::test {

using Bytes = std::vector<std::uint8_t>;

inline std::span<const std::byte> as_file(const Bytes& bytes) {
  return std::as_bytes(std::span(bytes));
}

/// A file of tests/fixtures/images; empty where it cannot be read.
inline Bytes read_fixture(const std::string& name) {
  std::ifstream file(std::string(INKREAD_FIXTURES) + "/images/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void append(Bytes& to, std::string_view text) {
  to.insert(to.end(), text.begin(), text.end());
}
inline void append(Bytes& to, const Bytes& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

inline void append_big(Bytes& to, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) to.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void append_little(Bytes& to, std::uint32_t value, unsigned bytes = 4) {
  for (unsigned i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void append_png_chunk(Bytes& to, std::string_view type, const Bytes& data) {
  Bytes checked;
  append(checked, type);
  append(checked, data);
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : checked) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  append_big(to, static_cast<std::uint32_t>(data.size()));
  append(to, checked);
  append_big(to, ~crc);
}

/// An 8-bit RGBA PNG of any claimed size with any zlib stream.
inline Bytes png_file(std::uint32_t width, std::uint32_t height, const Bytes& zlib) {
  Bytes file;
  append(file, "\x89PNG\r\n\x1A\n");
  Bytes header;
  append_big(header, width);
  append_big(header, height);
  append(header, Bytes{8, 6, 0, 0, 0});
  append_png_chunk(file, "IHDR", header);
  append_png_chunk(file, "IDAT", zlib);
  append_png_chunk(file, "IEND", {});
  return file;
}

/// The bytes as a zlib stream of stored blocks.
inline Bytes zlib_stored(const Bytes& raw) {
  Bytes out{0x78, 0x01};
  constexpr std::size_t kBlock = 65535;
  for (std::size_t at = 0; at < raw.size(); at += kBlock) {
    const std::size_t size = raw.size() - at < kBlock ? raw.size() - at : kBlock;
    out.push_back(at + size == raw.size() ? 1 : 0);
    append_little(out, static_cast<std::uint32_t>(size), 2);
    append_little(out, static_cast<std::uint32_t>(~size), 2);
    out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
               raw.begin() + static_cast<std::ptrdiff_t>(at + size));
  }
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : raw) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  append_big(out, (b << 16U) | a);
  return out;
}

inline Bytes encode_png(RgbaView picture) {
  Bytes raw;
  for (int y = 0; y < picture.height; ++y) {
    raw.push_back(0);  // no filter
    const int row_bytes = picture.width * 4;
    raw.insert(raw.end(), picture.row(y), picture.row(y) + row_bytes);
  }
  return png_file(static_cast<std::uint32_t>(picture.width), static_cast<std::uint32_t>(picture.height),
                  zlib_stored(raw));
}

/// A zlib stream of `size` bytes that unpacks to about 159 times as many zeros.
inline Bytes zlib_bomb(std::size_t size) {
  Bytes out{0x78, 0x01};
  unsigned held = 0;
  unsigned bits = 0;
  const auto put = [&](unsigned code, unsigned count) {  // Huffman codes come highest bit first
    for (unsigned i = count; i-- > 0; ++bits) held |= ((code >> i) & 1U) << bits;
    for (; bits >= 8; bits -= 8, held >>= 8U) out.push_back(static_cast<std::uint8_t>(held));
  };
  put(0b110, 3);       // the last block, fixed Huffman codes (bits in the order they are sent)
  put(0b00110000, 8);  // a zero
  while (out.size() < size) {
    put(0b11000101, 8);  // 258 times ...
    put(0b00000, 5);     // ... the byte before
  }
  put(0, 7);  // end of block
  put(0, 7);
  return out;
}

/// 24 bits a pixel, rows from the bottom, no transparency.
inline Bytes encode_bmp(RgbaView picture) {
  const auto row_bytes = static_cast<std::uint32_t>((picture.width * 3 + 3) / 4 * 4);
  const std::uint32_t pixel_bytes = row_bytes * static_cast<std::uint32_t>(picture.height);
  Bytes file{'B', 'M'};
  for (const std::uint32_t value : {54 + pixel_bytes, 0U, 54U, 40U}) append_little(file, value);
  append_little(file, static_cast<std::uint32_t>(picture.width));
  append_little(file, static_cast<std::uint32_t>(picture.height));
  append_little(file, 1, 2);
  append_little(file, 24, 2);
  for (const std::uint32_t value : {0U, pixel_bytes, 2835U, 2835U, 0U, 0U}) append_little(file, value);
  for (int y = picture.height - 1; y >= 0; --y) {
    const std::size_t end = file.size() + row_bytes;
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* rgba = pixel_at(picture, x, y);
      append(file, Bytes{rgba[2], rgba[1], rgba[0]});
    }
    file.resize(end);
  }
  return file;
}

/// Two colours, 0 and 1 a pixel; LZW without compression: a clear code before each pixel.
inline Bytes encode_gif(const Image<std::uint8_t>& indices) {
  Bytes file;
  append(file, "GIF89a");
  append_little(file, static_cast<std::uint32_t>(indices.width), 2);
  append_little(file, static_cast<std::uint32_t>(indices.height), 2);
  append(file, Bytes{0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0});
  append_little(file, static_cast<std::uint32_t>(indices.width), 2);
  append_little(file, static_cast<std::uint32_t>(indices.height), 2);
  append(file, Bytes{0, 2});
  Bytes data;
  unsigned held = 0;
  unsigned bits = 0;
  const auto put = [&](unsigned code) {  // codes of 3 bits, lowest bit first
    held |= code << bits;
    for (bits += 3; bits >= 8; bits -= 8, held >>= 8U) data.push_back(static_cast<std::uint8_t>(held));
  };
  constexpr unsigned kClear = 4;
  constexpr unsigned kEnd = 5;
  for (const std::uint8_t index : indices.pixels) {
    put(kClear);
    put(index);
  }
  put(kEnd);
  for (int i = 0; i < 3; ++i) put(0);  // fill the last byte
  for (std::size_t at = 0; at < data.size(); at += 255) {
    const std::size_t size = data.size() - at < 255 ? data.size() - at : 255;
    file.push_back(static_cast<std::uint8_t>(size));
    file.insert(file.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                data.begin() + static_cast<std::ptrdiff_t>(at + size));
  }
  append(file, Bytes{0, 0x3B});
  return file;
}

}  // namespace inkread::test
