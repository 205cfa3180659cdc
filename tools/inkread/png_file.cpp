// SPDX-License-Identifier: MIT
#include "tools/inkread/png_file.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include <zlib.h>

namespace inkread {
namespace {

void append(Bytes& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

void append_big_endian(Bytes& to, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    to.push_back(static_cast<std::byte>(value >> shift & 0xFFU));
}

/// A chunk: length, type, content, CRC of type and content.
void append_chunk(Bytes& to, std::string_view type, const Bytes& content) {
  append_big_endian(to, static_cast<std::uint32_t>(content.size()));
  const std::size_t begin = to.size();
  append(to, type);
  to.insert(to.end(), content.begin(), content.end());
  const auto* bytes = reinterpret_cast<const Bytef*>(to.data() + begin);  // NOLINT: zlib's type
  append_big_endian(to, static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(to.size() - begin))));
}

Bytes header(const Image<std::uint8_t>& image) {
  Bytes content;
  append_big_endian(content, static_cast<std::uint32_t>(image.width));
  append_big_endian(content, static_cast<std::uint32_t>(image.height));
  constexpr std::uint8_t kGrey = 0;
  constexpr std::uint8_t kColourAndAlpha = 6;
  const std::uint8_t colour = image.channels == 1 ? kGrey : kColourAndAlpha;
  const std::array<std::uint8_t, 5> rest{8, colour, 0, 0,
                                         0};  // depth, colour, and the only methods there are
  for (const std::uint8_t value : rest) content.push_back(static_cast<std::byte>(value));
  return content;
}

/// Every row behind the number of its filter, compressed. Photographs shrink more as differences from the
/// pixel to the left.
Bytes compressed_rows(const Image<std::uint8_t>& image) {
  std::vector<Bytef> raw;
  raw.reserve(image.pixels.size() + static_cast<std::size_t>(image.height));
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.view().row(y);
    constexpr Bytef kNotFiltered = 0;
    constexpr Bytef kFromTheLeft = 1;
    raw.push_back(image.channels == 1 ? kNotFiltered : kFromTheLeft);
    for (int i = 0; i < image.width * image.channels; ++i) {
      const bool has_left = image.channels > 1 && i >= image.channels;
      raw.push_back(static_cast<Bytef>(row[i] - (has_left ? row[i - image.channels] : 0)));
    }
  }
  // Photographs are many, and a higher level takes three times as long for a twentieth less.
  constexpr int kQuick = 3;
  const int level = image.channels == 1 ? Z_DEFAULT_COMPRESSION : kQuick;
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  Bytes out(size);
  auto* to = reinterpret_cast<Bytef*>(out.data());  // NOLINT: zlib's type
  if (compress2(to, &size, raw.data(), static_cast<uLong>(raw.size()), level) != Z_OK) {
    throw Failure("the picture", "it cannot be compressed");
  }
  out.resize(size);
  return out;
}

}  // namespace

Bytes encode_png(const Image<std::uint8_t>& image) {
  Bytes file;
  append(file, "\x89PNG\r\n\x1a\n");
  append_chunk(file, "IHDR", header(image));
  append_chunk(file, "IDAT", compressed_rows(image));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace inkread
