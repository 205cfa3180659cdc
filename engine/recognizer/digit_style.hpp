// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "engine/base/image.hpp"
#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Measures the ink inside `box` as this digit (see measure_style), its slant from how the digit stands when
/// it is written upright.
WritingStyle measure_digit(GrayView ink, Box box, int label);

/// The degrees by which a line of digits climbs to the right: of the straight line nearest to their feet, by
/// least squares. At least two digits.
float climb_of(std::span<const Digit> digits);

}  // namespace inkread
