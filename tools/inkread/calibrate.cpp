// SPDX-License-Identifier: MIT
#include "tools/inkread/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/nn/program.hpp"
#include "engine/training/calibration.hpp"
#include "engine/training/random_stream.hpp"
#include "tools/inkread/evaluation.hpp"

namespace inkread {
namespace {

Dataset distorted(const Dataset& data, const Recipe& recipe) {
  Dataset result = data;
  for (std::size_t i = 0; i < data.size(); ++i) {
    Random random = Random::stream(recipe.seed, RandomStream::kCalibration, i);
    const Tile tile = augment(data.image(i), data.labels[i], recipe.augmentation, random);
    std::transform(tile.begin(), tile.end(),
                   result.images.begin() + static_cast<std::ptrdiff_t>(i * data.image_size()),
                   [](float value) { return static_cast<std::uint8_t>(std::lround(value * 255)); });
  }
  return result;
}

/// The confidence below which the `share` least confident predictions lie.
float confidence_quantile(const Probabilities& predictions, double share) {
  std::vector<float> confidences;
  for (const auto& p : predictions) {
    confidences.push_back(*std::max_element(p.begin(), p.end()));
  }
  const auto at =
      confidences.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(confidences.size()));
  std::nth_element(confidences.begin(), at, confidences.end());
  return *at;
}

/// The share of wrong predictions among those at least this confident.
double risk(const Probabilities& predictions, const Dataset& data, float confidence) {
  std::size_t accepted = 0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const int guess = most_probable(predictions[i]);
    if (predictions[i].at(static_cast<std::size_t>(guess)) >= confidence) {
      ++accepted;
      wrong += guess == data.labels[i] ? 0 : 1;
    }
  }
  return accepted == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(accepted);
}

}  // namespace

Result<Calibrated> calibrate(const Network& network, const Dataset& held_out, const Recipe& recipe,
                             int threads) {
  const Probabilities raw = predict(Program::prepare(network), held_out, {}, threads);
  std::vector<float> flat;
  for (const auto& p : raw) {
    flat.insert(flat.end(), p.begin(), p.end());
  }
  Calibration calibration;
  calibration.temperature = fit_temperature(flat, held_out.labels, kClasses);
  Result<Network> tempered = with_temperature(network, calibration.temperature);
  if (!tempered.ok()) {
    return tempered.error();
  }
  const Program program = Program::prepare(tempered.value());
  calibration.accept_confidence =
      confidence_quantile(predict(program, distorted(held_out, recipe), {}, threads), kRefusedShare);
  calibration.accept_risk = static_cast<float>(
      risk(predict(program, held_out, {}, threads), held_out, calibration.accept_confidence));
  return Calibrated{std::move(tempered).value(), calibration};
}

}  // namespace inkread
