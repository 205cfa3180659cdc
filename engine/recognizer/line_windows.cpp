// SPDX-License-Identifier: MIT
#include "engine/recognizer/line_windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/recognizer/judge.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {
namespace {

constexpr int kStride = 2;  ///< columns between two looks
constexpr std::size_t kClasses = 10;
constexpr std::size_t kNone = kClasses;  ///< the state of a place that is no digit's
constexpr std::size_t kStates = kClasses + 1;

// Costs, as negative logarithms of a likelihood.
constexpr float kEnterCost = 0.3F;   ///< of a digit ...
constexpr float kChangeCost = 0.5F;  ///< ... and of one that follows another at once
constexpr float kLeastLikelihood = 0.01F;

using Costs = std::array<float, kStates>;

/// What a look costs each state. What the network gives to every digit speaks for none.
Costs costs_of(const Digit& seen) {
  const float least = *std::min_element(seen.probabilities.begin(), seen.probabilities.end());
  Costs out;
  for (std::size_t k = 0; k < kStates; ++k) {
    const float likelihood =
        k == kNone ? static_cast<float>(kClasses) * least : seen.probabilities[k] - least;
    out[k] = -std::log(std::max(likelihood, kLeastLikelihood));
  }
  return out;
}

float cost_of_change(std::size_t from, std::size_t to) {
  if (from == to || to == kNone) return 0;
  return kEnterCost + (from == kNone ? 0 : kChangeCost);
}

/// The likeliest state of each look.
std::vector<std::size_t> likeliest_states(const std::vector<Digit>& looks, float& cost) {
  std::vector<std::array<std::uint8_t, kStates>> before(looks.size());
  Costs total{};
  for (std::size_t i = 0; i < looks.size(); ++i) {
    Costs next = costs_of(looks[i]);
    for (std::size_t k = 0; k < kStates; ++k) {
      float least = i == 0 ? cost_of_change(kNone, k) : total[k];
      before[i][k] = static_cast<std::uint8_t>(k);
      for (std::size_t from = 0; i > 0 && from < kStates; ++from) {
        const float way = total[from] + cost_of_change(from, k);
        if (way >= least) continue;
        least = way;
        before[i][k] = static_cast<std::uint8_t>(from);
      }
      next[k] += least;
    }
    total = next;
  }
  const auto best = std::min_element(total.begin(), total.end());
  cost = *best / static_cast<float>(looks.size());
  std::vector<std::size_t> states(looks.size());
  auto state = static_cast<std::size_t>(best - total.begin());
  for (std::size_t i = looks.size(); i-- > 0;) {
    states[i] = state;
    state = before[i][state];
  }
  return states;
}

}  // namespace

Result<WindowReading> read_windows(const GrayImage& strip, const Program& network, Workspace& workspace,
                                   int& looks) {
  std::vector<Digit> seen;
  for (int left = 0; left + kTileSide <= strip.width && looks > 0; left += kStride) {
    --looks;
    Result<Digit> digit = judge_tile(strip_window(strip.view(), left), network, workspace);
    if (!digit.ok()) return digit.error();
    seen.push_back(std::move(digit).value());
  }
  WindowReading out;
  if (seen.empty()) return out;
  const std::vector<std::size_t> states = likeliest_states(seen, out.cost);
  for (std::size_t first = 0; first < states.size();) {
    std::size_t last = first;
    while (last < states.size() && states[last] == states[first]) ++last;
    if (states[first] != kNone) {
      const std::size_t middle = (first + last - 1) / 2;
      out.digits.push_back(seen[middle]);
      out.digits.back().box.x = static_cast<float>(middle) * kStride + kTileSide / 2.0F;
    }
    first = last;
  }
  return out;
}

}  // namespace inkread
