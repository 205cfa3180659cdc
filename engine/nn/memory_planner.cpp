// SPDX-License-Identifier: MIT
#include "engine/nn/memory_planner.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/base/stable_order.hpp"

namespace inkread {

MemoryPlan plan_memory(const std::vector<BufferLifetime>& buffers) {
  constexpr std::size_t kAlignment = 16;
  const auto order =
      stable_order(buffers.size(), &buffers, [](const void* context, std::uint32_t a, std::uint32_t b) {
        const auto& sizes = *static_cast<const std::vector<BufferLifetime>*>(context);
        return sizes[a].size > sizes[b].size;
      });

  MemoryPlan plan{std::vector<std::size_t>(buffers.size()), 0};
  std::vector<std::size_t> placed;  // by offset
  for (const std::size_t index : order) {
    const BufferLifetime& buffer = buffers[index];
    const std::size_t size = (buffer.size + kAlignment - 1) / kAlignment * kAlignment;
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      const bool together = buffers[other].first <= buffer.last && buffer.first <= buffers[other].last;
      if (together && plan.offsets[other] < offset + size) {
        offset = std::max(offset, plan.offsets[other] + buffers[other].size);
        offset = (offset + kAlignment - 1) / kAlignment * kAlignment;
      }
    }
    plan.offsets[index] = offset;
    plan.size = std::max(plan.size, offset + size);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), index,
                         [&](std::size_t a, std::size_t b) { return plan.offsets[a] < plan.offsets[b]; }),
        index);
  }
  return plan;
}

}  // namespace inkread
