// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/training/backpropagation.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/reference_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

struct Case {
  std::string name;
  Network network;
};

std::vector<Case> trainable_networks() {
  std::vector<Case> cases;
  cases.push_back({"dense", NetworkLine(3, 3).flatten().dense(9, 7).relu().dense(7, 4).softmax().create(1)});
  cases.push_back({"dense without bias", NetworkLine(3, 3).flatten().dense(9, 3, false).softmax().create(2)});
  cases.push_back({"convolutions", NetworkLine(7, 6)
                                       .conv(1, 5, square(3))
                                       .relu()
                                       .conv(5, 9, square(3))
                                       .flatten()
                                       .dense(54, 3)
                                       .softmax()
                                       .create(3)});
  cases.push_back({"padded convolution", NetworkLine(5, 5)
                                             .conv(1, 3, square(3, 1, 1))
                                             .conv(3, 4, square(3, 1, 1))
                                             .flatten()
                                             .dense(100, 3)
                                             .softmax()
                                             .create(4)});
  cases.push_back({"strided, unevenly padded convolution", NetworkLine(8, 7)
                                                               .conv(1, 4, square(3))
                                                               .conv(4, 6, Window{3, 2, 2, 3, 1, 0, 0, 2})
                                                               .relu()
                                                               .flatten()
                                                               .dense(36, 3)
                                                               .softmax()
                                                               .create(5)});
  cases.push_back({"max pooling", NetworkLine(8, 8)
                                      .conv(1, 6, square(3))
                                      .relu()
                                      .max_pool(square(2, 2))
                                      .flatten()
                                      .dense(54, 3)
                                      .softmax()
                                      .create(6)});
  cases.push_back({"overlapping, padded max pooling", NetworkLine(7, 7)
                                                          .conv(1, 3, square(2))
                                                          .max_pool(square(3, 2, 1))
                                                          .flatten()
                                                          .dense(27, 3)
                                                          .softmax()
                                                          .create(7)});
  cases.push_back({"a Relu on its own", NetworkLine(6, 6)
                                            .conv(1, 4, square(3))
                                            .max_pool(square(2, 2))
                                            .relu()
                                            .flatten()
                                            .dense(16, 3)
                                            .softmax()
                                            .create(8)});
  cases.push_back({"a convolution down to one pixel without bias",
                   NetworkLine(4, 4).conv(1, 3, square(4), false).flatten().softmax().create(9)});
  cases.push_back({"average pooling and tanh", NetworkLine(9, 8)
                                                   .conv(1, 5, square(2))
                                                   .tanh()
                                                   .average_pool(square(3, 2, 1))
                                                   .tanh()
                                                   .average_pool(square(3, 1, 1), true)
                                                   .flatten()
                                                   .dense(80, 3)
                                                   .tanh()
                                                   .softmax()
                                                   .create(10)});
  return cases;
}

double reference_loss(const Network& network, const std::vector<double>& parameters,
                      const std::vector<float>& images, const std::vector<float>& targets) {
  const std::size_t pixels = network.input_shape().volume();
  const std::size_t classes = network.output_shape().volume();
  double loss = 0;
  for (std::size_t i = 0; i < images.size() / pixels; ++i) {
    const auto first = images.begin() + static_cast<std::ptrdiff_t>(i * pixels);
    const Values p =
        reference_forward(network, parameters, Values(first, first + static_cast<std::ptrdiff_t>(pixels)));
    for (std::size_t c = 0; c < classes; ++c) {
      loss -= static_cast<double>(targets[i * classes + c]) * std::log(p[c]);
    }
  }
  return loss;
}

}  // namespace

