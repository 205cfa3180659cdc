// SPDX-License-Identifier: MIT
#include "engine/recognizer/one_hand.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/vision/normalize.hpp"

using namespace inkread;

namespace {

/// A digit that looks like its column of ink, of which the network says `label`, or `other` with what is
/// left.
Digit digit(int column, int label, float confidence, int other) {
  Digit out;
  for (int row = 4; row < 24; ++row) {
    out.tile[static_cast<std::size_t>(row * kTileSide + column)] = 1;
  }
  out.label = label;
  out.probabilities[static_cast<std::size_t>(label)] = confidence;
  out.probabilities[static_cast<std::size_t>(other)] = 1 - confidence;
  return out;
}

constexpr int kSevens = 5;
constexpr int kOnes = 20;

/// A line of two sure sevens, as many sure ones, and a digit written like the sevens that is rather a one.
std::vector<Digit> line_with_doubt() {
  return {digit(kSevens, 7, 0.999F, 1), digit(kSevens, 7, 0.999F, 1), digit(kOnes, 1, 0.999F, 7),
          digit(kOnes, 1, 0.999F, 7), digit(kSevens, 1, 0.6F, 7)};
}

std::vector<std::vector<Alternative>> texts_with_doubt() {
  return {{{"77111", 0.75F}, {"77117", 0.2F}, {"7711", 0.05F}}};
}

}  // namespace

TEST_CASE("A digit in doubt is what it is written like elsewhere on the page") {
  std::vector<Digit> digits = line_with_doubt();
  auto lines = texts_with_doubt();
  judge_as_one_hand(digits, lines);
  CHECK(digits.back().label == 7);
  CHECK(digits.back().confidence() > 0.9F);
  CHECK(digits.back().probabilities[7] + digits.back().probabilities[1] == doctest::Approx(1));
  CHECK(lines.front().front().text == "77117");
  CHECK(lines.front().front().confidence > 0.9F);
  CHECK(digits.front().label == 7);
}

TEST_CASE("The digits to compare with may stand in other lines") {
  std::vector<Digit> digits = line_with_doubt();
  std::vector<std::vector<Alternative>> lines{{{"7711", 1}}, {{"1", 0.75F}, {"7", 0.25F}}};
  judge_as_one_hand(digits, lines);
  CHECK(lines.back().front().text == "7");
  CHECK(digits.back().label == 7);
}

TEST_CASE("One digit of a kind is too few to compare with") {
  std::vector<Digit> digits = line_with_doubt();
  digits.erase(digits.begin());
  std::vector<std::vector<Alternative>> lines{{{"7111", 0.75F}, {"7117", 0.25F}}};
  judge_as_one_hand(digits, lines);
  CHECK(digits.back().label == 1);
  CHECK(digits.back().confidence() == 0.6F);
  CHECK(lines.front().front().confidence == 0.75F);
}

TEST_CASE("What was read with neighbours in view is neither compared nor compared with") {
  std::vector<Digit> digits = line_with_doubt();
  auto lines = texts_with_doubt();
  draw_rails(digits.back().tile);
  judge_as_one_hand(digits, lines);
  CHECK(digits.back().label == 1);

  digits = line_with_doubt();
  draw_rails(digits.front().tile);
  judge_as_one_hand(digits, lines);
  CHECK(digits.back().label == 1);
}
