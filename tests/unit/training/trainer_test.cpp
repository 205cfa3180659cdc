// SPDX-License-Identifier: MIT
#include "engine/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
#include "engine/nn/weight_steps.hpp"
#include "engine/training/architectures.hpp"
#include "engine/training/negatives.hpp"
#include "engine/training/worker_pool.hpp"
#include "tests/support/allocation_counter.hpp"

using namespace inkread;
using inkread::test::AllocationCounter;

namespace {

/// Ten kinds of simple pictures, a bar at a place of its own for each label, with noise.
Dataset bars(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Dataset data;
  data.height = 28;
  data.width = 28;
  data.images.resize(count * 784);
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint8_t>(i % 10);
    data.labels.push_back(label);
    for (std::size_t p = 0; p < 784; ++p) {
      const std::size_t line = label < 5 ? p / 28 : p % 28;
      const bool ink = line / 5 == label % 5U;
      data.images[i * 784 + p] = static_cast<std::uint8_t>((ink ? 180 : 0) + random.below(75));
    }
  }
  return data;
}

TrainableNetwork start() {
  return with_fresh_parameters(find_architecture("seed")->build(), 7);
}

/// One that has learnt nothing yet, and says other things than start().
Program teacher() {
  return Program::prepare(with_fresh_parameters(find_architecture("perceptron")->build(), 5).network());
}

bool always(std::size_t /*images*/) {
  return true;
}

Trainer trainer(int threads, std::uint64_t seed = 3) {
  Recipe recipe;
  recipe.batch = 25;
  recipe.seed = seed;
  return Trainer::create(start(), recipe, threads).value();
}

Trainer trained_for_an_epoch(Recipe recipe) {
  recipe.batch = 5;
  Trainer training = Trainer::create(start(), recipe, 1).value();
  REQUIRE(training.run_epoch(bars(60, 2), always).ok());
  return training;
}

}  // namespace

TEST_CASE("The loss on a small fixed set falls along the recorded curve") {
  const Dataset data = bars(100, 1);
  Trainer training = trainer(2);
  // Recorded from this code; every number in training is deterministic, so only another processor's rounding
  // may differ.
  const std::vector<double> recorded{2.272, 2.118, 1.779, 1.332, 0.801, 0.379, 0.122};
  for (const double expected : recorded) {
    const auto report = training.run_epoch(data, always);
    REQUIRE(report.ok());
    REQUIRE(report.value().has_value());
    CHECK(report.value()->loss == doctest::Approx(expected).epsilon(0.02));
  }
  CHECK(training.run_epoch(data, always).value()->accuracy == 1.0);
}

TEST_CASE("The number of threads does not change a single bit of the result") {
  const Dataset data = bars(60, 2);
  std::vector<float> first;
  for (const int threads : {1, 2, 3}) {
    Trainer training = trainer(threads);
    REQUIRE(training.run_epoch(data, always).ok());
    if (first.empty()) {
      first = training.state().parameters;
    }
    CHECK(training.state().parameters == first);
  }
}

TEST_CASE("A step of training allocates nothing") {
  Recipe recipe;
  recipe.batch = 25;
  recipe.teaching = 0.5F;
  for (const int threads : {1, 2}) {
    std::vector<std::size_t> allocations;
    for (const std::size_t images : {50U, 150U}) {  // two steps an epoch, and six
      Trainer training = Trainer::create(start(), recipe, threads, {teacher()}).value();
      const Dataset data = bars(images, 2);
      const AllocationCounter counter;
      REQUIRE(training.run_epoch(data, always).ok());
      allocations.push_back(counter.allocations());
    }
    CHECK(allocations.front() == allocations.back());
  }
}

TEST_CASE("Every part of a recipe changes the result, and survives an interruption to the bit") {
  const Dataset data = bars(60, 2);
  Recipe plain;
  plain.batch = 25;
  plain.epochs = 2;
  std::vector<Recipe> recipes(11, plain);
  recipes[0].optimizer.kind = OptimizerKind::kSgd;
  recipes[1].optimizer.weight_decay = 0.1F;
  recipes[2].schedule.kind = ScheduleKind::kOneCycle;
  recipes[3].label_smoothing = 0.1F;
  recipes[4].gradient_limit = 0.01F;
  recipes[5].average_decay = 0.99F;
  recipes[6].negatives = 0.3F;
  recipes[7].teaching = 0.5F;
  recipes[8].teaching = 0.5F;
  recipes[8].temperature = 2;
  recipes[9].touching = 0.5F;
  recipes[10].weight_steps = 15;
  const auto result = [&](const Recipe& recipe, bool interrupted) {
    Trainer training = Trainer::create(start(), recipe, 2, {teacher()}).value();
    REQUIRE(training.run_epoch(data, always).ok());
    if (interrupted) {
      Trainer other = Trainer::create(start(), recipe, 1, {teacher()}).value();
      REQUIRE(other.restore(training.state()).ok());
      REQUIRE(other.run_epoch(data, always).ok());
      return other.network().value();
    }
    REQUIRE(training.run_epoch(data, always).ok());
    return training.network().value();
  };
  const Network unchanged = result(plain, false);
  for (const Recipe& recipe : recipes) {
    const Network network = result(recipe, false);
    const Network resumed = result(recipe, true);
    CHECK_FALSE(
        std::equal(network.parameters().begin(), network.parameters().end(), unchanged.parameters().begin()));
    CHECK(std::equal(network.parameters().begin(), network.parameters().end(), resumed.parameters().begin()));
  }
}

