// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace inkread {

/// Floats on a 64-byte boundary, zero at first; as long as it lives they stay where they are.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t count);

  [[nodiscard]] float* data() { return memory_.get(); }
  [[nodiscard]] const float* data() const { return memory_.get(); }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::span<float> span() { return {memory_.get(), count_}; }
  [[nodiscard]] std::span<const float> span() const { return {memory_.get(), count_}; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(float* memory) const { ::operator delete(memory, kAlignment); }
  };
  std::unique_ptr<float[], Free>
      memory_;  // NOLINT(modernize-avoid-c-arrays): vector cannot promise the boundary
  std::size_t count_ = 0;
};

}  // namespace inkread
