// SPDX-License-Identifier: MIT
#include "engine/training/dataset.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace inkread {
namespace {

constexpr std::uint32_t kImagesMagic = 0x00000803;
constexpr std::uint32_t kLabelsMagic = 0x00000801;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 32U;
constexpr std::uint32_t kMaxSide = 1024;

std::uint32_t big_endian(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

Status check_header(std::span<const std::byte> file, std::uint32_t magic, std::size_t header,
                    const char* what) {
  if (file.size() < header) {
    return Error{ErrorCode::kTruncated, std::string(what) + " end within the header"};
  }
  if (big_endian(file, 0) != magic) {
    return Error{ErrorCode::kMalformed, std::string(what) + " do not begin with the magic number of IDX"};
  }
  return success();
}

Status check_size(std::span<const std::byte> content, std::uint64_t expected, const char* what) {
  if (content.size() == expected) {
    return success();
  }
  const bool too_few = content.size() < expected;
  return Error{too_few ? ErrorCode::kTruncated : ErrorCode::kMalformed,
               std::string(what) + " hold " + std::to_string(content.size()) +
                   " bytes after the header, which announces " + std::to_string(expected)};
}

std::vector<std::uint8_t> copy(std::span<const std::byte> bytes) {
  std::vector<std::uint8_t> values(bytes.size());
  std::transform(bytes.begin(), bytes.end(), values.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return values;
}

}  // namespace

Dataset Dataset::slice(std::size_t first, std::size_t last) const {
  const auto at = [](const auto& values, std::size_t index) {
    return values.begin() + static_cast<std::ptrdiff_t>(index);
  };
  Dataset part;
  part.images.assign(at(images, first * image_size()), at(images, last * image_size()));
  part.labels.assign(at(labels, first), at(labels, last));
  part.height = height;
  part.width = width;
  return part;
}

Result<Dataset> parse_idx(std::span<const std::byte> images, std::span<const std::byte> labels) {
  constexpr std::size_t kImagesHeader = 16;
  constexpr std::size_t kLabelsHeader = 8;
  if (const Status status = check_header(images, kImagesMagic, kImagesHeader, "the images"); !status.ok()) {
    return status.error();
  }
  if (const Status status = check_header(labels, kLabelsMagic, kLabelsHeader, "the labels"); !status.ok()) {
    return status.error();
  }
  const std::uint64_t count = big_endian(images, 4);
  const std::uint32_t height = big_endian(images, 8);
  const std::uint32_t width = big_endian(images, 12);
  if (height == 0 || width == 0 || height > kMaxSide || width > kMaxSide ||
      count * height * width > kMaxBytes) {
    return Error{ErrorCode::kTooLarge, "the images' header announces " + std::to_string(count) +
                                           " images of " + std::to_string(width) + "x" +
                                           std::to_string(height)};
  }
  const auto pixels = images.subspan(kImagesHeader);
  const auto digits = labels.subspan(kLabelsHeader);
  if (const Status status = check_size(pixels, count * height * width, "the images"); !status.ok()) {
    return status.error();
  }
  if (const Status status = check_size(digits, big_endian(labels, 4), "the labels"); !status.ok()) {
    return status.error();
  }
  if (digits.size() != count) {
    return Error{ErrorCode::kShapeMismatch, "there are " + std::to_string(count) + " images but " +
                                                std::to_string(digits.size()) + " labels"};
  }
  const auto wrong =
      std::find_if(digits.begin(), digits.end(), [](std::byte b) { return std::to_integer<int>(b) > 9; });
  if (wrong != digits.end()) {
    return Error{ErrorCode::kMalformed, "label " + std::to_string(wrong - digits.begin()) + " is " +
                                            std::to_string(std::to_integer<int>(*wrong)) + ", not a digit"};
  }
  return Dataset{copy(pixels), copy(digits), static_cast<int>(height), static_cast<int>(width)};
}

}  // namespace inkread
