// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace inkread {

/// How often each of the numbers from 0 on occurs.
class Histogram {
 public:
  void add(std::size_t value, int count = 1) {
    if (value >= counts_.size()) counts_.resize(value + 1);
    counts_[value] += count;
    total_ += count;
  }
  void add(const Histogram& other) {
    for (std::size_t value = 0; value < other.counts_.size(); ++value) add(value, other.counts_[value]);
  }
  [[nodiscard]] int total() const { return total_; }
  [[nodiscard]] const std::vector<int>& counts() const { return counts_; }

  /// The number below which `share` of all (0..1) lie; 0 of nothing.
  [[nodiscard]] std::size_t quantile(double share) const {
    const auto index = static_cast<int>(share * (total_ - 1));
    std::size_t value = 0;
    for (int passed = 0; value < counts_.size(); ++value) {
      passed += counts_[value];
      if (passed > index) break;
    }
    return value;
  }

 private:
  std::vector<int> counts_;
  int total_ = 0;
};

}  // namespace inkread
