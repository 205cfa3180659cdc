// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/model/onnx_reader.hpp"
#include "engine/model/onnx_writer.hpp"
#include "engine/nn/weight_steps.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

struct Options {
  std::string in;
  std::string out;
  std::string weights;  ///< a storage_name(), or "" for that of the file
  int weight_steps = 0;
};

/// How far the weights (not the biases) of two networks of the same layers lie apart.
struct WeightChange {
  double largest = 0;
  double root_mean_square = 0;
};

WeightChange compare_weights(const Network& before, const Network& after) {
  WeightChange change;
  double squares = 0;
  std::size_t count = 0;
  const auto compare = [&](const ParameterSlice& slice) {
    for (std::size_t i = slice.offset; i < slice.offset + slice.count; ++i) {
      const double difference = std::abs(static_cast<double>(after.parameters()[i]) - before.parameters()[i]);
      change.largest = std::max(change.largest, difference);
      squares += difference * difference;
      ++count;
    }
  };
  for (const Node& node : before.nodes()) {
    std::visit(
        [&](const auto& op) {
          if constexpr (HasParameters<std::decay_t<decltype(op)>>) compare(op.weights);
        },
        node.op);
  }
  if (count > 0) change.root_mean_square = std::sqrt(squares / static_cast<double>(count));
  return change;
}

std::string describe_file(const Network& network, WeightStorage storage, std::size_t bytes) {
  return format_count(bytes) + " bytes, " + format_count(network.parameters().size()) +
         " parameters, weights of " + std::string(storage_name(storage));
}

void run(const Options& options) {
  if (std::filesystem::path(options.out).extension() != ".onnx") {
    throw Failure(options.out, "its name must end in .onnx");
  }
  const Bytes in = read_file(options.in);
  const OnnxModel model = value_or_fail(read_onnx_model(in), options.in);
  const WeightStorage storage = find_storage(options.weights).value_or(model.weights);
  const Network network =
      options.weight_steps > 0 ? with_rounded_weights(model.network, options.weight_steps) : model.network;
  const Bytes out = write_onnx(network, {.weights = storage, .notes = model.notes});
  const OnnxModel written = value_or_fail(read_onnx_model(out), "the converted network");
  write_file(options.out, out);

  std::printf("read %s: %s\n", options.in.c_str(),
              describe_file(model.network, model.weights, in.size()).c_str());
  std::printf("wrote %s: %s\n", options.out.c_str(),
              describe_file(written.network, written.weights, out.size()).c_str());
  if (storage == WeightStorage::kInt8 || options.weight_steps > 0) {
    const WeightChange change = compare_weights(model.network, written.network);
    std::printf("weights changed by at most %.3g, root mean square %.3g\n", change.largest,
                change.root_mean_square);
  }
}

}  // namespace

void add_convert_command(CLI::App& tool) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = tool.add_subcommand(
      "convert", "Write a network of any supported file as Inkread's own, with weights of 8 or 32 bits");
  command->add_option("IN", options->in, "An .onnx file")->type_name("PATH")->required();
  command->add_option("OUT", options->out, "The .onnx file to write; may be the same")
      ->type_name("PATH")
      ->required();
  command->add_option("--weights", options->weights, "int8 or float32 (as in the file unless given)")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"int8", "float32"}));
  command
      ->add_option("--weight-steps", options->weight_steps,
                   "Round weights to so many steps each side of zero (127 with int8 unless given)")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, kMostWeightSteps));
  command->callback([options] { run(*options); });
}

}  // namespace inkread
