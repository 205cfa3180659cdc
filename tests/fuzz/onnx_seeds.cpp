// SPDX-License-Identifier: MIT
// Writes the files that onnx_fuzz starts from: one as we write them, and one with all that other tools do.
#include <fstream>
#include <string>
#include <vector>

#include "engine/model/onnx_writer.hpp"
#include "tests/support/sample_network.hpp"
#include "tests/unit/model/onnx_bytes.hpp"

namespace {

using namespace inkread::onnx_bytes;

std::string written() {
  const std::vector<std::byte> file = inkread::write_onnx(
      inkread::sample_network(),
      {.weights = inkread::WeightStorage::kInt8, .notes = {inkread::Calibration{1.5F, 0.9F, 0.01F}}});
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

std::string foreign() {
  Model model;
  model.ir_version = 3;
  model.opset = 9;
  model.inputs = {value("x", {1, 1, 5, 5}), value("k", {2, 1, 2, 2})};
  model.initializers = {filled_tensor("k", {2, 1, 2, 2}, 8),
                        byte_tensor("5", {2, 1, 1, 1}, {9, 200}, 2),
                        filled_tensor("6", {2}, 2),
                        byte_tensor("7", {2}, {128, 0}, 2),
                        filled_tensor("v", {2}, 2),
                        filled_tensor("w", {8, 3}, 24),
                        tensor_head("b", {1, 3}, 1).number(4, 1).number(4, 2).number(4, 3)};
  model.nodes = {
      node("Conv", {"x", "k"}, {"c"},
           {text_attribute("auto_pad", "SAME_LOWER"), integers_attribute("strides", {2, 2}),
            integers_attribute("dilations", {1, 1}), integer_attribute("group", 1)}),
      node("BatchNormalization", {"c", "v", "v", "v", "v"}, {"n"}, {float_attribute("epsilon", 0.5F)}),
      node("DequantizeLinear", {"5", "6", "7"}, {"u"}, {integer_attribute("axis", 0)}),
      node("Conv", {"n", "u"}, {"t"}, {integer_attribute("group", 2)}),
      node("Tanh", {"t"}, {"h"}),
      node("Sigmoid", {"h"}, {"l"}),
      node("Add", {"l", "n"}, {"q"}),
      node("Pad", {"q"}, {"o"}, {integers_attribute("pads", Integers(8, 0))}),
      node("AveragePool", {"o"}, {"e"},
           {integers_attribute("kernel_shape", {1, 1}), integer_attribute("count_include_pad", 1)}),
      node("Relu", {"e"}, {"r"}),
      node("MaxPool", {"r"}, {"p"},
           {integers_attribute("kernel_shape", {2, 2}), integers_attribute("pads", {0, 0, 0, 0})}),
      node("Constant", {}, {"s"}, {tensor_attribute("value", integer_tensor("", {2}, {1, -1}))}),
      node("Reshape", {"p", "s"}, {"f"}),
      node("Dropout", {"f"}, {"d"}, {float_attribute("ratio", 0.5F)}),
      node("MatMul", {"d", "w"}, {"m"}),
      node("Add", {"m", "b"}, {"a"}),
      node("Identity", {"a"}, {"i"}),
      node("Softmax", {"i"}, {"y"}, {integer_attribute("axis", 1)})};
  return model.bytes();
}

bool write(const char* path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || !read(foreign()).ok()) return 1;
  return write(arguments[1], written()) && write(arguments[2], foreign()) ? 0 : 1;
}
