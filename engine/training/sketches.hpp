// SPDX-License-Identifier: MIT
// Drawings that are no digit, made without any image, with the pen of MNIST's writers. All lie about the
// middle of the canvas, their longer side as long as a normalised digit's.
#pragma once

#include "engine/base/random.hpp"
#include "engine/training/distortions.hpp"

namespace inkread {

/// Canvas pixels of the longer side, pen width included: as of a normalised digit.
inline constexpr float kSketchSide = static_cast<float>(kTileInkSide) * kCanvasScale;

/// A Latin, Greek, Cyrillic or Han letter that no digit resembles, now and then two side by side.
Canvas draw_letter(Random& random);

/// A sign or a simple picture: plus, arrow, star, house, face and the like.
Canvas draw_sign(Random& random);

/// A meaningless line: curves through random points, zigzags, waves, loops, spirals, crossings-out.
Canvas draw_scribble(Random& random);

/// What lies on paper without being drawn as one thing: dots, blots, filled areas, dashes, rules, grids,
/// noise.
Canvas draw_marks(Random& random);

}  // namespace inkread
