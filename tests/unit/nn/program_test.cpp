// SPDX-License-Identifier: MIT
#include "engine/nn/program.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/allocation_counter.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/reference_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

/// Every shape that could trip the kernels: odd channels, rows that end within a tile, windows that do not
/// fit evenly.
std::vector<Network> awkward_networks() {
  std::vector<Network> networks;
  networks.push_back(NetworkLine(7, 9).conv(1, 5, square(3)).relu().create(1));
  networks.push_back(NetworkLine(6, 6).conv(1, 8, square(3, 2, 1)).relu().conv(8, 3, square(1)).create(2));
  networks.push_back(
      NetworkLine(9, 5).conv(1, 17, Window{2, 3, 1, 2, 1, 0, 0, 2}).conv(17, 9, square(2)).create(3));
  networks.push_back(
      NetworkLine(8, 8).max_pool(square(2, 2)).conv(1, 4, square(3)).relu().flatten().create(4));
  networks.push_back(NetworkLine(7, 7).conv(1, 12, square(3), false).max_pool(square(3, 2, 1)).create(5));
  networks.push_back(
      NetworkLine(5, 5).flatten().dense(25, 11).relu().dense(11, 4, false).softmax().create(6));
  networks.push_back(NetworkLine(5, 5).relu().flatten().relu().softmax().create(7));
  networks.push_back(NetworkLine(3, 3).conv(1, 6, square(3)).flatten().softmax().create(8));
  networks.push_back(NetworkLine(7, 9).average_pool(square(3, 2, 1)).conv(1, 9, square(2)).create(9));
  for (const bool count_padding : {false, true}) {
    networks.push_back(NetworkLine(9, 8)
                           .conv(1, 11, square(3))
                           .relu()
                           .average_pool(Window{3, 2, 2, 1, 2, 0, 1, 1}, count_padding)
                           .create(10));
  }
  networks.push_back(
      NetworkLine(7, 5).conv(1, 10, square(2)).average_pool(Window{6, 4}).flatten().create(11));
  networks.push_back(
      NetworkLine(6, 7).tanh().conv(1, 11, square(3)).tanh().conv(11, 3, square(3)).create(21));
  networks.push_back(NetworkLine(6, 7)
                         .sigmoid()
                         .conv(1, 11, square(3))
                         .sigmoid()
                         .conv(11, 3, square(3, 1, 1))
                         .flatten()
                         .tanh()
                         .sigmoid()
                         .create(22));
  // Pools behind convolutions, with rows and columns that they leave out; of unrolled windows, of Winograd's
  // tiles.
  networks.push_back(NetworkLine(11, 12).conv(1, 13, square(3)).relu().max_pool(square(2, 2)).create(23));
  networks.push_back(
      NetworkLine(8, 9).conv(1, 7, square(3, 1, 1)).max_pool(square(2, 2)).flatten().create(24));
  networks.push_back(NetworkLine(17, 16)
                         .conv(1, 9, square(3))
                         .conv(9, 19, square(3), false)
                         .relu()
                         .max_pool(square(2, 2))
                         .conv(19, 20, square(3, 1, 1))
                         .max_pool(square(3, 2))
                         .flatten()
                         .dense(80, 5)
                         .create(25));
  networks.push_back(NetworkLine(14, 13)
                         .conv(1, 16, square(3))
                         .conv(16, 16, Window{3, 3, 1, 1, 2, 0, 0, 1})
                         .relu()
                         .average_pool(square(3, 3))
                         .create(26));
  // Groups: depthwise, with several outputs an input, and of several inputs, within and across vectors.
  networks.push_back(
      NetworkLine(8, 7).conv(1, 11, square(2)).grouped_conv(11, 11, 11, square(3, 1, 1)).create(17));
  networks.push_back(NetworkLine(9, 8)
                         .conv(1, 5, square(2))
                         .grouped_conv(5, 15, 5, Window{2, 3, 2, 1, 1, 0, 0, 2})
                         .relu()
                         .create(18));
  networks.push_back(NetworkLine(7, 7)
                         .conv(1, 12, square(3))
                         .grouped_conv(12, 18, 3, square(3), false)
                         .relu()
                         .conv(18, 3, square(2))
                         .create(19));
  networks.push_back(NetworkLine(6, 6).conv(1, 24, square(3)).grouped_conv(24, 2, 2, square(2)).create(20));
  // Sums: of values of both layouts, of vectors, of a value and itself, with and without a Relu to fuse.
  networks.push_back(
      NetworkLine(7, 6).conv(1, 1, square(3, 1, 1)).add_value(0).relu().add_value(2).create(12));
  networks.push_back(NetworkLine(6, 5).relu().add_value(0).add_value(2).create(13));
  networks.push_back(NetworkLine(7, 7)
                         .conv(1, 9, square(3, 1, 1))  // 1: also used by the sum, so its Relu stays apart
                         .relu()
                         .conv(9, 9, square(3, 1, 1), false)
                         .relu()
                         .conv(9, 9, square(3, 1, 1))
                         .add_value(1)
                         .relu()
                         .conv(9, 9, square(1))
                         .add_value(2)  // kept from long before
                         .max_pool(square(2, 2))
                         .create(14));
  networks.push_back(NetworkLine(4, 4)
                         .flatten()
                         .dense(16, 16)
                         .add_value(1)
                         .relu()
                         .dense(16, 5)
                         .add_value(5)
                         .softmax()
                         .create(15));
  return networks;
}

