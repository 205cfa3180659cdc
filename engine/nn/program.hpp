// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engine/nn/aligned_buffer.hpp"
#include "engine/nn/network.hpp"

namespace inkread {

class Workspace;

/// A network made ready to run: weights packed for the kernels, operators fused, memory planned. Immutable
/// and cheap to copy; copies share everything, on any number of threads.
class Program {
 public:
  static Program prepare(const Network& network);

  [[nodiscard]] std::size_t input_size() const;   ///< numbers an image
  [[nodiscard]] std::size_t output_size() const;  ///< numbers an answer

  /// Runs the network on as many images as `input` holds, side by side; `output` takes as many answers.
  /// Const, re-entrant with a Workspace of its own each, allocates nothing.
  void forward(Workspace& workspace, std::span<const float> input, std::span<float> output) const;

  struct Plan;

 private:
  friend class Workspace;
  explicit Program(std::shared_ptr<const Plan> plan);
  std::shared_ptr<const Plan> plan_;
};

/// The memory of one running Program, allocated once.
class Workspace {
 public:
  explicit Workspace(const Program& program);

 private:
  friend class Program;
  AlignedBuffer memory_;
};

}  // namespace inkread
