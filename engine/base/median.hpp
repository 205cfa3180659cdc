// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace inkread {

/// The median of at least one value; of an even number the greater of the two in the middle.
[[nodiscard]] float median(std::vector<float> values);

}  // namespace inkread
