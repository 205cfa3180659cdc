// SPDX-License-Identifier: MIT
#include "engine/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"
#include "engine/nn/kernels/vector_ops.hpp"
#include "engine/nn/weight_steps.hpp"
#include "engine/training/backpropagation.hpp"
#include "engine/training/line_window.hpp"
#include "engine/training/negatives.hpp"
#include "engine/training/random_stream.hpp"
#include "engine/training/worker_pool.hpp"

namespace inkread {
namespace {

/// Images of a shard: few enough that two threads share a batch evenly, enough to amortise a shard's overhead
/// and, where batches are normalised, to estimate a mean and a variance; then all shards are about equal.
std::size_t shard_images(const TrainableNetwork& network, int batch) {
  if (network.batch_norms().empty()) {
    return 10;
  }
  constexpr std::size_t kMost = 32;
  const auto images = static_cast<std::size_t>(batch);
  const std::size_t shards = (images + kMost - 1) / kMost;
  return (images + shards - 1) / shards;
}

/// With fewer images a step, normalised values say too little about the image.
constexpr int kLeastNormalizedBatch = 8;

/// How much of a step's means and variances the running ones take over.
constexpr float kBatchNormMomentum = 0.1F;

/// Numbers in all shards' gradients together: a gigabyte.
constexpr std::size_t kMaxGradients = std::size_t{1} << 28U;

std::vector<std::uint32_t> shuffled_order(std::size_t count, Random random) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = count; i > 1; --i) {  // Fisher-Yates
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
  return order;
}

}  // namespace

struct Trainer::Impl {
  /// What one thread works with.
  struct Worker {
    Backpropagation::Tape tape;
    std::vector<Workspace> workspaces;  ///< by teacher
  };
  // Aligned, because Eigen's order of summation follows a buffer's alignment, and a result must not depend on
  // addresses.
  struct Shard {
    AlignedBuffer images;
    AlignedBuffer targets;
    AlignedBuffer teaching;
    AlignedBuffer gradient;
    std::vector<std::uint8_t> is_negative;  ///< by image
    std::vector<std::uint8_t> is_taught;    ///< by image: whether a teacher has a say
    Backpropagation::Outcome outcome;
  };

  Impl(TrainableNetwork trainable, Backpropagation back, const Recipe& r, int threads,
       std::vector<Program> teaching)
      : structure(std::move(trainable)),
        backpropagation(std::move(back)),
        recipe(r),
        pool(threads),
        weights(backpropagation),
        optimizer(r.optimizer, structure),
        teachers(std::move(teaching)),
        shard_size(shard_images(structure, r.batch)),
        parameters(structure.parameter_count()),
        rounded(r.weight_steps > 0 ? structure.parameter_count() : 0),
        average(r.average_decay > 0 ? structure.parameter_count() : 0),
        gradient(structure.parameter_count()) {
    for (int i = 0; i < threads; ++i) {
      Worker& worker = workers.emplace_back(Worker{{backpropagation, static_cast<int>(shard_size)}, {}});
      for (const Program& teacher : teachers) {
        worker.workspaces.emplace_back(teacher);
      }
    }
    const auto batch = static_cast<std::size_t>(recipe.batch);
    shards.resize((batch + shard_size - 1) / shard_size);
    for (Shard& shard : shards) {
      shard.images = AlignedBuffer(shard_size * pixels());
      shard.targets = AlignedBuffer(shard_size * classes());
      shard.teaching = AlignedBuffer(teachers.empty() ? 0 : shard_size * classes());
      shard.gradient = AlignedBuffer(structure.parameter_count());
      shard.is_negative.resize(shard_size);
      shard.is_taught.resize(shard_size);
    }
    set_parameters(structure.initial_parameters());
    std::copy_n(parameters.data(), average.size(), average.begin());
  }

  [[nodiscard]] std::size_t pixels() const { return structure.network().input_shape().volume(); }
  [[nodiscard]] std::size_t classes() const { return structure.network().output_shape().volume(); }

  void set_parameters(std::span<const float> values) {
    std::copy(values.begin(), values.end(), parameters.data());
  }

  /// What is shown in an image's place.
  struct Showing {
    bool is_negative = false;
    bool is_taught = true;  ///< teachers know nothing of lines
  };

