// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/nn/program.hpp"
#include "engine/training/dataset.hpp"

namespace inkread {

inline constexpr std::size_t kClasses = 10;

/// How a network wants its pixels: (value - mean) / deviation, the value being 0..1.
struct InputScale {
  float mean = 0;
  float deviation = 1;
};

/// Ten probabilities an image.
using Probabilities = std::vector<std::array<float, kClasses>>;

/// Writes the pixels of image `index`, 0..1 with ink = 1, into the span. Called from several threads.
using ImageSource = std::function<void(std::size_t index, std::span<float> pixels)>;

/// Runs the network on images 0 to count - 1, on `threads` threads.
Probabilities predict(const Program& program, std::size_t count, const ImageSource& image, InputScale scale,
                      int threads);
/// The same on every image of a set.
Probabilities predict(const Program& program, const Dataset& data, InputScale scale, int threads);

/// The most probable digit.
int most_probable(const std::array<float, kClasses>& probabilities);

/// Wilson's interval for a share seen in n trials, at 95 % (Wilson, "Probable inference, the law of
/// succession, and statistical inference", JASA 22, 1927).
struct Interval {
  double low;
  double high;
};
Interval wilson_interval(std::size_t successes, std::size_t trials);

/// The answers whose confidence lies in [low, high), the last bin's high included.
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::size_t images = 0;
  double confidence = 0;  ///< mean; 0 without images
  double accuracy = 0;    ///< share right; 0 without images
};
inline constexpr std::size_t kReliabilityBins = 15;  ///< of equal width
using Reliability = std::array<ReliabilityBin, kReliabilityBins>;
Reliability reliability(const Probabilities& predictions, const Dataset& data);

/// When the least certain answers are refused so that `coverage` remain, `error` of these are wrong.
struct RiskPoint {
  double coverage;
  double error;
};
/// From few answers to all: at most 500 points, evenly spaced.
std::vector<RiskPoint> risk_curve(const Probabilities& predictions, const Dataset& data);

/// An image that was read wrong.
struct Mistake {
  std::size_t index = 0;
  int label = 0;
  int answer = 0;
  int second_guess = 0;
  std::array<float, kClasses> probabilities{};
};
/// The wrong answers, the most confident first; no more than `most`.
std::vector<Mistake> worst_mistakes(const Probabilities& predictions, const Dataset& data, std::size_t most);

/// What predictions are worth against the labels. All shares are 0..1; 0 where there is nothing to divide by.
struct Evaluation {
  std::size_t images = 0;
  double accuracy = 0;
  Interval interval{};
  std::array<double, kClasses> precision{};
  std::array<double, kClasses> recall{};
  std::array<std::array<std::size_t, kClasses>, kClasses> confusion{};  ///< [label][predicted]
  double log_loss = 0;           ///< mean of -log p(label), nats; p no smaller than 1e-12
  double calibration_error = 0;  ///< expected calibration error over the Reliability (Guo et al., ICML 2017)
  std::vector<RiskPoint> risk_coverage;  ///< at 100, 99.5, 99, 98, 95 and 90 % coverage

  /// How many were read wrong.
  [[nodiscard]] std::size_t errors() const;
};
Evaluation evaluate(const Probabilities& predictions, const Dataset& data);

}  // namespace inkread
