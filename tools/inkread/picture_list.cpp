// SPDX-License-Identifier: MIT
#include "tools/inkread/picture_list.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>

namespace inkread {
namespace {

namespace fs = std::filesystem;

bool looks_like_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array kExtensions{".png", ".jpg", ".jpeg", ".gif", ".bmp"};
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

/// The pictures in a folder and below, by name. What cannot be listed comes with its error.
std::vector<Input> list_folder(const std::string& folder, const fs::path& except) {
  std::vector<Input> found;
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const fs::path present = folders.back();
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entries(present, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      std::error_code ignored;
      if (entries->is_directory(ignored) && !entries->is_symlink(ignored)) {
        if (!fs::equivalent(entries->path(), except, ignored)) folders.push_back(entries->path());
      } else if (entries->is_regular_file(ignored) && looks_like_picture(entries->path())) {
        found.push_back({entries->path().string(), ""});
      }
    }
    if (error) {
      found.push_back({present.string(), "the folder cannot be listed (" + error.message() + ")"});
    }
  }
  std::sort(found.begin(), found.end(), [](const Input& a, const Input& b) { return a.name < b.name; });
  if (found.empty()) {
    found.push_back({folder, "there is no picture (.png, .jpg, .jpeg, .gif, .bmp) in this folder"});
  }
  return found;
}

}  // namespace

std::vector<Input> expand_folders(const std::vector<std::string>& names, const fs::path& except) {
  std::vector<Input> inputs;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(name, ignored)) {
      const std::vector<Input> found = list_folder(name, except);
      inputs.insert(inputs.end(), found.begin(), found.end());
    } else {
      inputs.push_back({name, ""});
    }
  }
  return inputs;
}

}  // namespace inkread
