// SPDX-License-Identifier: MIT
#include "engine/recognizer/line_windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
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

constexpr float kChangeCost = 0.5F;  ///< of a digit that follows another at once, as a negative logarithm
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
  return from == to || from == kNone || to == kNone ? 0 : kChangeCost;
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

Result<std::vector<Digit>> look_along(const GrayImage& strip, const Program& network, Workspace& workspace,
                                      int& looks) {
  std::vector<Digit> seen;
  for (int left = 0; left + kTileSide <= strip.width && looks > 0; left += kStride) {
    --looks;
    Result<Digit> digit = judge_tile(strip_window(strip.view(), left), network, workspace);
    if (!digit.ok()) return digit.error();
    digit.value().box.x = static_cast<float>(left) + kTileSide / 2.0F;
    seen.push_back(std::move(digit).value());
  }
  return seen;
}

WindowReading read_windows(const std::vector<Digit>& looks) {
  WindowReading out;
  if (looks.empty()) return out;
  const std::vector<std::size_t> states = likeliest_states(looks, out.cost);
  for (std::size_t first = 0; first < states.size();) {
    std::size_t last = first;
    while (last < states.size() && states[last] == states[first]) ++last;
    if (states[first] != kNone) out.digits.push_back(looks[(first + last - 1) / 2]);
    first = last;
  }
  return out;
}

float cost_of_text(const std::vector<Digit>& looks, std::string_view text) {
  // By state of the text: none, its first digit, none, its second, ..., none.
  std::vector<float> total(2 * text.size() + 1, std::numeric_limits<float>::infinity());
  total.front() = 0;
  for (const Digit& look : looks) {
    const Costs costs = costs_of(look);
    for (std::size_t i = total.size(); i-- > 0;) {
      float& least = total[i];
      const bool is_digit = i % 2 == 1;
      if (i > 0) least = std::min(least, total[i - 1]);
      if (is_digit && i > 1 && text[i / 2] != text[i / 2 - 1]) least = std::min(least, total[i - 2]);
      least += costs[is_digit ? static_cast<std::size_t>(text[i / 2] - '0') : kNone];
    }
  }
  return text.empty() ? total.back() : std::min(total.back(), *(total.end() - 2));
}

}  // namespace inkread
