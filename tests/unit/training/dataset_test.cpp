// SPDX-License-Identifier: MIT
#include "engine/training/dataset.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace inkread;

namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes(std::initializer_list<int> values) {
  Bytes result;
  for (const int value : values) {
    result.push_back(static_cast<std::byte>(value));
  }
  return result;
}

/// Two images of 2 x 3 pixels.
Bytes images() {
  return bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255});
}
Bytes labels() {
  return bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 0});
}

ErrorCode refusal(const Bytes& image_file, const Bytes& label_file) {
  const Result<Dataset> data = parse_idx(image_file, label_file);
  REQUIRE_FALSE(data.ok());
  CHECK_FALSE(data.error().detail.empty());
  return data.error().code;
}

}  // namespace

TEST_CASE("IDX files give their images and labels") {
  const Dataset data = parse_idx(images(), labels()).value();
  CHECK(data.size() == 2);
  CHECK(data.height == 2);
  CHECK(data.width == 3);
  CHECK(data.labels == std::vector<std::uint8_t>{7, 0});
  CHECK(data.image(1)[0] == 7);
  CHECK(data.image(1)[5] == 255);
  const Dataset second = data.slice(1, 2);
  CHECK(second.size() == 1);
  CHECK(second.image(0)[0] == 7);
}

TEST_CASE("Every truncated IDX file is refused") {
  const Bytes whole = images();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), labels()) ==
          ErrorCode::kTruncated);
  }
  const Bytes whole_labels = labels();
  for (std::size_t size = 0; size < whole_labels.size(); ++size) {
    CHECK(refusal(images(),
                  Bytes(whole_labels.begin(), whole_labels.begin() + static_cast<std::ptrdiff_t>(size))) ==
          ErrorCode::kTruncated);
  }
}

TEST_CASE("IDX files that contradict themselves or each other are refused") {
  Bytes longer = images();
  longer.push_back(std::byte{0});
  CHECK(refusal(longer, labels()) == ErrorCode::kMalformed);
  CHECK(refusal(labels(), labels()) == ErrorCode::kTruncated);
  Bytes wrong_magic = images();
  wrong_magic[3] = std::byte{4};
  CHECK(refusal(wrong_magic, labels()) == ErrorCode::kMalformed);
  Bytes huge = images();
  huge[4] = huge[8] = huge[12] = std::byte{255};
  CHECK(refusal(huge, labels()) == ErrorCode::kTooLarge);
  CHECK(refusal(images(), bytes({0, 0, 8, 1, 0, 0, 0, 1, 7})) == ErrorCode::kShapeMismatch);
  CHECK(refusal(images(), bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 10})) == ErrorCode::kMalformed);
}
