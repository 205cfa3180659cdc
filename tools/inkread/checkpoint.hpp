// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/model/quantization.hpp"
#include "engine/training/trainer.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/model_card.hpp"

namespace inkread {

/// What a training run was asked to do; kept so that it can go on after an interruption.
struct RunOptions {
  std::string
      network;  ///< an architecture's name, a list of layers, or the .onnx file that the run began with
  std::string mnist;
  std::string out;
  std::size_t validation = 0;  ///< images held out from the end of the training set
  bool any_idx = false;
  std::string augment = "none";  ///< an augmentation's name
  WeightStorage weights = WeightStorage::kFloat32;
  std::vector<std::string> teachers;  ///< the names of their .onnx files
  Recipe recipe;
};

/// A network that teaches, as the run began with it.
struct Teacher {
  std::string name;  ///< of its file
  Bytes file;
};

/// The folder of one training run: run.json (RunOptions), start.onnx (the network before the first epoch),
/// teacher1.onnx and so on, checkpoint (after the last finished epoch) and log.jsonl (one line an epoch).
/// Whatever moment the process is killed at, the folder holds the last finished epoch. Every member throws
/// Failure.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  struct Checkpoint {
    TrainerState state;
    std::vector<EpochRecord> curve;
  };

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Begins a run. What a finished run left in the folder is gone then; an unfinished one is refused.
  void begin(const RunOptions& options, const Network& start, const std::vector<Teacher>& teachers) const;
  void save_options(const RunOptions& options) const;
  [[nodiscard]] RunOptions load_options() const;
  [[nodiscard]] Network load_start() const;
  [[nodiscard]] std::vector<Teacher> load_teachers(const RunOptions& options) const;

  void save(const Checkpoint& checkpoint) const;
  /// A run that has not finished an epoch yet has a checkpoint without curve and parameters.
  [[nodiscard]] Checkpoint load() const;

 private:
  std::filesystem::path path_;
};

}  // namespace inkread
