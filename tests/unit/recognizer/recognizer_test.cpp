// SPDX-License-Identifier: MIT
#include "engine/recognizer/recognizer.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "engine/model/onnx_writer.hpp"
#include "tests/support/random_network.hpp"

using namespace inkread;
using namespace inkread::test;

namespace {

std::vector<std::byte> shipped_weights() {
  std::ifstream file(INKREAD_WEIGHTS, std::ios::binary);
  std::vector<std::byte> bytes;
  for (auto c = std::istreambuf_iterator<char>(file); c != std::istreambuf_iterator<char>(); ++c) {
    bytes.push_back(static_cast<std::byte>(*c));
  }
  return bytes;
}

Recognizer shipped_recognizer() {
  const std::vector<std::byte> weights = shipped_weights();
  REQUIRE(!weights.empty());
  return Recognizer::create(weights).value();
}

/// A zero around (x, y), `height` high.
Stroke zero(float x, float y, float height) {
  Stroke stroke;
  for (int i = 0; i <= 40; ++i) {
    const float angle = static_cast<float>(i) / 40 * 2 * std::numbers::pi_v<float>;
    stroke.push_back({x + 0.3F * height * std::sin(angle), y - 0.5F * height * std::cos(angle)});
  }
  return stroke;
}

/// White paper with a black vertical bar: a one.
RgbaImage bar(int width, int height, Box ink) {
  RgbaImage picture(width, height, 4, 255);
  for (int y = ink.y; y < ink.y + ink.height; ++y) {
    for (int x = ink.x; x < ink.x + ink.width; ++x) {
      std::fill_n(picture.row(y) + 4 * static_cast<std::ptrdiff_t>(x), 3, std::uint8_t{0});
    }
  }
  return picture;
}

}  // namespace

TEST_CASE("A drawn zero is read as 0, whatever unit and place its strokes have") {
  Recognizer recognizer = shipped_recognizer();
  for (const float height : {0.01F, 1.0F, 300.0F, 1e6F}) {
    const std::vector<Stroke> strokes{zero(3 * height, -2 * height, height)};
    const Reading reading = recognizer.read_strokes(strokes).value();
    CAPTURE(height);
    REQUIRE(reading.digits.size() == 1);
    CHECK(reading.text == "0");
    CHECK(reading.accepted());
    const Digit& digit = reading.digits.front();
    CHECK(digit.confidence() == reading.confidence);
    CHECK(std::accumulate(digit.probabilities.begin(), digit.probabilities.end(), 0.0F) ==
          doctest::Approx(1));
    // The box surrounds the strokes and their line's width.
    CHECK(digit.box.x == doctest::Approx(2.7F * height).epsilon(0.1));
    CHECK(digit.box.y == doctest::Approx(-2.5F * height).epsilon(0.1));
    CHECK(digit.box.width == doctest::Approx(0.6F * height).epsilon(0.4));
    CHECK(digit.box.height == doctest::Approx(height).epsilon(0.3));
  }
}

TEST_CASE("A picture's digit gets its box in the picture's pixels, also in a large picture") {
  Recognizer recognizer = shipped_recognizer();
  for (const int scale : {1, 7, 40}) {
    const Box ink{20 * scale, 10 * scale, 6 * scale, 50 * scale};
    const RgbaImage picture = bar(70 * scale, 80 * scale, ink);
    const Reading reading = recognizer.read_picture(picture.view()).value();
    CAPTURE(scale);
    REQUIRE(reading.digits.size() == 1);
    CHECK(reading.text == "1");
    CHECK(reading.width == 70 * scale);
    CHECK(reading.height == 80 * scale);
    const Rect& box = reading.digits.front().box;
    const double slack = 0.08 * 50 * scale;
    CHECK(std::abs(box.x - static_cast<float>(ink.x)) < slack);
    CHECK(std::abs(box.y - static_cast<float>(ink.y)) < slack);
    CHECK(std::abs(box.width - static_cast<float>(ink.width)) < slack);
    CHECK(std::abs(box.height - static_cast<float>(ink.height)) < slack);
  }
}

TEST_CASE("Where nothing is written nothing is read") {
  Recognizer recognizer = shipped_recognizer();
  const std::vector<Reading> readings{recognizer.read_strokes({}).value(),
                                      recognizer.read_strokes(std::vector<Stroke>{{}, {}}).value(),
                                      recognizer.read_picture(RgbaImage(50, 40, 4, 255).view()).value(),
                                      recognizer.read_picture(RgbaImage(1, 1, 4, 0).view()).value()};
  for (const Reading& reading : readings) {
    CHECK(reading.text.empty());
    CHECK(reading.digits.empty());
    CHECK(reading.reason == Reason::kNothing);
    CHECK_FALSE(reading.accepted());
  }
}

TEST_CASE("A network that cannot tell is not believed") {
  const Network even = NetworkLine(28, 28).flatten().dense(784, 10).softmax().create(1);
  const Network undecided = even.with_parameters(std::vector<float>(even.parameters().size())).value();
  Recognizer recognizer = Recognizer::create(write_onnx(undecided)).value();
  const Reading reading = recognizer.read_strokes(std::vector<Stroke>{zero(0, 0, 1)}).value();
  CHECK(reading.reason == Reason::kNotADigit);
  CHECK(reading.text == "0");
  CHECK(reading.confidence == doctest::Approx(0.1));
}

