// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/result.hpp"

namespace inkread {

/// What ends a command: a sentence for the person who called it, "what: why".
class Failure : public std::runtime_error {
 public:
  Failure(const std::string& what, const std::string& why) : std::runtime_error(what + ": " + why) {}
};

/// "it is damaged: node 'conv1' (Conv): ..."
[[nodiscard]] std::string explain(const Error& error);

/// The result's value, or a Failure about `what`.
template <typename T>
T value_or_fail(Result<T> result, const std::string& what) {
  if (!result.ok()) {
    throw Failure(what, explain(result.error()));
  }
  return std::move(result).value();
}

using Bytes = std::vector<std::byte>;

/// Throws Failure. Reads no more than `limit` bytes; a longer file is a Failure.
Bytes read_file(const std::filesystem::path& path, std::size_t limit = std::size_t{1} << 32U);
/// Standard input to its end; as read_file().
Bytes read_standard_input(std::size_t limit);

/// Writes the whole file under a temporary name beside it, then renames: the old or the new content, never
/// half of it. Creates missing folders; follows symbolic links; replaces nothing but regular files. Throws
/// Failure.
void write_file(const std::filesystem::path& path, std::span<const std::byte> content);
void write_file(const std::filesystem::path& path, const std::string& content);

/// Throws a Failure now if write_file() could not write there, for commands that work long before they write.
/// Leaves nothing behind.
void check_writable(const std::filesystem::path& path);

/// The text as one word of a command line that can be pasted into a shell.
std::string shell_word(const std::string& text);

/// The SHA-256 of the bytes in lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);

/// The content of a .gz file. Throws Failure about `what`; also when it holds more than `limit` bytes.
Bytes gunzip(std::span<const std::byte> bytes, const std::string& what, std::size_t limit);

}  // namespace inkread
