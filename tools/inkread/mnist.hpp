// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "engine/training/dataset.hpp"

namespace inkread {

/// Which part of MNIST.
enum class MnistPart { kTrain, kTest };

/// Whether the files must be the published ones.
enum class MnistCheck {
  kPublished,  ///< exactly: by SHA-256
  kAnyIdx,     ///< any set in MNIST's format: 28x28 pixels, digits 0 to 9
};

/// Reads train-images-idx3-ubyte and train-labels-idx1-ubyte (or t10k-...), plain or .gz, from a folder.
/// Throws Failure.
Dataset load_mnist(const std::filesystem::path& folder, MnistPart part, MnistCheck check);

}  // namespace inkread
