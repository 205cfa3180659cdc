// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/random.hpp"
#include "engine/training/distortions.hpp"

namespace inkread {

/// Adds strokes that many people write and few of MNIST's writers, most of them American, do: at a zero
/// strokes that join it to its neighbours, or an end that overshoots; at a one the flag, with or without a
/// foot; at a seven the bar through its stem, the tick at the left of its roof, or both; under every other
/// nine's ring a stem from its middle instead of its side. Other digits, and those whose shape leaves no
/// clear place for it, stay as they are.
void add_habit(Canvas& canvas, int label, Random random);

}  // namespace inkread
