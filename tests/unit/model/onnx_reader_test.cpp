// SPDX-License-Identifier: MIT
#include "engine/model/onnx_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/onnx_writer.hpp"
#include "tests/support/sample_network.hpp"
#include "tests/unit/model/onnx_bytes.hpp"

namespace inkread {
namespace {

using namespace onnx_bytes;

using Change = std::function<void(Model&)>;

std::string changed(const Change& change) {
  Model model;
  change(model);
  return model.bytes();
}

void check_refused(const std::string& file, ErrorCode code, const std::string& fragment) {
  CAPTURE(fragment);
  const Result<Network> network = read(file);
  REQUIRE_FALSE(network.ok());
  CHECK(network.error().code == code);
  CHECK_MESSAGE(network.error().detail.find(fragment) != std::string::npos, network.error().detail);
}

struct Refusal {
  Change change;
  ErrorCode code;
  std::string fragment;
};

void check_refused(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    check_refused(changed(refusal.change), refusal.code, refusal.fragment);
  }
}

Network accepted(const std::string& file) {
  Result<Network> network = read(file);
  if (!network.ok()) FAIL(network.error().detail);
  return std::move(network).value();
}

/// A network that reads an image x of 1 x 5 x 7 through one Conv or MaxPool, with the given attributes.
Model window_model(const std::string& op_type, const std::vector<Message>& attributes) {
  Model model;
  model.inputs = {value("x", {1, 1, 5, 7})};
  const Names inputs = op_type == "Conv" ? Names{"x", "k"} : Names{"x"};
  model.initializers = {filled_tensor("k", {2, 1, 3, 2}, 12)};
  model.nodes = {node(op_type, inputs, {"y"}, attributes)};
  return model;
}

Window window_of(const Network& network) {
  const Operator& op = network.nodes()[0].op;
  if (const auto* const conv = std::get_if<Conv2d>(&op)) return conv->window;
  if (const auto* const pool = std::get_if<AveragePool2d>(&op)) return pool->window;
  return std::get<MaxPool2d>(op).window;
}

std::vector<float> parameters_of(const Network& network) {
  return {network.parameters().begin(), network.parameters().end()};
}

// ---- What is read

TEST_CASE("a dense network of another tool is read") {
  const Network network = accepted(Model().bytes());
  REQUIRE(network.nodes().size() == 3);
  CHECK(network.nodes()[1].name == "g");
  CHECK(network.input_shape() == Shape{1, 2, 2});
  CHECK(network.output_shape() == Shape{3, 1, 1});
  CHECK(parameter_count(network.nodes()[1]) == 15);
}

TEST_CASE("Gemm's weights are turned to [outputs][inputs] unless transB says that they are") {
  const std::vector<float> stored = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::vector<float> turned = {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11};
  Model model;
  model.initializers[0] = float_tensor("w", {3, 4}, stored);
  std::vector<float> expected = stored;
  SUBCASE("transB = 1") {}
  SUBCASE("transB = 0") {
    model.initializers[0] = float_tensor("w", {4, 3}, stored);
    model.nodes[1] = node("Gemm", {"f", "w", "b"}, {"g"}, {integer_attribute("transB", 0)});
    expected = turned;
  }
  SUBCASE("MatMul, with the bias added behind it") {
    model.initializers[0] = float_tensor("w", {4, 3}, stored);
    model.nodes[1] = node("MatMul", {"f", "w"}, {"m"});
    model.nodes.insert(model.nodes.begin() + 2, node("Add", {"m", "b"}, {"g"}));
    expected = turned;
  }
  SUBCASE("MatMul, with the bias added in front of it, as a row") {
    model.initializers = {float_tensor("w", {4, 3}, stored), filled_tensor("b", {1, 3}, 3)};
    model.nodes[1] = node("MatMul", {"f", "w"}, {"m"});
    model.nodes.insert(model.nodes.begin() + 2, node("Add", {"b", "m"}, {"g"}));
    expected = turned;
  }
  expected.insert(expected.end(), 3, 0.25F);
  const Network network = accepted(model.bytes());
  CHECK(network.nodes().size() == 3);
  CHECK(parameters_of(network) == expected);
}

TEST_CASE("numbers may lie as raw bytes or as fields, packed or not") {
  const std::vector<float> numbers = {1, 2, 3};
  Message bias = tensor_head("b", {3}, 1);
  SUBCASE("one by one") {
    for (const float number : numbers) bias.number(4, number);
  }
  SUBCASE("packed") {
    Message packed;
    for (const float number : numbers) packed.raw(number);
    bias.message(4, packed);
  }
  SUBCASE("dimensions packed too") {
    bias = Message().message(1, Message().varint(3)).integer(2, 1).text(8, "b");
    for (const float number : numbers) bias.number(4, number);
  }
  const Network network = accepted(changed([&](Model& m) { m.initializers[1] = bias; }));
  const std::vector<float> all = parameters_of(network);
  CHECK(std::vector<float>(all.end() - 3, all.end()) == numbers);
}

TEST_CASE("windows are read, with ONNX's defaults") {
  const Window expected{.kernel_height = 3,
                        .kernel_width = 2,
                        .stride_y = 2,
                        .stride_x = 1,
                        .pad_top = 1,
                        .pad_left = 0,
                        .pad_bottom = 2,
                        .pad_right = 1};
  for (const std::string op_type : {"Conv", "MaxPool", "AveragePool"}) {
    CAPTURE(op_type);
    const Message kernel = integers_attribute("kernel_shape", {3, 2});
    CHECK(window_of(accepted(window_model(op_type, {kernel}).bytes())) ==
          Window{.kernel_height = 3, .kernel_width = 2});
    CHECK(window_of(accepted(window_model(op_type, {kernel, integers_attribute("pads", {1, 0, 2, 1}),
                                                    integers_attribute("strides", {2, 1}),
                                                    integers_attribute("dilations", {1, 1}),
                                                    text_attribute("auto_pad", "NOTSET")})
                                 .bytes())) == expected);
  }
  CHECK(window_of(accepted(window_model("Conv", {integer_attribute("group", 1)}).bytes())) ==
        Window{.kernel_height = 3, .kernel_width = 2});
  accepted(window_model("MaxPool", {integers_attribute("kernel_shape", {1, 1}),
                                    integer_attribute("ceil_mode", 0), integer_attribute("storage_order", 0)})
               .bytes());
}

TEST_CASE("an average pool counts its padding only if the file says so") {
  const Message kernel = integers_attribute("kernel_shape", {3, 2});
  const auto counts = [](const Network& network) {
    return std::get<AveragePool2d>(network.nodes()[0].op).count_padding;
  };
  CHECK_FALSE(counts(accepted(window_model("AveragePool", {kernel}).bytes())));
  for (const std::int64_t count : {0, 1}) {
    CHECK(counts(accepted(window_model("AveragePool", {kernel, integer_attribute("count_include_pad", count)})
                              .bytes())) == (count == 1));
  }
}

TEST_CASE("a global average pool is an average pool of the whole image") {
  const Network network = accepted(window_model("GlobalAveragePool", {}).bytes());
  CHECK(window_of(network) == Window{.kernel_height = 5, .kernel_width = 7});
  CHECK(network.output_shape() == Shape{1, 1, 1});
}

TEST_CASE("a convolution in groups is read, and normalized") {
  const auto grouped = [](const Integers& weights, std::int64_t groups) {
    Model model = window_model("Conv", {});
    model.initializers.push_back(
        filled_tensor("d", weights, static_cast<std::size_t>(weights[0] * weights[1])));
    for (const char* const name : {"scale", "offset", "mean", "variance"}) {
      model.initializers.push_back(filled_tensor(name, {weights[0]}, static_cast<std::size_t>(weights[0])));
    }
    model.nodes = {node("Conv", {"x", "k"}, {"c"}),
                   node("Conv", {"c", "d"}, {"g"}, {integer_attribute("group", groups)}),
                   node("BatchNormalization", {"g", "scale", "offset", "mean", "variance"}, {"y"})};
    return model.bytes();
  };
  const Network network = accepted(grouped({6, 1, 1, 1}, 2));
  const auto& conv = std::get<Conv2d>(network.nodes()[1].op);
  CHECK(conv.groups == 2);
  CHECK(conv.in_channels == 2);
  CHECK(conv.out_channels == 6);
  check_refused(grouped({6, 2, 1, 1}, 2), ErrorCode::kShapeMismatch,
                "node 'g' (Conv): takes 4 channels, but gets 2");
  check_refused(grouped({5, 1, 1, 1}, 2), ErrorCode::kInvalidArgument,
                "node 'g' (Conv): 2 groups do not divide 2 and 5 channels");
}

TEST_CASE("Tanh and Sigmoid are read, of images and vectors, without attributes") {
  const Network network = accepted(changed([](Model& m) {
    m.nodes = {node("Tanh", {"x"}, {"t"}), node("Flatten", {"t"}, {"f"}), node("Sigmoid", {"f"}, {"y"})};
  }));
  CHECK(std::holds_alternative<Tanh>(network.nodes()[0].op));
  CHECK(std::holds_alternative<Sigmoid>(network.nodes()[2].op));
  for (const std::string op_type : {"Tanh", "Sigmoid"}) {
    check_refused(
        changed([&](Model& m) { m.nodes[2] = node(op_type, {"g"}, {"y"}, {float_attribute("alpha", 1)}); }),
        ErrorCode::kUnsupported, "node 'y' (" + op_type + "): attribute 'alpha' is not supported");
  }
}

TEST_CASE("a Pad of nothing leaves no node behind, and any other is refused") {
  const auto padded = [](const Message& pad) {
    return changed([&](Model& m) {
      m.nodes = {pad, node("Relu", {"p"}, {"y"})};
      m.initializers = {integer_tensor("none", {8}, Integers(8, 0)),
                        integer_tensor("some", {8}, {0, 0, 0, 0, 0, 0, 0, 1})};
    });
  };
  const auto pads = [](const Integers& values) { return integers_attribute("pads", values); };
  const std::vector<Message> nothing = {
      node("Pad", {"x"}, {"p"},
           {pads(Integers(8, 0)), text_attribute("mode", "constant"), float_attribute("value", 0)}),
      node("Pad", {"x", "none"}, {"p"}), node("Pad", {"x", "none", "none"}, {"p"})};
  for (const Message& pad : nothing) CHECK(accepted(padded(pad)).nodes().size() == 1);

  const std::string where = "node 'p' (Pad): ";
  check_refused(padded(node("Pad", {"x"}, {"p"}, {pads({0, 0, 0, 0, 0, 0, 1, 1})})), ErrorCode::kUnsupported,
                where + "it pads");
  check_refused(padded(node("Pad", {"x", "some"}, {"p"})), ErrorCode::kUnsupported, where + "it pads");
  check_refused(padded(node("Pad", {"x"}, {"p"})), ErrorCode::kShapeMismatch, where + "its pads are not 8");
  check_refused(padded(node("Pad", {"x"}, {"p"}, {pads(Integers(4, 0))})), ErrorCode::kShapeMismatch,
                where + "its pads are not 8");
  check_refused(padded(node("Pad", {"x", "x"}, {"p"})), ErrorCode::kUnsupported, "'x' is not a constant");
}

TEST_CASE("auto_pad becomes the padding that it asks for") {
  struct Case {
    std::string auto_pad;
    Shape output;
    std::array<int, 4> pads;  ///< top, left, bottom, right
  };
  // 5 rows under windows of 3 that move by 2, 7 columns under windows of 2 that move by 2.
  const std::vector<Case> cases = {{"VALID", {2, 2, 3}, {0, 0, 0, 0}},
                                   {"SAME_UPPER", {2, 3, 4}, {1, 0, 1, 1}},
                                   {"SAME_LOWER", {2, 3, 4}, {1, 1, 1, 0}}};
  for (const Case& c : cases) {
    CAPTURE(c.auto_pad);
    const Network network = accepted(
        window_model("Conv", {text_attribute("auto_pad", c.auto_pad), integers_attribute("strides", {2, 2})})
            .bytes());
    const Window window = window_of(network);
    CHECK(network.output_shape() == c.output);
    CHECK(std::array{window.pad_top, window.pad_left, window.pad_bottom, window.pad_right} == c.pads);
  }
}

TEST_CASE("a Reshape to one row an image is a Flatten") {
  for (const Integers& target :
       {Integers{-1, 4}, Integers{0, 4}, Integers{0, -1}, Integers{1, -1}, Integers{1, 4}}) {
    for (const bool as_constant : {false, true}) {
      CAPTURE(target);
      CAPTURE(as_constant);
      const Network network = accepted(changed([&](Model& m) {
        const Message shape = integer_tensor("s", {2}, target);
        m.nodes[0] = node("Reshape", {"x", "s"}, {"f"}, {integer_attribute("allowzero", 0)});
        if (as_constant) {
          m.nodes.insert(m.nodes.begin(), node("Constant", {}, {"s"}, {tensor_attribute("value", shape)}));
        } else {
          m.initializers.push_back(shape);
        }
      }));
      CHECK(std::holds_alternative<Flatten>(network.nodes()[0].op));
      CHECK(network.nodes().size() == 3);
    }
  }
}

TEST_CASE("a file that fixes the number of images may reshape to it") {
  accepted(changed([](Model& m) {
    m.inputs = {value("x", {8, 1, 2, 2})};
    m.nodes[0] = node("Reshape", {"x", "s"}, {"f"});
    m.initializers.push_back(tensor_head("s", {2}, 7).integer(7, 8).integer(7, -1));
  }));
}

TEST_CASE("Identity and Dropout leave no node behind") {
  const Network network = accepted(changed([](Model& m) {
    m.nodes = {node("Identity", {"x"}, {"i"}),
               node("Flatten", {"i"}, {"f"}, {integer_attribute("axis", 1)}),
               node("Dropout", {"f"}, {"d"}, {float_attribute("ratio", 0.5F)}),
               node("Identity", {"w"}, {"v"}),
               node("Gemm", {"d", "v"}, {"g"},
                    {integer_attribute("transB", 1), integer_attribute("transA", 0),
                     float_attribute("alpha", 1.0F), float_attribute("beta", 1.0F)}),
               node("Identity", {"g"}, {"y"})};
  }));
  CHECK(network.nodes().size() == 2);
}

TEST_CASE("a Softmax over the last axis is the same in all operator sets") {
  for (const std::int64_t opset : {7, 12, 13, 21}) {
    for (const std::int64_t axis : {-1, 1}) {
      CAPTURE(opset);
      CAPTURE(axis);
      accepted(changed([&](Model& m) {
        m.opset = opset;
        m.nodes[2] = node("Softmax", {"g"}, {"y"}, {integer_attribute("axis", axis)});
      }));
    }
  }
}

TEST_CASE("initializers may be listed as inputs too, as old files do") {
  accepted(changed([](Model& m) {
    m.ir_version = 3;
    m.inputs = {value("w", {3, 4}), value("x", {-1, 1, 2, 2}), value("b", {3})};
  }));
}

TEST_CASE("a network that takes rows of pixels reads square images") {
  const Network network = accepted(changed([](Model& m) {
    m.inputs = {value("x", {-1, 4})};
    m.nodes.erase(m.nodes.begin());
    m.nodes[0] = node("Gemm", {"x", "w", "b"}, {"g"}, {integer_attribute("transB", 1)});
  }));
  CHECK(network.input_shape() == Shape{1, 2, 2});
  CHECK(std::holds_alternative<Flatten>(network.nodes()[0].op));
}

TEST_CASE("what only describes is skipped, known or not") {
  accepted(changed([](Model& m) {
    m.nodes[0].text(6, "documentation").integer(900, 1);
    m.more_graph.text(10, "documentation")
        .message(13, value("f", {-1, 4}))
        .message(14, Message().text(1, "g"));
    m.more_model.text(2, "a tool")
        .text(6, "documentation")
        .message(14, Message().text(1, "key").text(2, "value"));
    m.more_model.message(8, Message().text(1, "ai.onnx.ml").integer(2, 2));
  }));
}

TEST_CASE("an initializer that nothing uses does no harm") {
  accepted(changed([](Model& m) { m.initializers.push_back(tensor_head("unused", {3}, 9)); }));
}

TEST_CASE("nodes without a name, with the same name or with unprintable ones get names of their own") {
  const Network network = accepted(changed([](Model& m) {
    m.nodes = {Message().text(1, "x").text(2, "f").text(4, "Flatten"),
               Message().text(1, "f").text(2, "r").text(3, "same").text(4, "Relu"),
               Message().text(1, "r").text(2, "s").text(3, "same").text(4, "Relu"),
               Message().text(1, "s").text(2, "t").text(3, "\x1b[31m\xff").text(4, "Relu"),
               Message().text(1, "t").text(2, "u").text(3, std::string(200, 'n')).text(4, "Relu"),
               Message().text(1, "u").text(2, "y").text(3, std::string(201, 'n')).text(4, "Relu")};
  }));
  const Names expected = {
      "Flatten", "same", "same_2", "?[31m?", std::string(128, 'n'), std::string(126, 'n') + "_2"};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(network.nodes()[i].name == expected[i]);
}

// ---- What is refused

TEST_CASE("a file that is no model is refused") {
  check_refused("", ErrorCode::kEmpty, "empty");
  check_refused(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), ErrorCode::kMalformed, "no ONNX model");
  check_refused(Message().integer(1, 8).bytes(), ErrorCode::kMalformed, "no ONNX model");
  check_refused(std::string((17U << 20U) + 1, '\0'), ErrorCode::kTooLarge, "the file has 17825793 bytes");
}

