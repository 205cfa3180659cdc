// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/nn/network.hpp"

namespace inkread {

/// A network that can be trained by its name.
struct Architecture {
  std::string_view name;
  std::string_view summary;  ///< one line
  Network (*build)();        ///< all parameters zero
};

/// All of them.
[[nodiscard]] std::span<const Architecture> architectures();
/// The one of this name, or nullptr.
[[nodiscard]] const Architecture* find_architecture(std::string_view name);

/// The architecture with fresh parameters drawn from `seed`: weights even in +-sqrt(6 / (fan in + fan out))
/// (Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS
/// 2010), biases zero.
[[nodiscard]] Network fresh_network(const Architecture& architecture, std::uint64_t seed);

}  // namespace inkread
