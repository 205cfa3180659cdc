// SPDX-License-Identifier: MIT
#include <memory>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/image.hpp"
#include "engine/base/random.hpp"
#include "engine/base/result.hpp"

using namespace inkread;

TEST_CASE("Random numbers are the published ones of SplitMix64") {
  Random random(1234567);  // Vigna's reference, https://prng.di.unimi.it/splitmix64.c
  CHECK(random.next() == 6457827717110365317U);
  CHECK(random.next() == 3203168211198807973U);
  CHECK(random.next() == 9817491932198370423U);
}

TEST_CASE("Streams of one seed differ by what they are for") {
  std::set<std::uint64_t> first_numbers;
  for (std::uint64_t a = 0; a < 20; ++a) {
    for (std::uint64_t b = 0; b < 20; ++b) {
      first_numbers.insert(Random::stream(1, a, b).next());
    }
  }
  CHECK(first_numbers.size() == 400);
  CHECK(Random::stream(1, 2, 3).next() == Random::stream(1, 2, 3).next());
}

TEST_CASE("Random numbers stay within their bounds and reach all of them") {
  Random random(5);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t below = random.below(7);
    CHECK(below < 7);
    seen.insert(below);
    const float even = random.uniform(-2, 3);
    CHECK(even >= -2);
    CHECK(even < 3);
  }
  CHECK(seen.size() == 7);
}

TEST_CASE("A result holds a value or an error, and gives its value away once") {
  Result<std::unique_ptr<int>> good = std::make_unique<int>(3);
  REQUIRE(good.ok());
  const std::unique_ptr<int> taken = std::move(good).value();
  CHECK(*taken == 3);
  const Result<std::unique_ptr<int>> bad = Error{ErrorCode::kEmpty, "no bytes"};
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == ErrorCode::kEmpty);
  CHECK(bad.error().detail == "no bytes");
}

TEST_CASE("Every error code is described in words of its own") {
  std::set<std::string_view> descriptions;
  for (int code = 1; code <= static_cast<int>(ErrorCode::kNotAnImage); ++code) {
    descriptions.insert(describe(static_cast<ErrorCode>(code)));
  }
  CHECK(descriptions.size() == static_cast<std::size_t>(ErrorCode::kNotAnImage));
  CHECK(descriptions.count("unknown error") == 0);
}

TEST_CASE("An image's rows lie one behind the other") {
  RgbaImage image(3, 2, 4);
  image.at(2, 1) = 7;
  CHECK(image.pixels[(1 * 3 + 2) * 4] == 7);
  CHECK(image.view().at(2, 1) == 7);
  CHECK(image.view().row(1) == image.pixels.data() + 12);
}
