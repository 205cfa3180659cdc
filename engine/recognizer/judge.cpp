// SPDX-License-Identifier: MIT
#include "engine/recognizer/judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "engine/base/stable_order.hpp"

namespace inkread {
namespace {

/// From this confidence on one look is enough.
constexpr float kSure = 0.9F;

/// Where a view has its pixels from: x' = xx x + xy y, y' = yx x + yy y, about the tile's centre.
struct View {
  float xx, xy, yx, yy;
};

/// Turned by 0.12 radians, slanted by as much, a tenth wider, narrower, taller, lower.
constexpr View kViews[] = {{0.993F, -0.12F, 0.12F, 0.993F},
                           {0.993F, 0.12F, -0.12F, 0.993F},
                           {1, 0.12F, 0, 1},
                           {1, -0.12F, 0, 1},
                           {0.9F, 0, 0, 1},
                           {1.1F, 0, 0, 1},
                           {1, 0, 0, 0.9F},
                           {1, 0, 0, 1.1F}};

constexpr float kLeastProbability = 1e-9F;

/// The tile as this view has it, interpolated between pixels.
Tile look_at(const Tile& tile, const View& view) {
  constexpr float kCentre = (kTileSide - 1) / 2.0F;
  Tile out{};
  for (int row = 0; row < kTileSide; ++row) {
    for (int column = 0; column < kTileSide; ++column) {
      const float right = static_cast<float>(column) - kCentre;
      const float down = static_cast<float>(row) - kCentre;
      const float x = view.xx * right + view.xy * down + kCentre;
      const float y = view.yx * right + view.yy * down + kCentre;
      float& pixel = out[static_cast<std::size_t>(row * kTileSide + column)];
      for (int corner = 0; corner < 4; ++corner) {
        const int left = static_cast<int>(std::floor(x)) + corner % 2;
        const int top = static_cast<int>(std::floor(y)) + corner / 2;
        if (left < 0 || top < 0 || left >= kTileSide || top >= kTileSide) continue;
        pixel += (1 - std::abs(x - static_cast<float>(left))) * (1 - std::abs(y - static_cast<float>(top))) *
                 tile[static_cast<std::size_t>(top * kTileSide + left)];
      }
    }
  }
  return out;
}

}  // namespace

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

Result<Digit> judge_carefully(const Tile& tile, const Program& network, Workspace& workspace) {
  Result<Digit> digit = judge_tile(tile, network, workspace);
  if (!digit.ok() || digit.value().confidence() >= kSure) return digit;
  std::array<float, 10>& mean = digit.value().probabilities;
  const auto logarithm = [](float p) { return std::log(std::max(p, kLeastProbability)); };
  std::transform(mean.begin(), mean.end(), mean.begin(), logarithm);
  for (const View& view : kViews) {
    Result<Digit> seen = judge_tile(look_at(tile, view), network, workspace);
    if (!seen.ok()) return seen;
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += logarithm(seen.value().probabilities[k]);
  }
  float sum = 0;
  for (float& p : mean) sum += p = std::exp(p / static_cast<float>(std::size(kViews) + 1));
  for (float& p : mean) p /= sum;
  digit.value().label = best_guesses(digit.value(), 1).front().label;
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
