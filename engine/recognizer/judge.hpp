// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/reading.hpp"

namespace inkread {

/// Runs the network on one tile or on several. Errors: kNotFinite.
Status run_network(std::span<const float> tiles, const Program& network, Workspace& workspace,
                   std::span<float> probabilities);

/// Lets the network judge one tile; the box is left to the caller. Errors: kNotFinite.
Result<Digit> judge_tile(const Tile& tile, const Program& network, Workspace& workspace);

/// The same, and where the network is not sure a second look: at eight views of the tile, a little turned,
/// slanted or stretched. The probabilities are then the geometric mean of what it says of all nine.
Result<Digit> judge_carefully(const Tile& tile, const Program& network, Workspace& workspace);

struct Guess {
  int label = 0;
  float probability = 0;
};

/// The `count` likeliest labels, the best first.
std::vector<Guess> best_guesses(const Digit& digit, std::size_t count);

}  // namespace inkread
