// SPDX-License-Identifier: MIT
#include "engine/decode/exif.hpp"

#include <doctest/doctest.h>

#include "tests/support/picture_files.hpp"

namespace {

using namespace inkread;
using namespace inkread::test;

/// Little-endian EXIF with one entry.
Bytes exif(unsigned value, unsigned tag = 0x0112, unsigned type = 3, unsigned count = 1) {
  Bytes block;
  append(block, "II");
  append_little(block, 42, 2);
  append_little(block, 8);
  append_little(block, 1, 2);
  append_little(block, tag, 2);
  append_little(block, type, 2);
  append_little(block, count);
  append_little(block, value);
  append_little(block, 0);
  return block;
}

}  // namespace

TEST_CASE("the orientation of an EXIF block is read") {
  for (unsigned value = 1; value <= 8; ++value) {
    CHECK(exif_orientation(as_file(exif(value))) == static_cast<int>(value));
  }
}

TEST_CASE("an EXIF block without a valid orientation means upright") {
  CHECK(exif_orientation({}) == 1);
  CHECK(exif_orientation(as_file(exif(0))) == 1);
  CHECK(exif_orientation(as_file(exif(9))) == 1);
  CHECK(exif_orientation(as_file(exif(6, 0x0113))) == 1);
  CHECK(exif_orientation(as_file(exif(6, 0x0112, 4))) == 1);
  CHECK(exif_orientation(as_file(exif(6, 0x0112, 3, 2))) == 1);
}

TEST_CASE("an EXIF block that lies or is cut means upright") {
  const Bytes whole = exif(6);
  for (std::size_t size = 0; size < 22; ++size) {
    CHECK(exif_orientation(
              as_file(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))) == 1);
  }
  Bytes far = whole;  // the directory lies beyond the end
  far[4] = far[5] = far[6] = far[7] = 0xFF;
  CHECK(exif_orientation(as_file(far)) == 1);
  Bytes many = exif(6, 0x0100);  // more entries than there are bytes
  many[8] = many[9] = 0xFF;
  CHECK(exif_orientation(as_file(many)) == 1);
}