TEST_CASE("versions outside of what is known are refused") {
  check_refused({{[](Model& m) { m.ir_version = 2; }, ErrorCode::kUnsupported, "IR version 2"},
                 {[](Model& m) { m.opset = 6; }, ErrorCode::kUnsupported, "operator set: version 6"},
                 {[](Model& m) { m.opset = 22; }, ErrorCode::kUnsupported, "operator set: version 22"},
                 {[](Model& m) { m.more_model.message(8, Message().text(1, "ai.onnx").integer(2, 13)); },
                  ErrorCode::kMalformed, "declared twice"}});
  const Message graph;
  check_refused(Message().integer(1, 8).message(7, graph).bytes(), ErrorCode::kMalformed, "no operator set");
}

TEST_CASE("what would change a file's meaning is refused, with the place") {
  const Message external = Message().text(1, "location").text(2, "/etc/passwd");
  check_refused(
      {{[&](Model& m) { m.initializers[1].message(13, external); }, ErrorCode::kUnsupported,
        "initializer 1: its data lies in another file"},
       {[](Model& m) { m.initializers[0].integer(14, 1); }, ErrorCode::kUnsupported,
        "initializer 0: its data lies"},
       {[](Model& m) { m.initializers[0].message(3, Message()); }, ErrorCode::kUnsupported, "in segments"},
       {[](Model& m) { m.more_graph.message(15, Message()); }, ErrorCode::kUnsupported, "sparse"},
       {[](Model& m) { m.more_model.message(25, Message()); }, ErrorCode::kUnsupported, "functions"},
       {[](Model& m) {
          m.nodes[2].message(5, Message().text(1, "then").message(6, Message()).integer(20, 5));
        },
        ErrorCode::kUnsupported, "node 2: attribute 0: it holds a subgraph"},
       {[](Model& m) { m.nodes[2].message(5, Message().text(1, "axis").text(21, "a").integer(20, 2)); },
        ErrorCode::kUnsupported, "refers to a function's attribute"},
       {[](Model& m) { m.nodes[2].text(7, "com.example"); }, ErrorCode::kUnsupported,
        "node 'y' (Softmax): the operators of 'com.example'"},
       {[](Model& m) { m.nodes[2].text(8, "overload"); }, ErrorCode::kUnsupported,
        "node 2: it calls a function"}});
}

