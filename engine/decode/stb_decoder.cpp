// SPDX-License-Identifier: MIT
#include "engine/decode/stb_decoder.hpp"

#include <cstdlib>
#include <string_view>

#include "engine/decode/image_decoder.hpp"

namespace {

// stb_image's allocation hooks carry no context, so the limit of the running call lives beside stb_image's
// own thread-local failure reason.
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

Error stb_error() {
  const char* const message = stbi_failure_reason();
  const std::string_view reason = message != nullptr ? message : "no reason given";
  const auto says = [&](std::string_view words) { return reason.find(words) != std::string_view::npos; };
  if (says("Out of memory"))
    return {ErrorCode::kTooLarge, "it unpacks to more than a picture of its size takes"};
  if (says("Very large") || says("too large")) return {ErrorCode::kTooLarge, std::string(reason)};
  return {says("not supported") ? ErrorCode::kUnsupported : ErrorCode::kMalformed, std::string(reason)};
}

}  // namespace

void StbFree::operator()(std::uint8_t* pixels) const {
  stbi_image_free(pixels);
}

Result<StbPixels> stb_decode(std::span<const std::byte> file, std::size_t limit) {
  allocation_limit = limit;
  StbPixels out;
  const auto* const bytes = reinterpret_cast<const stbi_uc*>(file.data());  // NOLINT: bytes to unsigned char
  out.pixels.reset(
      stbi_load_from_memory(bytes, static_cast<int>(file.size()), &out.width, &out.height, &out.channels, 0));
  if (out.pixels == nullptr) return stb_error();
  return out;
}

}  // namespace inkread
