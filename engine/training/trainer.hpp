// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "engine/base/result.hpp"
#include "engine/nn/program.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/dataset.hpp"
#include "engine/training/optimizer.hpp"
#include "engine/training/schedule.hpp"
#include "engine/training/trainable_network.hpp"

namespace inkread {

/// All that decides what training does, besides the network's structure and the data.
struct Recipe {
  int epochs = 5;             ///< how often every image is shown; the schedule spans all of them
  int batch = 120;            ///< images a step
  std::uint64_t seed = 1;     ///< of all that is drawn: the images' order, augmentation, negatives, dropout
  Augmentation augmentation;  ///< none unless told
  /// How many epochs at the end show the images as they are, so that the network settles on those (Touvron et
  /// al., "Fixing the train-test resolution discrepancy", NeurIPS 2019).
  int plain_epochs = 0;
  OptimizerOptions optimizer;
  Schedule schedule;
  /// The share of every target that is spread evenly over the classes (Szegedy et al., "Rethinking the
  /// inception architecture", CVPR 2016); 0..1.
  float label_smoothing = 0;
  float gradient_limit = 0;  ///< a longer gradient (Euclidean) is shortened to this; 0 is no limit
  /// Of the moving average of the parameters that is the result, a step; 0 is none (Polyak, Juditsky, 1992).
  float average_decay = 0;
  /// The share of showings in which a negative (make_negative) is shown instead of the image, to be answered
  /// with the same probability for each class; 0..1.
  float negatives = 0;
  /// The share of showings in which the digit stands in a line of others (look_into_line), some of them of a
  /// place between two, to be answered as a negative is; 0..1.
  float touching = 0;
  /// Training computes with weights rounded to so many steps (round_weights()), and moves those behind them
  /// as if they were not ("straight-through": Bengio, Leonard, Courville, https://arxiv.org/abs/1308.3432),
  /// so that the network learns to do with them; the result has them. 1..127; 0 rounds nothing.
  int weight_steps = 0;
  float teaching = 0;     ///< the teachers' share of the loss (Backpropagation::Teaching); 0..1
  float temperature = 4;  ///< at which they are compared
};

/// Everything a run needs to go on exactly as if it had never stopped.
struct TrainerState {
  int epochs = 0;  ///< finished
  std::vector<float> parameters;
  std::vector<float> average;  ///< of the parameters; empty without
  Optimizer::State optimizer;
};

/// Trains a network by mini-batches. The result depends on the recipe, the data and the teachers alone, not
/// on the number of threads: a mini-batch is cut into shards of fixed size, whose gradients are added up in
/// their order.
class Trainer {
 public:
  /// Starts from the parameters that `network` has. Where the recipe asks for teaching, the tempered answer
  /// of one of the `teachers`, drawn for each showing of an image, teaches. Errors: as
  /// Backpropagation::create; kInvalidArgument for a number of threads or a batch below 1 (8 with batch
  /// normalisation), or teaching without teachers; kTooLarge; kShapeMismatch when a teacher takes or gives
  /// something else than the network.
  static Result<Trainer> create(const TrainableNetwork& network, const Recipe& recipe, int threads,
                                std::vector<Program> teachers = {});

  struct EpochReport {
    double loss = 0;      ///< mean over the images, as they were met
    double accuracy = 0;  ///< share right, as they were met; a negative is right if no class gets half
  };
  /// Called now and then from the calling thread with the images done; training stops when it returns false.
  using Progress = std::function<bool(std::size_t images_done)>;

  /// Shows the network every image once, in an order drawn for this epoch (the last mini-batch may be
  /// smaller). Nothing when `progress` stopped it; restore() a state before going on then. Errors: kEmpty;
  /// kShapeMismatch when the images are not what the network takes, or not 28 x 28 though they
  /// are to be augmented; kNotFinite when the loss explodes.
  Result<std::optional<EpochReport>> run_epoch(const Dataset& data, const Progress& progress);

  [[nodiscard]] TrainerState state() const;
  /// Errors: kShapeMismatch when the state belongs to another structure.
  Status restore(TrainerState state);

  /// With the present parameters, or their average if the recipe asks for it; normalisations folded, weights
  /// rounded to the recipe's steps.
  [[nodiscard]] Result<Network> network() const;

  ~Trainer();
  Trainer(Trainer&&) noexcept;

 private:
  struct Impl;
  explicit Trainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace inkread
