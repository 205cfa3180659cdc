// SPDX-License-Identifier: MIT
#include "engine/base/histogram.hpp"

namespace inkread {

void Histogram::add(std::size_t value, int count) {
  if (value >= counts_.size()) counts_.resize(value + 1);
  counts_[value] += count;
  total_ += count;
}

void Histogram::add(const Histogram& other) {
  for (std::size_t value = 0; value < other.counts_.size(); ++value) add(value, other.counts_[value]);
}

std::size_t Histogram::quantile(double share) const {
  const auto index = static_cast<int>(share * (total_ - 1));
  std::size_t value = 0;
  for (int passed = 0; value < counts_.size(); ++value) {
    passed += counts_[value];
    if (passed > index) break;
  }
  return value;
}

}  // namespace inkread
