// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"

namespace inkread {

inline constexpr int kTileSide = 28;
inline constexpr int kTileInkSide = 20;  ///< the ink's longer side within a tile
inline constexpr std::size_t kTilePixels = std::size_t{kTileSide} * kTileSide;

/// What the network sees: 28 x 28 grey, ink = 1, rows from the top.
using Tile = std::array<float, kTilePixels>;

/// The one normalisation, as MNIST was made (LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist/): the
/// part of the ink image inside `box`, scaled with its aspect kept so that the longer side is 20 pixels, then
/// placed so that its centre of mass is the centre of the 28 x 28 tile (to whole pixels). Strokes so thin
/// that they would come out paler than any of MNIST's are made as dark as its palest. `ink` has ink = 1,
/// paper = 0; `box` lies inside it and is not empty.
Tile normalize_ink(GrayView ink, Box box);

/// A line's ink, or a stretch of it, at one scale: kTileSide rows of `width` pixels, each the mean of `step`
/// x `step` pixels of the ink, from (left, top) on. Beyond the ink is paper. Where `step` is below 1 what
/// lies between pixels is interpolated.
GrayImage scale_strip(GrayView ink, float left, float top, float step, int width);

/// What the network sees of a place in a line, digits beside it included: kTileSide columns of a strip from
/// `left` on, with strokes as dark as normalize_ink() makes them, and rails.
Tile strip_window(GrayView strip, int left);

/// Fills the first and the last row: by these rails the network knows that it looks into a line, where only
/// what stands in the middle counts, while a digit alone is read wherever it is.
void draw_rails(Tile& tile);

/// Whether a tile has them.
bool has_rails(const Tile& tile);

}  // namespace inkread
