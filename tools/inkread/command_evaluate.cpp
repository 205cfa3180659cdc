// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "tools/inkread/commands.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/measured_network.hpp"
#include "tools/inkread/mnist.hpp"
#include "tools/inkread/model_card.hpp"
#include "tools/inkread/progress.hpp"
#include "tools/inkread/report/evaluation_report.hpp"
#include "tools/inkread/report/page.hpp"
#include "tools/inkread/robustness.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

struct Options {
  std::string file;
  std::string mnist;
  std::string input = "0..1";
  std::string predictions;
  std::string report;
  std::size_t limit = 0;
  int threads = 0;
  bool any_idx = false;
  bool json = false;
};

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

void print_robustness(const Robustness& robustness, const std::filesystem::path& folder) {
  std::printf("\nwhen the digits are changed, on average\n");
  std::printf("turned up to 15 degrees    %s\n", format_share(robustness.rotation_15_mean).c_str());
  std::printf("shifted up to 4 pixels     %s\n", format_share(robustness.shift_4_mean).c_str());
  std::printf("0.7 to 1.3 times the size  %s\n", format_share(robustness.scale_07_13_mean).c_str());
  std::printf("\nwrote %s\n", (folder / "index.html").c_str());
}

/// Refuses now what would fail after minutes of measuring.
void check_report_possible(const Options& options, const Dataset& data) {
  if (data.width != kTileSide || data.height != kTileSide) {
    throw Failure("--report " + options.report, "it changes images of 28x28 pixels, these are " +
                                                    std::to_string(data.width) + "x" +
                                                    std::to_string(data.height));
  }
  report::check_report_folder(options.report);
}

/// Measures under every change, with a bar that shows how far it is.
Robustness measure_robustness_of(const Program& program, const Dataset& data, InputScale scale, int threads) {
  const std::size_t measurements = robustness_measurements();
  ProgressBar bar(measurements * data.size(), "images");
  std::size_t done = 0;
  Robustness robustness = measure_robustness([&](const Perturbation& change) {
    bar.show(done * data.size(), "robustness");
    ++done;
    return accuracy_under(change, program, data, scale, threads);
  });
  bar.clear();
  return robustness;
}

void run(const Options& options) {
  constexpr std::size_t kMostMistakes = 60;
  const InputScale scale = parse_input_scale(options.input);
  const MeasuredNetwork measured = read_measured_network(options.file);
  Dataset data = load_mnist(options.mnist, MnistPart::kTest,
                            options.any_idx ? MnistCheck::kAnyIdx : MnistCheck::kPublished);
  if (options.limit > 0 && options.limit < data.size()) {
    data = data.slice(0, options.limit);
  }
  check_fits(measured.network, data, options.file);
  if (data.size() == 0) {
    throw Failure(options.mnist, "there are no test images to measure on");
  }
  if (!options.predictions.empty()) {
    check_writable(options.predictions);
  }
  if (!options.report.empty()) {
    check_report_possible(options, data);
  }

  const Program program = Program::prepare(measured.network);
  const ProgressBar clock(data.size(), "images");
  const Probabilities predictions = predict(program, data, scale, options.threads);
  EvaluationReport report;
  report.images_per_second = clock.rate(data.size());
  check_finite(predictions, options.file);
  report.evaluation = evaluate(predictions, data);
  report.facts = measured.facts;
  if (!options.predictions.empty()) {
    write_predictions(options.predictions, predictions, data);
  }
  auto json = to_json(report.evaluation);
  json.update(to_json(report.facts));
  json["images_per_second"] = report.images_per_second;
  if (!options.report.empty()) {
    report.file = std::filesystem::path(options.file).filename().string();
    report.data = test_images_name(options.any_idx);
    report.reliability = reliability(predictions, data);
    report.risk_curve = risk_curve(predictions, data);
    report.learning_curve = learning_curve_beside(options.file, report.facts);
    report.robustness = measure_robustness_of(program, data, scale, options.threads);
    report.mistakes = worst_mistakes(predictions, data, kMostMistakes);
    json = to_json(report, data);
    report::write_report(options.report, to_html(report, data), json);
  }
  if (options.json) {
    std::printf("%s\n", report::json_text(json).c_str());
  } else {
    print_report(report.evaluation, report.facts, report.images_per_second);
    if (!options.report.empty()) {
      print_robustness(report.robustness, options.report);
    }
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
  command
      ->add_option(
          "--report", options->report,
          "Write index.html, a page with plots, robustness and the worst mistakes, and report.json with "
          "the same numbers; takes minutes")
      ->type_name("DIR");
  command->add_option("--threads", options->threads, "Threads to use")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--any-idx", options->any_idx, "Accept a set of your own in MNIST's format");
  command->add_flag("--json", options->json, "For machines; shares from 0 to 1");
  command->callback([options] { run(*options); });
}

}  // namespace inkread
