// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/inkread/benchmark.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/files.hpp"

namespace inkread {
namespace {

using Json = nlohmann::ordered_json;

/// A share below this part of the baseline's is a regression; what is less is noise.
constexpr double kTolerated = 0.85;

struct Options {
  std::string baseline;
  int threads = 1;
  int rounds = 15;
  bool json = false;
};

Json to_json(const Benchmark& benchmark) {
  Json measurements = Json::array();
  for (const Measurement& m : benchmark.measurements) {
    Json entry{
        {"name", m.name}, {"milliseconds", m.milliseconds}, {"gigaflops", m.gigaflops}, {"share", m.share}};
    if (m.images_a_second > 0) entry["images_per_second"] = m.images_a_second;
    measurements.push_back(std::move(entry));
  }
  return {{"threads", benchmark.threads}, {"peak_gigaflops", benchmark.peak}, {"measurements", measurements}};
}

/// The shares that a file of `--json` notes, by name.
Json read_baseline(const std::string& file) {
  const Bytes bytes = read_file(file, std::size_t{1} << 20U);
  const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  Json shares = Json::object();
  const auto measurements = json.is_object() ? json.find("measurements") : json.end();
  if (!json.is_object() || measurements == json.end() || !measurements->is_array()) {
    throw Failure(file, "it is not what inkread benchmark --json writes");
  }
  for (const Json& entry : *measurements) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() ||
        !entry.contains("share") || !entry["share"].is_number()) {
      throw Failure(file, "it is not what inkread benchmark --json writes");
    }
    shares[entry["name"].get<std::string>()] = entry["share"];
  }
  return shares;
}

/// Each measurement's share divided by the baseline's, or 0 where that has none.
double ratio(const Measurement& m, const Json& baseline) {
  const auto found = baseline.find(m.name);
  const double before = found == baseline.end() ? 0 : found->get<double>();
  return before > 0 ? m.share / before : 0;
}

void print_table(const Benchmark& benchmark, const Json& baseline) {
  std::printf("peak of one core %.1f GFLOP/s\n\n%-44s %10s %9s %8s %10s%s\n", benchmark.peak, "", "ms",
              "GFLOP/s", "of peak", "images/s", baseline.empty() ? "" : "  to baseline");
  for (const Measurement& m : benchmark.measurements) {
    std::printf("%-44s %10.3f %9.1f %7.1f%%", m.name.c_str(), m.milliseconds, m.gigaflops, 100 * m.share);
    if (m.images_a_second > 0 || !baseline.empty()) std::printf(" %10.0f", m.images_a_second);
    if (ratio(m, baseline) > 0) std::printf("  %.2f", ratio(m, baseline));
    std::printf("\n");
  }
}

void run(const Options& options, ExitCode& exit_code) {
  const Json baseline = options.baseline.empty() ? Json::object() : read_baseline(options.baseline);
  const Benchmark benchmark = run_benchmark(options.threads, options.rounds);
  if (options.json) {
    std::printf("%s\n", to_json(benchmark).dump(2).c_str());
  } else {
    print_table(benchmark, baseline);
  }
  for (const Measurement& m : benchmark.measurements) {
    if (ratio(m, baseline) > 0 && ratio(m, baseline) < kTolerated) {
      std::fprintf(stderr, "inkread: %s: it reaches %.2f of the baseline's share of the peak\n",
                   m.name.c_str(), ratio(m, baseline));
      exit_code.value = 1;
    }
  }
}

}  // namespace

void add_benchmark_command(CLI::App& tool, ExitCode& exit_code) {
  const auto options = std::make_shared<Options>();
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* command = tool.add_subcommand(
      "benchmark",
      "Measure this machine's arithmetic peak, and what kernels, networks and training reach of it");
  command->add_option("--threads", options->threads, "Threads to use beside one")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option(
          "--baseline", options->baseline,
          "Compare with what --json wrote before; fails where a share of the peak fell by more than 15 %")
      ->type_name("FILE");
  command->add_option("--rounds", options->rounds, "How often everything is measured; medians are given")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "For machines");
  command->callback([options, &exit_code] { run(*options, exit_code); });
}

}  // namespace inkread