TEST_CASE("operators, attributes and numbers of inputs that are not known are refused, with the node") {
  const auto last = [](const Message& n) { return [n](Model& m) { m.nodes[2] = n; }; };
  check_refused(
      {{last(node("LogSoftmax", {"g"}, {"y"})), ErrorCode::kUnsupported,
        "node 'y' (LogSoftmax): this operator"},
       {last(node("If", {"g"}, {"y"})), ErrorCode::kUnsupported, "node 'y' (If): this operator"},
       {last(node("Relu", {"g"}, {"y"}, {float_attribute("alpha", 1)})), ErrorCode::kUnsupported,
        "node 'y' (Relu): attribute 'alpha' is not supported"},
       {last(node("Softmax", {"g"}, {"y"}, {float_attribute("axis", 1)})), ErrorCode::kMalformed,
        "attribute 'axis' has the wrong type"},
       {last(node("Softmax", {"g"}, {"y"}, {integer_attribute("axis", 1), integer_attribute("axis", 1)})),
        ErrorCode::kMalformed, "attribute 'axis' appears twice"},
       {last(node("Softmax", {"g"}, {"y"}, {integer_attribute("axis", 0)})), ErrorCode::kUnsupported,
        "'axis' must be"},
       {last(node("Flatten", {"g"}, {"y"}, {integer_attribute("axis", 2)})), ErrorCode::kUnsupported,
        "'axis' must be 1"},
       {last(node("Relu", {}, {"y"})), ErrorCode::kUnsupported, "0 inputs"},
       {last(node("Relu", {"g", "w"}, {"y"})), ErrorCode::kUnsupported, "2 inputs"},
       {last(node("Dropout", {"g", "b", "b"}, {"y"})), ErrorCode::kUnsupported, "3 inputs"},
       {last(node("Relu", {"g"}, {})), ErrorCode::kUnsupported, "0 outputs"},
       {last(node("Dropout", {"g"}, {"y", "mask"})), ErrorCode::kUnsupported, "2 outputs"},
       {last(node("Constant", {}, {"y"})), ErrorCode::kMalformed, "no attribute 'value'"},
       {last(node("Gemm", {"f", "w"}, {"y"}, {float_attribute("alpha", 2)})), ErrorCode::kUnsupported,
        "attribute 'alpha' must be 1"},
       {last(node("Gemm", {"f", "w"}, {"y"}, {integer_attribute("transA", 1)})), ErrorCode::kUnsupported,
        "attribute 'transA' must be 0"}});
}

TEST_CASE("windows that are not understood are refused, with the attribute") {
  const std::int64_t huge = std::int64_t{1} << 40U;
  const Message kernel = integers_attribute("kernel_shape", {3, 2});
  struct Case {
    std::string op_type;
    std::vector<Message> attributes;
    ErrorCode code;
    std::string fragment;
  };
  const std::vector<Case> cases = {
      {"Conv", {integers_attribute("dilations", {1, 2})}, ErrorCode::kUnsupported, "'dilations' must be 1"},
      {"Conv",
       {integers_attribute("dilations", {})},
       ErrorCode::kShapeMismatch,
       "'dilations' does not hold 2"},
      {"Conv", {integer_attribute("group", 2)}, ErrorCode::kShapeMismatch, "takes 2 channels, but gets 1"},
      {"Conv", {integer_attribute("group", 0)}, ErrorCode::kInvalidArgument, "'group' is 0"},
      {"Conv", {integer_attribute("group", -1)}, ErrorCode::kInvalidArgument, "'group' is -1"},
      {"Conv", {integer_attribute("group", huge)}, ErrorCode::kInvalidArgument, "'group' is 1099511627776"},
      {"Conv",
       {integer_attribute("group", huge + 1)},
       ErrorCode::kInvalidArgument,
       "'group' is 1099511627777"},
      {"Conv",
       {integers_attribute("kernel_shape", {2, 3})},
       ErrorCode::kShapeMismatch,
       "'kernel_shape' differs"},
      {"Conv", {integers_attribute("strides", {1})}, ErrorCode::kShapeMismatch, "'strides' does not hold 2"},
      {"Conv", {integers_attribute("strides", {0, 1})}, ErrorCode::kInvalidArgument, "kernel or stride of 0"},
      {"Conv",
       {integers_attribute("strides", {0, 1}), text_attribute("auto_pad", "SAME_UPPER")},
       ErrorCode::kInvalidArgument,
       "kernel or stride of 0"},
      {"Conv",
       {integers_attribute("strides", {huge, 1})},
       ErrorCode::kInvalidArgument,
       "holds 1099511627776"},
      {"Conv",
       {integers_attribute("strides", {0x7FFFFFFF, 1}), text_attribute("auto_pad", "SAME_LOWER")},
       ErrorCode::kInvalidArgument,
       "kernel or stride of 2147483647"},
      {"Conv", {integers_attribute("pads", {0, 0, 0, -1})}, ErrorCode::kInvalidArgument, "'pads' holds -1"},
      {"Conv",
       {integers_attribute("pads", {0, 0, 0, 1}), text_attribute("auto_pad", "VALID")},
       ErrorCode::kMalformed,
       "'auto_pad' and 'pads' contradict"},
      {"Conv", {text_attribute("auto_pad", "same")}, ErrorCode::kUnsupported, "'auto_pad' is 'same'"},
      {"AveragePool", {}, ErrorCode::kMalformed, "no attribute 'kernel_shape'"},
      {"AveragePool",
       {kernel, integer_attribute("ceil_mode", 1)},
       ErrorCode::kUnsupported,
       "'ceil_mode' must be 0"},
      {"AveragePool",
       {kernel, integers_attribute("dilations", {2, 2})},
       ErrorCode::kUnsupported,
       "'dilations' must be"},
      {"AveragePool",
       {kernel, integers_attribute("pads", {0, 2, 0, 0})},
       ErrorCode::kInvalidArgument,
       "its padding is not smaller"},
      {"GlobalAveragePool", {kernel}, ErrorCode::kUnsupported, "'kernel_shape' is not supported"},
      {"MaxPool", {}, ErrorCode::kMalformed, "no attribute 'kernel_shape'"},
      {"MaxPool",
       {kernel, integer_attribute("ceil_mode", 1)},
       ErrorCode::kUnsupported,
       "'ceil_mode' must be 0"},
      {"MaxPool",
       {kernel, integer_attribute("storage_order", 1)},
       ErrorCode::kUnsupported,
       "'storage_order' must"},
      {"MaxPool",
       {kernel, integers_attribute("dilations", {2, 2})},
       ErrorCode::kUnsupported,
       "'dilations' must be"},
      {"MaxPool",
       {integers_attribute("kernel_shape", {0x7FFFFFFF, 0x7FFFFFFF}),
        text_attribute("auto_pad", "SAME_UPPER")},
       ErrorCode::kInvalidArgument,
       "kernel or stride of 2147483647"},
      {"MaxPool",
       {integers_attribute("kernel_shape", {6, 6})},
       ErrorCode::kShapeMismatch,
       "a kernel of 6 x 6"}};
  for (const Case& c : cases) {
    check_refused(window_model(c.op_type, c.attributes).bytes(), c.code, c.fragment);
    check_refused(window_model(c.op_type, c.attributes).bytes(), c.code, c.op_type);
  }
}

