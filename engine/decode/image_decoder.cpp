// SPDX-License-Identifier: MIT
#include "engine/decode/image_decoder.hpp"

#include <string>

#include "engine/base/message.hpp"
#include "engine/decode/container.hpp"
#include "engine/decode/exif.hpp"
#include "engine/decode/stb_decoder.hpp"

namespace inkread {
namespace {

/// How to walk the decoded picture so that it comes out upright: output pixel (x, y) is the decoded pixel at
/// first + x * step_x + y * step_y.
struct Walk {
  int width;
  int height;
  std::ptrdiff_t first;
  std::ptrdiff_t step_x;
  std::ptrdiff_t step_y;
};

// EXIF 2.3, tag Orientation: which sides of the scene the decoded picture's first row and first column are.
Walk upright_walk(int width, int height, int orientation) {
  const std::ptrdiff_t right = 1;
  const std::ptrdiff_t down = width;
  const std::ptrdiff_t last_column = width - 1;
  const std::ptrdiff_t last_row = down * (height - 1);
  switch (orientation) {
    case 2:  // mirrored left to right
      return {width, height, last_column, -right, down};
    case 3:  // upside down
      return {width, height, last_row + last_column, -right, -down};
    case 4:  // mirrored top to bottom
      return {width, height, last_row, right, -down};
    case 5:  // mirrored along the main diagonal
      return {height, width, 0, down, right};
    case 6:  // needs a quarter turn clockwise
      return {height, width, last_row, -down, right};
    case 7:  // mirrored along the other diagonal
      return {height, width, last_row + last_column, -down, -right};
    case 8:  // needs a quarter turn anticlockwise
      return {height, width, last_column, down, -right};
    default:
      return {width, height, 0, right, down};
  }
}

RgbaImage upright_rgba(const StbPixels& decoded, int orientation) {
  const Walk walk = upright_walk(decoded.width, decoded.height, orientation);
  const int channels = decoded.channels;
  const bool colour = channels >= 3;
  const bool alpha = channels == 2 || channels == 4;
  RgbaImage out(walk.width, walk.height, 4);
  for (int y = 0; y < walk.height; ++y) {
    const std::uint8_t* in = decoded.pixels.get() + (walk.first + y * walk.step_y) * channels;
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < walk.width; ++x, in += walk.step_x * channels, to += 4) {
      to[0] = in[0];
      to[1] = in[colour ? 1 : 0];
      to[2] = in[colour ? 2 : 0];
      to[3] = alpha ? in[channels - 1] : std::uint8_t{255};
    }
  }
  return out;
}

/// More than any honest file of this size and these pixels needs at once: 8 bytes a pixel (16-bit RGBA),
/// twice because buffers grow by doubling, and the compressed data.
std::size_t allocation_limit(std::size_t file_bytes, const Container& size) {
  const auto pixels = static_cast<std::size_t>(size.width * size.height);
  return 2 * (8 * pixels + file_bytes) + (1U << 20U);
}

Status check_size(const Container& size) {
  if (size.width < 1 || size.height < 1) return Error{ErrorCode::kMalformed, "a picture of no pixels"};
  if (size.width <= DecodeLimits::kSide && size.height <= DecodeLimits::kSide &&
      size.width * size.height <= DecodeLimits::kPixels) {
    return success();
  }
  return Error{ErrorCode::kTooLarge,
               message("{} x {} pixels; at most {} a side and {} million in all",
                       {size.width, size.height, DecodeLimits::kSide, DecodeLimits::kPixels / 1'000'000})};
}

}  // namespace

Result<RgbaImage> decode_image(std::span<const std::byte> file) {
  if (file.empty()) return Error{ErrorCode::kEmpty, "a file of no bytes"};
  if (file.size() > DecodeLimits::kFileBytes) {
    return Error{ErrorCode::kTooLarge,
                 message("a file of more than {} MiB", {DecodeLimits::kFileBytes >> 20U})};
  }
  const Signature signature = sniff_signature(file);
  if (signature.format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kNotAnImage, "no picture format that is known"};
  }
  if (signature.format == ImageFormat::kOther)
    return Error{ErrorCode::kUnsupported, std::string(signature.name)};

  const auto failed = [&](ErrorCode code, std::string_view what) {
    return Error{code, std::string(signature.name).append(": ").append(what)};
  };
  const Container container = walk_container(signature.format, file);
  if (!container.huffman_tables_fit) {
    return failed(ErrorCode::kMalformed, "a Huffman table of more codes than there can be");
  }
  if (!container.complete) return failed(ErrorCode::kTruncated, "the file ends before the picture does");
  if (container.scans > DecodeLimits::kScans) {
    return failed(ErrorCode::kTooLarge, message("more than {} scans", {DecodeLimits::kScans}));
  }
  if (const Status fits = check_size(container); !fits.ok())
    return failed(fits.error().code, fits.error().detail);

  const Result<StbPixels> decoded = stb_decode(file, allocation_limit(file.size(), container));
  if (!decoded.ok()) return failed(decoded.error().code, decoded.error().detail);
  if (decoded.value().width != container.width || decoded.value().height != container.height) {
    return failed(ErrorCode::kMalformed, "its headers disagree about its size");
  }
  return upright_rgba(decoded.value(), exif_orientation(container.exif));
}

}  // namespace inkread