TEST_CASE(
    "Batch normalisation and dropout are the same on any number of threads, and after an interruption") {
  const Dataset data = bars(100, 2);
  const TrainableNetwork network =
      with_fresh_parameters(network_of_layers("8,pool,8,pool,drop30").value(), 3);
  Recipe recipe;
  recipe.batch = 70;  // shards of 24, 24 and 22, then of 24 and 6
  recipe.average_decay = 0.9F;
  Trainer one = Trainer::create(network, recipe, 1).value();
  Trainer three = Trainer::create(network, recipe, 3).value();
  REQUIRE(one.run_epoch(data, always).ok());
  REQUIRE(three.run_epoch(data, always).ok());
  CHECK(one.state().parameters == three.state().parameters);
  Trainer resumed = Trainer::create(network, recipe, 2).value();
  REQUIRE(resumed.restore(one.state()).ok());
  REQUIRE(resumed.run_epoch(data, always).ok());
  REQUIRE(three.run_epoch(data, always).ok());
  CHECK(resumed.state().parameters == three.state().parameters);
  CHECK(resumed.state().average == three.state().average);
}

TEST_CASE("With batch normalisation the network that comes out answers as the one that was trained") {
  const Dataset data = bars(200, 2);
  Recipe recipe;
  recipe.batch = 64;
  Trainer training =
      Trainer::create(with_fresh_parameters(network_of_layers("8,pool,8,pool").value(), 3), recipe, 2)
          .value();
  for (int epoch = 0; epoch < 20; ++epoch) {
    REQUIRE(training.run_epoch(data, always).ok());
  }
  const Program program = Program::prepare(training.network().value());
  Workspace workspace(program);
  int right = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::vector<float> image;
    for (const std::uint8_t value : data.image(i)) {
      image.push_back(static_cast<float>(value) / 255);
    }
    std::vector<float> p(10);
    program.forward(workspace, image, p);
    right += std::max_element(p.begin(), p.end()) - p.begin() == data.labels[i] ? 1 : 0;
  }
  CHECK(right == 200);
}

TEST_CASE(
    "A network that is only taught comes to answer as its teacher, who is set right where it is wrong") {
  const Dataset data = bars(100, 2);
  Recipe recipe;
  recipe.batch = 20;
  recipe.teaching = 1;
  recipe.temperature = 2;
  const TrainableNetwork pupil = with_fresh_parameters(find_architecture("softmax-regression")->build(), 6);
  const auto distance = [&](const Network& network) {
    const Program program = Program::prepare(network);
    Workspace workspace(program);
    const Program other = teacher();
    Workspace other_workspace(other);
    double sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
      std::vector<float> image;
      for (const std::uint8_t value : data.image(i)) {
        image.push_back(static_cast<float>(value) / 255);
      }
      std::vector<float> p(10);
      std::vector<float> q(10);
      program.forward(workspace, image, p);
      other.forward(other_workspace, image, q);
      std::swap(*std::max_element(q.begin(), q.end()), q[data.labels[i]]);
      for (std::size_t c = 0; c < 10; ++c) {
        sum += std::abs(static_cast<double>(p[c] - q[c]));
      }
    }
    return sum / static_cast<double>(data.size());
  };
  Trainer training = Trainer::create(pupil, recipe, 2, {teacher()}).value();
  const double before = distance(pupil.network());
  for (int epoch = 0; epoch < 30; ++epoch) {
    REQUIRE(training.run_epoch(data, always).ok());
  }
  CHECK(distance(training.network().value()) < 0.2 * before);
}