TEST_CASE("Every gradient agrees with finite differences of the definition") {
  constexpr std::size_t kImages = 3;
  for (const Case& trained : trainable_networks()) {
    CAPTURE(trained.name);
    const Network& network = trained.network;
    const std::size_t classes = network.output_shape().volume();
    const std::vector<float> images = random_values(kImages * network.input_shape().volume(), 11);
    std::vector<float> targets(kImages * classes);
    targets[0] = 1;               // a plain label
    targets[classes + 1] = 0.7F;  // and smooth ones
    targets[classes] = 0.3F;
    targets[2 * classes + classes - 1] = 1;

    const Result<Backpropagation> back = Backpropagation::create(network);
    REQUIRE(back.ok());
    Backpropagation::Weights weights(back.value());
    Backpropagation::Tape tape(back.value(), kImages);
    weights.assign(network.parameters());
    std::vector<float> gradient(network.parameters().size());
    constexpr float kScale = 0.5F;
    const auto outcome = back.value().run(weights, tape, {images, targets, kScale}, gradient);

    std::vector<double> parameters(network.parameters().begin(), network.parameters().end());
    CHECK(outcome.loss ==
          doctest::Approx(reference_loss(network, parameters, images, targets)).epsilon(1e-5));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      constexpr double kStep = 1e-6;
      const double kept = parameters[i];
      parameters[i] = kept + kStep;
      const double above = reference_loss(network, parameters, images, targets);
      parameters[i] = kept - kStep;
      const double below = reference_loss(network, parameters, images, targets);
      parameters[i] = kept;
      const double expected = static_cast<double>(kScale) * (above - below) / (2 * kStep);
      CAPTURE(i);
      CHECK(static_cast<double>(gradient[i]) == doctest::Approx(expected).epsilon(1e-3).scale(0.1));
    }
  }
}

TEST_CASE(
    "With batch normalisation, dropout and teaching every gradient agrees with finite differences of the "
    "loss") {
  const Network network = NetworkLine(6, 6)
                              .conv(1, 5, square(3, 1, 1))
                              .tanh()
                              .conv(5, 9, square(3))
                              .tanh()
                              .flatten()
                              .dense(144, 3)
                              .softmax()
                              .create(13);
  const std::vector<std::size_t> normalized{0, 2};
  const TrainableNetwork trainable(network, normalized, {{3, 0.4F}});
  const Backpropagation back = Backpropagation::create(trainable).value();
  Backpropagation::Weights weights(back);
  constexpr std::size_t kImages = 4;
  Backpropagation::Tape tape(back, kImages);
  const std::vector<float> images = random_values(kImages * 36, 14);
  const std::vector<float> targets{1, 0, 0, 0, 0.5F, 0.5F, 0, 0, 1, 1, 0, 0};
  const std::vector<float> teaching{0.6F, 0.2F, 0.2F, 0.1F, 0.1F, 0.8F, 0.3F, 0.3F, 0.4F, 0.9F, 0, 0.1F};
  Backpropagation::Batch batch{images, targets, 0.5F};
  const std::vector<std::uint8_t> taught{1, 0, 1, 1};
  batch.teaching = {teaching, taught, 3, 0.7F};
  batch.dropout_seed = 15;

  std::vector<float> parameters = trainable.initial_parameters();
  for (const auto& norm : trainable.batch_norms()) {
    for (std::size_t c = 0; c < norm.scale.count; ++c) {
      parameters[norm.scale.offset + c] = 0.5F + 0.1F * static_cast<float>(c);
    }
  }
  std::vector<float> gradient(parameters.size());
  weights.assign(parameters);
  back.run(weights, tape, batch, gradient);
  std::vector<float> ignored(parameters.size());
  const auto loss = [&](std::size_t i, float step) {
    std::vector<float> moved = parameters;
    moved[i] += step;
    weights.assign(moved);
    return back.run(weights, tape, batch, ignored).loss;
  };
  std::vector<ParameterSlice> trained{{0, network.parameters().size()}};
  for (const auto& norm : trainable.batch_norms()) {
    trained.push_back(norm.scale);
  }
  const auto check = [&](std::size_t i) {
    constexpr float kStep = 0.01F;
    const double expected = 0.5 * (loss(i, kStep) - loss(i, -kStep)) / (2 * static_cast<double>(kStep));
    CAPTURE(i);
    CHECK(static_cast<double>(gradient[i]) == doctest::Approx(expected).epsilon(0.01).scale(0.1));
  };
  for (const ParameterSlice& slice : trained) {
    for (std::size_t i = slice.offset; i < slice.offset + slice.count; ++i) {
      check(i);
    }
  }
}

