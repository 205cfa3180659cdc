// SPDX-License-Identifier: MIT
#include "engine/base/median.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace inkread {

float median(std::vector<float> values) {
  assert(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace inkread