TEST_CASE("a Reshape to anything but one row an image is refused") {
  for (const Integers& target :
       {Integers{-1, -1}, Integers{-1, 5}, Integers{2, 2}, Integers{4, -1}, Integers{-1, 1, 2, 2},
        Integers{4}, Integers{0, 0}, Integers{-1, std::int64_t{4} + (std::int64_t{1} << 32U)}}) {
    CAPTURE(target);
    check_refused(
        changed([&](Model& m) {
          m.nodes[0] = node("Reshape", {"x", "s"}, {"f"});
          m.initializers.push_back(integer_tensor("s", {static_cast<std::int64_t>(target.size())}, target));
        }),
        ErrorCode::kUnsupported, "node 'f' (Reshape): it does not reshape to N x 4");
  }
  const auto with_shape = [](const Message& shape) {
    return [shape](Model& m) {
      m.nodes[0] = node("Reshape", {"x", "s"}, {"f"});
      m.initializers.push_back(shape);
    };
  };
  check_refused(
      {{with_shape(filled_tensor("s", {2}, 2)), ErrorCode::kUnsupported, "'s' is not of int64"},
       {with_shape(integer_tensor("s", {2}, {-1})), ErrorCode::kShapeMismatch, "'s' does not hold exactly"},
       {with_shape(integer_tensor("s", {1}, {-1, 4})), ErrorCode::kShapeMismatch, "'s' does not hold"},
       {with_shape(integer_tensor("s", {9}, Integers(9, 1))), ErrorCode::kShapeMismatch, "'s' does not hold"},
       {with_shape(integer_tensor("s", {2}, {-1, 4}).integer(7, 1)), ErrorCode::kShapeMismatch, "'s' does"},
       {with_shape(tensor_head("s", {2}, 7).text(9, "0123456789abcde")), ErrorCode::kShapeMismatch,
        "'s' does"},
       {[](Model& m) {
          m.nodes[0] = node("Reshape", {"x", "x"}, {"f"});
        },
        ErrorCode::kUnsupported, "input 'x' is not a constant"},
       {[](Model& m) {
          m.nodes[0] = node("Reshape", {"x", "s"}, {"f"}, {integer_attribute("allowzero", 1)});
          m.initializers.push_back(integer_tensor("s", {2}, {0, 4}));
        },
        ErrorCode::kUnsupported, "'allowzero' must be 0"}});
}

TEST_CASE("constants of the wrong size, type or content are refused, with their name") {
  const auto weights = [](const Message& w) { return [w](Model& m) { m.initializers[0] = w; }; };
  const std::int64_t big = std::int64_t{1} << 31U;
  check_refused(
      {{weights(filled_tensor("w", {3, 4}, 11)), ErrorCode::kShapeMismatch,
        "'w' does not hold exactly the 12 numbers"},
       {weights(filled_tensor("w", {3, 4}, 13)), ErrorCode::kShapeMismatch, "'w' does not hold exactly"},
       {weights(tensor_head("w", {3, 4}, 1)), ErrorCode::kShapeMismatch, "'w' does not hold exactly"},
       {weights(tensor_head("w", {3, 4}, 1).text(9, std::string(47, '0'))), ErrorCode::kShapeMismatch,
        "'w' does not"},
       {weights(tensor_head("w", {3, 4}, 1).text(9, std::string(49, '0'))), ErrorCode::kShapeMismatch,
        "'w' does not"},
       {weights(filled_tensor("w", {3, 4}, 12).number(4, 1)), ErrorCode::kShapeMismatch, "'w' does not"},
       {weights(filled_tensor("w", {12}, 12)), ErrorCode::kShapeMismatch,
        "'w' has 1 dimensions instead of 2"},
       {weights(filled_tensor("w", Integers(9, 1), 1)), ErrorCode::kTooLarge,
        "initializer 0: field 1 holds more than 8"},
       {weights(filled_tensor("w", {0, 4}, 0)), ErrorCode::kShapeMismatch, "a dimension of its constant 'w'"},
       {weights(filled_tensor("w", {-3, -4}, 12)), ErrorCode::kShapeMismatch,
        "a dimension of its constant 'w'"},
       {weights(filled_tensor("w", {big, 2}, 0)), ErrorCode::kShapeMismatch,
        "a dimension of its constant 'w'"},
       {weights(filled_tensor("w", {65536, 65536}, 0)), ErrorCode::kTooLarge, "'w' is too large"},
       {weights(filled_tensor("w", {65536, 65537}, 65536)), ErrorCode::kTooLarge, "'w' is too large"},
       {weights(integer_tensor("w", {3, 4}, Integers(6, 0))), ErrorCode::kUnsupported,
        "'w' is not of float32"},
       {weights(filled_tensor("w", {4, 3}, 12)), ErrorCode::kShapeMismatch,
        "node 'g' (Gemm): its bias 'b' has 3"},
       {weights(filled_tensor("w", {3, 5}, 15)), ErrorCode::kShapeMismatch, "node 'g' (Gemm): takes 5"},
       {[](Model& m) {
          m.initializers[1] = filled_tensor("b", {3, 1}, 3);
        },
        ErrorCode::kShapeMismatch, "'b' has 2 dim"},
       {[](Model& m) {
          m.initializers[1] = float_tensor("b", {3}, {0, std::numeric_limits<float>::quiet_NaN(), 0});
        },
        ErrorCode::kNotFinite, "finite"},
       {[](Model& m) {
          m.initializers[0] =
              float_tensor("w", {3, 4}, std::vector<float>(12, std::numeric_limits<float>::infinity()));
        },
        ErrorCode::kNotFinite, "finite"}});
}

TEST_CASE("one tensor used many times does not make a network beyond the limit") {
  Model model;
  model.initializers = {filled_tensor("w", {1024, 1024}, 1U << 20U), filled_tensor("v", {1024, 4}, 4096)};
  model.nodes = {node("Flatten", {"x"}, {"v0"}),
                 node("Gemm", {"v0", "v"}, {"v1"}, {integer_attribute("transB", 1)})};
  for (int i = 1; i <= 4; ++i) {
    model.nodes.push_back(node("MatMul", {"v" + std::to_string(i), "w"}, {"v" + std::to_string(i + 1)}));
  }
  model.outputs = {value("v5", {-1, 1024})};
  check_refused(model.bytes(), ErrorCode::kTooLarge,
                "node 'v5' (MatMul): takes the network beyond the limit");
}

