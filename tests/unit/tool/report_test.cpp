// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/training/dataset.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/report/page.hpp"
#include "tools/inkread/report/plot.hpp"

using namespace inkread;

namespace {

/// Three images labelled 0, 1, 2: surely right, surely wrong (as 7), hardly wrong (as 3, then 2).
struct Example {
  Probabilities predictions{3};
  Dataset data;

  Example() {
    data.labels = {0, 1, 2};
    predictions[0][0] = 1;
    predictions[1][7] = 0.9F;
    predictions[1][1] = 0.1F;
    predictions[2][3] = 0.52F;
    predictions[2][2] = 0.48F;
  }
};

}  // namespace

TEST_CASE("The worst mistakes are the most confident ones") {
  const Example example;
  const auto mistakes = worst_mistakes(example.predictions, example.data, 60);
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].index == 1);
  CHECK(mistakes[0].label == 1);
  CHECK(mistakes[0].answer == 7);
  CHECK(mistakes[0].second_guess == 1);
  CHECK(mistakes[1].index == 2);
  CHECK(mistakes[1].second_guess == 2);
  CHECK(worst_mistakes(example.predictions, example.data, 1).size() == 1);
}

TEST_CASE("The reliability's bins hold every answer, and certainty itself") {
  const Example example;
  const Reliability bins = reliability(example.predictions, example.data);
  CHECK(bins.back().images == 1);
  CHECK(bins.back().accuracy == 1);
  CHECK(bins.back().high == 1);
  CHECK(bins[13].images == 1);
  CHECK(bins[13].confidence == doctest::Approx(0.9));
  CHECK(bins[13].accuracy == 0);
  CHECK(bins[7].images == 1);
  CHECK(bins[0].images == 0);
  CHECK(evaluate(example.predictions, example.data).calibration_error == doctest::Approx((0.9 + 0.52) / 3));
}

TEST_CASE("The risk curve ends in the error of all answers") {
  const Example example;
  const auto curve = risk_curve(example.predictions, example.data);
  REQUIRE(curve.size() == 3);
  CHECK(curve[0].error == 0);
  CHECK(curve[1].error == doctest::Approx(0.5));
  CHECK(curve[2].coverage == 1);
  CHECK(curve[2].error == doctest::Approx(2.0 / 3));
  CHECK(risk_curve({}, {}).empty());
}

TEST_CASE("Text cannot become HTML") {
  CHECK(report::escape("<b onload='x'>\"&") == "&lt;b onload=&#39;x&#39;&gt;&quot;&amp;");
  const std::string html = report::table("<1>", {{"<2>"}}, {{report::escape("<3>")}});
  for (const char* wrong : {"<1>", "<2>", "<3>"}) CHECK(html.find(wrong) == std::string::npos);
  const report::Axis axis = report::linear_axis("<x>", 0, 1, report::tick_share);
  const std::string plot =
      report::to_html(report::ScatterPlot{"<d>", axis, axis, {{"<n>", 0.5, 0.5, 0.4, 0.6}}});
  for (const char* wrong : {"<x>", "<d>", "<n>"}) CHECK(plot.find(wrong) == std::string::npos);
}

TEST_CASE("Axes take in their values, with few round ticks") {
  for (const auto& [low, high] :
       {std::pair{0.0, 0.0117}, {0.913, 1.0}, {-30.0, 30.0}, {0.0, 6.0}, {0.5, 0.5}}) {
    const report::Axis axis = report::linear_axis("", low, high, report::tick_number);
    CHECK(axis.low <= low + 1e-9);
    CHECK(axis.high >= high - 1e-9);
    CHECK(axis.high > axis.low);
    CHECK(axis.ticks.size() >= 2);
    CHECK(axis.ticks.size() <= 8);
  }
  const report::Axis sizes = report::logarithmic_axis("", 7850, 77098, report::short_count);
  CHECK(sizes.low < 7850);
  CHECK(sizes.high > 77098);
  const auto one = report::logarithmic_axis("", 5000, 5000, report::short_count);
  CHECK(one.high / one.low >= 9.9);
  CHECK(!one.ticks.empty());
}

TEST_CASE("Names of neighbouring points stand apart") {
  const report::Axis axis = report::linear_axis("", 0, 1, report::tick_number);
  report::ScatterPlot plot{"", axis, axis, {}};
  for (int i = 0; i < 5; ++i) {
    const double y = 0.5 + 0.01 * i;
    plot.points.push_back({"network " + std::to_string(i), 0.5, y, y, y});
  }
  // Every name has a place of its own.
  const std::string html = report::to_html(plot);
  std::vector<std::string> places;
  for (std::size_t found = html.find("class=\"name\""); found != std::string::npos;
       found = html.find("class=\"name\"", found + 1)) {
    const std::size_t begin = html.rfind("<text", found);
    places.push_back(html.substr(begin, html.find("text-anchor", begin) - begin));
  }
  CHECK(places.size() == 5);
  std::sort(places.begin(), places.end());
  CHECK(std::adjacent_find(places.begin(), places.end()) == places.end());
}
