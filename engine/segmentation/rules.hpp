// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/image.hpp"

namespace inkread {

/// Takes ruled lines out of an ink image (ink = 1) and says whether there were any: thin, straight, nearly
/// level or upright, and at least `length` pixels long if they come from the picture's border, else twice
/// that. `thickness` is the most that counts as thin. What crosses them stays.
bool remove_rules(GrayImage& ink, float length, float thickness);

}  // namespace inkread
