// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace inkread {

/// One thing to read: a file's name (- for standard input), or a folder that gives none, and why.
struct Input {
  std::string name;
  std::string error;
};

/// The inputs with each folder replaced by the pictures in it and below, by name, those below the folder
/// `except` left out.
std::vector<Input> expand_folders(const std::vector<std::string>& names, const std::filesystem::path& except);

}  // namespace inkread
