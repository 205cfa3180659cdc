// SPDX-License-Identifier: MIT
#include "engine/model/onnx_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/model/onnx_reader.hpp"
#include "tests/support/sample_network.hpp"

namespace inkread {
namespace {

bool same(const ParameterSlice& a, const ParameterSlice& b) {
  return a.count == b.count && (a.count == 0 || a.offset == b.offset);
}
bool same(const Conv2d& a, const Conv2d& b) {
  return a.in_channels == b.in_channels && a.out_channels == b.out_channels && a.window == b.window &&
         same(a.weights, b.weights) && same(a.bias, b.bias) && a.groups == b.groups;
}
bool same(const MaxPool2d& a, const MaxPool2d& b) {
  return a.window == b.window;
}
bool same(const AveragePool2d& a, const AveragePool2d& b) {
  return a.window == b.window && a.count_padding == b.count_padding;
}
bool same(const Dense& a, const Dense& b) {
  return a.inputs == b.inputs && a.outputs == b.outputs && same(a.weights, b.weights) && same(a.bias, b.bias);
}
template <typename Plain>
bool same(const Plain& /*a*/, const Plain& /*b*/) {
  return true;
}
bool same(const Operator& a, const Operator& b) {
  return a.index() == b.index() &&
         std::visit([&](const auto& op) { return same(op, *std::get_if<std::decay_t<decltype(op)>>(&b)); },
                    a);
}

void check_same(const Network& a, const Network& b) {
  REQUIRE(a.nodes().size() == b.nodes().size());
  for (std::size_t i = 0; i < a.nodes().size(); ++i) {
    CAPTURE(i);
    CHECK(a.nodes()[i].name == b.nodes()[i].name);
    CHECK(a.nodes()[i].inputs == b.nodes()[i].inputs);
    CHECK(same(a.nodes()[i].op, b.nodes()[i].op));
  }
  CHECK(a.input_shape() == b.input_shape());
  CHECK(
      std::equal(a.parameters().begin(), a.parameters().end(), b.parameters().begin(), b.parameters().end()));
}

void check_round_trip(const Network& network) {
  const std::vector<std::byte> file = write_onnx(network);
  const Result<Network> read = read_onnx(file);
  REQUIRE(read.ok());
  check_same(network, read.value());
  CHECK(write_onnx(read.value()) == file);
}

TEST_CASE("a network written with int8 weights reads back close, and writes the same bytes again") {
  const Network network = sample_network();
  const OnnxOptions options{.weights = WeightStorage::kInt8, .notes = {Calibration{1.25F, 0.93F, 0.004F}}};
  const std::vector<std::byte> file = write_onnx(network, options);
  const Result<OnnxModel> read = read_onnx_model(file);
  REQUIRE(read.ok());
  CHECK(read.value().weights == WeightStorage::kInt8);
  REQUIRE(read.value().notes.calibration.has_value());
  CHECK(read.value().notes.calibration->temperature == 1.25F);
  CHECK(read.value().notes.calibration->accept_confidence == 0.93F);
  CHECK(read.value().notes.calibration->accept_risk == 0.004F);
  const std::span<const float> before = network.parameters();
  const std::span<const float> after = read.value().network.parameters();
  REQUIRE(after.size() == before.size());
  bool any_changed = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(std::abs(before[i] - after[i]) <= 0.51F / 127);  // the weights reach from -1 to 1
    any_changed = any_changed || before[i] != after[i];
  }
  CHECK(any_changed);
  for (const std::size_t bias : {18U, 19U, 74U, 75U, 76U}) CHECK(before[bias] == after[bias]);
  CHECK(write_onnx(read.value().network, {read.value().weights, read.value().notes}) == file);
}

TEST_CASE("int8 weights take a byte each, and little beside") {
  const Dense dense{.inputs = 10000, .outputs = 10, .weights = {0, 100000}};
  NetworkParts parts{.input = {.channels = 1, .height = 100, .width = 100},
                     .nodes = {{"flatten", Flatten{}, {0}}, {"dense", dense, {1}}},
                     .parameters = std::vector<float>(100000, 0.5F)};
  const Network network = parts.create().value();
  CHECK(write_onnx(network, {.weights = WeightStorage::kInt8}).size() < 100000 + 10 * 4 + 500);
}

TEST_CASE("layers without bias, in groups or of zeros survive writing with int8 weights") {
  const Conv2d first{.in_channels = 1, .out_channels = 4, .weights = {0, 4}};
  const Conv2d groups{.in_channels = 4, .out_channels = 6, .weights = {4, 12}, .bias = {16, 6}, .groups = 2};
  NetworkParts parts{.input = {.channels = 1, .height = 5, .width = 4},
                     .nodes = {{"first", first, {0}}, {"groups", groups, {1}}},
                     .parameters = std::vector<float>(22, 0.0F)};
  parts.parameters[2] = -0.3F;
  parts.parameters[5] = 1.5F;
  const std::vector<std::byte> file = write_onnx(parts.create().value(), {.weights = WeightStorage::kInt8});
  const Result<Network> read = read_onnx(file);
  REQUIRE(read.ok());
  CHECK(read.value().parameters()[2] == doctest::Approx(-0.3));
  CHECK(read.value().parameters()[5] == doctest::Approx(1.5));
  CHECK(std::count(read.value().parameters().begin(), read.value().parameters().end(), 0.0F) == 20);
  CHECK(write_onnx(read.value(), {.weights = WeightStorage::kInt8}) == file);
}

bool contains(const std::vector<std::byte>& file, std::string_view text) {
  return std::search(file.begin(), file.end(), text.begin(), text.end(),
                     [](std::byte byte, char c) { return byte == static_cast<std::byte>(c); }) != file.end();
}

TEST_CASE("a written network reads back as the same, and writes the same bytes again") {
  check_round_trip(sample_network());
}

TEST_CASE("networks without bias, with uneven windows, or that end in an image, survive writing") {
  const Window window{.kernel_height = 3,
                      .kernel_width = 2,
                      .stride_y = 2,
                      .stride_x = 1,
                      .pad_top = 1,
                      .pad_left = 0,
                      .pad_bottom = 2,
                      .pad_right = 1};
  const Conv2d conv{.in_channels = 1, .out_channels = 2, .window = window, .weights = {0, 12}};
  NetworkParts parts{.input = {.channels = 1, .height = 5, .width = 4},
                     .nodes = {{"conv", conv, {0}}},
                     .parameters = std::vector<float>(12, -0.0F)};
  check_round_trip(parts.create().value());
  parts.nodes.push_back({"flatten", Flatten{}, {1}});
  parts.nodes.push_back({"dense", Dense{.inputs = 24, .outputs = 1, .weights = {12, 24}}, {2}});
  parts.parameters.resize(36, 1e-45F);
  check_round_trip(parts.create().value());
}

TEST_CASE("average pools survive writing, whatever they do with their padding") {
  const Window window{.kernel_height = 3, .kernel_width = 2, .stride_y = 2, .pad_top = 1, .pad_bottom = 2};
  for (const bool count_padding : {false, true}) {
    const NetworkParts parts{.input = {.channels = 1, .height = 5, .width = 4},
                             .nodes = {{"pool", AveragePool2d{window, count_padding}, {0}}},
                             .parameters = {}};
    check_round_trip(parts.create().value());
  }
}

TEST_CASE("convolutions in groups survive writing") {
  const Conv2d first{.in_channels = 1, .out_channels = 4, .weights = {0, 4}};
  const Conv2d groups{.in_channels = 4, .out_channels = 6, .weights = {4, 12}, .bias = {16, 6}, .groups = 2};
  const NetworkParts parts{.input = {.channels = 1, .height = 5, .width = 4},
                           .nodes = {{"first", first, {0}}, {"groups", groups, {1}}},
                           .parameters = std::vector<float>(22, 0.5F)};
  check_round_trip(parts.create().value());
}

TEST_CASE("Tanh and Sigmoid survive writing") {
  NetworkParts parts = sample_parts();
  parts.nodes[1].op = Tanh{};
  parts.nodes[5].op = Sigmoid{};
  check_round_trip(parts.create().value());
}

TEST_CASE("sums survive writing, with the order of their terms") {
  for (const std::vector<ValueId>& terms : {std::vector<ValueId>{0, 2}, {2, 1}, {2, 2}}) {
    const NetworkParts parts{.input = {.channels = 1, .height = 5, .width = 4},
                             .nodes = {{"relu", Relu{}, {0}}, {"again", Relu{}, {1}}, {"sum", Add{}, terms}},
                             .parameters = {}};
    check_round_trip(parts.create().value());
  }
}

TEST_CASE("any names of nodes survive writing, even those of the file's own values") {
  NetworkParts parts = sample_parts();
  const std::vector<std::string> names = {
      "image", "probabilities", "image.weight", "probabilities.output", "image.weight.weight", "image.bias"};
  for (std::size_t i = 0; i < names.size(); ++i) parts.nodes[i].name = names[i];
  check_round_trip(parts.create().value());
  parts.nodes[1].name = "image.scale";
  parts.nodes[2].name = "image.dequantized";
  CHECK(read_onnx(write_onnx(parts.create().value(), {.weights = WeightStorage::kInt8})).ok());
}

TEST_CASE("a file names its input, its output, its producer and the layers' tensors") {
  const std::vector<std::byte> file = write_onnx(sample_network());
  for (const char* const name : {"image", "probabilities", "inkread", "conv1.weight", "dense.bias"}) {
    CAPTURE(name);
    CHECK(contains(file, name));
  }
}

TEST_CASE("the largest network that may exist can be written and read") {
  NetworkParts parts{
      .input = {.channels = 1, .height = 32, .width = 32},
      .nodes = {{"flatten", Flatten{}, {0}},
                {"dense", Dense{.inputs = 1024, .outputs = 4096, .weights = {0, 4U << 20U}}, {1}}},
      .parameters = std::vector<float>(NetworkLimits::kParameters, 0.5F)};
  while (parts.nodes.size() < NetworkLimits::kNodes) {
    std::string name = "relu" + std::to_string(parts.nodes.size());
    name.resize(NetworkLimits::kNameBytes, '-');
    parts.nodes.push_back({name, Relu{}, {static_cast<ValueId>(parts.nodes.size())}});
  }
  CHECK(read_onnx(write_onnx(parts.create().value())).ok());
}

}  // namespace
}  // namespace inkread
