// SPDX-License-Identifier: MIT
#include "engine/vision/gray.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace inkread {
namespace {

/// Rec. 601 luma in 0..65280: 255 times weights that add up to 256.
std::uint32_t luma(const std::uint8_t* rgba) {
  return 77U * rgba[0] + 150U * rgba[1] + 29U * rgba[2];
}

constexpr std::uint32_t kWhite = 256U * 255U;

/// The luma of the paper below a picture with transparent parts. A picture that is mostly opaque brings its
/// own paper (its mean); else what is opaque is the ink, and paper is what contrasts with it.
std::uint32_t paper_luma(RgbaView picture) {
  std::uint64_t opacity = 0;
  std::uint64_t light = 0;
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
    opacity += picture.pixels[i + 3];
    light += std::uint64_t{luma(&picture.pixels[i])} * picture.pixels[i + 3];
  }
  if (opacity == 0) return kWhite;
  const auto mean = static_cast<std::uint32_t>(light / opacity);
  const bool mostly_opaque = opacity > picture.pixels.size() / 4 * 255 / 2;
  if (mostly_opaque) return mean;
  return mean > kWhite / 2 ? 0 : kWhite;
}

bool has_transparency(RgbaView picture) {
  std::uint8_t all = 255;
  for (std::size_t i = 3; i < picture.pixels.size(); i += 4) all &= picture.pixels[i];
  return all != 255;
}

/// Adds the luma of each of a row's pixels. Simple enough for the compiler to take several at once.
void add_row(const std::uint8_t* rgba, std::span<std::uint32_t> sums) {
  for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += luma(rgba + 4 * x);
}

/// The same of pixels that are laid over this paper.
void add_row_over(std::uint32_t paper, const std::uint8_t* rgba, std::span<std::uint32_t> sums) {
  for (std::size_t x = 0; x < sums.size(); ++x) {
    const std::uint32_t alpha = rgba[4 * x + 3];
    sums[x] += (luma(rgba + 4 * x) * alpha + paper * (255U - alpha)) / 255U;
  }
}

}  // namespace

GrayImage reduce_to_gray(RgbaView picture, int reduction) {
  const bool opaque = !has_transparency(picture);
  const std::uint32_t paper = opaque ? kWhite : paper_luma(picture);
  GrayImage gray((picture.width + reduction - 1) / reduction, (picture.height + reduction - 1) / reduction);
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(picture.width));  // of a column of a block's rows
  for (int y = 0; y < gray.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0U);
    const int first_row = y * reduction;
    const int rows = std::min(reduction, picture.height - first_row);
    for (int r = first_row; r < first_row + rows; ++r) {
      opaque ? add_row(picture.row(r), sums) : add_row_over(paper, picture.row(r), sums);
    }
    float* out = gray.row(y);
    auto column = sums.begin();
    for (int x = 0; x < gray.width; ++x) {
      const int columns = std::min(reduction, picture.width - x * reduction);
      const std::uint64_t sum = std::accumulate(column, column + columns, std::uint64_t{0});
      column += columns;
      out[x] = static_cast<float>(sum) / static_cast<float>(rows * columns) / static_cast<float>(kWhite);
    }
  }
  return gray;
}

}  // namespace inkread
