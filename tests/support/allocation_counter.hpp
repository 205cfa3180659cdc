// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace inkread::test {

/// Counts what this program has allocated on the heap since the counter was made.
class AllocationCounter {
 public:
  AllocationCounter();
  [[nodiscard]] std::size_t allocations() const;

 private:
  std::size_t before_;
};

}  // namespace inkread::test
