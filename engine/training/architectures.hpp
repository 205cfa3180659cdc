// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/training/trainable_network.hpp"

namespace inkread {

/// A network that can be trained by its name.
struct Architecture {
  std::string_view name;
  std::string_view summary;     ///< one line
  TrainableNetwork (*build)();  ///< all parameters zero
};

/// All of them.
[[nodiscard]] std::span<const Architecture> architectures();
/// The one of this name, or nullptr.
[[nodiscard]] const Architecture* find_architecture(std::string_view name);

/// A network of layers in words, separated by commas: "24" is a 3x3 convolution of 24 channels with batch
/// normalisation and Relu, "24x5" one of 5x5, "24p" one that keeps height and width (with an odd window);
/// "pool" takes the greatest of 2x2 pixels ("pool3": of 3x3), "mean" the mean of all; "drop30" is a dropout
/// of 30 %. A dense layer of ten and a Softmax end it. All parameters are zero. Errors: kInvalidArgument for
/// a word that is no layer; as Network::create.
[[nodiscard]] Result<TrainableNetwork> network_of_layers(std::string_view list);

/// The same network with fresh parameters drawn from `seed`: weights even in +-sqrt(6 / (fan in + fan out))
/// (Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS
/// 2010), biases zero.
[[nodiscard]] TrainableNetwork with_fresh_parameters(const TrainableNetwork& network, std::uint64_t seed);

}  // namespace inkread
