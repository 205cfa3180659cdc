// SPDX-License-Identifier: MIT
#include "tools/inkread/model_card.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/inkread/calibrate.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

using Json = nlohmann::ordered_json;

std::string format_number(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// A setting of the recipe; teachers are objects.
std::string in_words(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (!value.is_array()) {
    return value.dump();
  }
  std::string text;
  for (const Json& teacher : value) {
    text += (text.empty() ? "" : " and ") + teacher.at("file").get<std::string>() + " (SHA-256 `" +
            teacher.at("sha256").get<std::string>() + "`)";
  }
  return text;
}

}  // namespace

NetworkFacts network_facts(const Network& network, const Bytes& file) {
  NetworkFacts facts{network.parameters().size(), 0, file.size(), sha256(file)};
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    facts.macs += multiply_accumulates(network, i);
  }
  return facts;
}

void check_fits(const Network& network, const Dataset& data, const std::string& file) {
  if (network.input_shape() != Shape{1, data.height, data.width}) {
    throw Failure(file, "it takes images of " + std::to_string(network.input_shape().width) + "x" +
                            std::to_string(network.input_shape().height) + " pixels, these are " +
                            std::to_string(data.width) + "x" + std::to_string(data.height));
  }
  if (network.output_shape().volume() != kClasses ||
      !std::holds_alternative<Softmax>(network.nodes().back().op)) {
    throw Failure(file, "it does not end in the probabilities of ten digits");
  }
}

Json to_json(const Evaluation& e) {
  Json per_digit = Json::array();
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    per_digit.push_back(
        {{"digit", digit}, {"precision", e.precision.at(digit)}, {"recall", e.recall.at(digit)}});
  }
  Json risk = Json::array();
  for (const RiskPoint& point : e.risk_coverage) {
    risk.push_back({{"coverage", point.coverage}, {"error", point.error}});
  }
  return {{"images", e.images},
          {"accuracy", e.accuracy},
          {"interval", {e.interval.low, e.interval.high}},
          {"per_digit", per_digit},
          {"confusion", e.confusion},
          {"log_loss", e.log_loss},
          {"calibration_error", e.calibration_error},
          {"risk_coverage", risk}};
}

Json to_json(const NetworkFacts& facts) {
  return {{"parameters", facts.parameters},
          {"macs", facts.macs},
          {"file_bytes", facts.file_bytes},
          {"sha256", facts.sha256}};
}

Json to_json(const std::vector<EpochRecord>& curve) {
  Json json = Json::array();
  for (const EpochRecord& record : curve) {
    json.push_back({{"epoch", record.epoch},
                    {"train_loss", record.train_loss},
                    {"train_accuracy", record.train_accuracy},
                    {"validation_loss", record.validation_loss},
                    {"validation_accuracy", record.validation_accuracy}});
  }
  return json;
}

std::vector<EpochRecord> curve_from_json(const Json& json) {
  std::vector<EpochRecord> curve;
  for (const Json& record : json) {
    curve.push_back({record.at("epoch"), record.at("train_loss"), record.at("train_accuracy"),
                     record.at("validation_loss"), record.at("validation_accuracy")});
  }
  return curve;
}

LearningCurve learning_curve_beside(const std::filesystem::path& weights, const NetworkFacts& facts) {
  constexpr std::size_t kLargestCard = std::size_t{16} << 20U;
  const std::filesystem::path path = std::filesystem::path(weights).replace_extension(".json");
  const std::string name = path.filename().string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return {
        {}, "", "There is no card " + name + " beside the weights, so how they were trained is not known."};
  }
  try {
    const Bytes bytes = read_file(path, kLargestCard);
    const auto* text = reinterpret_cast<const char*>(bytes.data());  // NOLINT: bytes are characters here
    const Json card = Json::parse(text, text + bytes.size());
    if (card.at("network").at("sha256") != facts.sha256) {
      return {{}, "", "The card " + name + " beside the weights is about another file, so it is not shown."};
    }
    const Json& training = card.at("training");
    LearningCurve curve{curve_from_json(training.at("curve")), training.at("validation"), ""};
    const bool plausible =
        std::all_of(curve.epochs.begin(), curve.epochs.end(), [](const EpochRecord& record) {
          const auto is_share = [](double value) { return value >= 0 && value <= 1; };
          const auto is_loss = [](double value) { return std::isfinite(value) && value >= 0; };
          return is_loss(record.train_loss) && is_share(record.train_accuracy) &&
                 is_loss(record.validation_loss) && is_share(record.validation_accuracy);
        });
    if (plausible && !curve.epochs.empty()) {
      return curve;
    }
  } catch (const Failure&) {
    return {{}, "", "The card " + name + " beside the weights cannot be read."};
  } catch (const Json::exception&) {
    return {{}, "", "The card " + name + " beside the weights is damaged, so it is not shown."};
  }
  return {{}, "", "The card " + name + " beside the weights holds no learning curve."};
}

