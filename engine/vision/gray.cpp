// SPDX-License-Identifier: MIT
#include "engine/vision/gray.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace inkread {
namespace {

constexpr std::uint32_t kWhite = 256U * 255U;

/// Weights of red, green and blue, whose absolute values add up to 256.
struct Projection {
  int red;
  int green;
  int blue;

  /// What makes light() of every colour 0 or more.
  [[nodiscard]] int offset() const {
    return -255 * (std::min(red, 0) + std::min(green, 0) + std::min(blue, 0));
  }
  /// 0..kWhite
  [[nodiscard]] std::uint32_t light(const std::uint8_t* rgba) const {
    return static_cast<std::uint32_t>(red * rgba[0] + green * rgba[1] + blue * rgba[2] + offset());
  }
};

constexpr Projection kLuma{77, 150, 29};  // Rec. 601

/// What ink may stand out in that is as light as its paper: single colours, and differences of them.
constexpr std::array<Projection, 7> kColours{{{256, 0, 0},
                                              {0, 256, 0},
                                              {0, 0, 256},
                                              {128, -128, 0},
                                              {128, -64, -64},
                                              {-64, 128, -64},
                                              {64, 64, -128}}};

/// How much a picture's colours change over a short way.
struct Changes {
  std::array<std::array<std::int64_t, 3>, 3> products{};  ///< their sums, by pairs of red, green, blue
  std::uint32_t most = 0;                                 ///< of luma, 0..kWhite
};

Changes measure_changes(RgbaView picture) {
  constexpr int kSamples = 160;  // along the longer side
  constexpr int kWays = 40;      // likewise: how often a way fits into it
  const int longer = std::max(picture.width, picture.height);
  const int step = std::max(longer / kSamples, 1);
  const int way = std::max(longer / kWays, 1);
  Changes changes{};
  const auto add = [&](const std::uint8_t* a, const std::uint8_t* b) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) changes.products[i][j] += (a[i] - b[i]) * (a[j] - b[j]);
    }
    const std::uint32_t one = kLuma.light(a);
    const std::uint32_t other = kLuma.light(b);
    changes.most = std::max(changes.most, one > other ? one - other : other - one);
  };
  for (int y = 0; y < picture.height; y += step) {
    for (int x = 0; x < picture.width; x += step) {
      const std::uint8_t* here = picture.row(y) + 4 * x;
      if (x + way < picture.width) add(here, here + 4 * way);
      if (y + way < picture.height) add(here, picture.row(y + way) + 4 * x);
    }
  }
  return changes;
}

/// The sum of squares of what a projection makes of the changes.
std::int64_t contrast(const Changes& changes, const Projection& projection) {
  const std::array weights{projection.red, projection.green, projection.blue};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) sum += changes.products[i][j] * weights[i] * weights[j];
  }
  return sum;
}

/// Luma, unless it shows little and a colour shows clearly more. (In whole numbers, so that every processor
/// chooses alike.)
Projection choose_projection(RgbaView picture) {
  constexpr std::int64_t kClearly = 3;  // times the square
  constexpr std::uint32_t kLittle = kWhite / 4;
  const Changes changes = measure_changes(picture);
  if (changes.most > kLittle) return kLuma;
  Projection best = kLuma;
  std::int64_t most = kClearly * contrast(changes, kLuma);
  for (const Projection& colour : kColours) {
    const std::int64_t found = contrast(changes, colour);
    if (found <= most) continue;
    best = colour;
    most = found;
  }
  return best;
}

/// The luma of the paper below a picture with transparent parts. A picture that is mostly opaque brings its
/// own paper (its mean); else what is opaque is the ink, and paper is what contrasts with it.
std::uint32_t paper_luma(RgbaView picture) {
  std::uint64_t opacity = 0;
  std::uint64_t light = 0;
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
    opacity += picture.pixels[i + 3];
    light += std::uint64_t{kLuma.light(&picture.pixels[i])} * picture.pixels[i + 3];
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

/// Adds the light of each of a row's pixels. Simple enough for the compiler to take several at once.
void add_row(const Projection& projection, const std::uint8_t* rgba, std::span<std::uint32_t> sums) {
  for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += projection.light(rgba + 4 * x);
}

/// The same of the luma of pixels that are laid over this paper.
void add_row_over(std::uint32_t paper, const std::uint8_t* rgba, std::span<std::uint32_t> sums) {
  for (std::size_t x = 0; x < sums.size(); ++x) {
    const std::uint32_t alpha = rgba[4 * x + 3];
    sums[x] += (kLuma.light(rgba + 4 * x) * alpha + paper * (255U - alpha)) / 255U;
  }
}

}  // namespace

GrayImage reduce_to_gray(RgbaView picture, int reduction) {
  const bool opaque = !has_transparency(picture);
  const std::uint32_t paper = opaque ? kWhite : paper_luma(picture);
  const Projection projection = opaque ? choose_projection(picture) : kLuma;
  GrayImage gray((picture.width + reduction - 1) / reduction, (picture.height + reduction - 1) / reduction);
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(picture.width));  // of a column of a block's rows
  for (int y = 0; y < gray.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0U);
    const int first_row = y * reduction;
    const int rows = std::min(reduction, picture.height - first_row);
    for (int r = first_row; r < first_row + rows; ++r) {
      opaque ? add_row(projection, picture.row(r), sums) : add_row_over(paper, picture.row(r), sums);
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
