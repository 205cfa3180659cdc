// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace inkread {

// Numbers as decimal text, the same on every target: libc++ has no std::from_chars of float.

inline constexpr std::size_t kDecimalCharacters = 64;

/// The shortest text without an exponent that parse_decimal() gives back as `value`, which is finite and not
/// negative: "0.9".
[[nodiscard]] std::string format_decimal(float value);

/// The number that a text says: digits, with or without a point between them and an exponent behind ("0.9",
/// "1e-05"). Nothing if it is anything else, too large for float32 or longer than kDecimalCharacters.
[[nodiscard]] std::optional<float> parse_decimal(std::string_view text);

}  // namespace inkread
