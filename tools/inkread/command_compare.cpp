// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/inkread/commands.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/measured_network.hpp"
#include "tools/inkread/mnist.hpp"
#include "tools/inkread/model_card.hpp"
#include "tools/inkread/progress.hpp"
#include "tools/inkread/report/comparison_report.hpp"
#include "tools/inkread/report/page.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string mnist;
  std::string report;
  std::size_t limit = 0;
  int threads = 0;
  bool any_idx = false;
  bool json = false;
};

/// Microseconds an image for each program, on the calling thread: the median of many short turns, which the
/// programs take one after the other, so that what else the computer does falls on all of them alike.
std::vector<double> measure_latencies(const std::vector<Program>& programs, const Dataset& data) {
  constexpr std::size_t kTurns = 200;
  constexpr std::size_t kWarmUps = 5;
  constexpr std::size_t kImagesATurn = 4;
  using Clock = std::chrono::steady_clock;
  std::vector<Workspace> workspaces;
  for (const Program& program : programs) workspaces.emplace_back(program);
  std::vector<std::vector<double>> times(programs.size());
  std::vector<float> images(kImagesATurn * data.image_size());
  std::vector<float> answers(kImagesATurn * kClasses);
  for (std::size_t turn = 0; turn < kWarmUps + kTurns; ++turn) {
    for (std::size_t i = 0; i < kImagesATurn; ++i) {
      const auto image = data.image((turn * kImagesATurn + i) % data.size());
      std::transform(image.begin(), image.end(),
                     images.begin() + static_cast<std::ptrdiff_t>(i * data.image_size()),
                     [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
    }
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const Clock::time_point begin = Clock::now();
      programs[i].forward(workspaces[i], images, answers);
      const std::chrono::duration<double, std::micro> spent = Clock::now() - begin;
      if (turn >= kWarmUps) times[i].push_back(spent.count() / kImagesATurn);
    }
  }
  std::vector<double> medians;
  for (std::vector<double>& each : times) {
    const auto middle = each.begin() + static_cast<std::ptrdiff_t>(each.size() / 2);
    std::nth_element(each.begin(), middle, each.end());
    medians.push_back(*middle);
  }
  return medians;
}

void print_table(const Comparison& comparison) {
  std::size_t widest = 7;
  for (const Comparison::Entry& entry : comparison.networks) widest = std::max(widest, entry.name.size());
  const auto width = static_cast<int>(widest);
  std::printf("%-*s %10s %20s %8s %11s %11s %13s %11s %9s\n", width, "network", "accuracy", "95 % interval",
              "errors", "calibration", "parameters", "MACs", "bytes", "us/image");
  for (const Comparison::Entry& entry : comparison.networks) {
    const Evaluation& e = entry.evaluation;
    const std::string interval = format_share(e.interval.low) + " to " + format_share(e.interval.high);
    std::printf("%-*s %10s %20s %8s %11s %11s %13s %11s %9.1f\n", width, entry.name.c_str(),
                format_share(e.accuracy).c_str(), interval.c_str(), format_count(e.errors()).c_str(),
                format_share(e.calibration_error).c_str(), format_count(entry.facts.parameters).c_str(),
                format_count(entry.facts.macs).c_str(), format_count(entry.facts.file_bytes).c_str(),
                entry.microseconds);
  }
  std::printf("\non %s of %s; us/image: median on one thread, taken in turns\n",
              format_count(comparison.images).c_str(), comparison.data.c_str());
}

std::string name_of(const std::filesystem::path& file) {
  return (file.extension() == ".onnx" ? file.stem() : file.filename()).string();
}

void run(const Options& options) {
  std::vector<MeasuredNetwork> networks;
  for (const std::string& file : options.files) networks.push_back(read_measured_network(file));
  Dataset data = load_mnist(options.mnist, MnistPart::kTest,
                            options.any_idx ? MnistCheck::kAnyIdx : MnistCheck::kPublished);
  if (options.limit > 0 && options.limit < data.size()) {
    data = data.slice(0, options.limit);
  }
  for (const MeasuredNetwork& network : networks) check_fits(network.network, data, network.file);
  if (data.size() == 0) {
    throw Failure(options.mnist, "there are no test images to measure on");
  }
  if (!options.report.empty()) {
    report::check_report_folder(options.report);
  }

  std::vector<Program> programs;
  for (const MeasuredNetwork& network : networks) programs.push_back(Program::prepare(network.network));
  Comparison comparison{test_images_name(options.any_idx), data.size(), {}};
  ProgressBar bar(networks.size() * data.size(), "images");
  for (std::size_t i = 0; i < networks.size(); ++i) {
    MeasuredNetwork& network = networks[i];
    bar.show(i * data.size(), "accuracy");
    const Probabilities predictions = predict(programs[i], data, {}, options.threads);
    check_finite(predictions, network.file);
    comparison.networks.push_back(
        {network.file, name_of(network.file), std::move(network.facts), evaluate(predictions, data), 0});
  }
  bar.clear();
  const std::vector<double> latencies = measure_latencies(programs, data);
  for (std::size_t i = 0; i < latencies.size(); ++i) comparison.networks[i].microseconds = latencies[i];

  const auto json = to_json(comparison);
  if (!options.report.empty()) {
    report::write_report(options.report, to_html(comparison), json);
  }
  if (options.json) {
    std::printf("%s\n", report::json_text(json).c_str());
  } else {
    print_table(comparison);
    if (!options.report.empty()) {
      std::printf("wrote %s\n", (std::filesystem::path(options.report) / "index.html").c_str());
    }
  }
}

}  // namespace

void add_compare_command(CLI::App& tool) {
  const auto options = std::make_shared<Options>();
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* command =
      tool.add_subcommand("compare", "Measure several networks on MNIST's test images, side by side");
  command->add_option("FILE", options->files, ".onnx files")->type_name("PATH")->required();
  command->add_option("--mnist", options->mnist, "The folder with MNIST's files, plain or .gz")
      ->type_name("DIR")
      ->required();
  command->add_option("--limit", options->limit, "Only the first N images")->check(whole_number(1));
  command
      ->add_option("--report", options->report,
                   "Write index.html, a page with the table and plots, and report.json with the same numbers")
      ->type_name("DIR");
  command->add_option("--threads", options->threads, "Threads to use; times are always those of one")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--any-idx", options->any_idx, "Accept a set of your own in MNIST's format");
  command->add_flag("--json", options->json, "For machines; shares from 0 to 1");
  command->callback([options] { run(*options); });
}

}  // namespace inkread
