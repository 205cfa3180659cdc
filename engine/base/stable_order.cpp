// SPDX-License-Identifier: MIT
#include "engine/base/stable_order.hpp"

namespace inkread {

std::vector<std::uint32_t> stable_order(std::size_t count, const void* context,
                                        bool (*before)(const void* context, std::uint32_t a,
                                                       std::uint32_t b)) {
  std::vector<std::uint32_t> from(count);
  for (std::size_t i = 0; i < count; ++i) from[i] = static_cast<std::uint32_t>(i);
  std::vector<std::uint32_t> to(count);
  // Runs of `length` are in order; two neighbours at a time become one.
  for (std::size_t length = 1; length < count; length *= 2) {
    for (std::size_t first = 0; first < count; first += 2 * length) {
      const std::size_t middle = std::min(first + length, count);
      const std::size_t last = std::min(middle + length, count);
      std::size_t a = first;
      std::size_t b = middle;
      for (std::size_t i = first; i < last; ++i) {
        const bool second = a == middle || (b < last && before(context, from[b], from[a]));
        to[i] = from[second ? b++ : a++];
      }
    }
    from.swap(to);
  }
  return from;
}

}  // namespace inkread
