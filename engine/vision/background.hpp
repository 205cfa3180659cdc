// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/image.hpp"

namespace inkread {

/// Whether the writing is lighter than its ground. Each place is compared with the mean around it, so soft
/// light does not matter; writing is then the rarer, stronger deviation (the skew), and the border is mostly
/// ground. `gray` is 0 (black) to 1 (white).
bool is_light_on_dark(GrayView gray);

/// How much darker each pixel is than the paper around it (negative where lighter). The paper is found as a
/// morphological closing: at each place the light that remains when all that is darker and narrower than a
/// third of the picture is taken away, so soft shadows and vignettes belong to the paper and strokes do not.
GrayImage darkness(GrayView gray);

/// The greatest change of light, up or down, across a thirty-second of the picture's longer side: strokes
/// have edges, shadows and lamps have none. Of large pictures neighbouring pixels are averaged first.
float steepest_change(GrayView light);

}  // namespace inkread
