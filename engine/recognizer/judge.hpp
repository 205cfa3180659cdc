// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Lets the network judge one tile; the box is left to the caller. Errors: kNotFinite.
Result<Digit> judge_tile(const Tile& tile, const Program& network, Workspace& workspace);

struct Guess {
  int label = 0;
  float probability = 0;
};

/// The `count` likeliest labels, the best first.
std::vector<Guess> best_guesses(const Digit& digit, std::size_t count);

}  // namespace inkread
