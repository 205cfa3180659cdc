// SPDX-License-Identifier: MIT
#include "tools/inkread/report/evaluation_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tools/inkread/progress.hpp"
#include "tools/inkread/report/page.hpp"
#include "tools/inkread/report/plot.hpp"

namespace inkread {
namespace {

using namespace report;
using Json = nlohmann::ordered_json;

double probability(const Mistake& mistake, int digit) {
  return static_cast<double>(mistake.probabilities.at(static_cast<std::size_t>(digit)));
}

std::string sheet(const std::string& content) {
  return "<div class=\"sheet\">\n" + content + "</div>\n";
}

std::string sheet(const std::string& title, const std::string& note, const std::string& content) {
  return sheet("<h3>" + escape(title) + "</h3>\n<p>" + escape(note) + "</p>\n" + content);
}

std::string headline(const EvaluationReport& r) {
  const Evaluation& e = r.evaluation;
  return figures({
      {"Read correctly", percent(e.accuracy),
       "95 % interval " + percent(e.interval.low) + " to " + percent(e.interval.high)},
      {"Mistakes", format_count(e.errors()), "of " + format_count(e.images) + " images"},
      {"Calibration error", percent(e.calibration_error), "how far confidence is off, on average"},
      {"Log loss", decimal(e.log_loss, 4), "nats; 0 would be perfect"},
      {"Parameters", format_count(r.facts.parameters), "numbers that were learned"},
      {"Work an image", short_count(static_cast<double>(r.facts.macs)),
       format_count(r.facts.macs) + " multiply-accumulates"},
      {"File", short_count(static_cast<double>(r.facts.file_bytes)) + "B",
       format_count(r.facts.file_bytes) + " bytes, SHA-256 " + r.facts.sha256.substr(0, 8) + "..."},
  });
}

std::string confusion_section(const Evaluation& e) {
  std::size_t most_wrong = 1;
  std::size_t most_right = 1;
  for (std::size_t label = 0; label < kClasses; ++label) {
    for (std::size_t answer = 0; answer < kClasses; ++answer) {
      std::size_t& most = label == answer ? most_right : most_wrong;
      most = std::max(most, e.confusion.at(label).at(answer));
    }
  }
  std::string html =
      "<div class=\"confusion scroll\" role=\"group\" aria-label=\"Confusion matrix\" "
      "tabindex=\"0\"><table>\n"
      "<caption>Rows: the digit that was written. Columns: the digit that was "
      "read.</caption>\n<thead><tr><td></td>";
  for (std::size_t answer = 0; answer < kClasses; ++answer) {
    html += "<th scope=\"col\">" + std::to_string(answer) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t label = 0; label < kClasses; ++label) {
    html += "<tr><th scope=\"row\">" + std::to_string(label) + "</th>";
    for (std::size_t answer = 0; answer < kClasses; ++answer) {
      const std::size_t count = e.confusion.at(label).at(answer);
      if (count == 0) {
        html += "<td class=\"none\">&middot;</td>";
        continue;
      }
      const bool is_right = label == answer;
      // Square roots keep single mistakes visible; above 0.55 the digits would lose contrast.
      const double share =
          static_cast<double>(count) / static_cast<double>(is_right ? most_right : most_wrong);
      const double heat = is_right ? 0.22 * share : 0.1 + 0.45 * std::sqrt(share);
      html += std::string(is_right ? "<td class=\"right\"" : "<td") + " style=\"--heat:" + decimal(heat, 2) +
              "\">" + std::to_string(count) + "</td>";
    }
    html += "</tr>\n";
  }
  return section(
      "Which digits are mistaken for which",
      "The diagonal is right; every other number counts images of the row's digit that were read as "
      "the column's, and the redder it is, the more.",
      html + "</tbody>\n</table></div>\n");
}

std::string digits_section(const Evaluation& e) {
  std::vector<Row> rows;
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    std::size_t written = 0;
    std::size_t answered = 0;
    for (std::size_t other = 0; other < kClasses; ++other) {
      written += e.confusion.at(digit).at(other);
      answered += e.confusion.at(other).at(digit);
    }
    rows.push_back({std::to_string(digit), format_count(written), format_count(answered),
                    percent(e.precision.at(digit)), percent(e.recall.at(digit))});
  }
  return section("Digit by digit",
                 "Precision: of all answers &ldquo;3&rdquo;, how many were a 3. Recall: of all 3s, how many "
                 "were read as one.",
                 "<div class=\"sheet narrow\">\n" +
                     table("Precision and recall of each digit",
                           {{"Digit", false}, {"Written"}, {"Read"}, {"Precision"}, {"Recall"}}, rows) +
                     "</div>\n");
}

std::string reliability_section(const EvaluationReport& r) {
  ReliabilityPlot plot{
      "Share of right answers at each level of confidence, against the diagonal where both are "
      "equal; below, the number of images at each level.",
      {}};
  std::vector<Row> rows;
  for (const ReliabilityBin& bin : r.reliability) {
    plot.bars.push_back({bin.low, bin.high, bin.accuracy, bin.images});
    const bool is_empty = bin.images == 0;
    rows.push_back({decimal(100 * bin.low, 0) + " to " + percent(bin.high, 0), format_count(bin.images),
                    is_empty ? "&ndash;" : percent(bin.confidence, 1),
                    is_empty ? "&ndash;" : percent(bin.accuracy, 1)});
  }
  return section(
      "Is it as sure as it should be?",
      "Of all answers given with 80 % confidence, 80 % should be right: bars that end at the dashed line are "
      "honest, lower ones too sure, higher ones too modest. Bars of few images say little.",
      "<div class=\"pair\">\n" + sheet(to_html(plot)) +
          sheet(table("The same in numbers, 15 levels",
                      {{"Confidence", false}, {"Images"}, {"Mean confidence"}, {"Right"}}, rows)) +
          "</div>\n");
}

std::string risk_section(const EvaluationReport& r) {
  double highest = 0.001;
  PlotLine curve;
  for (const RiskPoint& point : r.risk_curve) {
    curve.points.push_back({point.coverage, point.error});
    highest = std::max(highest, point.error);
  }
  const LinePlot plot{"Share of wrong answers against the share of images that are answered.",
                      linear_axis("share of the images that are answered", 0, 1, tick_share),
                      linear_axis("wrong answers", 0, highest, tick_share),
                      {std::move(curve)},
                      false};
  std::vector<Row> rows;
  for (const RiskPoint& point : r.evaluation.risk_coverage) {
    rows.push_back({tick_share(point.coverage), percent(point.error)});
  }
  return section(
      "When it may say that it is not sure",
      "Images that it is least certain about can be left to a person; of the answers that remain, a smaller "
      "share is wrong.",
      "<div class=\"pair\">\n" + sheet(to_html(plot)) +
          sheet(table("Mistakes among the answers given", {{"Answered", false}, {"Wrong"}}, rows)) +
          "</div>\n");
}

std::string learning_section(const LearningCurve& learning) {
  const std::string title = "How it learned";
  if (learning.epochs.empty()) {
    return section(title, escape(learning.missing), "");
  }
  PlotLine train_loss{"training", {}};
  PlotLine validation_loss{"validation", {}};
  PlotLine train_accuracy{"training", {}};
  PlotLine validation_accuracy{"validation", {}};
  double highest_loss = 0;
  double lowest_accuracy = 1;
  std::vector<Row> rows;
  for (const EpochRecord& record : learning.epochs) {
    const double epoch = record.epoch;
    train_loss.points.push_back({epoch, record.train_loss});
    validation_loss.points.push_back({epoch, record.validation_loss});
    train_accuracy.points.push_back({epoch, record.train_accuracy});
    validation_accuracy.points.push_back({epoch, record.validation_accuracy});
    highest_loss = std::max({highest_loss, record.train_loss, record.validation_loss});
    lowest_accuracy = std::min({lowest_accuracy, record.train_accuracy, record.validation_accuracy});
    rows.push_back({std::to_string(record.epoch), decimal(record.train_loss, 4),
                    decimal(record.validation_loss, 4), percent(record.train_accuracy),
                    percent(record.validation_accuracy)});
  }
  const double first = learning.epochs.front().epoch;
  const double last = std::max(first + 1, static_cast<double>(learning.epochs.back().epoch));
  Axis epochs = linear_axis("times that every image was shown", first, last, tick_number);
  std::erase_if(epochs.ticks,
                [&](double tick) { return tick != std::round(tick) || tick < first || tick > last; });
  epochs.low = first;
  epochs.high = last;
  const bool has_dots = learning.epochs.size() <= 30;
  const LinePlot loss{"Loss after each epoch, on training and validation images.",
                      epochs,
                      linear_axis("log loss (nats)", 0, std::max(highest_loss, 1e-6), tick_number),
                      {std::move(train_loss), std::move(validation_loss)},
                      has_dots};
  const LinePlot accuracy{"Accuracy after each epoch, on training and validation images.",
                          epochs,
                          linear_axis("read correctly", std::min(lowest_accuracy, 0.999), 1, tick_share),
                          {std::move(train_accuracy), std::move(validation_accuracy)},
                          has_dots};
  return section(
      title,
      "Loss should fall and accuracy rise; where validation gets worse while training gets better, "
      "it learns by heart. Validation: " +
          escape(learning.validation) + ".",
      "<div class=\"pair\">\n" + sheet(to_html(loss)) + sheet(to_html(accuracy)) + "</div>\n" +
          "<details><summary>All epochs in numbers</summary>\n" +
          table("Every epoch",
                {{"Epoch"},
                 {"Training loss"},
                 {"Validation loss"},
                 {"Training accuracy"},
                 {"Validation accuracy"}},
                rows) +
          "</details>\n");
}

/// How one kind of change is shown.
struct Change {
  std::string title;
  std::string note;
  std::string axis;
  const std::vector<RobustnessPoint>& points;
};

std::string change_sheet(const Change& change, double lowest) {
  PlotLine line;
  std::vector<Row> rows;
  for (const auto& [setting, accuracy] : change.points) {
    line.points.push_back({setting, accuracy});
    rows.push_back({tick_number(setting), percent(accuracy)});
  }
  Axis x = linear_axis(change.axis, change.points.front().setting, change.points.back().setting, tick_number);
  x.low = change.points.front().setting;
  x.high = change.points.back().setting;
  std::erase_if(x.ticks, [&x](double tick) { return tick < x.low - 1e-9 || tick > x.high + 1e-9; });
  const LinePlot plot{change.title + ": share read correctly at each strength. The table has the numbers.",
                      std::move(x),
                      linear_axis("read correctly", lowest, 1, tick_share),
                      {std::move(line)},
                      true,
                      true};
  return sheet(
      change.title, change.note,
      to_html(plot) + table(change.title, {{change.axis, false}, {"Read correctly"}}, rows, Caption::kHeard));
}

std::string robustness_section(const Robustness& r) {
  const std::vector<Change> changes{
      {"Turned", "About the picture's middle; clockwise above 0.", "degrees", r.rotation},
      {"Shifted",
       "In all eight directions, diagonally by as much along both axes; the mean of them. What leaves "
       "the picture is lost.",
       "pixels", r.shift},
      {"Smaller and larger", "About the picture's middle.", "times the size", r.scale},
      {"Thinner and thicker strokes", "Strokes are some 2 to 4 pixels wide.", "pixels of width added",
       r.stroke_width},
      {"Blurred", "By a bell curve of this standard deviation.", "pixels", r.blur},
      {"Noisy", "Random greys of this standard deviation, paper being 0 and ink 1.", "grey values", r.noise},
  };
  double lowest = 1;
  for (const Change& change : changes) {
    for (const auto& point : change.points) lowest = std::min(lowest, point.accuracy);
  }
  std::string sheets;
  for (const Change& change : changes) {
    sheets += change_sheet(change, lowest < 0.5 ? 0 : 0.5);
  }
  return section(
      "When the digits are changed",
      "Every test image is changed and read as it is then, without being centred or scaled again; the "
      "flatter "
      "the curve, the less the network minds. The plots share one scale.",
      figures({{"Turned up to 15 degrees", percent(r.rotation_15_mean), "mean of -15, -10, -5, 5, 10 and 15"},
               {"Shifted up to 4 pixels", percent(r.shift_4_mean),
                "mean of 32 shifts: all of -4, -2, 0, 2, 4 across and down but none at all, and eight by 3"},
               {"0.7 to 1.3 times the size", percent(r.scale_07_13_mean),
                "mean of 0.7, 0.8, 0.9, 1.1, 1.2 and 1.3"}}) +
          "<div class=\"changes\">\n" + sheets + "</div>\n");
}

/// Ten bars, the answer's in the colour of mistakes.
std::string probability_bars(const Mistake& mistake) {
  std::vector<SmallBar> bars;
  for (int digit = 0; digit < static_cast<int>(kClasses); ++digit) {
    const std::string look = digit == mistake.label    ? "bar"
                             : digit == mistake.answer ? "bar wrong"
                                                       : "bar faint";
    bars.push_back({std::to_string(digit), probability(mistake, digit), look});
  }
  return to_html(bars);
}

/// Dark ink on white paper.
std::string picture_of(const Dataset& data, std::size_t index) {
  Image<std::uint8_t> picture(data.width, data.height);
  const auto from = data.image(index);
  std::transform(from.begin(), from.end(), picture.pixels.begin(),
                 [](std::uint8_t ink) { return static_cast<std::uint8_t>(255 - ink); });
  return picture_address(picture);
}

std::string mistake_item(const Mistake& mistake, const Dataset& data) {
  const std::string reading = std::to_string(mistake.label) + " read as " + std::to_string(mistake.answer);
  const std::string sureness = percent(probability(mistake, mistake.answer), 1) + " sure; next guess " +
                               std::to_string(mistake.second_guess) + ", " +
                               percent(probability(mistake, mistake.second_guess), 1);
  return R"(<li><img width="28" height="28" alt="Test image )" + std::to_string(mistake.index) + ", a " +
         reading + R"(" src=")" + picture_of(data, mistake.index) + "\">\n<p><b>" + reading +
         "</b></p>\n<p class=\"soft\">" + sureness + "</p>\n" + probability_bars(mistake) +
         "<p class=\"soft\">Image " + format_count(mistake.index) + "</p></li>\n";
}