TEST_CASE("Teaching needs teachers, for the same images and classes") {
  Recipe recipe;
  recipe.teaching = 0.5F;
  CHECK(Trainer::create(start(), recipe, 1).error().code == ErrorCode::kInvalidArgument);
  const Network other =
      Network::create({1, 5, 5}, {{"flatten", Flatten{}, {0}}, {"softmax", Softmax{}, {1}}}, {}).value();
  CHECK(Trainer::create(start(), recipe, 1, {Program::prepare(other)}).error().code ==
        ErrorCode::kShapeMismatch);
}

TEST_CASE("Plain epochs at the end show the images as they are, those before are augmented") {
  const Dataset data = bars(60, 2);
  const auto parameters_after = [&](int epochs, int plain_epochs, const Augmentation& augmentation) {
    Recipe recipe;
    recipe.epochs = 2;
    recipe.batch = 20;
    recipe.plain_epochs = plain_epochs;
    recipe.augmentation = augmentation;
    Trainer training = Trainer::create(start(), recipe, 2).value();
    for (int epoch = 0; epoch < epochs; ++epoch) {
      REQUIRE(training.run_epoch(data, always).ok());
    }
    return training.state().parameters;
  };
  const Augmentation standard = Augmentation::standard();
  CHECK(parameters_after(1, 1, standard) == parameters_after(1, 0, standard));
  CHECK(parameters_after(2, 1, standard) != parameters_after(2, 0, standard));
  CHECK(parameters_after(2, 2, standard) == parameters_after(2, 0, Augmentation::none()));
}

TEST_CASE("A network trained with negatives is less sure of them") {
  const Dataset data = bars(300, 2);
  const auto mean_confidence = [&](float share) {
    Recipe recipe;
    recipe.batch = 50;
    recipe.negatives = share;
    Trainer training =
        Trainer::create(with_fresh_parameters(network_of_layers("8,pool,8,pool").value(), 3), recipe, 2)
            .value();
    for (int epoch = 0; epoch < 10; ++epoch) {
      REQUIRE(training.run_epoch(data, always).ok());
    }
    const Program program = Program::prepare(training.network().value());
    Workspace workspace(program);
    double sum = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
      Random random(i);
      const Tile tile = make_negative(data, Augmentation::none(), random);
      std::vector<float> p(10);
      program.forward(workspace, tile, p);
      sum += static_cast<double>(*std::max_element(p.begin(), p.end()));
    }
    return sum / 100;
  };
  CHECK(mean_confidence(0.3F) < 0.75 * mean_confidence(0));
}

TEST_CASE("The average of the parameters is the result, near the parameters and not they") {
  Recipe recipe;
  recipe.average_decay = 0.9F;
  const Trainer training = trained_for_an_epoch(recipe);
  const TrainerState state = training.state();
  const Network network = training.network().value();
  CHECK(std::equal(state.average.begin(), state.average.end(), network.parameters().begin()));
  double apart = 0;
  double moved = 0;
  const Network first = start().network();
  for (std::size_t i = 0; i < state.average.size(); ++i) {
    apart += std::abs(static_cast<double>(state.average[i] - state.parameters[i]));
    moved += std::abs(static_cast<double>(first.parameters()[i] - state.parameters[i]));
  }
  CHECK(apart > 0);
  CHECK(apart < moved);
}

