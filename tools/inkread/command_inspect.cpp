// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/model/decimal.hpp"
#include "engine/model/onnx_reader.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

struct Options {
  std::string file;
  bool json = false;
};

/// "64 x 11 x 11", or "10" for a vector.
std::string format_shape(const Shape& shape) {
  const std::string channels = std::to_string(shape.channels);
  const bool is_vector = shape.height == 1 && shape.width == 1;
  return is_vector ? channels
                   : channels + " x " + std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

/// What tells an operator from others of its kind: "3x3, 1 to 32".
std::string format_settings(const Operator& op) {
  const auto window = [](const Window& w) {
    std::string text = std::to_string(w.kernel_height) + "x" + std::to_string(w.kernel_width);
    if (w.stride_y != 1 || w.stride_x != 1) {
      text += ", stride " + std::to_string(w.stride_y) +
              (w.stride_y == w.stride_x ? "" : "x" + std::to_string(w.stride_x));
    }
    if (w.pad_top + w.pad_left + w.pad_bottom + w.pad_right > 0) {
      text += ", padded";
    }
    return text;
  };
  if (const auto* conv = std::get_if<Conv2d>(&op)) {
    return window(conv->window) + ", " + std::to_string(conv->in_channels) + " to " +
           std::to_string(conv->out_channels) +
           (conv->groups == 1 ? "" : ", " + std::to_string(conv->groups) + " groups");
  }
  if (const auto* pool = std::get_if<MaxPool2d>(&op)) {
    return window(pool->window);
  }
  if (const auto* pool = std::get_if<AveragePool2d>(&op)) {
    return window(pool->window);
  }
  if (const auto* dense = std::get_if<Dense>(&op)) {
    return std::to_string(dense->inputs) + " to " + std::to_string(dense->outputs);
  }
  return "";
}

void print_table(const OnnxModel& model, std::size_t file_bytes) {
  const Network& network = model.network;
  std::printf("%-12s %-9s %-26s %-14s %10s %12s\n", "Layer", "Operator", "Settings", "Output", "Parameters",
              "MACs");
  std::printf("%-12s %-9s %-26s %-14s %10s %12s\n", "image", "", "",
              format_shape(network.input_shape()).c_str(), "", "");
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const Node& node = network.nodes()[i];
    const std::uint64_t node_macs = multiply_accumulates(network, i);
    macs += node_macs;
    const std::size_t parameters = parameter_count(node);
    std::printf("%-12s %-9s %-26s %-14s %10s %12s\n", node.name.c_str(),
                std::string(operator_name(node.op)).c_str(), format_settings(node.op).c_str(),
                format_shape(network.shape(static_cast<ValueId>(i + 1))).c_str(),
                parameters == 0 ? "" : format_count(parameters).c_str(),
                node_macs == 0 ? "" : format_count(node_macs).c_str());
  }
  std::printf("\n%s parameters, %s multiply-accumulate operations an image, %s bytes with weights of %s\n",
              format_count(network.parameters().size()).c_str(), format_count(macs).c_str(),
              format_count(file_bytes).c_str(), std::string(storage_name(model.weights)).c_str());
  if (const auto& calibration = model.notes.calibration) {
    std::printf("accepts digits of at least %s; %s of these were wrong in validation; temperature %s\n",
                format_share(static_cast<double>(calibration->accept_confidence)).c_str(),
                format_share(static_cast<double>(calibration->accept_risk)).c_str(),
                format_decimal(calibration->temperature).c_str());
  }
}

nlohmann::ordered_json to_json(const OnnxModel& model, std::size_t file_bytes) {
  const Network& network = model.network;
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const Node& node = network.nodes()[i];
    const Shape& shape = network.shape(static_cast<ValueId>(i + 1));
    const std::uint64_t node_macs = multiply_accumulates(network, i);
    macs += node_macs;
    layers.push_back({{"name", node.name},
                      {"operator", operator_name(node.op)},
                      {"settings", format_settings(node.op)},
                      {"output", {shape.channels, shape.height, shape.width}},
                      {"parameters", parameter_count(node)},
                      {"macs", node_macs}});
  }
  nlohmann::ordered_json calibration;
  if (const auto& noted = model.notes.calibration) {
    // The numbers as the file has them: 0.93, and not what float32 makes of it.
    const auto number = [](float value) { return std::stod(format_decimal(value)); };
    calibration = {{"temperature", number(noted->temperature)},
                   {"accept_confidence", number(noted->accept_confidence)},
                   {"accept_risk", number(noted->accept_risk)}};
  }
  return {{"layers", layers},
          {"parameters", network.parameters().size()},
          {"macs", macs},
          {"weights", storage_name(model.weights)},
          {"calibration", calibration},
          {"file_bytes", file_bytes}};
}

void run(const Options& options) {
  const Bytes bytes = read_file(options.file);
  const OnnxModel model = value_or_fail(read_onnx_model(bytes), options.file);
  if (options.json) {
    std::printf("%s\n", to_json(model, bytes.size()).dump(2).c_str());
  } else {
    print_table(model, bytes.size());
  }
}

}  // namespace

void add_inspect_command(CLI::App& tool) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = tool.add_subcommand("inspect", "Show a network's layers, parameters and cost");
  command->add_option("FILE", options->file, "An .onnx file")->type_name("PATH")->required();
  command->add_flag("--json", options->json, "For machines");
  command->callback([options] { run(*options); });
}

}  // namespace inkread
