// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

/// A network and what is done to it only while it is trained. Its parameters are the network's, and behind
/// them those of the batch normalisations.
class TrainableNetwork {
 public:
  /// The output of a convolution, its bias left out, is brought to mean 0 and variance 1 over the images and
  /// pixels of a shard, then multiplied by `scale`; the convolution's bias is added last. Means and variances
  /// met in training are kept for fold(). (Ioffe, Szegedy, "Batch normalization", ICML 2015; over shards and
  /// not whole batches: Hoffer, Hubara, Soudry, "Train longer, generalize better", NeurIPS 2017.)
  struct BatchNorm {
    std::size_t node = 0;       ///< of a convolution with a bias
    ParameterSlice scale{};     ///< one number a channel, as are the others
    ParameterSlice mean{};      ///< running
    ParameterSlice variance{};  ///< running
  };
  /// A share of the numbers that a node gives is zero in training, others for each image, and the rest is
  /// larger for it (Srivastava et al., "Dropout", JMLR 15, 2014).
  struct Dropout {
    std::size_t node = 0;
    float share = 0;  ///< 0..1
  };

  /// Added to variances before the root is taken.
  static constexpr float kEpsilon = 1e-5F;

  TrainableNetwork(
      Network network,  // NOLINT(google-explicit-constructor): every network can be trained as it is
      std::span<const std::size_t> batch_normalized = {}, std::vector<Dropout> dropouts = {});

  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] std::span<const BatchNorm> batch_norms() const { return batch_norms_; }
  [[nodiscard]] std::span<const Dropout> dropouts() const { return dropouts_; }

  [[nodiscard]] std::size_t parameter_count() const { return parameter_count_; }
  /// The network's own; the normalisations scale by 1 and have met mean 0 and variance 1.
  [[nodiscard]] std::vector<float> initial_parameters() const;

  /// The same with other parameters in the network's place: as many (else kShapeMismatch), and finite (else
  /// kNotFinite).
  [[nodiscard]] Result<TrainableNetwork> with_parameters(std::vector<float> parameters) const;

  /// The network that answers under these parameters, its normalisations within the convolutions' weights and
  /// biases. Fails with kNotFinite.
  [[nodiscard]] Result<Network> fold(std::span<const float> parameters) const;

 private:
  Network network_;
  std::vector<BatchNorm> batch_norms_;
  std::vector<Dropout> dropouts_;
  std::size_t parameter_count_;
};

}  // namespace inkread