TEST_CASE("With rounded weights the result's are rounded, and those that training moves are not") {
  Recipe recipe;
  recipe.weight_steps = 7;
  const Trainer training = trained_for_an_epoch(recipe);
  const std::vector<float> moved = training.state().parameters;
  const Network result = training.network().value();
  const Network expected = with_rounded_weights(start().network().with_parameters(moved).value(), 7);
  CHECK(std::equal(expected.parameters().begin(), expected.parameters().end(), result.parameters().begin()));
  CHECK_FALSE(std::equal(moved.begin(), moved.end(), result.parameters().begin()));
  recipe.weight_steps = 128;
  CHECK(Trainer::create(start(), recipe, 1).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("A state of another recipe is refused") {
  Recipe recipe;
  recipe.average_decay = 0.9F;
  Trainer averaging = Trainer::create(start(), recipe, 1).value();
  CHECK(averaging.restore(trainer(1).state()).error().code == ErrorCode::kShapeMismatch);
}

TEST_CASE("Another seed shows the images in another order") {
  const Dataset data = bars(60, 2);
  Trainer a = trainer(1, 3);
  Trainer b = trainer(1, 4);
  REQUIRE(a.run_epoch(data, always).ok());
  REQUIRE(b.run_epoch(data, always).ok());
  CHECK(a.state().parameters != b.state().parameters);
}

TEST_CASE("A restored state goes on as if training had never stopped") {
  const Dataset data = bars(60, 2);
  Trainer whole = trainer(2);
  Trainer first_half = trainer(2);
  Trainer second_half = trainer(2);
  REQUIRE(whole.run_epoch(data, always).ok());
  REQUIRE(whole.run_epoch(data, always).ok());
  REQUIRE(first_half.run_epoch(data, always).ok());
  REQUIRE(second_half.restore(first_half.state()).ok());
  REQUIRE(second_half.run_epoch(data, always).ok());
  CHECK(second_half.state().parameters == whole.state().parameters);
  CHECK(second_half.state().epochs == 2);
}

TEST_CASE("A state of another network is refused") {
  TrainerState state = trainer(1).state();
  state.parameters.pop_back();
  const Status status = trainer(1).restore(state);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::kShapeMismatch);
}

TEST_CASE("Progress counts the images and stops training when it says so") {
  const Dataset data = bars(60, 2);
  std::vector<std::size_t> seen;
  Trainer training = trainer(1);
  const auto report = training.run_epoch(data, [&](std::size_t images) {
    seen.push_back(images);
    return seen.size() < 2;
  });
  REQUIRE(report.ok());
  CHECK_FALSE(report.value().has_value());
  CHECK(seen == std::vector<std::size_t>{25, 50});
  CHECK(training.state().epochs == 0);
}

TEST_CASE("The last mini-batch may be smaller") {
  const Dataset data = bars(26, 2);
  CHECK(trainer(1).run_epoch(data, always).ok());
}

TEST_CASE("Data or settings that make no sense are refused") {
  CHECK(trainer(1).run_epoch(Dataset{}, always).error().code == ErrorCode::kEmpty);
  Dataset small = bars(10, 1);
  small.height = 14;
  small.width = 56;
  CHECK(trainer(1).run_epoch(small, always).error().code == ErrorCode::kShapeMismatch);
  Recipe recipe;
  recipe.batch = 0;
  CHECK(Trainer::create(start(), recipe, 1).error().code == ErrorCode::kInvalidArgument);
  recipe.batch = 60'000;
  CHECK(Trainer::create(start(), recipe, 1).error().code == ErrorCode::kTooLarge);
  recipe.batch = 7;
  CHECK(Trainer::create(network_of_layers("8,pool").value(), recipe, 1).error().code ==
        ErrorCode::kInvalidArgument);
  CHECK(Trainer::create(start(), Recipe{}, 0).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("A learning rate that explodes the loss is reported") {
  Recipe recipe;
  recipe.batch = 5;
  recipe.optimizer.learning_rate = 3e38F;  // the next step overflows, whatever the order of sums
  Trainer training = Trainer::create(start(), recipe, 1).value();
  const Dataset data = bars(60, 2);
  bool reported = false;
  for (int epoch = 0; epoch < 3 && !reported; ++epoch) {
    const auto report = training.run_epoch(data, always);
    reported = !report.ok() && report.error().code == ErrorCode::kNotFinite;
  }
  CHECK(reported);
}

TEST_CASE("Fresh weights are even within Glorot's limits and biases are zero") {
  const Network network = start().network();
  const auto& conv = std::get<Conv2d>(network.nodes()[2 + 1].op);
  const float limit = std::sqrt(6.0F / (32 * 9 + 64 * 9));
  double sum = 0;
  float largest = 0;
  for (const float w : network.parameters(conv.weights)) {
    sum += static_cast<double>(w);
    largest = std::max(largest, std::abs(w));
  }
  CHECK(largest <= limit);
  CHECK(largest > 0.99F * limit);
  CHECK(std::abs(sum / static_cast<double>(conv.weights.count)) < 0.02 * static_cast<double>(limit));
  for (const float b : network.parameters(conv.bias)) {
    CHECK(b == 0.0F);
  }
}

TEST_CASE("The seed network has the published layers, parameters and cost") {
  const Network network = start().network();
  std::vector<std::size_t> parameters;
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    if (parameter_count(network.nodes()[i]) > 0) {
      parameters.push_back(parameter_count(network.nodes()[i]));
    }
    macs += multiply_accumulates(network, i);
  }
  CHECK(parameters == std::vector<std::size_t>{320, 18496, 36928, 18464, 2890});
  CHECK(network.parameters().size() == 77098);
  CHECK(macs == 6316992);
}

TEST_CASE("A worker pool does every job once, round after round") {
  WorkerPool pool(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<int> done(37);
    pool.run(done.size(), [&](std::size_t number, std::size_t worker) {
      CHECK(worker < 3);
      ++done[number];
    });
    CHECK(done == std::vector<int>(37, 1));
  }
  pool.run(0, [](std::size_t, std::size_t) { FAIL("there was no job"); });
}
