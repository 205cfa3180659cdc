// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/image.hpp"

namespace inkread {

/// How a digit is written, as its ink shows it. Lengths are in the ink's pixels.
struct WritingStyle {
  float slant = 0;  ///< degrees by which it leans to the right (negative: to the left), -90..90
  float tilt = 0;   ///< degrees by which its line climbs, -90..90; 0 of a digit that stands alone
  float stroke_width = 0;
  float width = 0;  ///< from edge to edge of the ink, at half its darkness
  float height = 0;
  int loops = 0;  ///< closed ones

  /// The strokes' width in heights.
  [[nodiscard]] float stroke_share() const { return height > 0 ? stroke_width / height : 0; }
  /// The same of ink whose pixels are `factor` times as large.
  [[nodiscard]] WritingStyle scaled(float factor) const {
    return {slant, tilt, stroke_width * factor, width * factor, height * factor, loops};
  }
};

/// Measures the ink inside `box`, which stands alone. All is 0 where there is no ink. `ink` has
/// ink = 1, paper = 0; `box` lies inside it.
///
/// - Slant: the shear that makes the covariance of across and down vanish (LeCun, Bottou, Bengio, Haffner,
///   "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998, section III, where MNIST
///   is deslanted so). What is heavier above at one side and below at the other leans by its form.
/// - Stroke width: from area and length of the outline, as of a line that a round pen drew. Steiner's formula
///   for parallel sets tells what its ends, branches and loops add.
/// - Loops: paper that ink closes off, unless it is as small as a gap in the ink.
WritingStyle measure_style(GrayView ink, Box box);

}  // namespace inkread
