// SPDX-License-Identifier: MIT
#include "tools/inkread/files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace inkread {
namespace {

namespace fs = std::filesystem;

std::string last_error() {
  return std::generic_category().message(errno);
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Bytes read_to_end(std::FILE* file, const std::string& what, std::size_t limit) {
  constexpr std::size_t kChunk = std::size_t{1} << 16U;
  Bytes bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const std::size_t got = std::fread(bytes.data() + before, 1, kChunk, file);
    bytes.resize(before + got);
    if (bytes.size() > limit) {
      throw Failure(what, "it is longer than " + std::to_string(limit) + " bytes");
    }
    if (got < kChunk) {
      if (std::ferror(file) != 0) {
        throw Failure(what, "reading failed (" + last_error() + ")");
      }
      return bytes;
    }
  }
}

/// Where a file of this name is to be written: the end of its symbolic links. Throws Failure when something
/// other than a regular file is there, which a rename would replace.
fs::path final_target(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status there = fs::status(path, ignored);
  if (fs::is_directory(there)) {
    throw Failure(path.string(), "it is a folder; a file's name is needed");
  }
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    throw Failure(path.string(), "it is not a regular file, and only those are replaced");
  }
  const fs::path real = fs::is_regular_file(there) ? fs::canonical(path, ignored) : path;
  return real.empty() ? path : real;
}

/// Creates the folders above `path` that are missing; gives them, the deepest first.
std::vector<fs::path> create_parents(const fs::path& path) {
  std::error_code ignored;
  std::vector<fs::path> missing;
  for (fs::path folder = path.parent_path(); !folder.empty() && !fs::exists(folder, ignored);
       folder = folder.parent_path()) {
    missing.push_back(folder);
  }
  if (!missing.empty()) {
    fs::create_directories(missing.front(), ignored);
  }
  return missing;
}

/// A file that is removed again, with the folders that were created for it, unless kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target)
      : target_(final_target(target)), created_folders_(create_parents(target_)) {
    name_ = target_.string() + ".XXXXXX";
    descriptor_ = mkstemp(name_.data());
    if (descriptor_ < 0) {
      const std::string why = last_error();
      remove_created_folders();
      throw Failure(target.string(), "cannot be written (" + why + ")");
    }
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
    if (!kept_) {
      unlink(name_.c_str());
      remove_created_folders();
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::span<const std::byte> content) {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno != EINTR) {
        fail();
      }
      content = content.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
  }

  void keep() {
    constexpr mode_t kReadableByAll = 0644;
    (void)fchmod(descriptor_, kReadableByAll);  // some mounted file systems know no modes
    if (fsync(descriptor_) != 0 || close(std::exchange(descriptor_, -1)) != 0 ||
        std::rename(name_.c_str(), target_.c_str()) != 0) {
      fail();
    }
    kept_ = true;
  }

 private:
  [[noreturn]] void fail() const { throw Failure(target_.string(), "writing failed (" + last_error() + ")"); }
  void remove_created_folders() const {
    for (const fs::path& folder : created_folders_) {
      std::error_code ignored;  // somebody may have put something there meanwhile
      fs::remove(folder, ignored);
    }
  }

  fs::path target_;
  std::vector<fs::path> created_folders_;
  std::string name_;
  int descriptor_ = -1;
  bool kept_ = false;
};

}  // namespace

std::string explain(const Error& error) {
  return std::string(describe(error.code)) + (error.detail.empty() ? "" : ": " + error.detail);
}

Bytes read_file(const fs::path& path, std::size_t limit) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Failure(path.string(), "it is a folder, not a file");
  }
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    throw Failure(path.string(), "cannot be opened (" + last_error() + ")");
  }
  return read_to_end(file.get(), path.string(), limit);
}

Bytes read_standard_input(std::size_t limit) {
  return read_to_end(stdin, "standard input", limit);
}

void write_file(const fs::path& path, std::span<const std::byte> content) {
  TemporaryFile file(path);
  file.write(content);
  file.keep();
}

void write_file(const fs::path& path, const std::string& content) {
  write_file(path, std::as_bytes(std::span(content)));
}

void check_writable(const fs::path& path) {
  const TemporaryFile file(path);
}

std::string shell_word(const std::string& text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::strchr("/._-+=:,@%", c) != nullptr;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return quoted + "'";
}

std::string sha256(std::span<const std::byte> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[digest.at(i) >> 4U];
    text += kDigits[digest.at(i) & 15U];
  }
  return text;
}

Bytes gunzip(std::span<const std::byte> bytes, const std::string& what, std::size_t limit) {
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) {
    throw Failure(what, "cannot be unpacked (zlib does not start)");
  }
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, &inflateEnd);
  // zlib's interface is older than const.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(bytes.size());
  Bytes content;
  int state = Z_OK;
  while (state == Z_OK) {
    constexpr std::size_t kChunk = std::size_t{1} << 20U;
    const std::size_t before = content.size();
    content.resize(before + kChunk);
    stream.next_out = reinterpret_cast<Bytef*>(content.data() + before);  // NOLINT
    stream.avail_out = kChunk;
    state = inflate(&stream, Z_NO_FLUSH);
    content.resize(content.size() - stream.avail_out);
    if (content.size() > limit) {
      throw Failure(what, "it unpacks to more than " + std::to_string(limit) + " bytes");
    }
  }
  if (state != Z_STREAM_END) {
    throw Failure(
        what, state == Z_BUF_ERROR ? "the compressed file ends too early" : "the compressed file is damaged");
  }
  return content;
}

}  // namespace inkread
