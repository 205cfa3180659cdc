// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

namespace inkread {

/// Checks that an option is a whole number of at least `least` that fits 64 bits. CLI11 itself takes -1 for
/// the largest number where no sign is expected.
inline CLI::Validator whole_number(std::uint64_t least) {
  const auto check = [least](const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = error == std::errc() && end == text.data() + text.size() && value >= least;
    return fits ? std::string() : "it must be a whole number from " + std::to_string(least) + ", not " + text;
  };
  return {check, ""};
}

}  // namespace inkread
