// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/model/model_notes.hpp"
#include "engine/model/quantization.hpp"
#include "engine/nn/network.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/files.hpp"

namespace inkread {

/// A network's size and cost.
struct NetworkFacts {
  std::size_t parameters = 0;
  std::uint64_t macs = 0;  ///< multiply-accumulate operations an image
  std::size_t file_bytes = 0;
  std::string sha256;  ///< of the file
};
NetworkFacts network_facts(const Network& network, const Bytes& file);

/// Throws a Failure about `file` unless the network turns such images into ten numbers by a Softmax.
void check_fits(const Network& network, const Dataset& data, const std::string& file);

/// One line of a learning curve.
struct EpochRecord {
  int epoch = 0;
  double train_loss = 0;
  double train_accuracy = 0;
  double validation_loss = 0;
  double validation_accuracy = 0;
};

/// How a weights file came to be and what it is worth.
struct ModelCard {
  std::string file;          ///< its name
  std::string architecture;  ///< its name, and in words
  std::string summary;
  std::string command;  ///< gives the same file again
  std::string compiler;
  nlohmann::ordered_json recipe;
  std::string data;        ///< what it was trained on
  std::string validation;  ///< what the curve's validation was measured on
  std::vector<EpochRecord> curve;
  NetworkFacts facts;
  WeightStorage weights = WeightStorage::kFloat32;
  std::optional<Calibration> calibration;
  Evaluation test;
};

nlohmann::ordered_json to_json(const Evaluation& evaluation);
nlohmann::ordered_json to_json(const NetworkFacts& facts);
nlohmann::ordered_json to_json(const std::vector<EpochRecord>& curve);
std::vector<EpochRecord> curve_from_json(const nlohmann::ordered_json& json);

/// The learning curve that a card tells.
struct LearningCurve {
  std::vector<EpochRecord> epochs;
  std::string validation;  ///< what validation was measured on
  std::string missing;     ///< a sentence why there are no epochs
};
/// From FILE.json beside the weights FILE.onnx, if it is there and about these weights.
LearningCurve learning_curve_beside(const std::filesystem::path& weights, const NetworkFacts& facts);

nlohmann::ordered_json to_json(const ModelCard& card);
/// The same for people.
std::string to_markdown(const ModelCard& card);

}  // namespace inkread
