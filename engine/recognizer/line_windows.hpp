// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/reading.hpp"

namespace inkread {

/// What is read from looks along a line.
struct WindowReading {
  std::vector<Digit> digits;  ///< from left to right, each as it was seen from its middle
  float cost = 0;             ///< mean negative log-likelihood of a look
};

/// Looks along digits that touch, without parting them: at every second place of a strip (scale_strip, at
/// least kTileSide wide) the network says which digit stands in the middle, neighbours being in view on both
/// sides, or, where it is between two, none. Of the digits' boxes only x is set: the middle, in columns.
/// (Matan, Burges, LeCun, Denker, "Multi-digit recognition using a space displacement neural network", NIPS
/// 4, 1991, look so along a line.) The network looks at most `looks` times, which are counted down; the rest
/// of the strip is then not looked at. Errors: kNotFinite.
Result<std::vector<Digit>> look_along(const GrayImage& strip, const Program& network, Workspace& workspace,
                                      int& looks);

/// The likeliest sequence (Viterbi), in which a digit lasts over the places around its middle and the same
/// digit again needs a place between that has none, as in Graves et al., "Connectionist temporal
/// classification", ICML 2006.
WindowReading read_windows(const std::vector<Digit>& looks);

/// The negative log-likelihood of this text, in its likeliest sequence.
float cost_of_text(const std::vector<Digit>& looks, std::string_view text);

}  // namespace inkread
