// SPDX-License-Identifier: MIT
#include "engine/model/decimal.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

namespace inkread {
namespace {

constexpr int kLongestShortest = 9;   ///< digits that tell every float32 from its neighbours
constexpr int kLargestExponent = 99;  ///< that a text may have

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// By multiplication, because std::pow differs between libraries. Exact up to 22.
double power_of_ten(int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// number * 10^exponent without an exponent; number is above 0.
std::string plain(std::uint64_t number, int exponent) {
  for (; number % 10 == 0; number /= 10) ++exponent;
  std::string digits = std::to_string(number);
  if (exponent >= 0) return digits + std::string(static_cast<std::size_t>(exponent), '0');
  const auto decimals = static_cast<std::size_t>(-exponent);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  return digits.insert(digits.size() - decimals, ".");
}

/// The digits at the front of a text, taken off it.
class Digits {
 public:
  /// False if there is none. Digits beyond the 18th only move the point.
  bool take(std::string_view& text, bool behind_point) {
    constexpr std::uint64_t kFull = 100'000'000'000'000'000;
    const std::size_t before = text.size();
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
      const bool counts = number < kFull;
      if (counts) number = number * 10 + static_cast<std::uint64_t>(text.front() - '0');
      if (counts == behind_point) exponent += behind_point ? -1 : 1;
    }
    return text.size() < before;
  }
  std::uint64_t number = 0;
  int exponent = 0;  ///< of ten
};

/// "e-05" at the end of a text; nothing there is 0.
bool take_exponent(std::string_view text, int& exponent) {
  exponent = 0;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  Digits digits;
  if (!digits.take(text, false) || !text.empty() || digits.number > kLargestExponent) return false;
  exponent = static_cast<int>(digits.number);
  if (negative) exponent = -exponent;
  return true;
}

}  // namespace

std::string format_decimal(float value) {
  assert(std::isfinite(value) && value >= 0);
  if (value == 0) return "0";
  auto scaled = static_cast<double>(value);
  int exponent = 0;
  for (; scaled >= 10; ++exponent) scaled /= 10;
  for (; scaled < 1; --exponent) scaled *= 10;
  std::string text;
  for (int digits = 1; digits <= kLongestShortest; ++digits) {
    const auto number = static_cast<std::uint64_t>(std::round(scaled * power_of_ten(digits - 1)));
    text = plain(number, exponent - (digits - 1));
    if (parse_decimal(text) == value) break;
  }
  return text;
}

std::optional<float> parse_decimal(std::string_view text) {
  if (text.size() > kDecimalCharacters) return std::nullopt;
  Digits digits;
  if (!digits.take(text, false)) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    if (!digits.take(text, true)) return std::nullopt;
  }
  int exponent = 0;
  if (!take_exponent(text, exponent)) return std::nullopt;
  exponent += digits.exponent;
  const double power = power_of_ten(std::abs(exponent));
  const auto number = static_cast<double>(digits.number);
  const double value = exponent < 0 ? number / power : number * power;
  constexpr double kInfinite = 0x1.ffffffp127;  // half a step beyond the largest float32: it is rounded up
  if (value >= kInfinite) return std::nullopt;
  return static_cast<float>(std::min(value, static_cast<double>(std::numeric_limits<float>::max())));
}

}  // namespace inkread
