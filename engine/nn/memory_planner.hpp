// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace inkread {

/// A buffer that must exist from step `first` to step `last`, both included.
struct BufferLifetime {
  std::size_t size = 0;  ///< floats
  std::size_t first = 0;
  std::size_t last = 0;
};

struct MemoryPlan {
  std::vector<std::size_t> offsets;  ///< by buffer, multiples of 16 floats (one cache line)
  std::size_t size = 0;              ///< floats in all
};

/// Places buffers in one block of memory so that those alive at the same time never overlap; the largest
/// first, each at the lowest free place (greedy by size: Pisarchyk, Lee, "Efficient memory management for
/// deep neural net inference", 2020).
MemoryPlan plan_memory(const std::vector<BufferLifetime>& buffers);

}  // namespace inkread