TEST_CASE("a graph whose values do not line up is refused, with the names") {
  check_refused(
      {{[](Model& m) { std::swap(m.nodes[0], m.nodes[1]); }, ErrorCode::kMalformed,
        "node 'g' (Gemm): no earlier node makes its input 'f'"},
       {[](Model& m) { m.nodes[0] = node("Flatten", {"y"}, {"f"}); }, ErrorCode::kMalformed,
        "node 'f' (Flatten): no earlier node makes its input 'y'"},
       {[](Model& m) { m.nodes[0] = node("Flatten", {"f"}, {"f"}); }, ErrorCode::kMalformed, "its input 'f'"},
       {[](Model& m) { m.nodes[0] = node("Flatten", {""}, {"f"}); }, ErrorCode::kMalformed, "its input ''"},
       {[](Model& m) {
          m.nodes[0] = node("Dropout", {"x", "ratio"}, {"f"});
        },
        ErrorCode::kMalformed, "input 'ratio'"},
       {[](Model& m) { m.nodes[1] = node("Relu", {"f"}, {"f"}); }, ErrorCode::kMalformed,
        "two values have the name 'f'"},
       {[](Model& m) { m.nodes[1] = node("Relu", {"f"}, {"w"}); }, ErrorCode::kMalformed,
        "two values have the name 'w'"},
       {[](Model& m) { m.nodes[1] = node("Relu", {"f"}, {""}); }, ErrorCode::kMalformed,
        "a value has no name"},
       {[](Model& m) { m.initializers[1] = filled_tensor("w", {3}, 3); }, ErrorCode::kMalformed,
        "two values"},
       {[](Model& m) { m.nodes[1] = node("Relu", {"w"}, {"g"}); }, ErrorCode::kUnsupported,
        "'w' is a constant"},
       {[](Model& m) {
          m.nodes[1] = node("MatMul", {"f", "f"}, {"g"});
        },
        ErrorCode::kUnsupported, "'f' is not a const"},
       {[](Model& m) { m.nodes[2] = node("Softmax", {"f"}, {"y"}); }, ErrorCode::kInvalidArgument,
        "node 'g' (Gemm): nothing uses its value"},
       {[](Model& m) {
          m.nodes[1] = node("MatMul", {"x", "w"}, {"g"});
        },
        ErrorCode::kShapeMismatch, "(MatMul): takes 3"},
       {[](Model& m) { m.nodes.clear(); }, ErrorCode::kMalformed, "no node makes its output 'y'"},
       {[](Model& m) {
          m.outputs = {value("x", {-1, 1, 2, 2})};
          m.nodes.clear();
        },
        ErrorCode::kEmpty, "no nodes"},
       {[](Model& m) {
          m.outputs = {value("g", {-1, 3})};
        },
        ErrorCode::kUnsupported, "'g' is not what its last"},
       {[](Model& m) {
          m.outputs = {value("w", {-1, 3})};
        },
        ErrorCode::kMalformed, "no node makes its output 'w'"},
       {[](Model& m) { m.outputs.clear(); }, ErrorCode::kMalformed, "no output"},
       {[](Model& m) {
          m.outputs.push_back(value("g", {-1, 3}));
        },
        ErrorCode::kTooLarge, "more than 1 outputs"}});
}

/// A convolution or dense layer of two channels, `layer`, and a batch normalization of it.
Model normalized_model(const std::string& op_type, bool with_bias, const std::vector<Message>& attributes) {
  Model model = window_model("Conv", {});
  Names inputs = {"x", "k"};
  if (op_type != "Conv") {
    model.inputs = {value("x", {1, 4})};
    model.initializers = {float_tensor("k", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})};
  }
  model.initializers.push_back(float_tensor("b", {2}, {1, -2}));
  if (with_bias) inputs.push_back("b");
  const std::vector<std::vector<float>> constants = {{2, 3}, {0.5F, -1}, {1, -4}, {3, 15}};
  const Names names = {"scale", "offset", "mean", "variance"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    model.initializers.push_back(float_tensor(names[i], {2}, constants[i]));
  }
  model.nodes = {node(op_type, inputs, {"c"}),
                 node("BatchNormalization", {"c", "scale", "offset", "mean", "variance"}, {"y"}, attributes)};
  return model;
}

TEST_CASE("a batch normalization is folded into the layer before it") {
  const Message epsilon = float_attribute("epsilon", 1);
  // Behind it, channel 0 is y * 2 / sqrt(3 + 1) - 0.5 and channel 1 is y * 3 / sqrt(15 + 1) + 2.
  SUBCASE("of a convolution without bias") {
    const Network network = accepted(normalized_model("Conv", false, {epsilon}).bytes());
    CHECK(network.nodes().size() == 1);
    std::vector<float> expected(6, 0.25F);
    expected.insert(expected.end(), 6, 0.1875F);
    expected.insert(expected.end(), {-0.5F, 2});
    CHECK(parameters_of(network) == expected);
  }
  SUBCASE("of a convolution with bias, in all operator sets") {
    for (const std::int64_t opset : {7, 21}) {
      Model model = normalized_model(
          "Conv", true,
          {epsilon, float_attribute("momentum", 0.9F),
           opset == 7 ? integer_attribute("spatial", 1) : integer_attribute("training_mode", 0)});
      model.opset = opset;
      const std::vector<float> parameters = parameters_of(accepted(model.bytes()));
      CHECK(std::vector<float>(parameters.end() - 2, parameters.end()) == std::vector<float>{0.5F, 0.5F});
    }
  }
  SUBCASE("of a dense layer") {
    for (const std::string op_type : {"Gemm", "MatMul"}) {
      const Network network = accepted(normalized_model(op_type, false, {epsilon}).bytes());
      CHECK(network.nodes().size() == 2);
      CHECK(parameters_of(network) == std::vector<float>{1, 3, 5, 7, 1.5F, 3, 4.5F, 6, -0.5F, 2});
    }
  }
  SUBCASE("with ONNX's epsilon of 1e-5, if the file gives none") {
    Model model = normalized_model("Gemm", false, {});
    model.initializers.back() = float_tensor("variance", {2}, {0, 0});
    CHECK(parameters_of(accepted(model.bytes()))[0] == doctest::Approx(632.4555));
  }
}

TEST_CASE("a batch normalization that cannot be folded is refused, with the node") {
  const auto check = [](const Change& change, ErrorCode code, const std::string& fragment) {
    Model model = normalized_model("Conv", false, {});
    change(model);
    check_refused(model.bytes(), code, fragment);
    check_refused(model.bytes(), code, "node '");
  };
  const auto normalization = [](const std::string& input, const std::vector<Message>& attributes = {}) {
    return node("BatchNormalization", {input, "scale", "offset", "mean", "variance"}, {"y"}, attributes);
  };
  const std::string elsewhere = "node 'y' (BatchNormalization): it normalizes something other";
  check([&](Model& m) { m.nodes = {normalization("x")}; }, ErrorCode::kUnsupported, elsewhere);
  check(
      [&](Model& m) {
        m.nodes = {m.nodes[0], node("Relu", {"c"}, {"r"}), normalization("r")};
      },
      ErrorCode::kUnsupported, elsewhere);
  check(
      [&](Model& m) {
        m.nodes = {m.nodes[0], node("Relu", {"c"}, {"r"}), normalization("c")};
      },
      ErrorCode::kUnsupported, elsewhere);
  check([&](Model& m) { m.nodes.push_back(node("Relu", {"c"}, {"z"})); }, ErrorCode::kUnsupported,
        "node 'z' (Relu): its input 'c' is used elsewhere without the bias or normalization");
  check([&](Model& m) { m.nodes[1] = normalization("scale"); }, ErrorCode::kUnsupported, "is a constant");
  check([&](Model& m) { m.nodes[1] = normalization("c", {integer_attribute("training_mode", 1)}); },
        ErrorCode::kUnsupported, "'training_mode' must be 0");
  check([&](Model& m) { m.nodes[1] = normalization("c", {integer_attribute("spatial", 0)}); },
        ErrorCode::kUnsupported, "'spatial' must be 1");
  check([&](Model& m) { m.nodes[1] = normalization("c", {float_attribute("epsilon", -3)}); },
        ErrorCode::kInvalidArgument, "the variance of channel 0");
  check(
      [&](Model& m) {
        m.nodes[1] =
            normalization("c", {float_attribute("epsilon", std::numeric_limits<float>::quiet_NaN())});
      },
      ErrorCode::kInvalidArgument, "the variance of channel 0");
  check(
      [](Model& m) {
        m.initializers.back() = float_tensor("variance", {2}, {1, -1});
      },
      ErrorCode::kInvalidArgument, "the variance of channel 1");
  check([](Model& m) { m.initializers.back() = filled_tensor("variance", {3}, 3); },
        ErrorCode::kShapeMismatch, "its constant 'variance' has 3 numbers instead of 2");
  check(
      [](Model& m) {
        m.initializers.back() = filled_tensor("variance", {1, 2}, 2);
      },
      ErrorCode::kShapeMismatch, "'variance' has 2 dimensions instead of 1");
  check(
      [](Model& m) {
        m.nodes[1] = node("BatchNormalization", {"c", "scale"}, {"y"});
      },
      ErrorCode::kUnsupported, "2 inputs");

  for (const float scale : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max()}) {
    Model model = normalized_model("Conv", false, {});
    model.initializers[2] = float_tensor("scale", {2}, {1, scale});
    model.initializers.back() = float_tensor("variance", {2}, {1, 0});
    check_refused(model.bytes(), ErrorCode::kNotFinite,
                  "node 'y' (BatchNormalization): it makes a parameter");
  }
}

