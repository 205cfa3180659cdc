// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace inkread {

enum class ScheduleKind : std::uint8_t {
  kConstant,
  kCosine,    ///< up in a straight line, then down along half a cosine to nothing
  kOneCycle,  ///< up along half a cosine from 1/25, then down along another to 1/10,000
};

/// How the learning rate changes in the course of training. One cycle: Smith, Topin, "Super-convergence",
/// 2018; cosine: Loshchilov, Hutter, "SGDR", ICLR 2017.
struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  double warm_up = 0.3;  ///< the share of all steps in which the rate climbs; 0..1

  /// The factor of the learning rate for step `step` (from 0) of `steps`; 0..1.
  [[nodiscard]] float rate(std::uint64_t step, std::uint64_t steps) const;
};

}  // namespace inkread
