// SPDX-License-Identifier: MIT
#include "engine/recognizer/judge.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/stable_order.hpp"

namespace inkread {

Status run_network(std::span<const float> tiles, const Program& network, Workspace& workspace,
                   std::span<float> probabilities) {
  network.forward(workspace, tiles, probabilities);
  if (!std::all_of(probabilities.begin(), probabilities.end(), [](float p) { return std::isfinite(p); })) {
    return Error{ErrorCode::kNotFinite,
                 "the network's answer is no number: its weights or the pixels are too large"};
  }
  return success();
}

Result<Digit> judge_tile(const Tile& tile, const Program& network, Workspace& workspace) {
  Digit digit;
  digit.tile = tile;
  if (const Status status = run_network(digit.tile, network, workspace, digit.probabilities); !status.ok()) {
    return status.error();
  }
  digit.label = best_guesses(digit, 1).front().label;
  return digit;
}

std::vector<Guess> best_guesses(const Digit& digit, std::size_t count) {
  std::vector<Guess> guesses;
  for (std::size_t label = 0; label < digit.probabilities.size(); ++label) {
    guesses.push_back({static_cast<int>(label), digit.probabilities[label]});
  }
  sort_stably(guesses, [](const Guess& a, const Guess& b) { return a.probability > b.probability; });
  guesses.resize(count);
  return guesses;
}

}  // namespace inkread