Json to_json(const ModelCard& card) {
  Json network{{"name", card.architecture}, {"summary", card.summary}};
  network.update(to_json(card.facts));
  network["weights"] = storage_name(card.weights);
  Json calibration;
  if (card.calibration) {
    calibration = {{"temperature", card.calibration->temperature},
                   {"accept_confidence", card.calibration->accept_confidence},
                   {"accept_risk", card.calibration->accept_risk}};
  }
  return {{"file", card.file},
          {"network", network},
          {"calibration", calibration},
          {"training",
           {{"command", card.command},
            {"compiler", card.compiler},
            {"recipe", card.recipe},
            {"data", card.data},
            {"validation", card.validation},
            {"curve", to_json(card.curve)}}},
          {"test", to_json(card.test)}};
}

std::string to_markdown(const ModelCard& card) {
  const Evaluation& test = card.test;
  std::string text = "# " + card.file + "\n\n";
  text += "The network `" + card.architecture + "`: " + card.summary + ".\n";
  text += "It turns a 28 x 28 grey image (0 to 1, ink = 1) into the probabilities of the ten digits.\n\n";
  text += "| | |\n|---|---|\n";
  text += "| MNIST test images read correctly | " + format_share(test.accuracy) + " of " +
          format_count(test.images) + " (95 % interval " + format_share(test.interval.low) + " to " +
          format_share(test.interval.high) + ") |\n";
  text += "| log loss | " + format_number(test.log_loss, 4) + " nats |\n";
  text += "| calibration error (15 bins) | " + format_share(test.calibration_error) + " |\n";
  text += "| parameters | " + format_count(card.facts.parameters) + " |\n";
  text += "| multiply-accumulates an image | " + format_count(card.facts.macs) + " |\n";
  text += "| file | " + format_count(card.facts.file_bytes) + " bytes, " +
          std::string(storage_name(card.weights)) + " weights, SHA-256 `" + card.facts.sha256 + "` |\n";
  if (card.calibration) {
    text += "| probabilities | of logits divided by a temperature of " +
            format_number(static_cast<double>(card.calibration->temperature), 3) +
            ", fitted on the validation images |\n";
    text +=
        "| accepted | from " + format_share(static_cast<double>(card.calibration->accept_confidence)) +
        " certainty, which " + format_share(kRefusedShare) +
        " of the validation images, as training showed images, do not reach; of the plain ones that do, " +
        format_share(static_cast<double>(card.calibration->accept_risk)) + " are wrong |\n";
  }

  text += "\n## How it was trained\n\n";
  text += "On " + card.data + ". The same file, byte for byte, comes from\n\n    " + card.command + "\n\n";
  text += "built with " + card.compiler + ", on any number of threads. Recipe:";
  for (const auto& [key, value] : card.recipe.items()) {
    text += std::string(&value == &card.recipe.front() ? " " : ", ") + key + " " + in_words(value);
  }
  text += ".\nValidation: " + card.validation + ".\n\n";
  text +=
      "| epoch | training loss | training accuracy | validation loss | validation accuracy "
      "|\n|---|---|---|---|---|\n";
  for (const EpochRecord& record : card.curve) {
    text += "| " + std::to_string(record.epoch) + " | " + format_number(record.train_loss, 4) + " | " +
            format_share(record.train_accuracy) + " | " + format_number(record.validation_loss, 4) + " | " +
            format_share(record.validation_accuracy) + " |\n";
  }

  text += "\n## Digit by digit, on the test images\n\n| digit | precision | recall |\n|---|---|---|\n";
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    text += "| " + std::to_string(digit) + " | " + format_share(test.precision.at(digit)) + " | " +
            format_share(test.recall.at(digit)) + " |\n";
  }
  return text;
}

}  // namespace inkread