  /// Writes the image as the network is to see it in this epoch, or what is shown in its place. What is drawn
  /// depends on the seed, the epoch and the image's number alone.
  Showing show_image(const Dataset& data, std::uint32_t number, float* to) const {
    if (recipe.negatives > 0) {
      Random random = Random::stream(recipe.seed, RandomStream::kNegatives, showing(number));
      if (random.uniform(0, 1) < recipe.negatives) {
        const Tile tile = make_negative(data, recipe.augmentation, random);
        std::copy(tile.begin(), tile.end(), to);
        return {.is_negative = true};
      }
    }
    if (recipe.touching > 0) {
      Random random = Random::stream(recipe.seed, RandomStream::kTouching, showing(number));
      if (random.uniform(0, 1) < recipe.touching) {
        const LineWindow window = look_into_line(data, number, recipe.augmentation, random);
        std::copy(window.tile.begin(), window.tile.end(), to);
        return {.is_negative = !window.is_digit, .is_taught = false};
      }
    }
    const auto image = data.image(number);
    const bool is_plain = epochs >= recipe.epochs - recipe.plain_epochs;
    if (is_plain || recipe.augmentation == Augmentation::none()) {
      std::transform(image.begin(), image.end(), to,
                     [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
      return {};
    }
    Random random = Random::stream(recipe.seed, RandomStream::kAugmentation, showing(number));
    const Tile tile = augment(image, data.labels[number], recipe.augmentation, random);
    std::copy(tile.begin(), tile.end(), to);
    return {};
  }

  /// Shortens the gradient to the recipe's limit.
  void limit_gradient() {
    if (recipe.gradient_limit <= 0) {
      return;
    }
    double squares = 0;
    for (const float g : gradient.span()) {
      squares += static_cast<double>(g) * static_cast<double>(g);
    }
    const double length = std::sqrt(squares);
    if (length > static_cast<double>(recipe.gradient_limit)) {
      const auto factor = static_cast<float>(static_cast<double>(recipe.gradient_limit) / length);
      for (float& g : gradient.span()) {
        g *= factor;
      }
    }
  }

  void update_average() {
    if (average.empty()) {
      return;
    }
    // Early on the average follows closely, so that the first parameters do not linger in it.
    const auto steps = static_cast<float>(optimizer.state().steps);
    const float kept = std::min(recipe.average_decay, (1 + steps) / (10 + steps));
    for (std::size_t i = 0; i < average.size(); ++i) {
      average[i] += (1 - kept) * (parameters.data()[i] - average[i]);
    }
  }

  [[nodiscard]] std::uint64_t showing(std::uint32_t number) const {
    return static_cast<std::uint64_t>(epochs) << 32U | number;
  }

  /// The tempered answers to a shard's images of one teacher each, drawn anew for every showing: the loss is
  /// linear in the target, so over many showings that is the mean of all of them at the cost of one. About
  /// negatives nobody is asked. Where a teacher is wrong, as about habits that it has never met, the label's
  /// probability and the greatest change places (Wen, Lai, Qian, "Preparing lessons: improve knowledge
  /// distillation with better supervision", Neurocomputing 454, 2021).
  void ask_teachers(Worker& worker, Shard& shard, const Dataset& data,
                    std::span<const std::uint32_t> order) const {
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto target = shard.teaching.span().subspan(i * classes(), classes());
      if (shard.is_taught[i] == 0) continue;
      if (shard.is_negative[i] != 0) {
        std::fill(target.begin(), target.end(), 1 / static_cast<float>(classes()));
        continue;
      }
      Random random = Random::stream(recipe.seed, RandomStream::kTeacher, showing(order[i]));
      const std::size_t teacher = random.below(static_cast<std::uint32_t>(teachers.size()));
      const auto image = shard.images.span().subspan(i * pixels(), pixels());
      teachers[teacher].forward(worker.workspaces[teacher], image, target);
      for (float& p : target) {
        constexpr float kLeast = 1e-30F;
        p = std::log(std::max(p, kLeast)) / recipe.temperature;
      }
      softmax_forward(target, target);
      std::swap(*std::max_element(target.begin(), target.end()), target[data.labels[order[i]]]);
    }
  }

  /// Fills a shard with the images that `order` names and runs it.
  void run_shard(Shard& shard, Worker& worker, const Dataset& data, std::span<const std::uint32_t> order,
                 float scale, std::uint64_t dropout_seed) const {
    const float flat = 1 / static_cast<float>(classes());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto [is_negative, is_taught] = show_image(data, order[i], shard.images.data() + i * pixels());
      shard.is_negative[i] = is_negative ? 1 : 0;
      shard.is_taught[i] = is_taught ? 1 : 0;
      const auto target = shard.targets.span().subspan(i * classes(), classes());
      std::fill(target.begin(), target.end(), is_negative ? flat : recipe.label_smoothing * flat);
      target[data.labels[order[i]]] += is_negative ? 0 : 1 - recipe.label_smoothing;
    }
    std::fill_n(shard.gradient.data(), shard.gradient.size(), 0.0F);
    Backpropagation::Batch batch{shard.images.span().first(order.size() * pixels()),
                                 shard.targets.span().first(order.size() * classes()), scale};
    batch.dropout_seed = dropout_seed;
    if (recipe.teaching > 0) {
      ask_teachers(worker, shard, data, order);
      batch.teaching = {shard.teaching.span(), shard.is_taught, recipe.temperature, recipe.teaching};
    }
    shard.outcome = backpropagation.run(weights, worker.tape, batch, shard.gradient.span());
  }

