// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/result.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// The temperature T, between 1/8 and 8, for which softmax(log(p) / T) has the least cross-entropy against
/// the labels (Guo et al., "On calibration of modern neural networks", ICML 2017). `probabilities` holds
/// `classes` numbers for each label.
[[nodiscard]] float fit_temperature(std::span<const float> probabilities,
                                    std::span<const std::uint8_t> labels, std::size_t classes);

/// Whether with_temperature() takes it: a Dense and a Softmax end it.
[[nodiscard]] bool can_be_calibrated(const Network& network);

/// The network whose Softmax sees logits divided by `temperature` (> 0): the same answers, other
/// probabilities. Errors: kUnsupported unless a Dense and a Softmax end it; kNotFinite.
[[nodiscard]] Result<Network> with_temperature(const Network& network, float temperature);

}  // namespace inkread
