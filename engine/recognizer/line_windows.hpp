// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/reading.hpp"

namespace inkread {

/// What the network says along a strip.
struct WindowReading {
  std::vector<Digit> digits;  ///< from left to right; of their boxes only x is set: the middle, in columns
  float cost = 0;             ///< mean negative log-likelihood of a look
};

/// Reads digits that touch without parting them: the network looks at every second place of a strip
/// (scale_strip, at least kTileSide wide) and says which digit stands in the middle, neighbours being in view
/// on both sides, or, where it is between two, none. The likeliest sequence is taken (Viterbi), in which a
/// digit lasts over the places around its middle and the same digit again needs a place between that has
/// none, as in Graves et al., "Connectionist temporal classification", ICML 2006. (Matan, Burges, LeCun,
/// Denker, "Multi-digit recognition using a space displacement neural network", NIPS 4, 1991, look so along a
/// line.) The network looks at most `looks` times, which are counted down; the rest of the strip is then not
/// looked at. Errors: kNotFinite.
Result<WindowReading> read_windows(const GrayImage& strip, const Program& network, Workspace& workspace,
                                   int& looks);

}  // namespace inkread