/// The largest sum of products that leads to one output bounds the rounding: a float sum of n terms errs by
/// less than n * epsilon times the sum of their magnitudes, and all values here stay below 100.
double tolerance(const Network& network) {
  std::size_t terms = 0;
  for (const Node& node : network.nodes()) {
    terms = std::max(terms, parameter_count(node));
  }
  return static_cast<double>(terms + 16) * 1.2e-7 * 10;
}

}  // namespace

TEST_CASE("The prepared program gives what the operators' definitions give") {
  int compared = 0;
  for (const Network& network : awkward_networks()) {
    const Program program = Program::prepare(network);
    Workspace workspace(program);
    const std::vector<float> image = random_values(program.input_size(), 42);
    std::vector<float> output(program.output_size());
    program.forward(workspace, image, output);

    const std::vector<double> parameters(network.parameters().begin(), network.parameters().end());
    const Values expected = reference_forward(network, parameters, Values(image.begin(), image.end()));
    REQUIRE(expected.size() == output.size());
    for (std::size_t i = 0; i < output.size(); ++i, ++compared) {
      CAPTURE(i);
      CHECK(std::abs(static_cast<double>(output[i]) - expected[i]) <= tolerance(network));
    }
  }
  CHECK(compared > 500);
}

TEST_CASE("A batch gives the same bits as its images one by one") {
  const Network network = NetworkLine(8, 8)
                              .conv(1, 9, square(3))
                              .relu()
                              .conv(9, 16, square(3))
                              .flatten()
                              .dense(256, 10)
                              .softmax()
                              .create(1);
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  constexpr std::size_t kImages = 11;
  const std::vector<float> images = random_values(kImages * program.input_size(), 3);
  std::vector<float> together(kImages * program.output_size());
  program.forward(workspace, images, together);
  for (std::size_t i = 0; i < kImages; ++i) {
    std::vector<float> alone(program.output_size());
    program.forward(workspace, std::span(images).subspan(i * program.input_size(), program.input_size()),
                    alone);
    CHECK(std::equal(alone.begin(), alone.end(),
                     together.begin() + static_cast<std::ptrdiff_t>(i * alone.size())));
  }
}

TEST_CASE("No image gives no answer") {
  const Program program = Program::prepare(NetworkLine(4, 4).flatten().dense(16, 2).softmax().create(1));
  Workspace workspace(program);
  program.forward(workspace, {}, {});
}

