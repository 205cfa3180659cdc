// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Judges the digits that may be another one anew, as what one person wrote: by which of the digits around
/// them they are most like. (A nearest-neighbour form of style-constrained classification: Sarkar, Nagy,
/// "Style consistent classification of isogenous patterns", IEEE Trans. Pattern Analysis 27, 2005.) A line's
/// texts, the likeliest first, get the confidence that follows, and their order; `digits` are those of every
/// line's likeliest, line after line, and get the label that is in it then. Nothing changes where fewer than
/// two of each digit in question are there to compare with, nor how many digits a line has. Digits that were
/// found amid others are left alone, as their tiles hold those too.
void judge_as_one_hand(std::span<Digit> digits, std::span<std::vector<Alternative>> lines);

}  // namespace inkread
