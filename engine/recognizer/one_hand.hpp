// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Judges the digits that may be another one anew, as what one person wrote: by which of the digits around
/// them they are most like. (A nearest-neighbour form of style-constrained classification: Sarkar, Nagy,
/// "Style consistent classification of isogenous patterns", IEEE Trans. Pattern Analysis 27, 2005.)
///
/// `lines` are the texts that each line may be, its likeliest first, `digits` those of the likeliest, line
/// after line. A line's texts get the confidence that follows; the likeliest of those with as many digits
/// comes first, and gives the digits their labels. Nothing changes where fewer than two of each digit in
/// question are there to compare with. Digits that were found amid others are left alone, as their tiles hold
/// those too.
void judge_as_one_hand(std::span<Digit> digits, std::span<std::vector<Alternative>> lines);

}  // namespace inkread
