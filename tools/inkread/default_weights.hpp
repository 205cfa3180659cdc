// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace inkread {

/// The weights file that is built into the tool.
std::span<const std::byte> default_weights();

}  // namespace inkread
