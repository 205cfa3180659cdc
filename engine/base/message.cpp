// SPDX-License-Identifier: MIT
#include "engine/base/message.hpp"

#include <cassert>

namespace inkread {

void MessageValue::append_to(std::string& out) const {
  if (kind_ == kText || kind_ == kQuoted) {
    const std::string_view text(text_, static_cast<std::size_t>(number_));
    if (kind_ == kText) {
      out += text;
      return;
    }
    out += '\'';
    out += printable(text, kQuotedCharacters);
    if (text.size() > kQuotedCharacters) out += "...";
    out += '\'';
    return;
  }
  std::uint64_t rest = number_;
  if (kind_ == kSigned && static_cast<std::int64_t>(number_) < 0) {
    out += '-';
    rest = 0 - rest;
  }
  const std::size_t first = out.size();
  do {
    out.insert(first, 1, static_cast<char>('0' + rest % 10));
    rest /= 10;
  } while (rest > 0);
}

MessageValue quote(std::string_view text) {
  return {text, MessageValue::kQuoted};
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown(text.substr(0, limit));
  for (char& c : shown) {
    if (c < ' ' || c > '~') c = '?';
  }
  return shown;
}

std::string message(std::string_view form, std::initializer_list<MessageValue> values) {
  std::string out;
  const MessageValue* value = values.begin();
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '{') {
      out += form[i];
      continue;
    }
    assert(value != values.end());
    value++->append_to(out);
    ++i;  // }
  }
  assert(value == values.end());
  return out;
}

}  // namespace inkread
