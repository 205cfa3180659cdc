// SPDX-License-Identifier: MIT
#include "engine/nn/aligned_buffer.hpp"

#include <algorithm>

namespace inkread {

AlignedBuffer::AlignedBuffer(std::size_t count)
    : memory_(static_cast<float*>(::operator new(count * sizeof(float), kAlignment))), count_(count) {
  std::fill_n(memory_.get(), count, 0.0F);
}

}  // namespace inkread