TEST_CASE("the sum of two values is read, of a value and itself too") {
  for (const Names& terms : {Names{"r", "g"}, Names{"g", "r"}, Names{"r", "r"}}) {
    CAPTURE(terms[0]);
    const Network network = accepted(changed([&](Model& m) {
      m.nodes = {m.nodes[0], m.nodes[1], node("Relu", {"g"}, {"r"}), node("Add", terms, {"y"})};
    }));
    REQUIRE(network.nodes().size() == 4);
    CHECK(std::holds_alternative<Add>(network.nodes()[3].op));
    const auto value = [](const std::string& name) { return ValueId{name == "g" ? 2U : 3U}; };
    CHECK(network.nodes()[3].inputs == std::vector<ValueId>{value(terms[0]), value(terms[1])});
  }
}

TEST_CASE("an Add that is not the bias of the layer before it is refused") {
  const auto nodes = [](const std::vector<Message>& n) { return [n](Model& m) { m.nodes = n; }; };
  const Message flatten = node("Flatten", {"x"}, {"f"});
  const Message dense = node("Gemm", {"f", "w"}, {"g"}, {integer_attribute("transB", 1)});
  const Message add = node("Add", {"g", "b"}, {"y"});
  check_refused({{nodes({flatten, node("Add", {"f", "b"}, {"y"})}), ErrorCode::kUnsupported,
                  "node 'y' (Add): it adds a constant to something"},
                 {nodes({flatten, dense, node("Relu", {"g"}, {"r"}), add}), ErrorCode::kUnsupported,
                  "it adds a constant to something"},
                 {nodes({flatten, dense, node("Add", {"f", "g"}, {"y"})}), ErrorCode::kShapeMismatch,
                  "node 'y' (Add): takes two values of the same shape, but gets 4 x 1 x 1 and 3 x 1 x 1"},
                 {nodes({flatten, dense, node("Add", {"b", "b"}, {"y"})}), ErrorCode::kUnsupported,
                  "'b' is a constant"},
                 {nodes({flatten, dense, node("Add", {"g", "b"}, {"h"}), node("Add", {"h", "b"}, {"y"})}),
                  ErrorCode::kUnsupported, "it adds a constant to something"},
                 {nodes({flatten, dense, node("Identity", {"g"}, {"i"}), node("Add", {"g", "b"}, {"h"}),
                         node("Relu", {"i"}, {"y"})}),
                  ErrorCode::kUnsupported, "node 'y' (Relu): its input 'i' is used elsewhere"},
                 {[&](Model& m) {
                    m.nodes = {flatten, dense, node("Add", {"g", "b"}, {"h"})};
                    m.outputs = {value("g", {-1, 3})};
                  },
                  ErrorCode::kMalformed, "no node makes its output 'g'"},
                 {[&](Model& m) {
                    m.nodes = {flatten, dense, add};
                    m.initializers[1] = filled_tensor("b", {1}, 1);
                  },
                  ErrorCode::kShapeMismatch, "its bias 'b' has 1 numbers instead of 3"}});
}

TEST_CASE("an input that is not one grey image is refused, with its name") {
  const auto input = [](const Message& v) { return [v](Model& m) { m.inputs = {v}; }; };
  const std::int64_t huge = std::int64_t{1} << 40U;
  check_refused(
      {{[](Model& m) { m.inputs.clear(); }, ErrorCode::kMalformed, "it has no input"},
       {[](Model& m) { m.inputs.push_back(value("z", {1})); }, ErrorCode::kUnsupported,
        "several inputs, 'x' and 'z'"},
       {input(value("x", {-1, 1, 2, 2}, 11)), ErrorCode::kUnsupported, "input 'x': it does not take float32"},
       {input(Message().text(1, "x")), ErrorCode::kUnsupported, "input 'x': it does not take float32"},
       {input(value("x", {})), ErrorCode::kUnsupported, "input 'x': its shape is neither"},
       {input(value("x", {-1, 2, 2})), ErrorCode::kUnsupported, "input 'x': its shape is neither"},
       {input(value("x", {-1, 5})), ErrorCode::kUnsupported, "input 'x': its shape is neither"},
       {input(value("x", {-1, -1})), ErrorCode::kUnsupported, "input 'x': its shape is neither"},
       {input(value("x", {-1, 1, -1, 2})), ErrorCode::kShapeMismatch, "input 'x': its height is not a fixed"},
       {input(value("x", {-1, 1, 2, huge})), ErrorCode::kShapeMismatch,
        "input 'x': its width is not a fixed"},
       {input(value("x", {-1, 1, 2, 0x7FFFFFFF})), ErrorCode::kTooLarge, "beyond the limit"},
       {input(value("x", {-1, 2, 2, 1})), ErrorCode::kUnsupported, "the input of 2 x 2 x 1"}});
}

TEST_CASE("lists and texts beyond their limits are refused") {
  check_refused(
      {{[](Model& m) { m.nodes.resize(1025); }, ErrorCode::kTooLarge, "more than 1024 nodes"},
       {[](Model& m) { m.initializers.resize(1025); }, ErrorCode::kTooLarge, "more than 1024 initializers"},
       {[](Model& m) { m.inputs.resize(1026); }, ErrorCode::kTooLarge, "more than 1025 inputs"},
       {[](Model& m) { m.nodes[0] = node("Relu", Names(9, "x"), {"f"}); }, ErrorCode::kTooLarge,
        "more than 8 inputs"},
       {[](Model& m) { m.nodes[0] = node("Relu", {"x"}, {"f"}, std::vector<Message>(17)); },
        ErrorCode::kTooLarge, "node 0: there are more than 16 attributes"},
       {[](Model& m) {
          m.nodes[0] = node("Conv", {"x"}, {"f"}, {integers_attribute("pads", Integers(9, 0))});
        },
        ErrorCode::kTooLarge, "node 0: attribute 0: field 8 holds more than 8 numbers"},
       {[](Model& m) { m.inputs = {value("x", Integers(9, 1))}; }, ErrorCode::kTooLarge,
        "more than 8 dimensions"},
       {[](Model& m) { m.nodes[0] = node(std::string(257, 'a'), {"x"}, {"f"}); }, ErrorCode::kTooLarge,
        "node 0: field"},
       {[](Model& m) { m.nodes.insert(m.nodes.begin(), 300, Message()); }, ErrorCode::kUnsupported,
        "node '' ()"}});
}

TEST_CASE("fields that may come once, and come twice or as another type, are refused") {
  check_refused(
      {{[](Model& m) { m.more_model.integer(1, 8); }, ErrorCode::kMalformed, "field 1 appears twice"},
       {[](Model& m) { m.more_model.message(7, Message()); }, ErrorCode::kMalformed, "field 7 appears twice"},
       {[](Model& m) { m.nodes[1].text(4, "Relu"); }, ErrorCode::kMalformed, "node 1: field 4 appears twice"},
       {[](Model& m) { m.initializers[0].text(9, "x"); }, ErrorCode::kMalformed, "field 9 appears twice"},
       {[](Model& m) { m.nodes[1].integer(7, 1); }, ErrorCode::kMalformed, "node 1: field 7 has the wrong"}});
}

