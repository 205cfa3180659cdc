// SPDX-License-Identifier: MIT
#include "engine/decode/stb_decoder.hpp"

#include <cstdlib>
#include <limits>
#include <string_view>

#include "engine/decode/image_decoder.hpp"

namespace {

// stb_image's allocation hooks carry no context, so the limit of the running call lives beside stb_image's own
// thread-local failure reason.
thread_local std::size_t allocation_limit = 0;

// Zeroed: stb_image leaves what a damaged file does not fill as it was allocated.
void* bounded_allocate(std::size_t bytes) {
  return bytes <= allocation_limit ? std::calloc(1, bytes) : nullptr;
}
void* bounded_reallocate(void* block, std::size_t bytes) {
  return bytes <= allocation_limit ? std::realloc(block, bytes) : nullptr;
}

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_FAILURE_USERMSG
#define STBI_MAX_DIMENSIONS inkread::DecodeLimits::kSide
#define STBI_ASSERT(condition) (static_cast<void>(0))
#define STBI_MALLOC(bytes) bounded_allocate(bytes)
#define STBI_REALLOC(block, bytes) bounded_reallocate(block, bytes)
#define STBI_FREE(block) std::free(block)
#include <stb_image.h>

namespace inkread {
namespace {

// The header of every format here is small; 64 KiB is room for the decoder's own state.
constexpr std::size_t kHeaderAllocationLimit = 64U << 10U;

const stbi_uc* bytes_of(std::span<const std::byte> file) {
  return reinterpret_cast<const stbi_uc*>(file.data());  // NOLINT: bytes to unsigned char
}

Error stb_error() {
  const char* const message = stbi_failure_reason();
  const std::string_view reason = message != nullptr ? message : "no reason given";
  ErrorCode code = ErrorCode::kMalformed;
  if (reason.find("not supported") != std::string_view::npos) code = ErrorCode::kUnsupported;
  if (reason.find("arge") != std::string_view::npos || reason == "Out of memory") code = ErrorCode::kTooLarge;
  return {code, std::string(reason)};
}

}  // namespace

void StbFree::operator()(std::uint8_t* pixels) const { stbi_image_free(pixels); }

Result<ImageSize> stb_read_size(std::span<const std::byte> file) {
  allocation_limit = kHeaderAllocationLimit;
  ImageSize size;
  int channels = 0;
  if (stbi_info_from_memory(bytes_of(file), static_cast<int>(file.size()), &size.width, &size.height, &channels) ==
      0) {
    return stb_error();
  }
  // A negative height marks a BMP whose rows come from the top.
  if (size.height < 0 && size.height != std::numeric_limits<int>::min()) size.height = -size.height;
  if (size.width < 1 || size.height < 1) return Error{ErrorCode::kMalformed, "a side of no pixels"};
  return size;
}

Result<StbPixels> stb_decode(std::span<const std::byte> file, std::size_t limit) {
  allocation_limit = limit;
  StbPixels out;
  out.pixels.reset(
      stbi_load_from_memory(bytes_of(file), static_cast<int>(file.size()), &out.width, &out.height, &out.channels, 0));
  if (out.pixels == nullptr) return stb_error();
  return out;
}

}  // namespace inkread
