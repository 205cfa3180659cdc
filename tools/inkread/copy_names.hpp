// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace inkread {

/// Names for the annotated copies in a folder: as the inputs', with .png; where several would be the same,
/// the later ones are numbered: photo.png, photo-2.png, ... Case does not tell names apart, as on some
/// systems.
class CopyNames {
 public:
  explicit CopyNames(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The copy's file for an input of this name, whichever folder that lies in; - is standard input. `part`
  /// tells apart what comes out of one file.
  std::string add(const std::string& input, const std::string& part = "");

 private:
  std::filesystem::path folder_;
  std::set<std::string> taken_;  ///< in lower case, without .png
};

}  // namespace inkread
