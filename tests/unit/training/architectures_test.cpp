// SPDX-License-Identifier: MIT
#include "engine/training/architectures.hpp"

#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace inkread;

namespace {

std::uint64_t all_multiply_accumulates(const Network& network) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    sum += multiply_accumulates(network, i);
  }
  return sum;
}

}  // namespace

TEST_CASE("The named networks have the parameters that their papers and textbooks count") {
  const std::map<std::string_view, std::size_t> expected{{"seed", 77'098},
                                                         {"default", 93'986},
                                                         {"softmax-regression", 7'850},
                                                         {"perceptron", 238'510},
                                                         {"lenet-5", 61'706}};
  for (const auto& entry : expected) {
    CAPTURE(entry.first);
    const Architecture* architecture = find_architecture(entry.first);
    REQUIRE(architecture != nullptr);
    CHECK(architecture->build().network().parameters().size() == entry.second);
  }
  CHECK(find_architecture("nosuch") == nullptr);
}

TEST_CASE("A list of layers means the network that it names, its convolutions batch-normalised") {
  const TrainableNetwork trainable = network_of_layers("24,24,pool,48,48,pool,64").value();
  const Network& network = trainable.network();
  CHECK(network.parameters().size() == 66'930);
  CHECK(all_multiply_accumulates(network) == 5'609'056);
  CHECK(trainable.batch_norms().size() == 5);
  CHECK(trainable.parameter_count() == 66'930 + 3 * (24 + 24 + 48 + 48 + 64));
  CHECK(network.output_shape() == Shape{10, 1, 1});
}

TEST_CASE("Layers can have other windows, keep their size, pool by three, average and drop out") {
  const TrainableNetwork trainable = network_of_layers("8x5p,pool3,16p,mean,drop25").value();
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i <= trainable.network().nodes().size(); ++i) {
    shapes.push_back(trainable.network().shape(static_cast<ValueId>(i)));
  }
  CHECK(shapes == std::vector<Shape>{{1, 28, 28},
                                     {8, 28, 28},
                                     {8, 28, 28},
                                     {8, 9, 9},
                                     {16, 9, 9},
                                     {16, 9, 9},
                                     {16, 1, 1},
                                     {16, 1, 1},
                                     {10, 1, 1},
                                     {10, 1, 1}});
  REQUIRE(trainable.dropouts().size() == 1);
  CHECK(trainable.dropouts()[0].node == 5);
  CHECK(trainable.dropouts()[0].share == 0.25F);
}

TEST_CASE("What is no list of layers is refused with the word that is none") {
  for (const char* list : {"", "24,,24", "24,swimming", "x3", "24x", "24x3q", "drop", "drop100", "0", "-4",
                           "99999", "24x65", "drop5,24", "24 ,24", "24x2p"}) {
    CAPTURE(list);
    const auto refused = network_of_layers(list);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(network_of_layers("24,swimming").error().detail == "'swimming' is no layer");
  CHECK(network_of_layers("4096x64p,4096x64p").error().code == ErrorCode::kInvalidArgument);
  CHECK(network_of_layers("4096,4096,4096").error().code == ErrorCode::kTooLarge);
  const auto too_deep = network_of_layers("8,pool,8,pool,8,pool,8");
  REQUIRE_FALSE(too_deep.ok());
  CHECK(too_deep.error().detail.find("conv4") != std::string::npos);
}

TEST_CASE("Fresh parameters depend on the seed alone, and leave biases at zero") {
  const TrainableNetwork zero = network_of_layers("4,pool,8").value();
  const auto parameters = [&](std::uint64_t seed) {
    return with_fresh_parameters(zero, seed).initial_parameters();
  };
  CHECK(parameters(1) == parameters(1));
  CHECK(parameters(1) != parameters(2));
  const auto& conv = std::get<Conv2d>(zero.network().nodes()[0].op);
  const std::vector<float> fresh = parameters(1);
  for (std::size_t i = 0; i < conv.bias.count; ++i) {
    CHECK(fresh[conv.bias.offset + i] == 0);
  }
  CHECK(fresh[conv.weights.offset] != 0);
}
