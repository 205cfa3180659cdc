// SPDX-License-Identifier: MIT
// Pictures on which nobody wrote a number: noise, soft light, things that look like an animal's photograph,
// and pages of text.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/image.hpp"
#include "engine/base/random.hpp"
#include "tests/support/drawings.hpp"
#include "tests/support/pixels.hpp"

namespace inkread::test {

/// Grey of 0 (black) to 1 (white) by a pixel's place.
template <typename Light>
RgbaImage gray_picture(int width, int height, Light light) {
  RgbaImage picture(width, height, 4, 255);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double value = std::clamp(static_cast<double>(light(x, y)), 0.0, 1.0);
      std::fill_n(pixel_at(picture, x, y), 3, static_cast<std::uint8_t>(std::lround(value * 255)));
    }
  }
  return picture;
}

/// Every pixel for itself.
inline RgbaImage white_noise(int width, int height, std::uint64_t seed) {
  Random random(seed);
  return gray_picture(width, height, [&](int, int) { return random.uniform(0, 1); });
}

/// Light that changes evenly between random values `step` pixels apart, as clouds or cloth do.
class SoftNoise {
 public:
  SoftNoise(int width, int height, int step, Random& random)
      : values_(width / step + 2, height / step + 2), step_(step) {
    for (float& value : values_.pixels) value = random.uniform(0, 1);
  }
  [[nodiscard]] float at(int x, int y) const {
    const int column = x / step_;
    const int row = y / step_;
    const float right = static_cast<float>(x % step_) / static_cast<float>(step_);
    const float below = static_cast<float>(y % step_) / static_cast<float>(step_);
    const auto value = [&](int across, int down) { return values_.view().at(column + across, row + down); };
    return (value(0, 0) * (1 - right) + value(1, 0) * right) * (1 - below) +
           (value(0, 1) * (1 - right) + value(1, 1) * right) * below;
  }

 private:
  GrayImage values_;
  int step_;
};

/// Clouds with detail of all sizes.
inline RgbaImage clouds(int width, int height, std::uint64_t seed) {
  Random random(seed);
  std::vector<SoftNoise> octaves;
  for (int step = std::max(std::min(width, height) / 2, 1); step >= 2; step /= 2) {
    octaves.emplace_back(width, height, step, random);
  }
  return gray_picture(width, height, [&](int x, int y) {
    double sum = 0.5;
    double weight = 0.5;
    for (const SoftNoise& octave : octaves) {
      sum += weight * (octave.at(x, y) - 0.5);
      weight *= 0.7;
    }
    return sum;
  });
}

/// Like the photograph of an animal: a body, a head with ears and eyes, `hairs` of each of two shades as its
/// fur, before a soft background.
inline RgbaImage animal(int width, int height, int hairs_of_a_shade, std::uint64_t seed) {
  Random random(seed);
  const SoftNoise background(width, height, std::max(width / 6, 1), random);
  const SoftNoise coat(width, height, std::max(width / 15, 1), random);
  struct Blob {
    double x, y, rx, ry, light;
  };
  const double w = width;
  const double h = height;
  const double side = std::min(w, h);
  const Point head{w * static_cast<double>(random.uniform(0.35F, 0.65F)), 0.4 * h};
  const std::array<Blob, 6> blobs{
      {{head.x, 0.85 * h, 0.3 * side, 0.35 * side, 0.45},
       {head.x, head.y, 0.2 * side, 0.17 * side, 0.5},
       {head.x - 0.14 * side, head.y - 0.15 * side, 0.05 * side, 0.09 * side, 0.4},
       {head.x + 0.14 * side, head.y - 0.15 * side, 0.05 * side, 0.09 * side, 0.4},
       {head.x - 0.07 * side, head.y, 0.03 * side, 0.03 * side, 0.05},
       {head.x + 0.07 * side, head.y, 0.03 * side, 0.03 * side, 0.05}}};
  RgbaImage picture = gray_picture(width, height, [&](int x, int y) {
    double light = 0.55 + 0.4 * (static_cast<double>(background.at(x, y)) - 0.5);
    for (const Blob& blob : blobs) {
      const double away = std::hypot((x - blob.x) / blob.rx, (y - blob.y) / blob.ry);
      if (away < 1) light = blob.light + 0.3 * (static_cast<double>(coat.at(x, y)) - 0.5);
    }
    return light + static_cast<double>(random.uniform(-0.03F, 0.03F));
  });
  for (const int shade : {40, 190}) {
    std::vector<Path> hairs;
    for (int i = 0; i < hairs_of_a_shade; ++i) {
      const Blob& blob = blobs[random.below(4)];
      const auto angle = static_cast<double>(random.uniform(0, 2 * std::numbers::pi_v<float>));
      const auto from = static_cast<double>(random.uniform(0.5F, 1));
      const double to = from + static_cast<double>(random.uniform(0.1F, 0.25F));
      hairs.push_back(
          {{blob.x + from * blob.rx * std::cos(angle), blob.y + from * blob.ry * std::sin(angle)},
           {blob.x + to * blob.rx * std::cos(angle + 0.1), blob.y + to * blob.ry * std::sin(angle)}});
    }
    draw(picture, hairs, std::max(side / 250, 1.0), {shade, shade, shade});
  }
  return picture;
}

/// Capital letters: points "xy", each 0 to 4, of strokes that spaces part. A E F H K M N O P R S T U V W X Y.
inline constexpr std::array<std::string_view, 17> kLetters{
    "042044 1232", "40000444 0232", "400004 0232", "0004 4044 0242", "0004 400244",  "0400224044",
    "04004440",    "0040440400",    "0400404202",  "040040420244",   "400002424404", "0040 2024",
    "00044440",    "002440",        "0014223440",  "0044 4004",      "002240 2224"};

inline std::vector<Path> letter(std::size_t which, Point corner, double width, double height) {
  std::vector<Path> paths(1);
  const std::string_view points = kLetters[which];
  for (std::size_t i = 0; i < points.size(); i += 2) {
    if (points[i] == ' ') {
      paths.emplace_back();
      ++i;
    }
    paths.back().push_back(
        {corner.x + (points[i] - '0') / 4.0 * width, corner.y + (points[i + 1] - '0') / 4.0 * height});
  }
  return paths;
}

/// The strokes of a page of words: letters `size` high, two to nine a word.
inline std::vector<Path> words(int width, int height, double size, std::uint64_t seed) {
  Random random(seed);
  std::vector<Path> paths;
  Point corner{0, size};
  while (corner.y + 2 * size < height) {
    std::uint32_t left = 0;  // of the word
    corner.x = size;
    while (corner.x + 2 * size < width) {
      if (left == 0) {
        left = 2 + random.below(8);
        corner.x += 0.6 * size;
      }
      --left;
      for (Path& path : letter(random.below(kLetters.size()), corner, 0.6 * size, size)) {
        paths.push_back(std::move(path));
      }
      corner.x += 0.85 * size;
    }
    corner.y += 1.8 * size;
  }
  return paths;
}

/// A page full of letters `size` pixels high.
inline RgbaImage page_of_text(int width, int height, double size, std::uint64_t seed) {
  RgbaImage picture = sheet(width, height);
  draw(picture, words(width, height, size, seed), std::max(size / 9, 1.0));
  return picture;
}

}  // namespace inkread::test
