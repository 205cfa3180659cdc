// SPDX-License-Identifier: MIT
#include "engine/nn/network.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/sample_network.hpp"

namespace inkread {
namespace {

void check_refused(const NetworkParts& parts, ErrorCode code, const std::string& fragment) {
  CAPTURE(fragment);
  const Result<Network> network = parts.create();
  REQUIRE_FALSE(network.ok());
  CHECK(network.error().code == code);
  CHECK_MESSAGE(network.error().detail.find(fragment) != std::string::npos, network.error().detail);
}

Conv2d& conv_of(NetworkParts& parts) {
  return std::get<Conv2d>(parts.nodes[0].op);
}
MaxPool2d& pool_of(NetworkParts& parts) {
  return std::get<MaxPool2d>(parts.nodes[2].op);
}
Dense& dense_of(NetworkParts& parts) {
  return std::get<Dense>(parts.nodes[4].op);
}

/// A network of one node, which reads an image of the given height and width.
NetworkParts one_node(int height, int width, const Operator& op) {
  return {.input = {.channels = 1, .height = height, .width = width},
          .nodes = {{"only", op, {0}}},
          .parameters = {}};
}

TEST_CASE("a network infers the shape of every value") {
  const Network network = sample_network();
  const std::vector<Shape> expected = {{1, 6, 6},  {2, 6, 6}, {2, 6, 6}, {2, 3, 3},
                                       {18, 1, 1}, {3, 1, 1}, {3, 1, 1}};
  for (ValueId value = 0; value < expected.size(); ++value) {
    CAPTURE(value);
    CHECK(network.shape(value) == expected[value]);
  }
  CHECK(network.input_shape() == expected.front());
  CHECK(network.output_shape() == expected.back());
}

TEST_CASE("strides, uneven kernels and uneven padding give ONNX's output sizes") {
  const Window window{.kernel_height = 3,
                      .kernel_width = 2,
                      .stride_y = 2,
                      .stride_x = 3,
                      .pad_top = 1,
                      .pad_left = 0,
                      .pad_bottom = 2,
                      .pad_right = 1};
  // floor((5 + 3 - 3) / 2) + 1 and floor((7 + 1 - 2) / 3) + 1
  CHECK(one_node(5, 7, MaxPool2d{window}).create().value().output_shape() == Shape{1, 3, 3});
}

TEST_CASE("an average pool is held to what a maximum pool is") {
  CHECK(one_node(5, 7, AveragePool2d{{.kernel_height = 5, .kernel_width = 7}})
            .create()
            .value()
            .output_shape() == Shape{1, 1, 1});
  const std::string where = "node 'only' (AveragePool): ";
  check_refused(one_node(5, 7, AveragePool2d{{.pad_left = 1}}), ErrorCode::kInvalidArgument,
                where + "its padding is not smaller than its kernel");
  check_refused(one_node(5, 7, AveragePool2d{{.stride_x = 0}}), ErrorCode::kInvalidArgument,
                where + "a kernel or stride of 0");
  check_refused(one_node(5, 7, AveragePool2d{{.kernel_height = 6}}), ErrorCode::kShapeMismatch,
                where + "a kernel of 6 x 1");
  const Window largest{.kernel_height = 64,
                       .kernel_width = 64,
                       .pad_top = 32,
                       .pad_left = 32,
                       .pad_bottom = 31,
                       .pad_right = 31};
  check_refused(one_node(1024, 1024, AveragePool2d{largest}), ErrorCode::kTooLarge,
                where + "takes the network beyond the limit");
  NetworkParts parts = one_node(5, 7, Flatten{});
  parts.nodes.push_back({"pool", AveragePool2d{}, {1}});
  check_refused(parts, ErrorCode::kShapeMismatch, "node 'pool' (AveragePool): takes an image");
}

TEST_CASE("a convolution in groups has that many times fewer weights, and groups divide its channels") {
  NetworkParts parts = one_node(5, 7, Conv2d{.in_channels = 1, .out_channels = 6, .weights = {0, 6}});
  parts.nodes.push_back(
      {"groups", Conv2d{.in_channels = 6, .out_channels = 9, .weights = {6, 18}, .groups = 3}, {1}});
  parts.parameters.resize(24);
  const Network network = parts.create().value();
  CHECK(network.output_shape() == Shape{9, 5, 7});
  CHECK(parameter_count(network.nodes()[1]) == 18);
  CHECK(multiply_accumulates(network, 1) == 9 * 5 * 7 * 2);

  auto& conv = std::get<Conv2d>(parts.nodes[1].op);
  for (const int groups : {-3, 0, 2, 4, 6, 12}) {
    conv.groups = groups;
    check_refused(
        parts, ErrorCode::kInvalidArgument,
        "node 'groups' (Conv): " + std::to_string(groups) + " groups do not divide 6 and 9 channels");
  }
  conv.groups = 1;
  check_refused(parts, ErrorCode::kShapeMismatch, "node 'groups' (Conv): needs 54 weights, but has 18");
}

/// An image, its Relu, and the sum of both.
NetworkParts sum_parts(int height, int width) {
  NetworkParts parts = one_node(height, width, Relu{});
  parts.nodes.push_back({"sum", Add{}, {0, 1}});
  return parts;
}

TEST_CASE("a sum takes two earlier values of the same shape and rank") {
  CHECK(sum_parts(5, 7).create().value().output_shape() == Shape{1, 5, 7});
  const std::string where = "node 'sum' (Add): ";
  const auto refused = [&](const std::function<void(NetworkParts&)>& damage, ErrorCode code,
                           const std::string& fragment) {
    NetworkParts parts = sum_parts(5, 7);
    damage(parts);
    check_refused(parts, code, where + fragment);
  };
  refused([](auto& p) { p.nodes[1].inputs = {1}; }, ErrorCode::kInvalidArgument,
          "takes two values, but is given 1");
  refused([](auto& p) { p.nodes[1].inputs.push_back(1); }, ErrorCode::kInvalidArgument,
          "takes two values, but is given 3");
  refused([](auto& p) { p.nodes[1].inputs[1] = 2; }, ErrorCode::kInvalidArgument, "uses a value that no");
  refused([](auto& p) { p.nodes[0].op = MaxPool2d{{.kernel_height = 2}}; }, ErrorCode::kShapeMismatch,
          "takes two values of the same shape, but gets 1 x 5 x 7 and 1 x 4 x 7");
  refused(
      [](auto& p) {
        p.input = {1, 1, 1};
        p.nodes[0].op = Flatten{};
      },
      ErrorCode::kShapeMismatch, "takes two images or two vectors");
}

TEST_CASE("Tanh and Sigmoid keep images images and vectors vectors") {
  for (const Operator& op : {Operator{Tanh{}}, Operator{Sigmoid{}}}) {
    NetworkParts parts = one_node(5, 7, op);
    CHECK_FALSE(is_vector(parts.nodes, 1));
    CHECK(parts.create().value().output_shape() == Shape{1, 5, 7});
    parts.nodes.push_back({"flatten", Flatten{}, {1}});
    parts.nodes.push_back({"again", op, {2}});
    CHECK(is_vector(parts.nodes, 3));
    CHECK(operator_name(op) == operator_name(parts.nodes[2].op));
  }
}

TEST_CASE("a sum of vectors is a vector") {
  NetworkParts parts = one_node(5, 7, Flatten{});
  parts.nodes.push_back({"sum", Add{}, {1, 1}});
  parts.nodes.push_back({"relu", Relu{}, {2}});
  CHECK(is_vector(parts.nodes, 3));
  CHECK_FALSE(is_vector(sum_parts(5, 7).nodes, 2));
  CHECK(parts.create().ok());
}

TEST_CASE("a network that keeps too many values at the same time is refused") {
  // As large as a chain may be, because a pixel of one channel takes the room of eight.
  CHECK(one_node(1024, 1024, Relu{}).create().ok());
  check_refused(sum_parts(1024, 1024), ErrorCode::kTooLarge,
                "node 'sum' (Add): takes the network beyond the limit of 16777216 numbers at a time");
  NetworkParts parts = one_node(256, 256, Relu{});
  for (ValueId value = 1; value < 40; ++value) {
    parts.nodes.push_back({"relu" + std::to_string(value), Relu{}, {value}});
  }
  for (ValueId value = 0; value < 40; ++value) {
    parts.nodes.push_back({"sum" + std::to_string(value), Add{}, {value + 40, 39 - value}});
  }
  check_refused(parts, ErrorCode::kTooLarge, "node 'relu31' (Relu): takes the network beyond the limit");
}

TEST_CASE("a network counts its parameters and multiplications") {
  const Network network = sample_network();
  const std::vector<std::size_t> parameters = {20, 0, 0, 0, 57, 0};
  const std::vector<std::uint64_t> multiplications = {std::uint64_t{2} * 6 * 6 * 9, 0, 0, 0, 54, 0};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    CAPTURE(i);
    CHECK(parameter_count(network.nodes()[i]) == parameters[i]);
    CHECK(multiply_accumulates(network, i) == multiplications[i]);
  }
}

TEST_CASE("operators have the names that ONNX gives them") {
  const std::vector<std::string> names = {"Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Softmax"};
  const Network network = sample_network();
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(operator_name(network.nodes()[i].op) == names[i]);
}

TEST_CASE("a bias may be absent") {
  NetworkParts parts = sample_parts();
  conv_of(parts).bias = {};
  dense_of(parts).weights = {18, 54};
  dense_of(parts).bias = {};
  parts.parameters.resize(72);
  CHECK(parts.create().ok());
}

TEST_CASE("a value is a vector from the first flattening on") {
  const NetworkParts parts = sample_parts();
  const std::vector<bool> vectors = {false, false, false, false, true, true, true};
  for (ValueId value = 0; value < vectors.size(); ++value) {
    CAPTURE(value);
    CHECK(is_vector(parts.nodes, value) == vectors[value]);
  }
}

TEST_CASE("a network that makes no sense is refused, with the name of the node") {
  struct Case {
    std::function<void(NetworkParts&)> damage;
    ErrorCode code;
    std::string fragment;
  };
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Case> cases = {
      {[](auto& p) { p.input.channels = 3; }, ErrorCode::kUnsupported, "input of 3 x 6 x 6"},
      {[](auto& p) { p.input.height = 0; }, ErrorCode::kShapeMismatch, "the input: "},
      {[](auto& p) { p.input.width = -1; }, ErrorCode::kShapeMismatch, "the input: "},
      {[](auto& p) { p.input.width = 1025; }, ErrorCode::kTooLarge, "the input: "},
      {[](auto& p) { p.nodes.clear(); }, ErrorCode::kEmpty, "no nodes"},
      {[](auto& p) { p.nodes[1].name.clear(); }, ErrorCode::kInvalidArgument, "node 1: its name"},
      {[](auto& p) { p.nodes[1].name = "re\nlu"; }, ErrorCode::kInvalidArgument, "node 1: its name"},
      {[](auto& p) {
         p.nodes[1].name =
             "gr\xc3\xb6\xc3\x9f"
             "e";
       },
       ErrorCode::kInvalidArgument, "node 1: its name"},
      {[](auto& p) { p.nodes[1].name.assign(129, 'a'); }, ErrorCode::kInvalidArgument, "node 1: its name"},
      {[](auto& p) { p.nodes[1].name = "conv1"; }, ErrorCode::kInvalidArgument, "name 'conv1'"},
      {[](auto& p) { p.nodes[1].inputs.clear(); }, ErrorCode::kInvalidArgument,
       "node 'relu1' (Relu): takes one value"},
      {[](auto& p) {
         p.nodes[1].inputs = {0, 1};
       },
       ErrorCode::kInvalidArgument, "node 'relu1' (Relu): takes one"},
      {[](auto& p) { p.nodes[1].inputs = {2}; }, ErrorCode::kInvalidArgument,
       "node 'relu1' (Relu): uses a value"},
      {[](auto& p) { p.nodes[1].inputs = {0xFFFFFFFF}; }, ErrorCode::kInvalidArgument,
       "node 'relu1' (Relu): uses"},
      {[](auto& p) { p.nodes[2].inputs = {1}; }, ErrorCode::kInvalidArgument,
       "node 'relu1' (Relu): nothing uses"},
      {[](auto& p) { conv_of(p).in_channels = 2; }, ErrorCode::kShapeMismatch,
       "node 'conv1' (Conv): takes 2"},
      {[](auto& p) { conv_of(p).out_channels = 0; }, ErrorCode::kTooLarge, "node 'conv1' (Conv): makes 0"},
      {[](auto& p) { conv_of(p).out_channels = 5000; }, ErrorCode::kTooLarge,
       "node 'conv1' (Conv): makes 5000"},
      {[](auto& p) { conv_of(p).window.kernel_width = 0; }, ErrorCode::kInvalidArgument,
       "node 'conv1' (Conv): a kernel"},
      {[](auto& p) { conv_of(p).window.kernel_width = 65; }, ErrorCode::kInvalidArgument,
       "a kernel or stride of 65"},
      {[](auto& p) { conv_of(p).window.stride_y = 0; }, ErrorCode::kInvalidArgument,
       "a kernel or stride of 0"},
      {[](auto& p) { conv_of(p).window.pad_left = -1; }, ErrorCode::kInvalidArgument, "a padding of -1"},
      {[](auto& p) { conv_of(p).window.kernel_height = 9; }, ErrorCode::kShapeMismatch, "a kernel of 9 x 3"},
      {[](auto& p) { pool_of(p).window.pad_right = 2; }, ErrorCode::kInvalidArgument,
       "node 'pool1' (MaxPool): its pad"},
      {[](auto& p) { dense_of(p).inputs = 17; }, ErrorCode::kShapeMismatch, "node 'dense' (Gemm): takes 17"},
      {[](auto& p) { dense_of(p).outputs = 0; }, ErrorCode::kShapeMismatch, "node 'dense' (Gemm): a shape"},
      {[](auto& p) { dense_of(p).outputs = 2; }, ErrorCode::kShapeMismatch,
       "node 'dense' (Gemm): needs 36 weights"},
      {[](auto& p) { dense_of(p).bias.count = 2; }, ErrorCode::kShapeMismatch,
       "node 'dense' (Gemm): needs a bias"},
      {[](auto& p) { dense_of(p).weights.offset = 0; }, ErrorCode::kShapeMismatch,
       "node 'dense' (Gemm): its param"},
      {[](auto& p) { dense_of(p).weights.offset = SIZE_MAX; }, ErrorCode::kShapeMismatch,
       "(Gemm): its parameters"},
      {[](auto& p) { p.nodes[3].op = Relu{}; }, ErrorCode::kShapeMismatch,
       "node 'dense' (Gemm): takes a vector"},
      {[](auto& p) {
         p.nodes[2].op = Flatten{};
         p.nodes[3].op = MaxPool2d{};
       },
       ErrorCode::kShapeMismatch, "node 'flatten' (MaxPool): takes an image"},
      {[](auto& p) { p.parameters.pop_back(); }, ErrorCode::kShapeMismatch, "have 77 parameters, but 76"},
      {[](auto& p) { p.parameters.push_back(0); }, ErrorCode::kShapeMismatch, "have 77 parameters, but 78"},
      {[=](auto& p) { p.parameters[40] = nan; }, ErrorCode::kNotFinite, "not a finite"},
      {[=](auto& p) { p.parameters[76] = -infinity; }, ErrorCode::kNotFinite, "not a finite"}};
  for (const Case& c : cases) {
    NetworkParts parts = sample_parts();
    c.damage(parts);
    check_refused(parts, c.code, c.fragment);
  }
}

TEST_CASE("a network beyond a limit is refused before anything of its size is made") {
  SUBCASE("nodes") {
    NetworkParts parts = one_node(4, 4, Relu{});
    while (parts.nodes.size() <= NetworkLimits::kNodes) {
      const auto last = static_cast<ValueId>(parts.nodes.size());
      parts.nodes.push_back({"relu" + std::to_string(last), Relu{}, {last}});
    }
    check_refused(parts, ErrorCode::kTooLarge, "257 nodes");
  }
  SUBCASE("numbers in a value, 2^32 of them") {
    check_refused(one_node(1024, 1024, Conv2d{.in_channels = 1, .out_channels = 4096}), ErrorCode::kTooLarge,
                  "4096 x 1024 x 1024");
  }
  SUBCASE("parameters") {
    NetworkParts parts = one_node(8, 8, Conv2d{.in_channels = 1, .out_channels = 1024, .weights = {0, 1024}});
    Conv2d wide{.in_channels = 1024, .out_channels = 4096, .weights = {1024, 4U << 20U}};
    parts.nodes.push_back({"wide", wide, {1}});
    check_refused(parts, ErrorCode::kTooLarge,
                  "node 'wide' (Conv): takes the network beyond the limit of 4194304");
    wide.window = {.kernel_height = 64, .kernel_width = 64, .pad_top = 64, .pad_left = 64};
    parts.nodes[1].op = wide;
    check_refused(parts, ErrorCode::kShapeMismatch, "node 'wide' (Conv): needs 17179869184 weights");
  }
  SUBCASE("operations") {
    const Window window{.kernel_height = 64,
                        .kernel_width = 64,
                        .pad_top = 32,
                        .pad_left = 32,
                        .pad_bottom = 31,
                        .pad_right = 31};
    check_refused(one_node(1024, 1024, MaxPool2d{window}), ErrorCode::kTooLarge,
                  "node 'only' (MaxPool): takes the network beyond the limit");
  }
}

TEST_CASE("a network takes other parameters, if they are as many and finite") {
  const Network network = sample_network();
  std::vector<float> parameters(77, 0.5F);
  const Result<Network> changed = network.with_parameters(parameters);
  REQUIRE(changed.ok());
  CHECK(changed.value().parameters()[76] == 0.5F);
  CHECK(changed.value().output_shape() == network.output_shape());
  CHECK(network.parameters()[76] != 0.5F);

  parameters[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(network.with_parameters(parameters).error().code == ErrorCode::kNotFinite);
  parameters.resize(76);
  CHECK(network.with_parameters(parameters).error().code == ErrorCode::kShapeMismatch);
}

}  // namespace
}  // namespace inkread
