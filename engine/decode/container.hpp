// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace inkread {

enum class ImageFormat : std::uint8_t { kUnknown, kPng, kJpeg, kBmp, kGif, kOther };

struct Signature {
  ImageFormat format = ImageFormat::kUnknown;
  std::string_view name;  ///< with its article: "a PNG picture", "a PDF document"; empty when unknown
};

/// Tells the format of a file by its first bytes. kOther is a known format that Inkread does not decode.
Signature sniff_signature(std::span<const std::byte> file);

/// What a walk over the blocks of a file tells, without decoding any pixel.
struct Container {
  std::int64_t width = 0;  ///< in pixels as the file claims; 0 where it names none
  std::int64_t height = 0;
  bool complete = false;              ///< the file reaches the end of its (first) picture
  std::span<const std::byte> exif{};  ///< the EXIF block from its TIFF header, empty where there is none
  int scans = 1;                      ///< passes over the whole picture that decoding takes (JPEG)
  bool huffman_tables_fit = true;     ///< stb_image 2.27 writes past its own tables where they do not (JPEG)
};

/// Walks a file in one of the four formats that are decoded.
Container walk_container(ImageFormat format, std::span<const std::byte> file);

}  // namespace inkread
