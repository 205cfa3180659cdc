// SPDX-License-Identifier: MIT
#include "engine/nn/memory_planner.hpp"

#include <doctest/doctest.h>

#include "engine/base/random.hpp"

using namespace inkread;

TEST_CASE("Buffers that live at the same time never overlap, whatever their sizes and lifetimes") {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<BufferLifetime> buffers(1 + random.below(12));
    for (BufferLifetime& buffer : buffers) {
      buffer.size = random.below(100);
      buffer.first = random.below(10);
      buffer.last = buffer.first + random.below(4);
    }
    const MemoryPlan plan = plan_memory(buffers);
    for (std::size_t a = 0; a < buffers.size(); ++a) {
      CHECK(plan.offsets[a] % 16 == 0);
      CHECK(plan.offsets[a] + buffers[a].size <= plan.size);
      for (std::size_t b = 0; b < a; ++b) {
        const bool together = buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last;
        const bool apart = plan.offsets[a] + buffers[a].size <= plan.offsets[b] ||
                           plan.offsets[b] + buffers[b].size <= plan.offsets[a];
        CHECK((!together || apart || buffers[a].size == 0 || buffers[b].size == 0));
      }
    }
  }
}

TEST_CASE("A chain of equal buffers needs the room of two") {
  std::vector<BufferLifetime> chain;
  for (std::size_t i = 0; i < 10; ++i) {
    chain.push_back({64, i, i + 1});
  }
  CHECK(plan_memory(chain).size == 128);
}
