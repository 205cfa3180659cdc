// SPDX-License-Identifier: MIT
#include "engine/nn/aligned_buffer.hpp"

#include <cstring>

namespace inkread {

AlignedBuffer::AlignedBuffer(std::size_t count)
    : memory_(static_cast<float*>(::operator new(count * sizeof(float), kAlignment))), count_(count) {
  std::memset(memory_.get(), 0, count * sizeof(float));
}

}  // namespace inkread
