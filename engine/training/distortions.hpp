// SPDX-License-Identifier: MIT
// What augmentation does to the pixels of a digit, one step a function.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/base/image.hpp"
#include "engine/base/random.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {

/// Canvas pixels along a tile's pixel.
inline constexpr int kCanvasScale = 2;
/// Paper around the tile, in canvas pixels, for what turns or grows beyond it.
inline constexpr int kCanvasMargin = 8;
inline constexpr int kCanvasSide = kTileSide * kCanvasScale + 2 * kCanvasMargin;
inline constexpr std::size_t kCanvasPixels = std::size_t{kCanvasSide} * kCanvasSide;

/// A digit enlarged, ink = 1, paper = 0. Lengths below are in its pixels unless they say "tile pixels".
struct Canvas {
  std::array<float, kCanvasPixels> pixels{};

  [[nodiscard]] float* row(int y) { return pixels.data() + y * kCanvasSide; }
  [[nodiscard]] const float* row(int y) const { return pixels.data() + y * kCanvasSide; }
  [[nodiscard]] GrayView view() const { return {pixels, kCanvasSide, kCanvasSide}; }
  [[nodiscard]] float mass() const;
};

/// The tile enlarged by cubic convolution (Keys, "Cubic convolution interpolation for digital image
/// processing", IEEE ASSP 29, 1981) into the middle of a canvas.
Canvas enlarge(const Tile& tile);

/// The box around the ink darker than a tenth of the darkest; nothing where all is paper.
std::optional<Box> ink_box(const Canvas& canvas);

/// How the plane is bent: straight (turn, slant, aspect) and elastically.
struct Bend {
  float angle = 0;            ///< degrees, clockwise as seen
  float slant = 0;            ///< to the right, pixels a pixel of height
  float aspect = 1;           ///< factor of width / height, the area being kept; > 0
  float elastic = 0;          ///< tile pixels, root mean square of the displacement along each axis
  float elastic_spacing = 6;  ///< tile pixels between the control points, 4..12
};
/// Bends about the middle of the canvas. The elastic part is that of Simard, Steinkraus, Platt, "Best
/// practices for convolutional neural networks applied to visual document analysis", ICDAR 2003, with cubic
/// B-splines through random control points in place of smoothed noise: the same smoothness at a fraction of
/// the cost. A spacing of h has about the effect of their sigma = h / 1.5.
Canvas bend(const Canvas& canvas, const Bend& how, Random random);

/// Makes strokes wider (change > 0) or narrower (< 0) by `change` tile pixels, -2..3, by grey dilation and
/// erosion. Narrowing leaves strokes that are no wider than `change`, and at least half of the ink.
void change_stroke_width(Canvas& canvas, float change);

/// Takes away the ink in a soft disc about a point drawn from the ink; not when that is more than an eighth
/// of all.
void cut_out(Canvas& canvas, float radius, Random random);

/// Gaussian, standard deviation in tile pixels, 0..1.5.
void blur(Canvas& canvas, float deviation);

/// As if the ink inside `box` had been scanned so small that its longer side had `side` pixels, and enlarged
/// again. Nothing happens when it has no more than that.
void reduce_resolution(Canvas& canvas, Box box, int side);

/// Ink of half the darkest and more becomes 1, all other 0; ink of less where that would leave less ink than
/// there was, so that pale strokes are not lost. Values are 0..1.
void make_binary(std::span<float> pixels);

/// Lays what is inside `box`, scaled by `scale` (up to 2), onto another canvas so that the middle of the box
/// comes to (x, y), in pixels from the corner; where both have ink the darker stays.
void lay_on(Canvas& canvas, const Canvas& from, Box box, float scale, float x, float y);

/// Draws a piece of another digit's stroke left, right, above or below the box, beginning `gap` pixels from
/// it (above and below four more), and returns the box with the `overlap` pixels of that stroke that a
/// careless cut would leave in.
Box add_neighbour(Canvas& canvas, Box box, int gap, int overlap, Random random);

/// Where a digit lies in a tile that nobody normalised.
struct Placing {
  float scale = 1;    ///< the box's longer side is scale * 20 tile pixels
  float shift_x = 0;  ///< tile pixels from the middle to the centre of mass, to the right
  float shift_y = 0;  ///< downwards
};
/// The canvas as a tile, without normalisation. What is in the box stays inside the tile but for a pixel and
/// a half.
Tile place(const Canvas& canvas, Box box, const Placing& placing);

/// v + tone * v * (1 - v), times contrast: tone -1..1 (above 0 darker greys, as a gamma below 1), contrast
/// 0..1.
void change_tone(Tile& tile, float tone, float contrast);

/// Adds noise of about a bell's shape and this standard deviation; values stay in 0..1.
void add_noise(Tile& tile, float deviation, Random random);

}  // namespace inkread
