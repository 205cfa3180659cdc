// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/reading.hpp"
#include "engine/segmentation/parts.hpp"
#include "engine/segmentation/text_lines.hpp"

namespace inkread {

/// What turns differences in cost, negative logarithms of likelihoods, into likelihoods of texts that are
/// right as often as they say: their power.
inline constexpr int kTextSharpness = 3;

/// What was read of a line. Boxes are in pixels of the ink.
struct LineReading {
  std::vector<Alternative> texts;  ///< the likeliest first; their confidences sum to 1
  std::vector<Digit> digits;       ///< of the likeliest, from left to right
  std::vector<Mark> marks;         ///< likewise
  float left_out = 0;              ///< ink that is read as neither, in digits
};

/// Reads a line: divides its parts where digits may touch, lets the network judge every group of neighbouring
/// pieces that may be a digit, and takes the likeliest way through them (LeCun, Bottou, Bengio, Haffner,
/// "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998, section V). The line has
/// at least one part; `parts` is divided further. The network looks at most `looks` times, which are counted
/// down; ink that it has no look left for is left out, and so is what comes after a thousand pieces. Errors:
/// kNotFinite.
Result<LineReading> read_line(InkParts& parts, const TextLine& line, const Program& network,
                              Workspace& workspace, int& looks);

}  // namespace inkread
