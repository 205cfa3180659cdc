// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/training/dataset.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/model_card.hpp"
#include "tools/inkread/robustness.hpp"

namespace inkread {

/// All that is known of one network.
struct EvaluationReport {
  std::string file;  ///< its name
  std::string data;  ///< what it was measured on, after "on": "MNIST's test images"
  NetworkFacts facts;
  Evaluation evaluation;
  double images_per_second = 0;
  Reliability reliability{};
  std::vector<RiskPoint> risk_curve;
  LearningCurve learning_curve;
  Robustness robustness;
  std::vector<Mistake> mistakes;
};

/// The keys of `inkread evaluate --json` and those of the report. `data` has the pictures of the mistakes.
nlohmann::ordered_json to_json(const EvaluationReport& report, const Dataset& data);

/// A page for people. `data` has the pictures of the mistakes.
std::string to_html(const EvaluationReport& report, const Dataset& data);

}  // namespace inkread
