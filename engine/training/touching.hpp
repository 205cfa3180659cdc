// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "engine/base/random.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/dataset.hpp"
#include "engine/training/distortions.hpp"

namespace inkread {

/// The digit `number` of the data (28 x 28, 255 = ink) as a number's reader meets it: written so close beside
/// another digit, or between two, that they may touch or overlap, or joined to them by strokes, and parted
/// from them along some of the InkPaths or straight, so that a little of the one is missing and a little of
/// the others is left. Nothing where there is no good cut. Each digit is written with add_habit() by
/// `habit_chance` (0..1).
[[nodiscard]] std::optional<Canvas> cut_from_neighbours(const Dataset& data, std::size_t number,
                                                        float habit_chance, Random& random);

/// A digit beside another, parted from it along one of the InkPaths, or straight, through the other and
/// leaves a good part of it at the digit: what a number's reader meets where it cuts in the wrong place, and
/// no digit. Nothing where there is no such way.
[[nodiscard]] std::optional<Canvas> cut_through_neighbour(const Dataset& data, std::size_t number,
                                                          float habit_chance, Random& random);

/// What cut_from_neighbours() gives, distorted and normalised as augment() does; as augment() where that is
/// nothing.
[[nodiscard]] Tile augment_touching(const Dataset& data, std::size_t number, const Augmentation& settings,
                                    Random& random);

}  // namespace inkread
