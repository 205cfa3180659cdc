// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"

namespace inkread {

/// Labelled grey images, as MNIST: 0 = paper, 255 = ink.
struct Dataset {
  std::vector<std::uint8_t> images;  ///< count x height x width
  std::vector<std::uint8_t> labels;  ///< count, 0..9
  int height = 0;
  int width = 0;

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] std::size_t image_size() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t index) const {
    return std::span(images).subspan(index * image_size(), image_size());
  }
  /// Images [first, last).
  [[nodiscard]] Dataset slice(std::size_t first, std::size_t last) const;
};

/// Reads the two uncompressed IDX files of a set (the format is described at
/// http://yann.lecun.com/exdb/mnist/). Errors: kTruncated, kMalformed (wrong magic number, labels above 9,
/// more bytes than announced), kShapeMismatch (as many labels as images there must be), kTooLarge.
Result<Dataset> parse_idx(std::span<const std::byte> images, std::span<const std::byte> labels);

}  // namespace inkread