TEST_CASE("A Relu within a normalised convolution and one on its own have the same gradient") {
  const Network network =
      NetworkLine(6, 6).conv(1, 5, square(3)).relu().flatten().dense(80, 3).softmax().create(18);
  const std::vector<std::size_t> normalized{0};
  const TrainableNetwork within(network, normalized);
  const TrainableNetwork apart(network, normalized, {{0, 0.0F}});  // nothing is left out, but it lies between
  const std::vector<float> images = random_values(std::size_t{4} * 36, 19);
  const std::vector<float> targets{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
  const auto gradient = [&](const TrainableNetwork& trainable) {
    const Backpropagation back = Backpropagation::create(trainable).value();
    Backpropagation::Weights weights(back);
    Backpropagation::Tape tape(back, 4);
    const std::vector<float> parameters = trainable.initial_parameters();
    weights.assign(parameters);
    std::vector<float> result(parameters.size());
    back.run(weights, tape, {images, targets, 1}, result);
    return result;
  };
  const std::vector<float> expected = gradient(apart);
  const std::vector<float> actual = gradient(within);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(actual[i] == doctest::Approx(expected[i]).epsilon(1e-4).scale(0.1));
  }
}

TEST_CASE("Means and variances of parts of a batch are weighted by their images") {
  const Network network = NetworkLine(6, 6).conv(1, 5, square(6)).flatten().softmax().create(20);
  const std::vector<std::size_t> normalized{0};
  const TrainableNetwork trainable(network, normalized);
  const Backpropagation back = Backpropagation::create(trainable).value();
  Backpropagation::Weights weights(back);
  Backpropagation::Tape tape(back, 3);
  const std::vector<float> parameters = trainable.initial_parameters();
  weights.assign(parameters);
  const std::vector<float> images = random_values(std::size_t{5} * 36, 21);
  const std::vector<float> targets(std::size_t{5} * 5, 0.2F);
  const auto run = [&](std::size_t first, std::size_t count, float scale, std::vector<float>& sums) {
    back.run(weights, tape,
             {std::span(images).subspan(first * 36, count * 36),
              std::span(targets).subspan(first * 5, count * 5), scale},
             sums);
  };
  std::vector<float> three(parameters.size());
  std::vector<float> two(parameters.size());
  std::vector<float> all(parameters.size());
  run(0, 3, 1.0F / 3, three);
  run(3, 2, 1.0F / 2, two);
  run(0, 3, 0.2F, all);
  run(3, 2, 0.2F, all);
  const auto& norm = trainable.batch_norms().front();
  for (const ParameterSlice& slice : {norm.mean, norm.variance}) {
    for (std::size_t i = slice.offset; i < slice.offset + slice.count; ++i) {
      CHECK(all[i] == doctest::Approx(0.6F * three[i] + 0.4F * two[i]));
    }
  }
}

