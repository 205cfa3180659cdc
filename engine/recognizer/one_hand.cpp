// SPDX-License-Identifier: MIT
#include "engine/recognizer/one_hand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "engine/recognizer/line_reader.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {
namespace {

constexpr std::size_t kClasses = 10;
constexpr float kInQuestion = 0.01F;  ///< from this probability on
constexpr float kSureEnough = 0.5F;   ///< to be compared with

/// The logarithm of how much less likely what lies at this distance is to be the same digit ...
constexpr float kCostOfDistance = 10;
/// ... where so much of it is the difference of the network's logarithms.
constexpr float kOfJudgement = 0.05F;
constexpr float kLeastProbability = 1e-6F;

bool may_be_another(const Digit& digit) {
  return digit.confidence() <= 1 - kInQuestion && !has_rails(digit.tile);
}

/// Between the tiles as vectors of length 1, and between the logarithms of the probabilities, less their
/// mean.
float distance(const Digit& a, const Digit& b) {
  float squares_a = kLeastProbability;
  float squares_b = kLeastProbability;
  float products = 0;
  for (std::size_t i = 0; i < kTilePixels; ++i) {
    squares_a += a.tile[i] * a.tile[i];
    squares_b += b.tile[i] * b.tile[i];
    products += a.tile[i] * b.tile[i];
  }
  float sum = 0;
  float squares = 0;
  for (std::size_t k = 0; k < kClasses; ++k) {
    const float difference = std::log(std::max(a.probabilities[k], kLeastProbability) /
                                      std::max(b.probabilities[k], kLeastProbability));
    sum += difference;
    squares += difference * difference;
  }
  const float cosine = products / std::sqrt(squares_a * squares_b);
  return std::sqrt(std::max(2 - 2 * cosine, 0.0F)) +
         kOfJudgement * std::sqrt(std::max(squares - sum * sum / kClasses, 0.0F));
}

/// How far a digit is, on average, from the two nearest that were read so; infinitely if there are fewer.
float distance_to(std::span<const Digit> digits, const Digit& digit, std::size_t label) {
  float nearest = std::numeric_limits<float>::infinity();
  float next = nearest;
  for (const Digit& other : digits) {
    const bool is_such = static_cast<std::size_t>(other.label) == label && other.confidence() >= kSureEnough;
    if (&other == &digit || !is_such || has_rails(other.tile)) continue;
    const float far = distance(digit, other);
    next = std::min(next, std::max(far, nearest));
    nearest = std::min(nearest, far);
  }
  return (nearest + next) / 2;
}

/// By how much the others make each reading of a digit more likely; false where they say nothing.
bool compare(std::span<const Digit> digits, const Digit& digit, std::array<float, kClasses>& ratios) {
  if (!may_be_another(digit)) return false;
  float before = 0;
  float after = 0;
  for (std::size_t k = 0; k < kClasses; ++k) {
    ratios[k] = 0;
    if (digit.probabilities[k] < kInQuestion) continue;
    ratios[k] = std::exp(-kCostOfDistance * distance_to(digits, digit, k));
    if (ratios[k] == 0) return false;
    before += digit.probabilities[k];
    after += digit.probabilities[k] * ratios[k];
  }
  for (float& ratio : ratios) ratio = ratio == 0 ? 1 : ratio * before / after;
  return true;
}

}  // namespace

void judge_as_one_hand(std::span<Digit> digits, std::span<std::vector<Alternative>> lines) {
  std::size_t first = 0;
  for (std::vector<Alternative>& texts : lines) {
    const std::span<Digit> line = digits.subspan(first, texts.front().text.size());
    first += line.size();
    const auto is_divided_so = [&](const Alternative& text) { return text.text.size() == line.size(); };
    for (std::size_t i = 0; i < line.size(); ++i) {
      std::array<float, kClasses> ratios;
      if (!compare(digits, line[i], ratios)) continue;
      for (std::size_t k = 0; k < kClasses; ++k) line[i].probabilities[k] *= ratios[k];
      float sum = 0;
      for (Alternative& text : texts) {
        const float ratio = is_divided_so(text) ? ratios[static_cast<std::size_t>(text.text[i] - '0')] : 1;
        sum += text.confidence *= std::exp(kTextSharpness * std::log(ratio));
      }
      for (Alternative& text : texts) text.confidence /= sum;
    }
    for (Alternative& text : texts) {
      if (is_divided_so(text) && text.confidence > texts.front().confidence) std::swap(text, texts.front());
    }
    for (std::size_t i = 0; i < line.size(); ++i) line[i].label = texts.front().text[i] - '0';
  }
}

}  // namespace inkread
