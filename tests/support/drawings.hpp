// SPDX-License-Identifier: MIT
// Pictures with something written on them, made in the tests.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/base/image.hpp"
#include "tests/support/pixels.hpp"

namespace inkread::test {

using Rgb = std::array<int, 3>;
inline constexpr Rgb kBlack{0, 0, 0};
inline constexpr Rgb kWhitePaper{255, 255, 255};

struct Point {
  double x;
  double y;
};
using Path = std::vector<Point>;

/// A 5 in the unit square, its bar a stroke of its own.
inline std::vector<Path> five() {
  return {{{0.1, 0.05}, {0.9, 0.05}},
          {{0.1, 0.05}, {0.1, 0.45}, {0.6, 0.4}, {0.85, 0.65}, {0.6, 0.95}, {0.1, 0.9}}};
}

inline std::vector<Path> placed(std::vector<Path> paths, double x, double y, double size) {
  for (Path& path : paths) {
    for (Point& point : path) point = {x + point.x * size, y + point.y * size};
  }
  return paths;
}

inline double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0.0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

inline RgbaImage sheet(int width, int height, Rgb paper = kWhitePaper) {
  RgbaImage picture(width, height, 4, 255);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) pixel_at(picture, x, y)[c] = static_cast<std::uint8_t>(paper[c]);
    }
  }
  return picture;
}

/// Draws the paths with an anti-aliased round pen.
inline void draw(RgbaImage& picture, const std::vector<Path>& paths, double pen, Rgb ink = kBlack) {
  Image<float> cover(picture.width, picture.height);  // the share of each pixel below the pen
  const double reach = pen / 2 + 1;
  for (const Path& path : paths) {
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      const auto [left, right] = std::minmax(path[i].x, path[i + 1].x);
      const auto [top, bottom] = std::minmax(path[i].y, path[i + 1].y);
      for (int y = std::max(static_cast<int>(top - reach), 0);
           y < std::min(bottom + reach, picture.height * 1.0); ++y) {
        for (int x = std::max(static_cast<int>(left - reach), 0);
             x < std::min(right + reach, picture.width * 1.0); ++x) {
          const double away = distance_to_segment({x + 0.5, y + 0.5}, path[i], path[i + 1]);
          const double covered = std::clamp(pen / 2 + 0.5 - away, 0.0, 1.0);
          cover.at(x, y) = std::max(cover.at(x, y), static_cast<float>(covered));
        }
      }
    }
  }
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const auto covered = static_cast<double>(cover.at(x, y));
      std::uint8_t* pixel = pixel_at(picture, x, y);
      for (std::size_t c = 0; c < 3; ++c) {
        pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] * (1 - covered) + ink[c] * covered));
      }
    }
  }
}

/// Multiplies the light of each pixel by a factor of its place (0..1 across and down).
template <typename Factor>
void shade(RgbaImage& picture, Factor factor) {
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double by = factor((x + 0.5) / picture.width, (y + 0.5) / picture.height);
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& value = pixel_at(picture, x, y)[c];
        value = static_cast<std::uint8_t>(std::clamp(std::lround(value * by), 0L, 255L));
      }
    }
  }
}

}  // namespace inkread::test