TEST_CASE("a file's texts are shown shortened and printable") {
  const std::string hostile = "\x1b]0;\n\xff" + std::string(200, 'z');
  const std::string file = changed([&](Model& m) { m.nodes[1] = node(hostile, {"f"}, {hostile}); });
  const Result<Network> network = read(file);
  REQUIRE_FALSE(network.ok());
  const std::string& detail = network.error().detail;
  CHECK(detail.size() < 220);
  CHECK(std::all_of(detail.begin(), detail.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  CHECK(detail.find("?]0;??zzz") != std::string::npos);
}

TEST_CASE("messages inside of messages without end do not overflow the stack") {
  Message deep;
  for (int depth = 0; depth < 2000; ++depth) deep = Message().message(6, Message().message(1, deep));
  check_refused(changed([&](Model& m) { m.nodes[0].message(5, deep); }), ErrorCode::kUnsupported, "subgraph");
  accepted(changed([&](Model& m) { m.more_model.message(20, deep); }));
}

// ---- Weights of 8 bits

/// The weights of Model's dense layer, [3][4], through a DequantizeLinear.
Model quantized_model(const Message& tensor, const std::vector<Message>& constants, const Names& inputs,
                      const std::vector<Message>& attributes = {}) {
  Model model;
  model.initializers[0] = tensor;
  model.initializers.insert(model.initializers.end(), constants.begin(), constants.end());
  model.nodes.insert(model.nodes.begin() + 1, node("DequantizeLinear", inputs, {"w"}, attributes));
  return model;
}

const Integers kSteps = {-128, -127, -1, 0, 1, 2, 3, 4, 5, 6, 126, 127};

std::vector<float> weights_of(const Model& model) {
  std::vector<float> numbers = parameters_of(accepted(model.bytes()));
  numbers.resize(kSteps.size());
  return numbers;
}

TEST_CASE("weights of 8 bits become the numbers that they mean") {
  const Message rows = float_tensor("s", {3}, {0.5F, 2.0F, 0.25F});
  const Message columns = float_tensor("s", {4}, {0.5F, 2.0F, 0.25F, 4.0F});
  const Message one = float_tensor("s", {}, {0.5F});
  const Message steps = byte_tensor("q", {3, 4}, kSteps);
  const Integers unsigned_steps = {0, 1, 127, 128, 129, 130, 131, 132, 133, 134, 254, 255};
  const std::vector<float> by_row = {-64, -63.5F, -0.5F, 0, 2, 4, 6, 8, 1.25F, 1.5F, 31.5F, 31.75F};
  const std::vector<float> by_column = {-64, -254, -0.25F, 0, 0.5F, 4, 0.75F, 16, 2.5F, 12, 31.5F, 508};
  const std::vector<float> halves = {-64, -63.5F, -0.5F, 0, 0.5F, 1, 1.5F, 2, 2.5F, 3, 63, 63.5F};
  const auto axis = [](std::int64_t value) { return std::vector<Message>{integer_attribute("axis", value)}; };
  const Names no_zero = {"q", "s"};
  const Names with_zero = {"q", "s", "z"};
  CHECK(weights_of(quantized_model(steps, {rows}, no_zero, axis(0))) == by_row);
  CHECK(weights_of(quantized_model(steps, {rows}, no_zero, axis(-2))) == by_row);
  CHECK(weights_of(quantized_model(steps, {columns}, no_zero)) == by_column);
  CHECK(weights_of(quantized_model(steps, {columns}, no_zero, axis(-1))) == by_column);
  CHECK(weights_of(quantized_model(steps, {one}, no_zero)) == halves);
  CHECK(weights_of(quantized_model(steps, {float_tensor("s", {1}, {0.5F})}, no_zero)) == halves);
  CHECK(weights_of(quantized_model(steps, {one, byte_tensor("z", {}, {0})}, with_zero)) == halves);
  CHECK(weights_of(quantized_model(byte_tensor("q", {3, 4}, unsigned_steps, 2),
                                   {one, byte_tensor("z", {}, {128}, 2)}, with_zero)) == halves);
  CHECK(weights_of(quantized_model(steps, {rows, byte_tensor("z", {3}, {-128, 1, 0})}, with_zero, axis(0))) ==
        std::vector<float>{0, 0.5F, 63.5F, 64, 0, 2, 4, 6, 1.25F, 1.5F, 31.5F, 31.75F});
}

TEST_CASE("numbers of 8 bits may lie as fields") {
  Message steps = tensor_head("q", {3, 4}, 3);
  for (const std::int64_t step : kSteps) steps.integer(5, step);
  const Model model = quantized_model(
      steps, {float_tensor("s", {}, {1.0F}), tensor_head("z", {}, 3).integer(5, -1)}, {"q", "s", "z"});
  CHECK(weights_of(model).front() == -127);
  CHECK(weights_of(model).back() == 128);
}

TEST_CASE("a file says how it stores its weights") {
  const Message steps = byte_tensor("q", {3, 4}, kSteps);
  const Message scale = float_tensor("s", {}, {1.0F});
  Model model = quantized_model(steps, {scale}, {"q", "s"});
  CHECK(read_model(model.bytes()).value().weights == WeightStorage::kInt8);
  model.nodes.back() = node("Gemm", {"g", "m"}, {"h"});
  model.nodes.push_back(node("Softmax", {"h"}, {"y"}));
  model.initializers.push_back(filled_tensor("m", {3, 3}, 9));
  CHECK(read_model(model.bytes()).value().weights == WeightStorage::kFloat32);
  CHECK(read_model(Model().bytes()).value().weights == WeightStorage::kFloat32);
}

TEST_CASE("a bias of 8 bits is read, and a dequantized layer is normalized") {
  Model model =
      quantized_model(byte_tensor("q", {3, 4}, kSteps), {float_tensor("s", {}, {1.0F})}, {"q", "s"});
  model.initializers[1] = byte_tensor("c", {3}, {1, 2, 3});
  model.nodes.insert(model.nodes.begin(), node("DequantizeLinear", {"c", "s"}, {"b"}));
  model.initializers.push_back(filled_tensor("v", {3}, 3));
  model.nodes.back() = node("BatchNormalization", {"g", "v", "v", "v", "v"}, {"n"});
  model.nodes.push_back(node("Softmax", {"n"}, {"y"}));
  const Result<OnnxModel> read = read_model(model.bytes());
  REQUIRE(read.ok());
  CHECK(read.value().network.nodes().size() == 3);
  CHECK(read.value().weights == WeightStorage::kInt8);
}

TEST_CASE("weights of 8 bits whose parts do not fit are refused, with the node") {
  const Message steps = byte_tensor("q", {3, 4}, kSteps);
  const Message one = float_tensor("s", {}, {0.5F});
  const Message rows = filled_tensor("s", {3}, 3);
  const auto with = [](const Message& tensor, const std::vector<Message>& constants, const Names& inputs,
                       const std::vector<Message>& attributes = {}) {
    return [=](Model& m) { m = quantized_model(tensor, constants, inputs, attributes); };
  };
  const Names no_zero = {"q", "s"};
  const Names with_zero = {"q", "s", "z"};
  const auto axis = [](std::int64_t value) { return std::vector<Message>{integer_attribute("axis", value)}; };
  const auto scale = [&](float value) { return with(steps, {float_tensor("s", {}, {value})}, no_zero); };
  const auto fields = [](std::int64_t type, std::int64_t value) {
    Message tensor = tensor_head("q", {3, 4}, type);
    for (int i = 0; i < 12; ++i) tensor.integer(5, value);
    return tensor;
  };
  using Floats = std::numeric_limits<float>;
  const std::string node_name = "node 'w' (DequantizeLinear): ";
  check_refused({
      {with(filled_tensor("q", {3, 4}, 12), {one}, no_zero), ErrorCode::kUnsupported,
       node_name + "its constant 'q' is not of int8 numbers"},
      {with(integer_tensor("q", {2}, {1, 2}), {one}, no_zero), ErrorCode::kUnsupported, "'q' is not of int8"},
      {with(steps, {one}, {"f", "s"}), ErrorCode::kUnsupported, "its input 'f' is not a constant"},
      {with(steps, {one}, {"q", "f"}), ErrorCode::kUnsupported, "its input 'f' is not a constant"},
      {with(steps, {one}, {"q", "s", "f"}), ErrorCode::kUnsupported, "its input 'f' is not a constant"},
      {with(steps, {one}, {"q"}), ErrorCode::kUnsupported, "1 inputs are not supported"},
      {with(byte_tensor("q", {3, 4}, Integers(11, 0)), {one}, no_zero), ErrorCode::kShapeMismatch,
       "'q' does not hold exactly the 12 numbers"},
      {with(byte_tensor("q", {3, 4}, Integers(13, 0)), {one}, no_zero), ErrorCode::kShapeMismatch,
       "'q' does not hold exactly"},
      {with(tensor_head("q", {3, 4}, 3), {one}, no_zero), ErrorCode::kShapeMismatch, "'q' does not hold"},
      {with(byte_tensor("q", {3, 4}, kSteps).integer(5, 1), {one}, no_zero), ErrorCode::kShapeMismatch,
       "'q' does not hold"},
      {with(fields(3, 128), {one}, no_zero), ErrorCode::kMalformed, "'q' holds 128, beyond 8 bits"},
      {with(fields(3, -129), {one}, no_zero), ErrorCode::kMalformed, "'q' holds -129, beyond"},
      {with(fields(2, -1), {one}, no_zero), ErrorCode::kMalformed, "'q' holds -1, beyond"},
      {with(fields(2, 256), {one}, no_zero), ErrorCode::kMalformed, "'q' holds 256, beyond"},
      {with(fields(3, std::int64_t{1} << 40U), {one}, no_zero), ErrorCode::kMalformed,
       "field 5 holds a number of more than 32 bits"},
      {with(byte_tensor("q", {3, 0}, {}), {one}, no_zero), ErrorCode::kShapeMismatch, "a dimension of its"},
      {with(byte_tensor("q", {-3, -4}, kSteps), {one}, no_zero), ErrorCode::kShapeMismatch, "a dimension of"},
      {with(byte_tensor("q", {65536, 65536}, {}), {one}, no_zero), ErrorCode::kTooLarge, "'q' is too large"},
      {scale(0), ErrorCode::kInvalidArgument, "its scale 's' holds a number that is not finite and above 0"},
      {scale(-0.5F), ErrorCode::kInvalidArgument, "its scale 's' holds"},
      {scale(Floats::infinity()), ErrorCode::kInvalidArgument, "its scale 's' holds"},
      {scale(Floats::quiet_NaN()), ErrorCode::kInvalidArgument, "its scale 's' holds"},
      {scale(Floats::max()), ErrorCode::kNotFinite, "finite"},
      {with(steps, {byte_tensor("s", {}, {1})}, no_zero), ErrorCode::kUnsupported, "'s' is not of float32"},
      {with(steps, {filled_tensor("s", {3, 1}, 3)}, no_zero, axis(0)), ErrorCode::kShapeMismatch,
       "'s' has 2 dimensions instead of 1"},
      {with(steps, {rows}, no_zero), ErrorCode::kShapeMismatch, "its scale 's' has 3 numbers instead of 4"},
      {with(steps, {filled_tensor("s", {12}, 12)}, no_zero, axis(0)), ErrorCode::kShapeMismatch,
       "its scale 's' has 12 numbers instead of 3"},
      {with(steps, {rows}, no_zero, axis(2)), ErrorCode::kInvalidArgument,
       "attribute 'axis' is 2, which is out of range"},
      {with(steps, {rows}, no_zero, axis(-3)), ErrorCode::kInvalidArgument, "'axis' is -3"},
      {with(steps, {rows}, no_zero, axis(std::numeric_limits<std::int64_t>::min())),
       ErrorCode::kInvalidArgument, "'axis' is -9223372036854775808"},
      {with(byte_tensor("q", {}, {1}), {rows}, no_zero, axis(0)), ErrorCode::kInvalidArgument, "'axis' is 0"},
      {with(steps, {one}, no_zero, {integer_attribute("block_size", 2)}), ErrorCode::kUnsupported,
       "attribute 'block_size' is not supported"},
      {with(steps, {one, byte_tensor("z", {}, {1}, 2)}, with_zero), ErrorCode::kUnsupported,
       "'z' is not of int8 numbers"},
      {with(steps, {rows, byte_tensor("z", {}, {1})}, with_zero, axis(0)), ErrorCode::kShapeMismatch,
       "its scale and zero point have different shapes"},
      {with(steps, {rows, byte_tensor("z", {3, 1}, {1, 1, 1})}, with_zero, axis(0)),
       ErrorCode::kShapeMismatch, "its scale and zero point have different shapes"},
      {with(byte_tensor("q", {4, 3}, kSteps), {one}, no_zero), ErrorCode::kShapeMismatch,
       "node 'g' (Gemm): its bias 'b' has 3"},
  });
}

TEST_CASE("one tensor of 8 bits used many times does not fill the memory") {
  Model model = quantized_model(byte_tensor("q", {1024, 1024}, Integers(1U << 20U, 1)),
                                {float_tensor("s", {}, {1.0F})}, {"q", "s"});
  for (int i = 0; i < 4; ++i) {
    model.nodes.insert(model.nodes.begin(), node("DequantizeLinear", {"q", "s"}, {"d" + std::to_string(i)}));
  }
  check_refused(model.bytes(), ErrorCode::kTooLarge, "takes the dequantized constants beyond the limit");
}

// ---- Notes

/// A model with these pairs as its metadata.
std::string with_metadata(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Model model;
  for (const auto& [key, text] : pairs) model.more_model.message(14, property(key, text));
  return model.bytes();
}

TEST_CASE("a calibration is read from the metadata, in any order, among the notes of others") {
  const Result<OnnxModel> model = read_model(with_metadata({{"author", std::string(10000, 'a')},
                                                            {"inkread.accept_risk", "0.002"},
                                                            {"inkread.of_a_later_version", "?"},
                                                            {"inkread.accept_confidence", "0.9"},
                                                            {"author", ""},
                                                            {"inkread.temperature", "1.25"}}));
  REQUIRE(model.ok());
  const std::optional<Calibration>& calibration = model.value().notes.calibration;
  REQUIRE(calibration.has_value());
  CHECK(calibration->temperature == 1.25F);
  CHECK(calibration->accept_confidence == 0.9F);
  CHECK(calibration->accept_risk == 0.002F);
  CHECK_FALSE(read_model(with_metadata({{"author", "a"}})).value().notes.calibration.has_value());
}

TEST_CASE("a calibration that is not whole, not once or out of range is refused") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const auto refused = [](const std::string& temperature, const std::string& confidence,
                          const std::string& risk, ErrorCode code, const std::string& fragment) {
    check_refused(with_metadata({{"inkread.temperature", temperature},
                                 {"inkread.accept_confidence", confidence},
                                 {"inkread.accept_risk", risk}}),
                  code, fragment);
  };
  refused("1", "", "0", ErrorCode::kMalformed,
          "the metadata's 'inkread.accept_confidence' is '', which is no number");
  refused("1", "-0.5", "0", ErrorCode::kMalformed, "is '-0.5', which is no number");
  refused("1", "nan", "0", ErrorCode::kMalformed, "is 'nan', which is no number");
  refused("1", "1.5", "0", ErrorCode::kInvalidArgument,
          "the metadata's 'inkread.accept_confidence' is '1.5', which is not in 0..1");
  refused("1", "0.5", "1.0001", ErrorCode::kInvalidArgument, "'inkread.accept_risk' is '1.0001'");
  refused("0", "0.5", "0", ErrorCode::kInvalidArgument,
          "'inkread.temperature' is '0', which is not in 0.001..");
  refused("1001", "0.5", "0", ErrorCode::kInvalidArgument, "not in 0.001..1000");
  refused(std::string(1000, '1'), "0.5", "0", ErrorCode::kMalformed, "111...', which is no number");
  const Pairs whole = {
      {"inkread.temperature", "1"}, {"inkread.accept_confidence", "1"}, {"inkread.accept_risk", "1"}};
  for (const auto& pair : whole) {
    Pairs twice = whole;
    twice.push_back(pair);
    check_refused(with_metadata(twice), ErrorCode::kMalformed, "the metadata has '" + pair.first + "' twice");
    Pairs part = whole;
    part.erase(std::find(part.begin(), part.end(), pair));
    check_refused(with_metadata(part), ErrorCode::kMalformed, "but no '" + pair.first + "'");
  }
  check_refused(changed([](Model& m) { m.more_model.text(14, "\x0a\x7f"); }), ErrorCode::kTruncated,
                "the metadata: field 1 claims");
  check_refused(changed([](Model& m) {
                  m.more_model.message(14, Message().text(1, "a").text(1, "inkread.temperature"));
                }),
                ErrorCode::kMalformed, "the metadata: field 1 appears twice");
}

// ---- Damage

std::string sample_file(const OnnxOptions& options = {}) {
  const std::vector<std::byte> file = write_onnx(sample_network(), options);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

std::string int8_file() {
  return sample_file({.weights = WeightStorage::kInt8, .notes = {Calibration{1.5F, 0.9F, 0.01F}}});
}

TEST_CASE("every file that is cut short is refused") {
  // A file that ends in front of its metadata is whole without it.
  const std::string int8 = int8_file();
  const std::size_t metadata = int8.find("inkread.accept_confidence") - 4;
  CHECK(metadata > int8.size() / 2);
  for (const std::string& whole : {sample_file(), int8, Model().bytes()}) {
    accepted(whole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      if (whole == int8 && size == metadata) continue;
      CAPTURE(size);
      CHECK_FALSE(read(std::string_view(whole).substr(0, size)).ok());
    }
  }
}

TEST_CASE("a file with a changed byte is refused, or gives a network that can be written and read") {
  const std::vector<unsigned char> changes = {0x01, 0x02, 0x07, 0x08, 0x10, 0x40, 0x7F, 0x80, 0xFF};
  for (const std::string& whole : {sample_file(), int8_file(), Model().bytes()}) {
    std::string file = whole;
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const unsigned char change : changes) {
        file[at] = static_cast<char>(static_cast<unsigned char>(whole[at]) ^ change);
        const Result<OnnxModel> model = read_model(file);
        if (!model.ok()) continue;
        const auto& [network, notes, weights] = model.value();
        const std::vector<std::byte> written = write_onnx(network, {weights, notes});
        const Result<OnnxModel> again = read_onnx_model(written);
        CAPTURE(at);
        CAPTURE(change);
        REQUIRE(again.ok());
        CHECK(write_onnx(again.value().network, {weights, again.value().notes}) == written);
      }
      file[at] = whole[at];
    }
  }
}

}  // namespace
}  // namespace inkread
