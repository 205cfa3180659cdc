// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Turns the slant that was measured of a digit's ink (measure_style) into how far it leans for what it is.
void allow_for_form(Digit& digit);

/// The degrees by which a line of digits climbs to the right: of the straight line nearest to their feet, by
/// least squares. At least two digits.
float climb_of(std::span<const Digit> digits);

}  // namespace inkread