  /// Moves the running means and variances towards those that the step met, which are in the gradient's place
  /// of them, and clears them there: the optimiser leaves alone what has no gradient.
  void update_running_statistics() {
    for (const TrainableNetwork::BatchNorm& norm : structure.batch_norms()) {
      for (const ParameterSlice& slice : {norm.mean, norm.variance}) {
        for (std::size_t i = slice.offset; i < slice.offset + slice.count; ++i) {
          parameters.data()[i] += kBatchNormMomentum * (gradient.data()[i] - parameters.data()[i]);
          gradient.data()[i] = 0;
        }
      }
    }
  }

  /// The parameters that the images meet.
  std::span<const float> met_parameters() {
    if (recipe.weight_steps == 0) {
      return parameters.span();
    }
    std::copy_n(parameters.data(), rounded.size(), rounded.data());
    round_weights(structure.network().nodes(), recipe.weight_steps, rounded.span());
    return rounded.span();
  }

  [[nodiscard]] std::uint64_t total_steps(const Dataset& data) const {
    const auto batch = static_cast<std::uint64_t>(recipe.batch);
    return static_cast<std::uint64_t>(recipe.epochs) * ((data.size() + batch - 1) / batch);
  }

  /// One step on the images that `order` names; the sums of loss and right answers.
  Backpropagation::Outcome step(const Dataset& data, std::span<const std::uint32_t> order) {
    weights.assign(met_parameters());
    const std::size_t count = (order.size() + shard_size - 1) / shard_size;
    const std::uint64_t steps = optimizer.state().steps;
    const float scale = 1.0F / static_cast<float>(order.size());
    const auto run = [&](std::size_t number, std::size_t worker) {
      const std::size_t first = number * shard_size;
      const std::uint64_t dropout_seed =
          Random::stream(recipe.seed, RandomStream::kDropout, steps << 32U | number).next();
      run_shard(shards[number], workers[worker], data,
                order.subspan(first, std::min(shard_size, order.size() - first)), scale, dropout_seed);
    };
    pool.run(count, std::ref(run));  // by reference, or the function would be copied to the heap
    std::fill_n(gradient.data(), gradient.size(), 0.0F);
    Backpropagation::Outcome sum;
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        gradient.data()[i] += shards[s].gradient.data()[i];
      }
      sum.loss += shards[s].outcome.loss;
      sum.correct += shards[s].outcome.correct;
    }
    update_running_statistics();
    limit_gradient();
    optimizer.step(gradient.span(), recipe.schedule.rate(steps, total_steps(data)), parameters.span());
    update_average();
    return sum;
  }

  TrainableNetwork structure;
  Backpropagation backpropagation;
  Recipe recipe;
  WorkerPool pool;
  Backpropagation::Weights weights;
  Optimizer optimizer;
  std::vector<Program> teachers;
  std::size_t shard_size;
  std::vector<Worker> workers;
  std::vector<Shard> shards;
  AlignedBuffer parameters;
  AlignedBuffer rounded;
  std::vector<float> average;
  AlignedBuffer gradient;
  int epochs = 0;
};

