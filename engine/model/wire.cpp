// SPDX-License-Identifier: MIT
#include "engine/model/wire.hpp"

#include <bit>
#include <cstring>
#include <limits>

namespace inkread {
namespace {

constexpr std::size_t kFloatBytes = 4;
static_assert(sizeof(float) == kFloatBytes);

// Numbers lie in files as they do in memory, and are copied in bulk.
static_assert(std::endian::native == std::endian::little);

}  // namespace

void append_floats(std::vector<float>& list, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;  // which may lie nowhere, where memcpy must not look
  const std::size_t before = list.size();
  const std::size_t count = bytes.size() / kFloatBytes;
  list.resize(before + count);
  std::memcpy(list.data() + before, bytes.data(), count * kFloatBytes);
}

std::int64_t load_integer(const std::byte* bytes) {
  std::int64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

bool WireReader::fail(ErrorCode code, std::string_view form, std::initializer_list<MessageValue> values) {
  if (!fault_) fault_ = Error{code, message("field {} {}", {field_, message(form, values)})};
  return false;
}

bool WireReader::take_varint(Bytes& from, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) return fail(ErrorCode::kTruncated, "ends in the middle of a number");
    const auto byte = std::to_integer<std::uint64_t>(from.front());
    from = from.subspan(1);
    if (shift == 63 && byte > 1) break;  // of the tenth byte only one bit fits
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) return true;
  }
  return fail(ErrorCode::kMalformed, "holds a number of more than 64 bits");
}

bool WireReader::take(std::uint64_t count) {
  // Compare with what is left: a sum with a hostile 64-bit count could wrap around.
  if (count > rest_.size()) {
    return fail(ErrorCode::kTruncated, "claims {} bytes, but only {} are left", {count, rest_.size()});
  }
  bytes_ = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(static_cast<std::size_t>(count));
  return true;
}

bool WireReader::next() {
  if (fault_ || rest_.empty()) return false;
  std::uint64_t key = 0;
  if (!take_varint(rest_, key)) return false;
  constexpr std::uint64_t kLargestField = (1U << 29U) - 1;
  if (key >> 3U == 0 || key >> 3U > kLargestField) {
    return fail(ErrorCode::kMalformed, "is followed by one with an impossible number");
  }
  field_ = static_cast<std::uint32_t>(key >> 3U);
  type_ = static_cast<Type>(key & 7U);
  std::uint64_t size = 0;
  switch (type_) {
    case Type::kVarint:
      return take_varint(rest_, varint_);
    case Type::kFixed64:
      return take(8);
    case Type::kBytes:
      return take_varint(rest_, size) && take(size);
    case Type::kFixed32:
      return take(4);
  }
  return fail(ErrorCode::kMalformed, "has an unknown wire type");
}

WireReader& WireReader::once() {
  const std::uint64_t bit = std::uint64_t{1} << field_;
  if ((seen_ & bit) != 0) fail(ErrorCode::kMalformed, "appears twice");
  seen_ |= bit;
  return *this;
}

bool WireReader::expect(Type type) {
  return type_ == type || fail(ErrorCode::kMalformed, "has the wrong wire type");
}

std::int64_t WireReader::integer() {
  return expect(Type::kVarint) ? static_cast<std::int64_t>(varint_) : 0;
}

float WireReader::number() {
  if (!expect(Type::kFixed32)) return 0;
  float value = 0;
  std::memcpy(&value, bytes_.data(), sizeof value);
  return value;
}

Bytes WireReader::bytes() {
  return expect(Type::kBytes) ? bytes_ : Bytes{};
}

std::string_view WireReader::text(std::size_t limit) {
  const Bytes value = bytes();
  if (value.size() > limit) {
    fail(ErrorCode::kTooLarge, "is a text of more than {} bytes", {limit});
    return {};
  }
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

template <typename Integer>
void WireReader::append_integers(std::vector<Integer>& list, std::size_t limit) {
  const auto append = [&](std::int64_t value) {
    if (list.size() == limit) {
      return fail(ErrorCode::kTooLarge, "holds more than {} numbers", {limit});
    }
    if (value < std::numeric_limits<Integer>::min() || value > std::numeric_limits<Integer>::max()) {
      return fail(ErrorCode::kMalformed, "holds a number of more than {} bits", {8 * sizeof(Integer)});
    }
    list.push_back(static_cast<Integer>(value));
    return true;
  };
  if (type_ == Type::kVarint) {
    append(integer());
    return;
  }
  std::uint64_t value = 0;
  for (Bytes packed = bytes(); !packed.empty();) {
    if (!take_varint(packed, value) || !append(static_cast<std::int64_t>(value))) return;
  }
}

void WireReader::integers(std::vector<std::int64_t>& list, std::size_t limit) {
  append_integers(list, limit);
}

void WireReader::integers(std::vector<std::int32_t>& list, std::size_t limit) {
  append_integers(list, limit);
}

void WireReader::numbers(std::vector<float>& list) {
  if (type_ == Type::kFixed32) {
    list.push_back(number());
    return;
  }
  const Bytes packed = bytes();
  if (packed.size() % kFloatBytes != 0) {
    fail(ErrorCode::kMalformed, "ends in the middle of a number");
    return;
  }
  append_floats(list, packed);
}

void WireWriter::varint(std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) bytes_.push_back(static_cast<std::byte>(value | 0x80U));
  bytes_.push_back(static_cast<std::byte>(value));
}

void WireWriter::head(std::uint32_t field, std::size_t size) {
  varint(field << 3U | 2U);
  varint(size);
}

void WireWriter::integer(std::uint32_t field, std::int64_t value) {
  varint(field << 3U);
  varint(static_cast<std::uint64_t>(value));
}

void WireWriter::text(std::uint32_t field, std::string_view value) {
  bytes(field, std::as_bytes(std::span<const char>(value)));
}

void WireWriter::bytes(std::uint32_t field, Bytes value) {
  head(field, value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void WireWriter::message(std::uint32_t field, const WireWriter& value) {
  bytes(field, value.bytes_);
}

void WireWriter::integers(std::uint32_t field, std::span<const std::int64_t> values) {
  WireWriter packed;
  for (const std::int64_t value : values) packed.varint(static_cast<std::uint64_t>(value));
  message(field, packed);
}

void WireWriter::raw_floats(std::uint32_t field, std::span<const float> values) {
  head(field, values.size() * kFloatBytes);
  const auto raw = std::as_bytes(values);
  bytes_.insert(bytes_.end(), raw.begin(), raw.end());
}

}  // namespace inkread
