// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "engine/base/image.hpp"

namespace inkread {

/// The ink found in a picture.
struct InkImage {
  GrayImage ink;      ///< ink = 1, paper = 0, the picture's size or smaller by `reduction`
  int reduction = 1;  ///< one ink pixel covers reduction x reduction pixels of the picture
};

/// Separates ink from paper: alpha over the paper that contrasts, grey, polarity, background, contrast. Large
/// pictures are reduced first. `picture` has 4 channels and at least one pixel.
InkImage extract_ink(RgbaView picture);

/// The box around all that is written, specks apart, in pixels of `ink`; nothing where nothing is written.
std::optional<Box> find_ink(GrayView ink);

}  // namespace inkread
