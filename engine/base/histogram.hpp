// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace inkread {

/// How often each of the numbers from 0 on occurs.
class Histogram {
 public:
  void add(std::size_t value, int count = 1);
  void add(const Histogram& other);
  [[nodiscard]] int total() const { return total_; }
  [[nodiscard]] const std::vector<int>& counts() const { return counts_; }

  /// The number below which `share` of all (0..1) lie; 0 of nothing.
  [[nodiscard]] std::size_t quantile(double share) const;

 private:
  std::vector<int> counts_;
  int total_ = 0;
};

}  // namespace inkread
