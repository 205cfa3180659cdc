// SPDX-License-Identifier: MIT
#include "engine/vision/normalize.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <vector>

namespace inkread {
namespace {

constexpr int kCubic = 4;  ///< input pixels of an enlarged output pixel

/// What the output pixels of an axis are made of: `count` input pixels each, from `first` on, with weights.
struct Taps {
  int count = 0;
  std::vector<int> first;
  std::vector<float> weights;  ///< `count` for each output pixel
};

/// Shrinking: the share of each input pixel in the stretch of input that the output pixel covers.
void weigh_areas(double from, double to, int first, int length, std::span<float> weights) {
  const double end = std::min(to, static_cast<double>(length));
  int at = first;
  for (float& weight : weights) {
    const double covered = std::min(end, at + 1.0) - std::max(from, static_cast<double>(at));
    weight = static_cast<float>(std::max(covered, 0.0) / (to - from));
    ++at;
  }
}

/// Enlarging: cubic between pixel centres (Keys, "Cubic convolution interpolation for digital image
/// processing", IEEE ASSP 29, 1981). Beyond the box its edge pixels go on.
void weigh_cubic(double position, int first, int length, std::span<float> weights) {
  const int floor = static_cast<int>(std::floor(position));
  const auto t = static_cast<float>(position - floor);
  const std::array keys{((-0.5F * t + 1.0F) * t - 0.5F) * t, (1.5F * t - 2.5F) * t * t + 1.0F,
                        ((-1.5F * t + 2.0F) * t + 0.5F) * t, (0.5F * t - 0.5F) * t * t};
  int at = floor - 1;
  for (const float key : keys) {
    weights[static_cast<std::size_t>(std::clamp(at, 0, length - 1) - first)] += key;
    ++at;
  }
}

/// For an axis of `length` input pixels, `step` of them an output pixel.
Taps axis_taps(int length, double step) {
  const int size = std::clamp(static_cast<int>(std::ceil(length / step - 1e-9)), 1, kTileInkSide);
  const bool shrinks = step >= 1.0;
  Taps taps;
  taps.count = std::min(shrinks ? static_cast<int>(std::ceil(step)) + 1 : kCubic, length);
  const auto count = static_cast<std::size_t>(taps.count);
  taps.weights.resize(static_cast<std::size_t>(size) * count);
  for (int i = 0; i < size; ++i) {
    const double position = shrinks ? i * step : (i + 0.5) * step - 0.5;
    const int wanted = static_cast<int>(std::floor(position)) - (shrinks ? 0 : 1);
    const int first = std::clamp(wanted, 0, length - taps.count);
    const std::span<float> weights =
        std::span(taps.weights).subspan(static_cast<std::size_t>(i) * count, count);
    shrinks ? weigh_areas(position, (i + 1) * step, first, length, weights)
            : weigh_cubic(position, first, length, weights);
    taps.first.push_back(first);
  }
  return taps;
}

/// The box scaled so that its longer side is kTileInkSide pixels.
GrayImage scale_ink(GrayView ink, Box box) {
  const double step = static_cast<double>(std::max(box.width, box.height)) / kTileInkSide;
  const Taps across = axis_taps(box.width, step);
  const Taps down = axis_taps(box.height, step);
  GrayImage out(static_cast<int>(across.first.size()), static_cast<int>(down.first.size()));
  std::vector<float> line(static_cast<std::size_t>(box.width));
  const float* down_weight = down.weights.data();
  for (int y = 0; y < out.height; ++y) {
    std::fill(line.begin(), line.end(), 0.0F);
    for (int i = 0; i < down.count; ++i) {
      const float weight = *down_weight++;
      const float* in = ink.row(box.y + down.first[static_cast<std::size_t>(y)] + i) + box.x;
      for (std::size_t x = 0; x < line.size(); ++x) line[x] += weight * in[x];
    }
    const float* across_weight = across.weights.data();
    for (int x = 0; x < out.width; ++x) {
      const float* in = line.data() + across.first[static_cast<std::size_t>(x)];
      float sum = 0;
      for (int i = 0; i < across.count; ++i) sum += *across_weight++ * in[i];
      out.at(x, y) = std::clamp(sum, 0.0F, 1.0F);  // cubic weights overshoot
    }
  }
  return out;
}

/// Thin strokes come out pale because a tile's pixel is wider than they are; this makes them as dark as
/// MNIST's palest. The typical ink of an image is its mean weighted by ink: 0.85 in MNIST's median, 0.68 in
/// its 0.1 %.
void restore_contrast(std::span<float> ink) {
  constexpr float kLeastTypicalInk = 0.68F;
  float sum = 0;
  float sum_squares = 0;
  for (const float value : ink) {
    sum += value;
    sum_squares += value * value;
  }
  if (sum <= 0 || sum_squares >= kLeastTypicalInk * sum) return;
  const float gain = kLeastTypicalInk * sum / sum_squares;
  for (float& value : ink) value = std::min(value * gain, 1.0F);
}

/// In pixels from the tile's edge. MNIST's images have their centre of mass within half a pixel of the centre
/// of pixel 14 (of 0..27).
constexpr double kTileCentre = 14.5;

/// Where a length of `size` begins in the tile so that `centre`, in pixels from its beginning, lies on the
/// tile's centre; all of it stays inside the tile.
int offset_in_tile(double centre, int size) {
  const int offset = static_cast<int>(std::ceil(kTileCentre - 0.5 - centre));
  return std::clamp(offset, 0, kTileSide - size);
}

}  // namespace

GrayImage scale_strip(GrayView ink, float left, float top, float step, int width) {
  const float side = std::max(step, 1.0F);
  const auto covered = [side](int pixel, float from) {
    const auto at = static_cast<float>(pixel);
    return std::min(from + side, at + 1) - std::max(from, at);
  };
  const auto last = [side](float from, int size) {
    return std::min(size, static_cast<int>(std::ceil(from + side)));
  };
  const auto first = [](float from) { return std::max(0, static_cast<int>(std::floor(from))); };
  GrayImage out(width, kTileSide);
  for (int row = 0; row < kTileSide; ++row) {
    const float from_y = top + (static_cast<float>(row) + 0.5F) * step - side / 2;
    for (int column = 0; column < width; ++column) {
      const float from_x = left + (static_cast<float>(column) + 0.5F) * step - side / 2;
      float sum = 0;
      for (int y = first(from_y); y < last(from_y, ink.height); ++y) {
        for (int x = first(from_x); x < last(from_x, ink.width); ++x) {
          sum += ink.at(x, y) * covered(x, from_x) * covered(y, from_y);
        }
      }
      out.at(column, row) = sum / (side * side);
    }
  }
  return out;
}

Tile strip_window(GrayView strip, int left) {
  assert(strip.height == kTileSide && left >= 0 && left + kTileSide <= strip.width);
  Tile tile;
  float* to = tile.data();
  for (int y = 0; y < kTileSide; ++y) to = std::copy_n(strip.row(y) + left, kTileSide, to);
  restore_contrast(tile);
  draw_rails(tile);
  return tile;
}

void draw_rails(Tile& tile) {
  std::fill_n(tile.begin(), kTileSide, 1.0F);
  std::fill_n(tile.end() - kTileSide, kTileSide, 1.0F);
}

bool has_rails(const Tile& tile) {
  return std::all_of(tile.begin(), tile.begin() + kTileSide, [](float pixel) { return pixel == 1; });
}

Tile normalize_ink(GrayView ink, Box box) {
  assert(box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0);
  assert(box.x + box.width <= ink.width && box.y + box.height <= ink.height);
  GrayImage scaled = scale_ink(ink, box);
  restore_contrast(scaled.pixels);
  double mass = 0;
  double moment_x = 0;
  double moment_y = 0;
  for (int y = 0; y < scaled.height; ++y) {
    for (int x = 0; x < scaled.width; ++x) {
      const double value = scaled.at(x, y);
      mass += value;
      moment_x += value * (x + 0.5);
      moment_y += value * (y + 0.5);
    }
  }
  Tile tile{};
  if (mass <= 0) return tile;
  const int left = offset_in_tile(moment_x / mass, scaled.width);
  const int top = offset_in_tile(moment_y / mass, scaled.height);
  for (int y = 0; y < scaled.height; ++y) {
    for (int x = 0; x < scaled.width; ++x) {
      const int pixel = (top + y) * kTileSide + left + x;
      tile[static_cast<std::size_t>(pixel)] = scaled.at(x, y);
    }
  }
  return tile;
}

}  // namespace inkread
