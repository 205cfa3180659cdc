// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace inkread {

/// What a message says at a {}: an integer or a text, which the caller keeps until the message is made.
class MessageValue {
 public:
  // Implicit on purpose: values are listed as they are.
  template <std::integral Integer>
  MessageValue(Integer number)  // NOLINT(google-explicit-constructor)
      : kind_(std::signed_integral<Integer> ? kSigned : kUnsigned),
        number_(static_cast<std::uint64_t>(number)) {}
  MessageValue(std::string_view text) : MessageValue(text, kText) {}    // NOLINT(google-explicit-constructor)
  MessageValue(const std::string& text) : MessageValue(text, kText) {}  // NOLINT(google-explicit-constructor)
  MessageValue(const char* text)
      : MessageValue(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)

 private:
  enum Kind : std::uint8_t { kSigned, kUnsigned, kText, kQuoted };
  MessageValue(std::string_view text, Kind kind) : text_(text.data()), kind_(kind), number_(text.size()) {}

  friend MessageValue quote(std::string_view text);
  friend std::string message(std::string_view form, std::initializer_list<MessageValue> values);
  void append_to(std::string& out) const;

  const char* text_ = nullptr;
  Kind kind_;
  std::uint64_t number_;  ///< of a text, its length
};

/// Characters of a text of unknown origin that a message shows.
inline constexpr std::size_t kQuotedCharacters = 64;

/// A text of unknown origin, in quotes, shortened and printable.
[[nodiscard]] MessageValue quote(std::string_view text);

/// At most `limit` characters of a text of unknown origin; a question mark for each that is not printable
/// ASCII.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit);

/// `form` with each {} replaced by the next of the values: message("takes {} channels, but gets {}", {3, 1}).
/// The library's own because std::format is newer than the toolchains, and because a module has a hundred
/// messages, of which each should take little code.
[[nodiscard]] std::string message(std::string_view form, std::initializer_list<MessageValue> values);

}  // namespace inkread
