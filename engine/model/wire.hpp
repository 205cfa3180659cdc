// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/message.hpp"
#include "engine/base/result.hpp"

namespace inkread {

using Bytes = std::span<const std::byte>;

/// Reads the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/) one after the
/// other, never beyond the message. The first fault stops it and stays: after the loop over next(), ask ok().
/// What it gives out points into the message.
class WireReader {
 public:
  explicit WireReader(Bytes message) : rest_(message) {}

  /// Moves to the next field. False at the end of the message and at a fault.
  bool next();
  /// The number of the field that next() found. A field whose value nobody asks for is skipped.
  [[nodiscard]] std::uint32_t field() const { return field_; }

  /// Before one of the following: it is a fault if the message has this field again. For field numbers below
  /// 64.
  WireReader& once();

  // The field's value. A field of another wire type is a fault and gives an empty value.
  std::int64_t integer();
  float number();
  Bytes bytes();
  /// More than `limit` bytes are a fault.
  std::string_view text(std::size_t limit);
  /// Appends the number or the packed numbers of a repeated field. More than `limit` in all are a fault.
  void integers(std::vector<std::int64_t>& list, std::size_t limit);
  /// The same for numbers of 32 bits. One of more is a fault.
  void integers(std::vector<std::int32_t>& list, std::size_t limit);
  /// The same without a limit: a number takes four bytes of the message.
  void numbers(std::vector<float>& list);

  /// Makes this the fault, as if the message were damaged here.
  void refuse(Error error) { fault_ = std::move(error); }

  [[nodiscard]] bool ok() const { return !fault_.has_value(); }
  [[nodiscard]] const Error& error() const { return *fault_; }

 private:
  enum class Type : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  bool fail(ErrorCode code, std::string_view form, std::initializer_list<MessageValue> values = {});
  bool expect(Type type);
  bool take_varint(Bytes& from, std::uint64_t& value);
  bool take(std::uint64_t count);
  template <typename Integer>
  void append_integers(std::vector<Integer>& list, std::size_t limit);

  Bytes rest_;
  std::uint32_t field_ = 0;
  Type type_ = Type::kVarint;
  std::uint64_t varint_ = 0;
  Bytes bytes_;  ///< of all types but kVarint
  std::uint64_t seen_ = 0;
  std::optional<Error> fault_;
};

// Little-endian numbers, wherever they lie.

/// Adds as many float32 as `bytes` holds.
void append_floats(std::vector<float>& list, std::span<const std::byte> bytes);

/// The first eight of `bytes`.
[[nodiscard]] std::int64_t load_integer(const std::byte* bytes);

/// Builds one protobuf message.
class WireWriter {
 public:
  void integer(std::uint32_t field, std::int64_t value);
  void text(std::uint32_t field, std::string_view value);
  void bytes(std::uint32_t field, Bytes value);
  void message(std::uint32_t field, const WireWriter& value);
  /// Packed.
  void integers(std::uint32_t field, std::span<const std::int64_t> values);
  /// As bytes: little-endian float32, one after the other.
  void raw_floats(std::uint32_t field, std::span<const float> values);

  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void varint(std::uint64_t value);
  void head(std::uint32_t field, std::size_t size);

  std::vector<std::byte> bytes_;
};

}  // namespace inkread
