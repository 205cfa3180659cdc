// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace inkread {

/// The indices 0..count-1 in the order of `before(context, a, b)`; equal ones stay as they are. A merge sort:
/// count * log2(count) comparisons.
[[nodiscard]] std::vector<std::uint32_t> stable_order(std::size_t count, const void* context,
                                                      bool (*before)(const void* context, std::uint32_t a,
                                                                     std::uint32_t b));

/// What std::stable_sort does, by one piece of code for all types: a page's module has a dozen sorts, and
/// each would be several thousand bytes of its own.
template <typename T, typename Before>
void sort_stably(std::span<T> items, Before before) {
  const auto compare = [&](std::uint32_t a, std::uint32_t b) { return before(items[a], items[b]); };
  const auto order =
      stable_order(items.size(), &compare, [](const void* context, std::uint32_t a, std::uint32_t b) {
        return (*static_cast<const decltype(compare)*>(context))(a, b);
      });
  std::vector<T> sorted;
  sorted.reserve(items.size());
  for (const std::uint32_t index : order) sorted.push_back(std::move(items[index]));
  std::move(sorted.begin(), sorted.end(), items.begin());
}
template <typename T, typename Before>
void sort_stably(std::vector<T>& items, Before before) {
  sort_stably(std::span(items), before);
}

}  // namespace inkread
