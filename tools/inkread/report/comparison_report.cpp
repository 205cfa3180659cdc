// SPDX-License-Identifier: MIT
#include "tools/inkread/report/comparison_report.hpp"

#include <algorithm>

#include "tools/inkread/progress.hpp"
#include "tools/inkread/report/page.hpp"
#include "tools/inkread/report/plot.hpp"

namespace inkread {
namespace {

using namespace report;
using Json = nlohmann::ordered_json;

/// More names than these would not fit into a plot; numbers do.
constexpr std::size_t kMostNames = 8;

bool are_numbered(const Comparison& comparison) {
  return comparison.networks.size() > kMostNames;
}

/// Accuracy over a size of the networks. `size` is at least 1.
std::string accuracy_plot(const Comparison& comparison, const std::string& heading, const std::string& title,
                          double (*size)(const NetworkFacts&)) {
  ScatterPlot plot{"Share read correctly against " + title + "; the table has the numbers.", {}, {}, {}};
  double smallest = 1e300;
  double largest = 1;
  double lowest = 1;
  double highest = 0;
  for (const Comparison::Entry& entry : comparison.networks) {
    const auto& [low, high] = entry.evaluation.interval;
    const double x = size(entry.facts);
    const std::string number = std::to_string(plot.points.size() + 1);
    plot.points.push_back(
        {are_numbered(comparison) ? number : entry.name, x, entry.evaluation.accuracy, low, high});
    smallest = std::min(smallest, x);
    largest = std::max(largest, x);
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
  }
  plot.x = logarithmic_axis(title, smallest, largest, short_count);
  plot.y = linear_axis("read correctly", lowest, highest, tick_share);
  return "<div class=\"sheet\">\n<h3>" + escape(heading) + "</h3>\n" + to_html(plot) + "</div>\n";
}

}  // namespace

Json to_json(const Comparison& comparison) {
  Json networks = Json::array();
  for (const Comparison::Entry& entry : comparison.networks) {
    const Evaluation& e = entry.evaluation;
    Json json{{"file", entry.file}, {"name", entry.name}};
    json.update(to_json(entry.facts));
    json["accuracy"] = e.accuracy;
    json["interval"] = {e.interval.low, e.interval.high};
    json["errors"] = e.errors();
    json["log_loss"] = e.log_loss;
    json["calibration_error"] = e.calibration_error;
    json["microseconds"] = entry.microseconds;
    networks.push_back(json);
  }
  return {{"data", comparison.data}, {"images", comparison.images}, {"networks", networks}};
}

std::string to_html(const Comparison& comparison) {
  std::vector<Row> rows;
  for (const Comparison::Entry& entry : comparison.networks) {
    const Evaluation& e = entry.evaluation;
    const std::string number = are_numbered(comparison) ? std::to_string(rows.size() + 1) + ". " : "";
    rows.push_back({number + escape(entry.name), percent(e.accuracy),
                    decimal(100 * e.interval.low, 2) + " to " + percent(e.interval.high),
                    format_count(e.errors()), percent(e.calibration_error),
                    format_count(entry.facts.parameters), format_count(entry.facts.macs),
                    format_count(entry.facts.file_bytes), decimal(entry.microseconds, 1)});
  }
  const std::string numbers = section(
      "In numbers",
      "Where two intervals overlap, these images do not tell which network is better. The time is the median "
      "of one image on one thread of the computer that wrote this page, taken in turns.",
      "<div class=\"sheet\">\n" +
          table("All networks, in the order asked",
                {{"Network", false},
                 {"Read correctly"},
                 {"95 % interval"},
                 {"Mistakes"},
                 {"Calibration error"},
                 {"Parameters"},
                 {"Multiply-accumulates"},
                 {"File, bytes"},
                 {"Time, \u00B5s"}},
                rows) +
          "</div>\n");
  const std::string plots = section(
      "What size buys",
      std::string(
          "Each step to the right multiplies the size; lines up and down are the 95 % intervals. Best is "
          "the upper left corner: accurate and small.") +
          (are_numbered(comparison) ? " The numbers are those of the table." : ""),
      "<div class=\"pair\">\n" +
          accuracy_plot(
              comparison, "By parameters", "parameters",
              [](const NetworkFacts& f) { return std::max(static_cast<double>(f.parameters), 1.0); }) +
          accuracy_plot(comparison, "By work", "multiply-accumulates an image",
                        [](const NetworkFacts& f) { return std::max(static_cast<double>(f.macs), 1.0); }) +
          "</div>\n");
  const std::size_t count = comparison.networks.size();
  return page(
      count == 1 ? "One network" : format_count(count) + " networks compared",
      "All measured on the same " + format_count(comparison.images) + " of " + escape(comparison.data) + ".",
      numbers + plots);
}

}  // namespace inkread
