// SPDX-License-Identifier: MIT
#include "engine/recognizer/judge.hpp"

#include <algorithm>
#include <cmath>

namespace inkread {

Result<Digit> judge_tile(const Tile& tile, const Program& network, Workspace& workspace) {
  Digit digit;
  digit.tile = tile;
  network.forward(workspace, digit.tile, digit.probabilities);
  if (!std::all_of(digit.probabilities.begin(), digit.probabilities.end(),
                   [](float p) { return std::isfinite(p); })) {
    return Error{ErrorCode::kNotFinite,
                 "the network's answer is no number: its weights or the pixels are too large"};
  }
  digit.label = best_guesses(digit, 1).front().label;
  return digit;
}

std::vector<Guess> best_guesses(const Digit& digit, std::size_t count) {
  std::vector<Guess> guesses;
  for (std::size_t label = 0; label < digit.probabilities.size(); ++label) {
    guesses.push_back({static_cast<int>(label), digit.probabilities[label]});
  }
  std::stable_sort(guesses.begin(), guesses.end(),
                   [](const Guess& a, const Guess& b) { return a.probability > b.probability; });
  guesses.resize(count);
  return guesses;
}

}  // namespace inkread
