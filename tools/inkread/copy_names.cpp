// SPDX-License-Identifier: MIT
#include "tools/inkread/copy_names.hpp"

#include <algorithm>
#include <cctype>

namespace inkread {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string CopyNames::add(const std::string& input, const std::string& part) {
  const std::string stem = input == "-" ? "standard-input" : std::filesystem::path(input).stem().string();
  const std::string wanted = part.empty() ? stem : stem + "-" + part;
  std::string name = wanted;
  for (int number = 2; !taken_.insert(lower_case(name)).second; ++number) {
    name = wanted + "-" + std::to_string(number);
  }
  return (folder_ / (name + ".png")).string();
}

}  // namespace inkread
