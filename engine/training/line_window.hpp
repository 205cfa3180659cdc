// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "engine/base/random.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/dataset.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {

/// A place in a line of digits that stand apart, touch or overlap, or that strokes join, as the line's reader
/// looks at it (strip_window).
struct LineWindow {
  Tile tile;
  bool is_digit = true;  ///< whether the digit is in the middle, and not a place between two or beside one
};

/// Of the digit `number` of the data (28 x 28, 255 = ink), written between up to four others and then
/// distorted as augment() does with one: the same for the same stream.
[[nodiscard]] LineWindow look_into_line(const Dataset& data, std::size_t number, const Augmentation& settings,
                                        Random& random);

}  // namespace inkread
