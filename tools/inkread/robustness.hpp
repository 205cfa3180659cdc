// SPDX-License-Identifier: MIT
// How well a network still reads digits that were changed behind its back.
#pragma once

#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/vision/normalize.hpp"
#include "tools/inkread/evaluation.hpp"

namespace inkread {

// What is done to a tile, each by itself. Lengths are in tile pixels; 0 (of scaling 1) changes not a bit.
// Rotation and scaling keep the tile's middle, and take grey values bilinearly with paper around the tile.

/// Clockwise as seen.
struct Rotation {
  double degrees = 0;
};
/// To the right and down. What leaves the tile is lost.
struct Shift {
  int dx = 0;
  int dy = 0;
};
struct Scaling {
  double factor = 1;  ///< > 0
};
/// change_stroke_width(): wider above 0, -2..3.
struct StrokeWidth {
  double change = 0;
};
/// blur(): Gaussian, 0..1.5.
struct Blurring {
  double deviation = 0;
};
/// add_noise(): standard deviation of the grey values.
struct Noise {
  double deviation = 0;
};
using Perturbation = std::variant<Rotation, Shift, Scaling, StrokeWidth, Blurring, Noise>;

/// The tile so changed, without normalisation. `image` numbers it, so that each has noise of its own.
Tile perturb(const Tile& tile, const Perturbation& how, std::uint64_t image);

/// The share of the images (28 x 28) still read right when each is changed so.
double accuracy_under(const Perturbation& how, const Program& program, const Dataset& data, InputScale scale,
                      int threads);

struct RobustnessPoint {
  double setting;
  double accuracy;
};
struct ShiftPoint {
  Shift shift;
  double accuracy;
};

/// Accuracies under every change at several strengths.
struct Robustness {
  std::vector<RobustnessPoint> rotation;      ///< degrees, -30..30
  std::vector<RobustnessPoint> shift;         ///< 0..6 pixels: mean over the eight directions
  std::vector<RobustnessPoint> scale;         ///< factor, 0.6..1.4
  std::vector<RobustnessPoint> stroke_width;  ///< pixels, -1.5..2
  std::vector<RobustnessPoint> blur;          ///< standard deviation, pixels, 0..1.5
  std::vector<RobustnessPoint> noise;         ///< standard deviation of greys of 0..1, 0..0.3
  std::vector<ShiftPoint> offsets;            ///< every shift that was measured

  /// Mean over the rotations by -15, -10, -5, 5, 10 and 15 degrees.
  double rotation_15_mean = 0;
  /// Mean over 32 shifts: dx and dy each of -4, -2, 0, 2, 4 but not both 0, and the eight directions at 3.
  double shift_4_mean = 0;
  /// Mean over the scales 0.7, 0.8, 0.9, 1.1, 1.2 and 1.3.
  double scale_07_13_mean = 0;
};

/// Asks `accuracy` for every change once.
Robustness measure_robustness(const std::function<double(const Perturbation&)>& accuracy);
/// How often it asks.
std::size_t robustness_measurements();

nlohmann::ordered_json to_json(const Robustness& robustness);

}  // namespace inkread
