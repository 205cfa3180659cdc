// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/model/onnx_reader.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/mnist.hpp"
#include "tools/inkread/model_card.hpp"
#include "tools/inkread/progress.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

struct Options {
  std::string file;
  std::string mnist;
  std::string input = "0..1";
  std::string predictions;
  std::size_t limit = 0;
  int threads = 0;
  bool any_idx = false;
  bool json = false;
};

InputScale parse_input_scale(const std::string& text) {
  if (text == "0..1") {
    return {};
  }
  if (text == "0..255") {
    return {0.0F, 1.0F / 255.0F};
  }
  InputScale scale;
  char comma = 0;
  std::istringstream stream(text);
  if (!(stream >> scale.mean >> comma >> scale.deviation) || comma != ',' || !stream.eof() ||
      scale.deviation == 0) {
    throw Failure("--input " + text, "it must be 0..1, 0..255 or MEAN,DEVIATION (of pixels from 0 to 1)");
  }
  return scale;
}

void write_predictions(const std::string& path, const Probabilities& predictions, const Dataset& data) {
  std::string csv = "index,label,predicted,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9\n";
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    csv += std::to_string(i) + "," + std::to_string(data.labels[i]) + "," +
           std::to_string(most_probable(predictions[i]));
    for (const float p : predictions[i]) {
      char number[32];
      std::snprintf(number, sizeof number, ",%.9g",
                    static_cast<double>(p));  // 9 digits give every float back
      csv += number;
    }
    csv += "\n";
  }
  write_file(path, csv);
}

/// Networks of others, fed with other pixels than they expect, may run out of a float's range.
void check_finite(const Probabilities& predictions, const std::string& file) {
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    if (!std::all_of(predictions[i].begin(), predictions[i].end(),
                     [](float p) { return std::isfinite(p); })) {
      throw Failure(file, "its answer to image " + std::to_string(i) +
                              " is no number; does it expect other pixels (--input)?");
    }
  }
}

void print_report(const Evaluation& e, const NetworkFacts& facts, double images_per_second) {
  std::printf("accuracy          %s of %s images (95 %% interval %s to %s)\n",
              format_share(e.accuracy).c_str(), format_count(e.images).c_str(),
              format_share(e.interval.low).c_str(), format_share(e.interval.high).c_str());
  std::printf("log loss          %.4f nats\n", e.log_loss);
  std::printf("calibration error %s (15 bins)\n", format_share(e.calibration_error).c_str());
  std::printf("network           %s parameters, %s multiply-accumulates, %s bytes\n",
              format_count(facts.parameters).c_str(), format_count(facts.macs).c_str(),
              format_count(facts.file_bytes).c_str());
  std::printf("speed             %s images/s\n",
              format_count(static_cast<std::size_t>(images_per_second)).c_str());

  std::printf("\ndigit  precision     recall\n");
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    std::printf("%5zu %10s %10s\n", digit, format_share(e.precision.at(digit)).c_str(),
                format_share(e.recall.at(digit)).c_str());
  }

  std::printf("\nlabel \\ read as");
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    std::printf(" %5zu", digit);
  }
  std::printf("\n");
  for (std::size_t label = 0; label < kClasses; ++label) {
    std::printf("%15zu", label);
    for (const std::size_t count : e.confusion.at(label)) {
      std::printf(count == 0 ? "     ." : " %5zu", count);
    }
    std::printf("\n");
  }

  std::printf("\nwhen the least certain answers are refused\ncoverage      error\n");
  for (const RiskPoint& point : e.risk_coverage) {
    std::printf("%8s %10s\n", format_share(point.coverage, 1).c_str(), format_share(point.error).c_str());
  }
}

/// Many networks of other people leave the Softmax to the loss; they get one here.
Network with_softmax(const Network& network) {
  if (std::holds_alternative<Softmax>(network.nodes().back().op)) {
    return network;
  }
  std::vector<Node> nodes(network.nodes().begin(), network.nodes().end());
  nodes.push_back({"softmax_added", Softmax{}, {static_cast<ValueId>(nodes.size())}});
  const auto parameters = network.parameters();
  return value_or_fail(
      Network::create(network.input_shape(), std::move(nodes), {parameters.begin(), parameters.end()}),
      "a Softmax behind the network");
}

void run(const Options& options) {
  const InputScale scale = parse_input_scale(options.input);
  const Bytes bytes = read_file(options.file);
  const Network network = with_softmax(value_or_fail(read_onnx(bytes), options.file));
  Dataset data = load_mnist(options.mnist, MnistPart::kTest,
                            options.any_idx ? MnistCheck::kAnyIdx : MnistCheck::kPublished);
  if (options.limit > 0 && options.limit < data.size()) {
    data = data.slice(0, options.limit);
  }
  check_fits(network, data, options.file);
  if (data.size() == 0) {
    throw Failure(options.mnist, "there are no test images to measure on");
  }
  if (!options.predictions.empty()) {
    check_writable(options.predictions);
  }

  const ProgressBar clock(data.size(), "images");
  const Probabilities predictions = predict(Program::prepare(network), data, scale, options.threads);
  const double images_per_second = clock.rate(data.size());
  check_finite(predictions, options.file);
  const Evaluation evaluation = evaluate(predictions, data);
  const NetworkFacts facts = network_facts(network, bytes);
  if (!options.predictions.empty()) {
    write_predictions(options.predictions, predictions, data);
  }
  if (options.json) {
    auto json = to_json(evaluation);
    json.update(to_json(facts));
    json["images_per_second"] = images_per_second;
    std::printf("%s\n", json.dump(2).c_str());
  } else {
    print_report(evaluation, facts, images_per_second);
  }
}

}  // namespace

void add_evaluate_command(CLI::App& tool) {
  const auto options = std::make_shared<Options>();
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* command = tool.add_subcommand("evaluate", "Measure a network on MNIST's 10,000 test images");
  command->add_option("FILE", options->file, "An .onnx file")->type_name("PATH")->required();
  command->add_option("--mnist", options->mnist, "The folder with MNIST's files, plain or .gz")
      ->type_name("DIR")
      ->required();
  command->add_option("--limit", options->limit, "Only the first N images")->check(whole_number(1));
  command
      ->add_option("--input", options->input,
                   "The pixels that the network expects: 0..1, 0..255 or MEAN,DEVIATION")
      ->type_name("PIXELS")
      ->capture_default_str();
  command
      ->add_option("--predictions", options->predictions,
                   "Write index, label, prediction and probabilities as CSV")
      ->type_name("FILE");
  command->add_option("--threads", options->threads, "Threads to use")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--any-idx", options->any_idx, "Accept a set of your own in MNIST's format");
  command->add_flag("--json", options->json, "For machines; shares from 0 to 1");
  command->callback([options] { run(*options); });
}

}  // namespace inkread
