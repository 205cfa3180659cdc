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

float confidence(const std::array<float, kClasses>& probabilities) {
  return *std::max_element(probabilities.begin(), probabilities.end());
}

/// As reliability(), but with sums in place of means.
Reliability reliability_sums(const Probabilities& predictions, const Dataset& data) {
  Reliability bins{};
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto sure = static_cast<double>(confidence(predictions[i]));
    ReliabilityBin& bin =
        bins.at(std::min(static_cast<std::size_t>(sure * kReliabilityBins), kReliabilityBins - 1));
    ++bin.images;
    bin.confidence += sure;
    bin.accuracy += most_probable(predictions[i]) == data.labels[i] ? 1 : 0;
  }
  return bins;
}

double expected_calibration_error(const Probabilities& predictions, const Dataset& data) {
  double error = 0;
  for (const ReliabilityBin& bin : reliability_sums(predictions, data)) {
    error += std::abs(bin.confidence - bin.accuracy);
  }
  return predictions.empty() ? 0 : error / static_cast<double>(predictions.size());
}

/// How many of the n most certain answers are wrong, for every n from 0 on.
std::vector<std::size_t> errors_by_certainty(const Probabilities& predictions, const Dataset& data) {
  std::vector<std::size_t> order(predictions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return confidence(predictions[a]) > confidence(predictions[b]);
  });
  std::vector<std::size_t> errors{0};
  for (const std::size_t i : order) {
    errors.push_back(errors.back() + (most_probable(predictions[i]) == data.labels[i] ? 0 : 1));
  }
  return errors;
}

std::vector<RiskPoint> risk_coverage(const std::vector<std::size_t>& errors) {
  std::vector<RiskPoint> points;
  for (const double coverage : {1.0, 0.995, 0.99, 0.98, 0.95, 0.9}) {
    const auto kept =
        static_cast<std::size_t>(std::lround(coverage * static_cast<double>(errors.size() - 1)));
    points.push_back({coverage, share(errors[kept], kept)});
  }
  return points;
}

}  // namespace

Probabilities predict(const Program& program, std::size_t count, const ImageSource& image, InputScale scale,
                      int threads) {
  constexpr std::size_t kChunk = 64;
  Probabilities predictions(count);
  WorkerPool pool(threads);
  std::vector<Workspace> workspaces;
  for (int i = 0; i < threads; ++i) {
    workspaces.emplace_back(program);
  }
  pool.run((count + kChunk - 1) / kChunk, [&](std::size_t chunk, std::size_t worker) {
    const std::size_t first = chunk * kChunk;
    const std::size_t size = program.input_size();
    const std::size_t images = std::min(kChunk, count - first);
    std::vector<float> input(images * size);
    for (std::size_t i = 0; i < images; ++i) {
      image(first + i, std::span(input).subspan(i * size, size));
    }
    for (float& value : input) value = (value - scale.mean) / scale.deviation;
    program.forward(workspaces[worker], input, {predictions[first].data(), images * kClasses});
  });
  return predictions;
}

Probabilities predict(const Program& program, const Dataset& data, InputScale scale, int threads) {
  const auto image = [&data](std::size_t index, std::span<float> pixels) {
    const auto bytes = data.image(index);
    std::transform(bytes.begin(), bytes.end(), pixels.begin(),
                   [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
  };
  return predict(program, data.size(), image, scale, threads);
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

Reliability reliability(const Probabilities& predictions, const Dataset& data) {
  Reliability bins = reliability_sums(predictions, data);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    ReliabilityBin& bin = bins.at(i);
    bin.low = static_cast<double>(i) / kReliabilityBins;
    bin.high = static_cast<double>(i + 1) / kReliabilityBins;
    const auto images = static_cast<double>(std::max(bin.images, std::size_t{1}));
    bin.confidence /= images;
    bin.accuracy /= images;
  }
  return bins;
}

std::vector<RiskPoint> risk_curve(const Probabilities& predictions, const Dataset& data) {
  constexpr std::size_t kMostPoints = 500;
  const std::vector<std::size_t> errors = errors_by_certainty(predictions, data);
  const std::size_t images = predictions.size();
  const std::size_t points = std::min(images, kMostPoints);
  std::vector<RiskPoint> curve;
  for (std::size_t point = 1; point <= points; ++point) {
    const std::size_t kept = images * point / points;
    curve.push_back({share(kept, images), share(errors[kept], kept)});
  }
  return curve;
}

std::vector<Mistake> worst_mistakes(const Probabilities& predictions, const Dataset& data, std::size_t most) {
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const int answer = most_probable(predictions[i]);
    if (answer == data.labels[i]) continue;
    std::array<float, kClasses> others = predictions[i];
    others.at(static_cast<std::size_t>(answer)) = -1;
    mistakes.push_back({i, data.labels[i], answer, most_probable(others), predictions[i]});
  }
  std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) {
    return confidence(a.probabilities) > confidence(b.probabilities);
  });
  mistakes.resize(std::min(mistakes.size(), most));
  return mistakes;
}

std::size_t Evaluation::errors() const {
  std::size_t wrong = images;
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    wrong -= confusion.at(digit).at(digit);
  }
  return wrong;
}

Evaluation evaluate(const Probabilities& predictions, const Dataset& data) {
  Evaluation result;
  result.images = predictions.size();
  double loss = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto label = static_cast<std::size_t>(data.labels[i]);
    const auto predicted = static_cast<std::size_t>(most_probable(predictions[i]));
    ++result.confusion[label][predicted];
    constexpr double kLeast = 1e-12;
    loss -= std::log(std::max(static_cast<double>(predictions[i][label]), kLeast));
  }
  const std::size_t correct = result.images - result.errors();
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
  result.calibration_error = expected_calibration_error(predictions, data);
  result.risk_coverage = risk_coverage(errors_by_certainty(predictions, data));
  return result;
}

}  // namespace inkread
