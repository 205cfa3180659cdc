// SPDX-License-Identifier: MIT
#include "engine/vision/normalize.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

namespace inkread {
namespace {

/// How one output pixel is made along one axis: weights for input pixels from `first` on.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

/// Shrinking: the share of each input pixel in the stretch of input that the output pixel covers.
Taps area_taps(double from, double to, int length) {
  Taps taps{std::min(static_cast<int>(from), length - 1), {}};
  const double end = std::min(to, static_cast<double>(length));
  for (int i = taps.first; i < length && i < end; ++i) {
    const double covered = std::min(end, i + 1.0) - std::max(from, static_cast<double>(i));
    taps.weights.push_back(static_cast<float>(std::max(covered, 0.0) / (to - from)));
  }
  return taps;
}

/// Enlarging: cubic between pixel centres (Keys, "Cubic convolution interpolation for digital image
/// processing", IEEE ASSP 29, 1981). Beyond the box its edge pixels go on.
Taps cubic_taps(double centre, int length) {
  const double position = centre - 0.5;
  const int floor = static_cast<int>(std::floor(position));
  const auto t = static_cast<float>(position - floor);
  const std::array<float, 4> keys{((-0.5F * t + 1.0F) * t - 0.5F) * t, (1.5F * t - 2.5F) * t * t + 1.0F,
                                  ((-1.5F * t + 2.0F) * t + 0.5F) * t, (0.5F * t - 0.5F) * t * t};
  const int first = std::clamp(floor - 1, 0, length - 1);
  const int last = std::clamp(floor + 2, 0, length - 1);
  Taps taps{first, std::vector<float>(static_cast<std::size_t>(last - first + 1))};
  for (int i = 0; i < 4; ++i) {
    const int at = std::clamp(floor - 1 + i, first, last);
    taps.weights[static_cast<std::size_t>(at - first)] += keys[static_cast<std::size_t>(i)];
  }
  return taps;
}

/// For an axis of `length` input pixels, `step` of them an output pixel.
std::vector<Taps> axis_taps(int length, double step) {
  const int count = std::clamp(static_cast<int>(std::ceil(length / step - 1e-9)), 1, kTileInkSide);
  std::vector<Taps> taps;
  taps.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    taps.push_back(step >= 1.0 ? area_taps(i * step, (i + 1) * step, length)
                               : cubic_taps((i + 0.5) * step, length));
  }
  return taps;
}

/// The box scaled so that its longer side is kTileInkSide pixels.
GrayImage scale_ink(GrayView ink, Box box) {
  const double step = static_cast<double>(std::max(box.width, box.height)) / kTileInkSide;
  const std::vector<Taps> columns = axis_taps(box.width, step);
  const std::vector<Taps> rows = axis_taps(box.height, step);
  GrayImage out(static_cast<int>(columns.size()), static_cast<int>(rows.size()));
  std::vector<float> line(static_cast<std::size_t>(box.width));
  for (int y = 0; y < out.height; ++y) {
    const Taps& down = rows[static_cast<std::size_t>(y)];
    std::fill(line.begin(), line.end(), 0.0F);
    for (std::size_t i = 0; i < down.weights.size(); ++i) {
      const float* in = ink.row(box.y + down.first + static_cast<int>(i)) + box.x;
      for (std::size_t x = 0; x < line.size(); ++x) line[x] += down.weights[i] * in[x];
    }
    for (int x = 0; x < out.width; ++x) {
      const Taps& across = columns[static_cast<std::size_t>(x)];
      const float* in = line.data() + across.first;
      float sum = 0;
      for (std::size_t i = 0; i < across.weights.size(); ++i) sum += across.weights[i] * in[i];
      out.at(x, y) = std::clamp(sum, 0.0F, 1.0F);  // cubic weights overshoot
    }
  }
  return out;
}

/// Thin strokes come out pale because a tile's pixel is wider than they are; this makes them as dark as
/// MNIST's palest. The typical ink of an image is its mean weighted by ink: 0.85 in MNIST's median, 0.68 in
/// its 0.1 %.
void restore_contrast(GrayImage& ink) {
  constexpr float kLeastTypicalInk = 0.68F;
  float sum = 0;
  float sum_squares = 0;
  for (const float value : ink.pixels) {
    sum += value;
    sum_squares += value * value;
  }
  if (sum <= 0 || sum_squares >= kLeastTypicalInk * sum) return;
  const float gain = kLeastTypicalInk * sum / sum_squares;
  for (float& value : ink.pixels) value = std::min(value * gain, 1.0F);
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

Tile normalize_ink(GrayView ink, Box box) {
  assert(box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0);
  assert(box.x + box.width <= ink.width && box.y + box.height <= ink.height);
  GrayImage scaled = scale_ink(ink, box);
  restore_contrast(scaled);
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
