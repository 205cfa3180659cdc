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

}  // namespace inkread
