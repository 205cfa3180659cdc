// SPDX-License-Identifier: MIT
#include "engine/model/wire.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/model/onnx_bytes.hpp"

namespace inkread {
namespace {

using onnx_bytes::Message;

/// The message in memory of exactly its size.
class Exact {
 public:
  explicit Exact(const std::string& bytes)
      : copy_(std::make_unique<std::byte[]>(bytes.size())),  // NOLINT(modernize-avoid-c-arrays)
        size_(bytes.size()) {
    if (size_ > 0) std::memcpy(copy_.get(), bytes.data(), size_);
  }
  [[nodiscard]] Bytes bytes() const { return {copy_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> copy_;  // NOLINT(modernize-avoid-c-arrays)
  std::size_t size_;
};

/// Walks over all fields and gives the fault.
Error fault_of(const std::string& message) {
  const Exact exact(message);
  WireReader reader(exact.bytes());
  while (reader.next()) {
  }
  REQUIRE_FALSE(reader.ok());
  return reader.error();
}

TEST_CASE("fields are read in their order, and those that nobody asks for are skipped") {
  const Exact exact(Message()
                        .integer(1, -5)
                        .text(2, "skipped")
                        .varint(3 * 8 + 1)
                        .raw(std::uint64_t{7})
                        .number(4, 1.5F)
                        .text(5, "text")
                        .bytes());
  WireReader reader(exact.bytes());
  REQUIRE(reader.next());
  CHECK(reader.field() == 1);
  CHECK(reader.integer() == -5);
  REQUIRE(reader.next());
  REQUIRE(reader.next());
  REQUIRE(reader.next());
  CHECK(reader.number() == 1.5F);
  REQUIRE(reader.next());
  CHECK(reader.text(4) == "text");
  CHECK_FALSE(reader.next());
  CHECK(reader.ok());
}

TEST_CASE("numbers take all of their 64 bits") {
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                    std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    CAPTURE(number);
    const Exact exact(Message().integer(1, number).bytes());
    WireReader reader(exact.bytes());
    REQUIRE(reader.next());
    CHECK(reader.integer() == number);
  }
}

TEST_CASE("a length that is not there is a fault, however large it is") {
  for (const std::uint64_t length :
       {std::uint64_t{1}, std::uint64_t{0x7FFFFFFF}, std::uint64_t{0xFFFFFFF0}, std::uint64_t{0xFFFFFFFF},
        std::uint64_t{0x100000000}, std::uint64_t{0x7FFFFFFFFFFFFFFF}, std::uint64_t{0xFFFFFFFFFFFFFFF0},
        std::uint64_t{0xFFFFFFFFFFFFFFFF}}) {
    CAPTURE(length);
    const Error fault = fault_of(Message().integer(1, 3).varint(9 * 8 + 2).varint(length).bytes());
    CHECK(fault.code == ErrorCode::kTruncated);
    CHECK(fault.detail == "field 9 claims " + std::to_string(length) + " bytes, but only 0 are left");
  }
}

TEST_CASE("a number without an end, or of more than 64 bits, is a fault") {
  CHECK(fault_of(std::string("\x08") + std::string(9, '\xff')).code == ErrorCode::kTruncated);
  CHECK(fault_of(std::string("\x08") + std::string(9, '\xff') + "\x02").code == ErrorCode::kMalformed);
  CHECK(fault_of(std::string("\x08") + std::string(10, '\x80')).code == ErrorCode::kMalformed);
  CHECK(fault_of(std::string(10, '\xff')).code == ErrorCode::kMalformed);
}

TEST_CASE("field number 0, numbers beyond protobuf's and groups are faults") {
  CHECK(fault_of(Message().integer(0, 1).bytes()).code == ErrorCode::kMalformed);
  CHECK(fault_of(Message().varint(std::uint64_t{8} << 29U).varint(0).bytes()).code == ErrorCode::kMalformed);
  for (const unsigned type : {3U, 4U, 6U, 7U}) {
    CAPTURE(type);
    CHECK(fault_of(Message().varint(8 + type).bytes()).detail == "field 1 has an unknown wire type");
  }
}

TEST_CASE("a field of another wire type gives an empty value and a fault") {
  const Exact exact(Message().text(1, "text").bytes());
  WireReader reader(exact.bytes());
  REQUIRE(reader.next());
  CHECK(reader.integer() == 0);
  CHECK_FALSE(reader.next());
  CHECK(reader.error().detail == "field 1 has the wrong wire type");
}

TEST_CASE("a single field that appears twice is a fault") {
  const Exact exact(Message().integer(1, 2).integer(1, 3).bytes());
  WireReader reader(exact.bytes());
  REQUIRE(reader.next());
  CHECK(reader.once().integer() == 2);
  REQUIRE(reader.next());
  reader.once();
  CHECK_FALSE(reader.ok());
  CHECK(reader.error().detail == "field 1 appears twice");
}

TEST_CASE("a text beyond its limit is a fault") {
  const Exact exact(Message().text(1, "text").bytes());
  WireReader reader(exact.bytes());
  REQUIRE(reader.next());
  CHECK(reader.text(3).empty());
  CHECK(reader.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("repeated numbers may be packed or not, up to their limit") {
  const Message packed = Message().varint(1).varint(300);
  const Exact exact(Message().integer(1, 7).message(1, packed).bytes());
  std::vector<std::int64_t> list;
  WireReader reader(exact.bytes());
  while (reader.next()) reader.integers(list, 3);
  CHECK(reader.ok());
  CHECK(list == std::vector<std::int64_t>{7, 1, 300});

  list.clear();
  WireReader limited(exact.bytes());
  while (limited.next()) limited.integers(list, 2);
  CHECK(limited.error().code == ErrorCode::kTooLarge);
  CHECK(list.size() == 2);
}

TEST_CASE("floats may be packed or not, but not cut") {
  const Message packed = Message().raw(1.0F).raw(-2.0F);
  const Exact exact(
      Message().message(4, Message()).number(4, 0.5F).message(4, packed).text(4, "cut").bytes());
  std::vector<float> list;
  WireReader reader(exact.bytes());
  while (reader.next()) reader.numbers(list);
  CHECK(list == std::vector<float>{0.5F, 1.0F, -2.0F});
  CHECK(reader.error().code == ErrorCode::kMalformed);
}

TEST_CASE("what the writer writes is what protobuf says") {
  WireWriter inner;
  inner.text(1, "ab");
  WireWriter writer;
  writer.integer(1, 300);
  writer.integer(2, -1);
  writer.message(16, inner);
  writer.integers(3, std::vector<std::int64_t>{1, 200});
  writer.raw_floats(4, std::vector<float>{1.0F});
  const std::string expected = Message()
                                   .integer(1, 300)
                                   .integer(2, -1)
                                   .message(16, Message().text(1, "ab"))
                                   .message(3, Message().varint(1).varint(200))
                                   .message(4, Message().raw(1.0F))
                                   .bytes();
  const std::vector<std::byte> written = writer.take();
  REQUIRE(written.size() == expected.size());
  CHECK(std::memcmp(written.data(), expected.data(), expected.size()) == 0);
}

}  // namespace
}  // namespace inkread