std::string mistakes_section(const EvaluationReport& r, const Dataset& data) {
  const std::size_t errors = r.evaluation.errors();
  if (r.mistakes.empty()) {
    return section("The worst mistakes", "There are none: every image was read correctly.", "");
  }
  std::string html = "<ol class=\"mistakes\">\n";
  for (const Mistake& mistake : r.mistakes) html += mistake_item(mistake, data);
  const std::string which = errors == r.mistakes.size()
                                ? "All " + format_count(errors) + " of them"
                                : format_count(r.mistakes.size()) + " of " + format_count(errors);
  return section("The worst mistakes",
                 which +
                     ", the most confident first. Blue bars are the digit that was meant, red ones the "
                     "answer; some images a "
                     "person could not read either.",
                 html + "</ol>\n");
}

Json to_json(const std::vector<RiskPoint>& curve) {
  Json json = Json::array();
  for (const RiskPoint& point : curve) {
    json.push_back({{"coverage", point.coverage}, {"error", point.error}});
  }
  return json;
}

Json to_json(const Reliability& bins) {
  Json json = Json::array();
  for (const ReliabilityBin& bin : bins) {
    json.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"images", bin.images},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy}});
  }
  return json;
}

Json to_json(const std::vector<Mistake>& mistakes, const Dataset& data) {
  Json json = Json::array();
  for (const Mistake& mistake : mistakes) {
    json.push_back({{"index", mistake.index},
                    {"label", mistake.label},
                    {"answer", mistake.answer},
                    {"confidence", probability(mistake, mistake.answer)},
                    {"second_guess", mistake.second_guess},
                    {"probabilities", mistake.probabilities},
                    {"picture", picture_of(data, mistake.index)}});
  }
  return json;
}

}  // namespace

Json to_json(const EvaluationReport& r, const Dataset& data) {
  Json json{{"file", r.file}, {"data", r.data}};
  json.update(to_json(r.evaluation));
  json.update(to_json(r.facts));
  json["images_per_second"] = r.images_per_second;
  json["errors"] = r.evaluation.errors();
  json["reliability"] = to_json(r.reliability);
  json["risk_curve"] = to_json(r.risk_curve);
  json["learning_curve"] = to_json(r.learning_curve.epochs);
  json["robustness"] = to_json(r.robustness);
  json["mistakes"] = to_json(r.mistakes, data);
  return json;
}

std::string to_html(const EvaluationReport& r, const Dataset& data) {
  const std::string lead = "Measured on " + format_count(r.evaluation.images) + " of " + escape(r.data) + ".";
  return page("What " + r.file + " can read", lead,
              headline(r) + confusion_section(r.evaluation) + digits_section(r.evaluation) +
                  reliability_section(r) + risk_section(r) + learning_section(r.learning_curve) +
                  robustness_section(r.robustness) + mistakes_section(r, data));
}

}  // namespace inkread