TEST_CASE("A folded network answers as training did under the same means and variances") {
  const Network network = NetworkLine(6, 6)
                              .conv(1, 5, square(3))
                              .relu()
                              .conv(5, 9, square(3))
                              .flatten()
                              .dense(36, 3)
                              .softmax()
                              .create(16);
  const std::vector<std::size_t> normalized{0, 2};
  const TrainableNetwork trainable(network, normalized);
  const Backpropagation back = Backpropagation::create(trainable).value();
  Backpropagation::Weights weights(back);
  constexpr std::size_t kImages = 4;
  Backpropagation::Tape tape(back, kImages);
  const std::vector<float> images = random_values(kImages * 36, 17);
  const std::vector<float> targets{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
  std::vector<float> parameters = trainable.initial_parameters();
  for (const auto& norm : trainable.batch_norms()) {
    parameters[norm.scale.offset + 1] = -0.7F;
  }
  std::vector<float> gradient(parameters.size());
  weights.assign(parameters);
  const auto outcome = back.run(weights, tape, {images, targets, 1.0F / kImages}, gradient);
  for (const auto& norm : trainable.batch_norms()) {
    for (const ParameterSlice& slice : {norm.mean, norm.variance}) {
      std::copy_n(gradient.begin() + static_cast<std::ptrdiff_t>(slice.offset), slice.count,
                  parameters.begin() + static_cast<std::ptrdiff_t>(slice.offset));
    }
  }
  const Network folded = trainable.fold(parameters).value();
  const std::vector<double> exact(folded.parameters().begin(), folded.parameters().end());
  CHECK(outcome.loss == doctest::Approx(reference_loss(folded, exact, images, targets)).epsilon(1e-4));
}

TEST_CASE("A gradient is added to what is there, and a second run on the same tape gives the same") {
  const Network network = trainable_networks()[5].network;
  const Backpropagation back = Backpropagation::create(network).value();
  Backpropagation::Weights weights(back);
  Backpropagation::Tape tape(back, 4);
  weights.assign(network.parameters());
  const std::vector<float> images = random_values(4 * network.input_shape().volume(), 12);
  std::vector<float> targets(4 * 3);
  targets[0] = targets[4] = targets[8] = targets[9] = 1;
  std::vector<float> once(network.parameters().size());
  std::vector<float> twice(network.parameters().size());
  back.run(weights, tape, {images, targets, 1}, once);
  back.run(weights, tape, {images, targets, 1}, twice);
  CHECK(once == twice);
  back.run(weights, tape, {images, targets, 1}, twice);
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(twice[i] == doctest::Approx(2 * once[i]));
  }
}

TEST_CASE("Networks that cannot be trained are refused with the reason") {
  const Result<Backpropagation> no_softmax =
      Backpropagation::create(NetworkLine(3, 3).flatten().dense(9, 3).create(1));
  REQUIRE_FALSE(no_softmax.ok());
  CHECK(no_softmax.error().code == ErrorCode::kUnsupported);
  const Result<Backpropagation> two_softmaxes =
      Backpropagation::create(NetworkLine(3, 3).flatten().softmax().softmax().create(1));
  REQUIRE_FALSE(two_softmaxes.ok());
  CHECK(two_softmaxes.error().detail.find("node1") != std::string::npos);
  const std::vector<Network> beginnings{
      NetworkLine(5, 5).relu().conv(1, 3, square(5)).flatten().softmax().create(1),
      NetworkLine(5, 5).max_pool(square(2)).conv(1, 3, square(4)).flatten().softmax().create(1),
      NetworkLine(5, 5).relu().max_pool(square(5)).flatten().softmax().create(1)};
  for (const Network& network : beginnings) {
    const Result<Backpropagation> refused = Backpropagation::create(network);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().detail.find("node0") != std::string::npos);
  }

  const auto check_refused = [](NetworkLine line, const std::string& reason) {
    const Result<Backpropagation> refused = Backpropagation::create(line.softmax().create(1));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::kUnsupported);
    CHECK_MESSAGE(refused.error().detail.find(reason) != std::string::npos, refused.error().detail);
  };
  const NetworkLine flat = NetworkLine(3, 3).flatten();
  check_refused(NetworkLine(flat).dense(9, 9).add_value(1), "node 'node2' (Add): only a chain of nodes");
  check_refused(NetworkLine(flat).dense(9, 9).add_value(2), "node 'node2' (Add): only a chain of nodes");
  check_refused(NetworkLine(flat).sigmoid(), "node 'node1' (Sigmoid): cannot be trained");
  check_refused(NetworkLine(3, 3).conv(1, 4, square(2)).grouped_conv(4, 4, 2, square(1)).flatten(),
                "node 'node1' (Conv): a convolution in groups cannot be trained");
}
