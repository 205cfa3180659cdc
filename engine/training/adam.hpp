// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace inkread {

struct AdamOptions {
  float learning_rate = 1e-3F;
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float epsilon = 1e-7F;  ///< Keras's default, which the original network was trained with
};

/// Adam (Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015), in the efficient form at the
/// end of its section 2.
class Adam {
 public:
  /// All there is to save and restore.
  struct State {
    std::uint64_t steps = 0;
    std::vector<float> first_moment;
    std::vector<float> second_moment;
  };

  Adam(AdamOptions options, std::size_t parameters);

  /// One step against the gradient. Both spans hold as many numbers as the constructor was told.
  void step(std::span<const float> gradient, std::span<float> parameters);

  [[nodiscard]] const State& state() const { return state_; }
  /// `state` must have this optimiser's sizes.
  void restore(State state);

 private:
  AdamOptions options_;
  State state_;
};

}  // namespace inkread
