// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/training/trainable_network.hpp"

namespace inkread {

enum class OptimizerKind : std::uint8_t { kAdam, kSgd };

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::kAdam;
  float learning_rate = 1e-3F;
  float beta1 = 0.9F;  ///< of the first moment; SGD's momentum
  float beta2 = 0.999F;
  float epsilon = 1e-7F;  ///< Keras's default, which the original network was trained with
  /// Taken off the weights (not the biases) a step, times the learning rate: decoupled from the gradient
  /// (Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019).
  float weight_decay = 0;
};

/// Adam (Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015), in the efficient form at the
/// end of its section 2, or SGD with momentum.
class Optimizer {
 public:
  /// All there is to save and restore.
  struct State {
    std::uint64_t steps = 0;
    std::vector<float> first_moment;
    std::vector<float> second_moment;  ///< empty for SGD
  };

  /// For the parameters of `network`.
  Optimizer(const OptimizerOptions& options, const TrainableNetwork& network);

  /// One step against the gradient, at `rate` times the learning rate. Both spans hold as many numbers as the
  /// network has parameters.
  void step(std::span<const float> gradient, float rate, std::span<float> parameters);

  [[nodiscard]] const State& state() const { return state_; }
  /// Whether a state has this optimiser's sizes, so that it may be restored.
  [[nodiscard]] bool fits(const State& state) const;
  void restore(State state);

 private:
  void adam_step(std::span<const float> gradient, float rate, std::span<float> parameters);
  void sgd_step(std::span<const float> gradient, float rate, std::span<float> parameters);

  OptimizerOptions options_;
  std::vector<ParameterSlice> weights_;  ///< of the layers, which decay
  State state_;
};

}  // namespace inkread
