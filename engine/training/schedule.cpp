// SPDX-License-Identifier: MIT
#include "engine/training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace inkread {
namespace {

/// From `from` to `to` along half a cosine while t goes from 0 to 1.
double ease(double from, double to, double t) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * t)) / 2;
}

}  // namespace

float Schedule::rate(std::uint64_t step, std::uint64_t steps) const {
  if (kind == ScheduleKind::kConstant) {
    return 1;
  }
  const bool one_cycle = kind == ScheduleKind::kOneCycle;
  // The middle of the step, so that neither the first nor the last one is wasted on a rate of 0.
  const double t = (static_cast<double>(step) + 0.5) / static_cast<double>(std::max<std::uint64_t>(steps, 1));
  if (t < warm_up) {
    const double climbed = t / warm_up;
    return static_cast<float>(one_cycle ? ease(1.0 / 25, 1, climbed) : climbed);
  }
  const double descended = warm_up < 1 ? std::min((t - warm_up) / (1 - warm_up), 1.0) : 0.0;
  return static_cast<float>(ease(1, one_cycle ? 1e-4 : 0, descended));
}

}  // namespace inkread
