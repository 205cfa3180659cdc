// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/image.hpp"

namespace inkread {

/// The picture as light, 0 (black) to 1 (white): luma of Rec. 601, or where ink is about as light as its
/// paper the colour or the difference of colours in which it stands out; transparency laid over a paper that
/// contrasts with what is opaque (luma then); each reduction x reduction block of pixels averaged to one
/// (blocks at the right and bottom edge may be smaller). `picture` has 4 channels and at least one pixel;
/// reduction >= 1.
GrayImage reduce_to_gray(RgbaView picture, int reduction);

}  // namespace inkread
