// SPDX-License-Identifier: MIT
// The linker leads every call of malloc and its kind here (--wrap), because Eigen does not use operator new.
#include "tests/support/allocation_counter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocation_count{0};

void* allocate_or_abort(std::size_t size, std::size_t alignment) {
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size)
                     : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) {
    std::abort();
  }
  return memory;
}

}  // namespace

extern "C" {
void* __real_malloc(std::size_t size);                                // NOLINT: the linker's names
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);  // NOLINT
void* __real_realloc(void* memory, std::size_t size);                 // NOLINT

void* __wrap_malloc(std::size_t size) {  // NOLINT
  ++allocation_count;
  return __real_malloc(size);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {  // NOLINT
  ++allocation_count;
  return __real_aligned_alloc(alignment, size);
}
void* __wrap_realloc(void* memory, std::size_t size) {  // NOLINT
  ++allocation_count;
  return __real_realloc(memory, size);
}
}

void* operator new(std::size_t size) {
  return allocate_or_abort(size, 1);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return std::malloc(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_abort(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}

namespace inkread::test {

AllocationCounter::AllocationCounter() : before_(allocation_count) {}
std::size_t AllocationCounter::allocations() const {
  return allocation_count - before_;
}

}  // namespace inkread::test
