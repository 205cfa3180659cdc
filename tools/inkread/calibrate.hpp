// SPDX-License-Identifier: MIT
#pragma once

#include "engine/base/result.hpp"
#include "engine/model/model_notes.hpp"
#include "engine/nn/network.hpp"
#include "engine/training/trainer.hpp"

namespace inkread {

/// Fewer held-out images say too little about probabilities.
inline constexpr std::size_t kLeastCalibrationImages = 1000;
/// The share of held-out digits, distorted as in training, that a calibrated network refuses: so many that a
/// page of digits is hardly ever interrupted, enough to leave out what is no digit.
inline constexpr double kRefusedShare = 0.02;

struct Calibrated {
  Network network;  ///< with the temperature in its last layer
  Calibration calibration;
};

/// Fits a network's temperature on the held-out images, and the confidence below which it refuses to them as
/// the recipe distorts them. Errors: as with_temperature().
Result<Calibrated> calibrate(const Network& network, const Dataset& held_out, const Recipe& recipe,
                             int threads);

}  // namespace inkread