/// A network that gives 3 and 5 these probabilities whatever it sees, and the other digits the rest.
Network fixed_network(float three, float five) {
  const Network even = NetworkLine(28, 28).flatten().dense(784, 10).softmax().create(1);
  std::vector<float> parameters(even.parameters().size());
  const std::span<float> bias = std::span(parameters).last(10);
  std::fill(bias.begin(), bias.end(), std::log((1 - three - five) / 8));
  bias[3] = std::log(three);
  bias[5] = std::log(five);
  return even.with_parameters(parameters).value();
}

Reason reason_for(const Network& network, const ModelNotes& notes) {
  Recognizer recognizer =
      Recognizer::create(write_onnx(network, {.weights = WeightStorage::kInt8, .notes = notes})).value();
  return recognizer.read_strokes(std::vector<Stroke>{zero(0, 0, 1)}).value().reason;
}

TEST_CASE("A digit is accepted from the confidence on that the network's file names, else from a half") {
  CHECK(reason_for(fixed_network(0.51F, 0.4F), {}) == Reason::kNone);
  CHECK(reason_for(fixed_network(0.49F, 0.4F), {}) == Reason::kUnsure);
  CHECK(reason_for(fixed_network(0.89F, 0.05F), {Calibration{1, 0.9F, 0.001F}}) == Reason::kUnsure);
  CHECK(reason_for(fixed_network(0.91F, 0.05F), {Calibration{1, 0.9F, 0.001F}}) == Reason::kNone);
  CHECK(reason_for(fixed_network(0.3F, 0.2F), {Calibration{1, 0.25F, 0.001F}}) == Reason::kNone);
}

TEST_CASE("What is neither one of two digits does not look like a digit") {
  CHECK(reason_for(fixed_network(0.45F, 0.3F), {}) == Reason::kUnsure);
  CHECK(reason_for(fixed_network(0.36F, 0.35F), {}) == Reason::kUnsure);
  CHECK(reason_for(fixed_network(0.35F, 0.34F), {}) == Reason::kNotADigit);
  CHECK(reason_for(fixed_network(0.65F, 0.04F), {Calibration{1, 0.9F, 0.001F}}) == Reason::kNotADigit);
}

TEST_CASE("A network whose answers are no numbers gives an error and never a digit") {
  const Network even = NetworkLine(28, 28).flatten().dense(784, 10).softmax().create(1);
  const Network overflowing =
      even.with_parameters(std::vector<float>(even.parameters().size(), std::numeric_limits<float>::max()))
          .value();
  Recognizer recognizer = Recognizer::create(write_onnx(overflowing)).value();
  const Result<Reading> reading = recognizer.read_strokes(std::vector<Stroke>{zero(0, 0, 1)});
  REQUIRE_FALSE(reading.ok());
  CHECK(reading.error().code == ErrorCode::kNotFinite);
  std::vector<float> probabilities(10);
  CHECK_FALSE(recognizer.probabilities(std::vector<float>(kTilePixels, 1.0F), probabilities).ok());
}

TEST_CASE("A network that reads no digits is refused") {
  const std::vector<Network> others{NetworkLine(14, 14).flatten().dense(196, 10).softmax().create(1),
                                    NetworkLine(28, 28).flatten().dense(784, 26).softmax().create(1),
                                    NetworkLine(28, 28).flatten().dense(784, 10).create(1)};
  for (const Network& network : others) {
    const Result<Recognizer> recognizer = Recognizer::create(write_onnx(network));
    REQUIRE_FALSE(recognizer.ok());
    CHECK(recognizer.error().code == ErrorCode::kShapeMismatch);
  }
}

TEST_CASE("The bare network refuses sizes that do not fit and numbers that are none") {
  Recognizer recognizer = shipped_recognizer();
  std::vector<float> tiles(2 * kTilePixels);
  std::vector<float> probabilities(20);
  CHECK(recognizer.probabilities(tiles, probabilities).ok());
  CHECK(recognizer.probabilities({}, {}).ok());
  CHECK(recognizer.probabilities(std::span(tiles).first(783), probabilities).error().code ==
        ErrorCode::kShapeMismatch);
  CHECK(recognizer.probabilities(tiles, std::span(probabilities).first(10)).error().code ==
        ErrorCode::kShapeMismatch);
  tiles[kTilePixels + 5] = std::numeric_limits<float>::quiet_NaN();
  const Status status = recognizer.probabilities(tiles, probabilities);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::kNotFinite);
  CHECK(status.error().detail == "pixel 5 of image 1 is not a finite number");
}

TEST_CASE("Strokes that are no numbers are refused") {
  Recognizer recognizer = shipped_recognizer();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Stroke> strokes{{{0, 0}, {nan, 1}}};
  CHECK(recognizer.read_strokes(strokes).error().code == ErrorCode::kNotFinite);
}
