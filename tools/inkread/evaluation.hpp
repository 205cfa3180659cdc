// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
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

/// Runs the network on every image, on `threads` threads.
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

/// When the least certain answers are refused so that `coverage` remain, `error` of these are wrong.
struct RiskPoint {
  double coverage;
  double error;
};

/// What predictions are worth against the labels. All shares are 0..1; 0 where there is nothing to divide by.
struct Evaluation {
  std::size_t images = 0;
  double accuracy = 0;
  Interval interval{};
  std::array<double, kClasses> precision{};
  std::array<double, kClasses> recall{};
  std::array<std::array<std::size_t, kClasses>, kClasses> confusion{};  ///< [label][predicted]
  double log_loss = 0;  ///< mean of -log p(label), nats; p no smaller than 1e-12
  double calibration_error =
      0;  ///< expected calibration error, 15 bins of equal width (Guo et al., ICML 2017)
  std::vector<RiskPoint> risk_coverage;  ///< at 100, 99.5, 99, 98, 95 and 90 % coverage
};
Evaluation evaluate(const Probabilities& predictions, const Dataset& data);

}  // namespace inkread
