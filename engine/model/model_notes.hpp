// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace inkread {

/// What was found out about a network's probabilities on validation images.
struct Calibration {
  /// The factor that divided the last layer's outputs to make the probabilities honest (Guo et al.,
  /// https://arxiv.org/abs/1706.04599). The weights have it in them already. 0.001..1000.
  float temperature = 1;
  float accept_confidence = 0;  ///< 0..1: a digit of at least this probability is accepted
  float accept_risk = 0;        ///< 0..1: the share of errors among the accepted ones, measured
};

/// What a file says of its network beside the network itself.
struct ModelNotes {
  std::optional<Calibration> calibration;
};

}  // namespace inkread