TEST_CASE("forward() allocates nothing") {
  const Network network = NetworkLine(28, 28)
                              .conv(1, 32, square(3, 1, 1))
                              .relu()
                              .conv(32, 32, square(3, 1, 1))
                              .add_value(2)
                              .tanh()
                              .grouped_conv(32, 32, 32, square(3, 1, 1))
                              .grouped_conv(32, 32, 4, square(1))
                              .sigmoid()
                              .max_pool(square(2, 2))
                              .average_pool(square(2, 2))
                              .flatten()
                              .dense(1568, 10)
                              .softmax()
                              .create(1);
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  const std::vector<float> images = random_values(4 * program.input_size(), 3);
  std::vector<float> output(4 * program.output_size());
  const AllocationCounter counter;
  program.forward(workspace, images, output);
  CHECK(counter.allocations() == 0);
}

TEST_CASE("The allocation counter sees an allocation") {
  const AllocationCounter counter;
  const Program program = Program::prepare(NetworkLine(4, 4).flatten().softmax().create(1));
  CHECK(counter.allocations() > 0);
  CHECK(program.input_size() == 16);
}

TEST_CASE("A workspace that ran one image leaves no trace in the next") {
  const Network network = NetworkLine(6, 6).conv(1, 5, square(3, 1, 1)).max_pool(square(2, 2)).create(9);
  const Program program = Program::prepare(network);
  Workspace used(program);
  Workspace fresh(program);
  const std::vector<float> huge(program.input_size(), 1e30F);
  const std::vector<float> image = random_values(program.input_size(), 5);
  std::vector<float> first(program.output_size());
  std::vector<float> second(program.output_size());
  program.forward(used, huge, first);
  program.forward(used, image, first);
  program.forward(fresh, image, second);
  CHECK(first == second);
}

TEST_CASE("Values that are kept for a sum survive whatever runs in between, image after image") {
  NetworkLine line(8, 8);
  line.conv(1, 8, square(3, 1, 1));
  for (int i = 0; i < 6; ++i) line.conv(8, 8, square(3, 1, 1)).relu();
  for (const ValueId earlier : {1U, 3U, 5U, 7U}) line.add_value(earlier);
  const Network network = line.create(16);
  const std::vector<double> parameters(network.parameters().begin(), network.parameters().end());
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  for (const std::uint64_t seed : {1U, 2U}) {
    const std::vector<float> image = random_values(program.input_size(), seed);
    std::vector<float> output(program.output_size());
    program.forward(workspace, image, output);
    const Values expected = reference_forward(network, parameters, Values(image.begin(), image.end()));
    double largest = 0;
    for (const double value : expected) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < output.size(); ++i) {
      CHECK(std::abs(static_cast<double>(output[i]) - expected[i]) <= 1e-4 * largest);
    }
  }
}

TEST_CASE("Tanh and Sigmoid of huge numbers are at their limits") {
  const std::vector<float> huge = {1e30F, -1e30F, 0, std::numeric_limits<float>::max()};
  std::vector<float> output(4);
  const Program tanh = Program::prepare(NetworkLine(2, 2).tanh().create(1));
  Workspace tanh_workspace(tanh);
  tanh.forward(tanh_workspace, huge, output);
  CHECK(output == std::vector<float>{1, -1, 0, 1});
  const Program sigmoid = Program::prepare(NetworkLine(2, 2).sigmoid().create(1));
  Workspace sigmoid_workspace(sigmoid);
  sigmoid.forward(sigmoid_workspace, huge, output);
  CHECK(output == std::vector<float>{1, 0, 0.5F, 1});
}

TEST_CASE("Softmax of huge logits is finite and sums to one") {
  const Network network = NetworkLine(2, 2).flatten().softmax().create(1);
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  std::vector<float> output(4);
  program.forward(workspace, std::vector<float>{1e30F, -1e30F, 0, std::numeric_limits<float>::max()}, output);
  CHECK(output[3] == 1.0F);
  CHECK(output[0] + output[1] + output[2] == 0.0F);
}
