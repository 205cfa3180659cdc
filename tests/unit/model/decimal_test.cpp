// SPDX-License-Identifier: MIT
#include "engine/model/decimal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"

namespace inkread {
namespace {

TEST_CASE("a number becomes its shortest text") {
  const std::vector<std::pair<float, std::string>> texts = {{0.0F, "0"},
                                                            {1.0F, "1"},
                                                            {0.5F, "0.5"},
                                                            {0.1F, "0.1"},
                                                            {0.93F, "0.93"},
                                                            {1.25F, "1.25"},
                                                            {10.0F, "10"},
                                                            {120.0F, "120"},
                                                            {0.0013F, "0.0013"},
                                                            {1e-5F, "0.00001"},
                                                            {16777216.0F, "16777216"},
                                                            {0.99999994F, "0.99999994"}};
  for (const auto& [value, text] : texts) CHECK(format_decimal(value) == text);
}

TEST_CASE("every text that was written is read as the same number") {
  using Limits = std::numeric_limits<float>;
  std::vector<float> values = {Limits::denorm_min(), Limits::min(), Limits::max(), Limits::epsilon()};
  Random random(3);
  for (int i = 0; i < 20000; ++i) values.push_back(random.uniform(0.0F, 1.0F));
  for (int i = 0; i < 2000; ++i) values.push_back(std::pow(10.0F, random.uniform(-37.0F, 38.0F)));
  for (const float value : values) {
    const std::string text = format_decimal(value);
    CAPTURE(text);
    CHECK(text.size() <= kDecimalCharacters);
    REQUIRE(parse_decimal(text).has_value());
    CHECK(*parse_decimal(text) == value);
  }
}

TEST_CASE("texts of other programs are read") {
  const std::vector<std::pair<std::string, float>> numbers = {{"1e-05", 1e-5F},
                                                              {"2.5E+1", 25.0F},
                                                              {"0.10000000000000000555111512312578", 0.1F},
                                                              {"0.899999976158142089843750", 0.9F},
                                                              {"123456789012345678901234", 1.2345679e23F},
                                                              {"000.5000", 0.5F},
                                                              {"0e99", 0.0F},
                                                              {"1e-99", 0.0F}};
  for (const auto& number : numbers) {
    CAPTURE(number.first);
    REQUIRE(parse_decimal(number.first).has_value());
    CHECK(*parse_decimal(number.first) == number.second);
  }
}

TEST_CASE("what is no number is not read as one") {
  for (const std::string& text : {std::string(),
                                  std::string("."),
                                  std::string(".5"),
                                  std::string("5."),
                                  std::string("-1"),
                                  std::string("+1"),
                                  std::string(" 1"),
                                  std::string("1 "),
                                  std::string("1,5"),
                                  std::string("1.5.2"),
                                  std::string("0x10"),
                                  std::string("nan"),
                                  std::string("inf"),
                                  std::string("1e"),
                                  std::string("1e+"),
                                  std::string("1e5x"),
                                  std::string("1e100"),
                                  std::string("1e39"),
                                  std::string("1e99999999999999999999"),
                                  std::string("1\0", 2),
                                  std::string(65, '1')}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text).has_value());
  }
}

}  // namespace
}  // namespace inkread
