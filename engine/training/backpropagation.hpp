// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/base/result.hpp"
#include "engine/training/trainable_network.hpp"

namespace inkread {

/// The loss of some images under some parameters, and its gradient. The structure is prepared once;
/// immutable.
class Backpropagation {
 public:
  /// Refuses (kUnsupported) a network that does not end in a Softmax, whose nodes do not form one chain, or
  /// which begins with something else than a convolution or a Flatten.
  static Result<Backpropagation> create(const TrainableNetwork& network);

  /// One set of parameters in the forms that the kernels read. Threads share it.
  class Weights;
  /// The values that a forward pass leaves for its backward pass, for up to some number of images. One a
  /// thread.
  class Tape;

  /// What a teacher says about the images of a batch. Its tempered probabilities q ~ p^(1/T) are compared
  /// with the network's own, which adds T^2 times their Kullback-Leibler divergence to the loss (Hinton,
  /// Vinyals, Dean, "Distilling the knowledge in a neural network", 2015).
  struct Teaching {
    std::span<const float> targets;        ///< n x classes, tempered probabilities
    std::span<const std::uint8_t> taught;  ///< n: whether the teacher has a say; of other images the labels'
                                           ///< loss counts double, as tempered ones have larger gradients
    float temperature = 1;                 ///< T
    float share = 0;                       ///< of a taught image's loss; the rest is the labels'
  };
  struct Batch {
    std::span<const float> images;   ///< n x input volume
    std::span<const float> targets;  ///< n x classes, probabilities
    float scale = 1;                 ///< of the gradient: 1 / images of the whole mini-batch gives its mean
    Teaching teaching{};
    std::uint64_t dropout_seed = 0;  ///< of what is left out
  };
  struct Outcome {
    double loss = 0;  ///< summed over the images, in nats
    int correct = 0;  ///< images whose most probable class is the target's; if all are its, none gets half
  };

  /// Adds the gradient of scale * loss by every parameter to `gradient` (as TrainableNetwork's parameters).
  /// In place of running means and variances, scale * images times the batch's own are added.
  Outcome run(const Weights& weights, Tape& tape, const Batch& batch, std::span<float> gradient) const;

  struct Plan;

 private:
  class Pass;
  explicit Backpropagation(std::shared_ptr<const Plan> plan);
  std::shared_ptr<const Plan> plan_;
};

class Backpropagation::Weights {
 public:
  explicit Weights(const Backpropagation& structure);
  ~Weights();
  /// Takes over new parameters (as TrainableNetwork's), which must outlive their use here.
  void assign(std::span<const float> parameters);

 private:
  friend class Backpropagation;
  struct State;
  std::unique_ptr<State> state_;
};

class Backpropagation::Tape {
 public:
  Tape(const Backpropagation& structure, int images);
  ~Tape();
  Tape(Tape&&) noexcept;

 private:
  friend class Backpropagation;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace inkread
