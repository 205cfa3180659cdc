// SPDX-License-Identifier: MIT
#include "tools/inkread/files.hpp"

#include <array>
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

/// A file that is removed again unless kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : target_(target) {
    std::error_code ignored;
    if (target.has_parent_path()) {
      fs::create_directories(target.parent_path(), ignored);
    }
    name_ = target.string() + ".XXXXXX";
    descriptor_ = mkstemp(name_.data());
    if (descriptor_ < 0) {
      throw Failure(target.string(), "cannot be written (" + last_error() + ")");
    }
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
    if (!kept_) {
      unlink(name_.c_str());
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
    const bool stored = fchmod(descriptor_, kReadableByAll) == 0 && fsync(descriptor_) == 0;
    if (!stored || close(std::exchange(descriptor_, -1)) != 0 ||
        std::rename(name_.c_str(), target_.c_str()) != 0) {
      fail();
    }
    kept_ = true;
  }

 private:
  [[noreturn]] void fail() const { throw Failure(target_.string(), "writing failed (" + last_error() + ")"); }

  fs::path target_;
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
  if (fs::is_directory(path)) {
    throw Failure(path.string(), "it is a folder; a file's name is needed");
  }
  const TemporaryFile file(path);
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
