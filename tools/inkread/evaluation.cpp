// SPDX-License-Identifier: MIT
#include "tools/inkread/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/training/worker_pool.hpp"

namespace inkread {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double expected_calibration_error(const Probabilities& predictions, const std::vector<bool>& right) {
  constexpr std::size_t kBins = 15;
  struct Bin {
    double confidence = 0;
    double right = 0;
  };
  std::array<Bin, kBins> bins{};
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto confidence =
        static_cast<double>(*std::max_element(predictions[i].begin(), predictions[i].end()));
    Bin& bin = bins.at(std::min(static_cast<std::size_t>(confidence * kBins), kBins - 1));
    bin.confidence += confidence;
    bin.right += right[i] ? 1 : 0;
  }
  double error = 0;
  for (const Bin& bin : bins) {
    error += std::abs(bin.confidence - bin.right);
  }
  return predictions.empty() ? 0 : error / static_cast<double>(predictions.size());
}

std::vector<RiskPoint> risk_coverage(const Probabilities& predictions, const std::vector<bool>& right) {
  std::vector<std::size_t> order(predictions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto confidence = [&](std::size_t i) {
    return *std::max_element(predictions[i].begin(), predictions[i].end());
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return confidence(a) > confidence(b); });
  std::vector<RiskPoint> curve;
  for (const double coverage : {1.0, 0.995, 0.99, 0.98, 0.95, 0.9}) {
    const auto kept = static_cast<std::size_t>(std::lround(coverage * static_cast<double>(order.size())));
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(kept);
    const auto wrong = std::count_if(order.begin(), end, [&](std::size_t i) { return !right[i]; });
    curve.push_back({coverage, share(static_cast<std::size_t>(wrong), kept)});
  }
  return curve;
}

}  // namespace

Probabilities predict(const Program& program, const Dataset& data, InputScale scale, int threads) {
  constexpr std::size_t kChunk = 64;
  Probabilities predictions(data.size());
  WorkerPool pool(threads);
  std::vector<Workspace> workspaces;
  for (int i = 0; i < threads; ++i) {
    workspaces.emplace_back(program);
  }
  pool.run((data.size() + kChunk - 1) / kChunk, [&](std::size_t chunk, std::size_t worker) {
    std::vector<float> input(data.image_size());
    for (std::size_t i = chunk * kChunk; i < std::min(data.size(), (chunk + 1) * kChunk); ++i) {
      const auto image = data.image(i);
      std::transform(image.begin(), image.end(), input.begin(), [&](std::uint8_t value) {
        return (static_cast<float>(value) / 255.0F - scale.mean) / scale.deviation;
      });
      program.forward(workspaces[worker], input, predictions[i]);
    }
  });
  return predictions;
}

int most_probable(const std::array<float, kClasses>& probabilities) {
  return static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) -
                          probabilities.begin());
}

Interval wilson_interval(std::size_t successes, std::size_t trials) {
  if (trials == 0) {
    return {0, 1};
  }
  constexpr double kZ = 1.959963984540054;
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double centre = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Evaluation evaluate(const Probabilities& predictions, const Dataset& data) {
  Evaluation result;
  result.images = predictions.size();
  std::vector<bool> right(predictions.size());
  double loss = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto label = static_cast<std::size_t>(data.labels[i]);
    const auto predicted = static_cast<std::size_t>(most_probable(predictions[i]));
    ++result.confusion[label][predicted];
    right[i] = label == predicted;
    constexpr double kLeast = 1e-12;
    loss -= std::log(std::max(static_cast<double>(predictions[i][label]), kLeast));
  }
  const auto correct = static_cast<std::size_t>(std::count(right.begin(), right.end(), true));
  result.accuracy = share(correct, result.images);
  result.interval = wilson_interval(correct, result.images);
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    std::size_t labelled = 0;
    std::size_t predicted = 0;
    for (std::size_t other = 0; other < kClasses; ++other) {
      labelled += result.confusion[digit][other];
      predicted += result.confusion[other][digit];
    }
    result.precision[digit] = share(result.confusion[digit][digit], predicted);
    result.recall[digit] = share(result.confusion[digit][digit], labelled);
  }
  result.log_loss = result.images == 0 ? 0 : loss / static_cast<double>(result.images);
  result.calibration_error = expected_calibration_error(predictions, right);
  result.risk_coverage = risk_coverage(predictions, right);
  return result;
}

}  // namespace inkread