Result<Trainer> Trainer::create(const TrainableNetwork& network, const Recipe& recipe, int threads,
                                std::vector<Program> teachers) {
  if (recipe.batch < 1 || threads < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "training needs a batch of at least one image and at least one thread"};
  }
  if (!network.batch_norms().empty() && recipe.batch < kLeastNormalizedBatch) {
    return Error{ErrorCode::kInvalidArgument, "batch normalisation needs a batch of at least " +
                                                  std::to_string(kLeastNormalizedBatch) + " images"};
  }
  if (recipe.weight_steps < 0 || recipe.weight_steps > kMostWeightSteps) {
    return Error{ErrorCode::kInvalidArgument, "weights are rounded to 1 to 127 steps"};
  }
  if (recipe.teaching > 0 && teachers.empty()) {
    return Error{ErrorCode::kInvalidArgument, "there is no teacher to learn from"};
  }
  for (const Program& teacher : teachers) {
    if (teacher.input_size() != network.network().input_shape().volume() ||
        teacher.output_size() != network.network().output_shape().volume()) {
      return Error{ErrorCode::kShapeMismatch, "a teacher is for other images or classes than the network"};
    }
  }
  const std::size_t size = shard_images(network, recipe.batch);
  const std::size_t shards = (static_cast<std::size_t>(recipe.batch) + size - 1) / size;
  if (shards * network.parameter_count() > kMaxGradients) {
    return Error{ErrorCode::kTooLarge, "a batch of " + std::to_string(recipe.batch) +
                                           " images of this network needs too much memory"};
  }
  Result<Backpropagation> backpropagation = Backpropagation::create(network);
  if (!backpropagation.ok()) {
    return backpropagation.error();
  }
  return Trainer(std::make_unique<Impl>(network, std::move(backpropagation).value(), recipe, threads,
                                        std::move(teachers)));
}

Result<std::optional<Trainer::EpochReport>> Trainer::run_epoch(const Dataset& data,
                                                               const Progress& progress) {
  Impl& self = *impl_;
  const Shape& input = self.structure.network().input_shape();
  if (data.size() == 0) {
    return Error{ErrorCode::kEmpty, "there are no images to train on"};
  }
  if (data.height != input.height || data.width != input.width || self.classes() != 10) {
    return Error{ErrorCode::kShapeMismatch, "the images are " + std::to_string(data.width) + "x" +
                                                std::to_string(data.height) +
                                                " of ten classes, the network is for others"};
  }
  if ((self.recipe.augmentation != Augmentation::none() || self.recipe.negatives > 0 ||
       self.recipe.touching > 0) &&
      (data.height != kTileSide || data.width != kTileSide)) {
    return Error{ErrorCode::kShapeMismatch,
                 "augmentation and negatives are for images of 28x28 pixels, these are " +
                     std::to_string(data.width) + "x" + std::to_string(data.height)};
  }
  const auto epoch = static_cast<std::uint64_t>(self.epochs);
  const std::vector<std::uint32_t> order =
      shuffled_order(data.size(), Random::stream(self.recipe.seed, RandomStream::kImageOrder, epoch));
  const auto batch = static_cast<std::size_t>(self.recipe.batch);
  Backpropagation::Outcome sum;
  for (std::size_t first = 0; first < order.size(); first += batch) {
    const std::size_t count = std::min(batch, order.size() - first);
    const Backpropagation::Outcome outcome = self.step(data, std::span(order).subspan(first, count));
    sum.loss += outcome.loss;
    sum.correct += outcome.correct;
    if (!std::isfinite(sum.loss)) {
      return Error{ErrorCode::kNotFinite, "the loss is no number any more; a smaller learning rate may help"};
    }
    if (!progress(first + count)) {
      return std::optional<EpochReport>{};
    }
  }
  ++self.epochs;
  const auto images = static_cast<double>(data.size());
  return std::optional(EpochReport{sum.loss / images, sum.correct / images});
}

TrainerState Trainer::state() const {
  const auto parameters = impl_->parameters.span();
  return {impl_->epochs, {parameters.begin(), parameters.end()}, impl_->average, impl_->optimizer.state()};
}

Status Trainer::restore(TrainerState state) {
  const std::size_t expected = impl_->parameters.size();
  if (state.parameters.size() != expected || state.average.size() != impl_->average.size() ||
      !impl_->optimizer.fits(state.optimizer)) {
    return Error{ErrorCode::kShapeMismatch, "the saved state belongs to another network or recipe"};
  }
  impl_->epochs = state.epochs;
  impl_->set_parameters(state.parameters);
  impl_->average = std::move(state.average);
  impl_->optimizer.restore(std::move(state.optimizer));
  return success();
}

Result<Network> Trainer::network() const {
  const TrainerState present = state();
  Result<Network> folded =
      impl_->structure.fold(present.average.empty() ? present.parameters : present.average);
  const int steps = impl_->recipe.weight_steps;
  if (!folded.ok() || steps == 0) {
    return folded;
  }
  return with_rounded_weights(folded.value(), steps);
}

Trainer::Trainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;

}  // namespace inkread
