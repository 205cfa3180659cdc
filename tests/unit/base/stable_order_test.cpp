// SPDX-License-Identifier: MIT
#include "engine/base/stable_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"

TEST_CASE("A list is sorted as std::stable_sort does it, whatever its length") {
  inkread::Random random(7);
  for (std::size_t length = 0; length < 70; ++length) {
    std::vector<std::pair<int, std::size_t>> list;
    for (std::size_t i = 0; i < length; ++i) list.emplace_back(static_cast<int>(random.below(9)), i);
    auto expected = list;
    const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(expected.begin(), expected.end(), before);
    inkread::sort_stably(list, before);
    CHECK(list == expected);
  }
}

TEST_CASE("What can only be moved can be sorted") {
  std::vector<std::unique_ptr<int>> list;
  for (const int number : {3, 1, 2}) list.push_back(std::make_unique<int>(number));
  inkread::sort_stably(list, [](const auto& a, const auto& b) { return *a < *b; });
  CHECK(*list[0] == 1);
  CHECK(*list[2] == 3);
}
