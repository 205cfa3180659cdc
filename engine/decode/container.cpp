// SPDX-License-Identifier: MIT
#include "engine/decode/container.hpp"

#include <array>

#include "engine/decode/byte_reader.hpp"

namespace inkread {
namespace {

using namespace std::string_view_literals;

struct KnownSignature {
  std::size_t offset;
  std::string_view bytes;
  Signature signature;
};

constexpr auto kOther = ImageFormat::kOther;
// The first match holds, so a specific brand stands before a general one.
constexpr std::array kSignatures = {
    KnownSignature{0, "\x89PNG\r\n\x1A\n"sv, {ImageFormat::kPng, "a PNG picture"}},
    KnownSignature{0, "\xFF\xD8\xFF"sv, {ImageFormat::kJpeg, "a JPEG picture"}},
    KnownSignature{0, "GIF87a"sv, {ImageFormat::kGif, "a GIF picture"}},
    KnownSignature{0, "GIF89a"sv, {ImageFormat::kGif, "a GIF picture"}},
    KnownSignature{8, "WEBP"sv, {kOther, "a WebP picture"}},
    KnownSignature{4, "ftypavi"sv, {kOther, "an AVIF picture"}},
    KnownSignature{4, "ftyphei"sv, {kOther, "a HEIC picture"}},
    KnownSignature{4, "ftyphev"sv, {kOther, "a HEIC picture"}},
    KnownSignature{4, "ftypmif1"sv, {kOther, "a HEIF picture"}},
    KnownSignature{4, "ftypmsf1"sv, {kOther, "a HEIF picture"}},
    KnownSignature{4, "ftyp"sv, {kOther, "a video"}},
    KnownSignature{0, "II*\0"sv, {kOther, "a TIFF picture"}},
    KnownSignature{0, "MM\0*"sv, {kOther, "a TIFF picture"}},
    KnownSignature{0, "\xFF\x0A"sv, {kOther, "a JPEG XL picture"}},
    KnownSignature{0, "\0\0\0\x0CJXL "sv, {kOther, "a JPEG XL picture"}},
    KnownSignature{0, "\0\0\0\x0CjP  "sv, {kOther, "a JPEG 2000 picture"}},
    KnownSignature{0, "\0\0\x01\0"sv, {kOther, "an ICO picture"}},
    KnownSignature{0, "8BPS"sv, {kOther, "a Photoshop picture"}},
    KnownSignature{0, "%PDF-"sv, {kOther, "a PDF document"}},
    KnownSignature{0, "<svg"sv, {kOther, "an SVG drawing"}},
    KnownSignature{0, "<?xml"sv, {kOther, "an XML or SVG document"}},
};

// PNG (ISO/IEC 15948), clause 5.3: chunks of length, type, data, CRC; IEND ends the file.
Container walk_png(std::span<const std::byte> file) {
  const ByteReader in(file);
  Container found;
  found.width = in.u32(16);
  found.height = in.u32(20);
  for (std::size_t chunk = 8; in.has(chunk, 12);) {
    const std::size_t length = in.u32(chunk);
    const std::size_t data = chunk + 8;
    if (!in.has(data, length) || !in.has(data + length, 4)) return found;
    if (in.spells(chunk + 4, "eXIf")) found.exif = in.part(data, length);
    if (in.spells(chunk + 4, "IEND")) {
      found.complete = true;
      return found;
    }
    chunk = data + length + 4;
  }
  return found;
}

/// Whether each table of the DHT segment whose length field stands at `at` has at most 255 codes; JPEG needs
/// at most 176 for 8-bit pictures.
bool huffman_tables_fit(const ByteReader& in, std::size_t at) {
  constexpr unsigned kMostCodes = 255;
  const std::size_t end = at + in.u16(at);
  for (std::size_t table = at + 2; table < end;) {
    unsigned codes = 0;
    for (std::size_t length = 1; length <= 16; ++length) codes += in.u8(table + length);
    if (codes > kMostCodes) return false;
    table += 17 + codes;
  }
  return true;
}

// JPEG (ITU T.81), annex B: segments of marker and length up to the first scan; from there on entropy-coded
// data in which no marker can occur by chance, and more segments, which are searched for their markers alone.
Container walk_jpeg(std::span<const std::byte> file) {
  constexpr unsigned kHuffmanTables = 0xC4;
  constexpr unsigned kEndOfImage = 0xD9;
  constexpr unsigned kStartOfScan = 0xDA;
  constexpr unsigned kApp1 = 0xE1;
  constexpr auto kExifHeader = "Exif\0\0"sv;

  const ByteReader in(file);
  Container found;
  found.scans = 0;
  for (std::size_t at = 2; in.has(at, 2) && !found.complete && found.huffman_tables_fit;) {
    const unsigned marker = in.u8(at + 1);
    if (in.u8(at) != 0xFF || marker == 0xFF) {  // data or fill bytes
      ++at;
      continue;
    }
    const std::size_t length = in.u16(at + 2);  // counts itself
    if (marker == kHuffmanTables) found.huffman_tables_fit = huffman_tables_fit(in, at + 2);
    const bool frame_header = marker >= 0xC0 && marker <= 0xC2;  // baseline, extended, progressive
    if (frame_header && found.width == 0) {
      found.height = in.u16(at + 5);
      found.width = in.u16(at + 7);
    }
    if (marker == kApp1 && found.exif.empty() && length > 8 && in.spells(at + 4, kExifHeader)) {
      found.exif = in.part(at + 4 + kExifHeader.size(), length - 2 - kExifHeader.size());
    }
    if (marker == kStartOfScan) ++found.scans;
    found.complete = found.scans > 0 && marker == kEndOfImage;
    at += found.scans > 0 ? 1 : 2 + length;
  }
  return found;
}

// The rows must lie in the file: stb_image reads missing ones as black.
Container walk_bmp(std::span<const std::byte> file) {
  constexpr std::uint32_t kOldHeaderBytes = 12;
  const ByteReader in(file, true);
  const bool old = in.u32(14) == kOldHeaderBytes;
  const std::uint32_t rows = old ? in.u16(20) : in.u32(22);
  Container found;
  found.width = old ? in.u16(18) : in.u32(18);
  found.height = rows > 0x7FFFFFFFU ? 0U - rows : rows;  // negative: rows from the top
  const std::int64_t row_bytes = (found.width * in.u16(old ? 24 : 28) + 31) / 32 * 4;
  const auto room = static_cast<std::int64_t>(in.size()) - in.u32(10);
  found.complete = in.has(0, 30) && room >= 0 && (found.height == 0 || row_bytes <= room / found.height);
  return found;
}

std::size_t skip_gif_sub_blocks(const ByteReader& in, std::size_t at) {
  while (in.u8(at) != 0) at += 1U + in.u8(at);
  return at + 1;
}

// GIF89a: header, colour table, then blocks; the first picture's data must lie in the file.
Container walk_gif(std::span<const std::byte> file) {
  constexpr unsigned kExtension = 0x21;
  constexpr unsigned kPicture = 0x2C;
  const auto table_bytes = [](unsigned flags) {
    return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1U) : std::size_t{0};
  };
  const ByteReader in(file, true);
  Container found;
  found.width = in.u16(6);
  found.height = in.u16(8);
  std::size_t at = 13 + table_bytes(in.u8(10));
  while (in.u8(at) == kExtension) at = skip_gif_sub_blocks(in, at + 2);
  if (in.u8(at) != kPicture) return found;
  at += 10 + table_bytes(in.u8(at + 9));
  found.complete = skip_gif_sub_blocks(in, at + 1) <= in.size();
  return found;
}

}  // namespace

Signature sniff_signature(std::span<const std::byte> file) {
  const ByteReader in(file, true);
  for (const KnownSignature& known : kSignatures) {
    if (in.spells(known.offset, known.bytes)) return known.signature;
  }
  // "BM" alone is two letters of many texts: the reserved words of the header must be zero too.
  if (in.spells(0, "BM") && in.u32(6) == 0) return {ImageFormat::kBmp, "a BMP picture"};
  return {};
}

Container walk_container(ImageFormat format, std::span<const std::byte> file) {
  switch (format) {
    case ImageFormat::kPng:
      return walk_png(file);
    case ImageFormat::kJpeg:
      return walk_jpeg(file);
    case ImageFormat::kBmp:
      return walk_bmp(file);
    case ImageFormat::kGif:
      return walk_gif(file);
    case ImageFormat::kUnknown:
    case ImageFormat::kOther:
      break;
  }
  return {};
}

}  // namespace inkread
