// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"

namespace inkread {

/// A pen position in any unit, y downwards.
struct StrokePoint {
  float x = 0;
  float y = 0;
};
/// From pen down to pen up. One point is a dot.
using Stroke = std::vector<StrokePoint>;

struct StrokeLimits {
  static constexpr std::size_t kStrokes = 10'000;
  static constexpr std::size_t kPoints = 1'000'000;  ///< of all strokes together
  static constexpr float kFarthest = 1e30F;          ///< of a coordinate from 0: sizes must be floats too
};

/// Strokes drawn as anti-aliased ink, and where that ink lies.
struct StrokeInk {
  GrayImage ink;                ///< ink = 1
  Image<std::int16_t> strokes;  ///< one a pixel: the stroke that drew most of it, or -1
  float scale = 1;              ///< ink pixels a stroke unit: ink_x = (x - origin.x) * scale
  StrokePoint origin;           ///< the stroke coordinates of the ink image's top left corner
};

/// What a drawing's resolution and line width follow from.
enum class StrokeScale : std::uint8_t {
  kWhole,    ///< its whole extent: one digit
  kStrokes,  ///< the typical extent of its strokes: several digits
};

/// Draws strokes with round caps, at a resolution and a line width that follow from their extent, not from
/// the unit they came in, so that a digit drawn small or large gives the same ink. Errors: kEmpty (no point),
/// kNotFinite, kTooLarge.
Result<StrokeInk> draw_strokes(std::span<const Stroke> strokes, StrokeScale by = StrokeScale::kWhole);

/// A place in an ink image, in pixels from its top left corner.
struct InkPoint {
  double x = 0;
  double y = 0;
};

/// Adds a straight line drawn by a round pen `width` pixels wide, anti-aliased; a dot where it ends as it
/// begins. What lies outside of the image is left out.
void draw_line(InkPoint from, InkPoint to, double width, GrayImage& ink);

}  // namespace inkread
