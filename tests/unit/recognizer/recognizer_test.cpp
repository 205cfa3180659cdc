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
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/random.hpp"
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

/// Zeros and ones beside each other around y, from x on, one stroke a digit.
std::vector<Stroke> number(std::string_view digits, float x, float y, float height) {
  std::vector<Stroke> strokes;
  for (const char digit : digits) {
    const float middle = x + 0.4F * height;
    if (digit == '0') {
      strokes.push_back(zero(middle, y, height));
    } else {
      strokes.push_back({{middle, y - height / 2}, {middle, y + height / 2}});
    }
    x += 0.85F * height;
  }
  return strokes;
}

float left_of(const Stroke& stroke) {
  return std::min_element(stroke.begin(), stroke.end(), [](auto a, auto b) { return a.x < b.x; })->x;
}
float right_of(const Stroke& stroke) {
  return std::max_element(stroke.begin(), stroke.end(), [](auto a, auto b) { return a.x < b.x; })->x;
}

void draw_bar(RgbaImage& picture, Box ink) {
  for (int y = ink.y; y < ink.y + ink.height; ++y) {
    for (int x = ink.x; x < ink.x + ink.width; ++x) {
      std::fill_n(picture.row(y) + 4 * static_cast<std::ptrdiff_t>(x), 3, std::uint8_t{0});
    }
  }
}

/// White paper with a black vertical bar: a one.
RgbaImage bar(int width, int height, Box ink) {
  RgbaImage picture(width, height, 4, 255);
  draw_bar(picture, ink);
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

TEST_CASE("A number's digits are read from left to right, each with its box") {
  Recognizer recognizer = shipped_recognizer();
  const std::vector<Stroke> strokes = number("1001", 0, 0, 50);
  for (const Layout layout : {Layout::kAuto, Layout::kLine, Layout::kPage}) {
    const Reading reading = recognizer.read_strokes(strokes, layout).value();
    CAPTURE(static_cast<int>(layout));
    CHECK(reading.text == "1001");
    CHECK(reading.accepted());
    REQUIRE(reading.digits.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      const Digit& digit = reading.digits[i];
      const Stroke& stroke = strokes[i];
      CHECK(digit.label == "1001"[i] - '0');
      CHECK(digit.box.x <= left_of(stroke));
      CHECK(digit.box.x + digit.box.width >= right_of(stroke));
      CHECK(digit.box.width < right_of(stroke) - left_of(stroke) + 20);
    }
  }
}

TEST_CASE("Noughts that the pen wrote in one line are read one by one, each with its box") {
  Recognizer recognizer = shipped_recognizer();
  Stroke stroke = zero(20, 0, 40);
  for (const StrokePoint& point : zero(46, 0, 40)) stroke.push_back(point);
  const Reading reading = recognizer.read_strokes(std::vector<Stroke>{stroke}, Layout::kLine).value();
  CHECK(reading.text == "00");
  REQUIRE(reading.digits.size() == 2);
  const Rect& first = reading.digits[0].box;
  const Rect& second = reading.digits[1].box;
  CHECK(first.x + first.width / 2 < 30);
  CHECK(second.x + second.width / 2 > 36);
}

TEST_CASE("Of a number's other texts the likeliest comes first, and none is likelier than the best") {
  Recognizer recognizer = shipped_recognizer();
  const Reading reading = recognizer.read_strokes(number("1010", 0, 0, 50), Layout::kLine).value();
  REQUIRE(!reading.alternatives.empty());
  float sum = reading.confidence;
  float last = reading.confidence;
  for (const Alternative& other : reading.alternatives) {
    CHECK(other.text != reading.text);
    CHECK(other.confidence <= last);
    last = other.confidence;
    sum += other.confidence;
  }
  CHECK(sum <= 1.001F);
}

TEST_CASE("Lines are read from the top") {
  Recognizer recognizer = shipped_recognizer();
  std::vector<Stroke> strokes = number("10", 0, 100, 50);
  for (const Stroke& stroke : number("011", 10, 0, 50)) strokes.push_back(stroke);
  CHECK(recognizer.read_strokes(strokes, Layout::kPage).value().text == "011\n10");
  CHECK(recognizer.read_strokes(strokes).value().text == "011\n10");
}

TEST_CASE("One digit is the same whether the reader knows that it is one or not") {
  Recognizer recognizer = shipped_recognizer();
  const std::vector<Stroke> strokes{zero(10, 20, 40)};
  const Reading known = recognizer.read_strokes(strokes, Layout::kSingle).value();
  const Reading found = recognizer.read_strokes(strokes).value();
  CHECK(found.text == known.text);
  CHECK(found.confidence == doctest::Approx(known.confidence).epsilon(0.01));
  CHECK(found.digits.size() == 1);
}

TEST_CASE("Punctuation is told apart from digits and left out of the text") {
  Recognizer recognizer = shipped_recognizer();
  std::vector<Stroke> strokes = number("10", 0, 0, 50);
  strokes.push_back({{95, 23}, {96, 24}});  // a dot at the foot of the line
  for (const Stroke& stroke : number("01", 120, 0, 50)) strokes.push_back(stroke);
  strokes.push_back({{210, 0}, {235, 0}});  // a dash behind
  const Reading reading = recognizer.read_strokes(strokes, Layout::kLine).value();
  CHECK(reading.text == "1001");
  REQUIRE(reading.marks.size() == 2);
  CHECK(reading.marks[0].sign == '.');
  CHECK(reading.marks[1].sign == '-');
  CHECK(reading.marks[1].box.x == doctest::Approx(210).epsilon(0.05));

  strokes.push_back({{210, 12}, {235, 12}});  // and one more: equal
  const Reading equal = recognizer.read_strokes(strokes, Layout::kLine).value();
  CHECK(equal.text == "1001");
  REQUIRE(equal.marks.size() == 2);
  CHECK(equal.marks[1].sign == '=');
}

TEST_CASE("A number in a picture gets boxes in the picture's pixels") {
  Recognizer recognizer = shipped_recognizer();
  for (const int scale : {2, 12}) {
    RgbaImage picture(150 * scale, 90 * scale, 4, 255);
    for (const int x : {20, 60, 100}) draw_bar(picture, {x * scale, 20 * scale, 6 * scale, 50 * scale});
    const Reading reading = recognizer.read_picture(picture.view()).value();
    CAPTURE(scale);
    CHECK(reading.text == "111");
    REQUIRE(reading.digits.size() == 3);
    CHECK(reading.digits[1].box.x == doctest::Approx(60 * scale).epsilon(0.05));
    CHECK(reading.digits[1].box.height == doctest::Approx(50 * scale).epsilon(0.1));
  }
}

TEST_CASE("A digit's style is the same in whatever unit its strokes come, and alone or beside another") {
  Recognizer recognizer = shipped_recognizer();
  for (const float height : {0.01F, 1.0F, 300.0F}) {
    CAPTURE(height);
    const std::vector<Stroke> both{zero(3 * height, -2 * height, height),
                                   zero(3.9F * height, -2 * height, height)};
    const Reading one = recognizer.read_strokes(std::span(both).first(1)).value();
    const Reading two = recognizer.read_strokes(both).value();
    REQUIRE(one.digits.size() == 1);
    REQUIRE(two.digits.size() == 2);
    for (const Digit& digit : {one.digits[0], two.digits[0], two.digits[1]}) {
      const WritingStyle& style = digit.style;
      CHECK(style.loops == 1);
      CHECK(std::abs(style.slant) < 1);
      CHECK(std::abs(style.tilt) < 1);
      // The engine's pen is 0.12 of a drawing's longer side, of which the strokes leave 0.88.
      CHECK(style.stroke_width == doctest::Approx(0.12 / 0.88 * height).epsilon(0.05));
      CHECK(style.height == doctest::Approx(height / 0.88).epsilon(0.02));
      CHECK(style.width == doctest::Approx((0.6 + 0.12 / 0.88) * height).epsilon(0.03));
    }
  }
}

TEST_CASE("A digit's style in a picture is in the picture's pixels, also in a large picture") {
  Recognizer recognizer = shipped_recognizer();
  for (const int scale : {2, 30}) {
    CAPTURE(scale);
    RgbaImage picture(150 * scale, 90 * scale, 4, 255);
    for (const int x : {20, 60, 100}) draw_bar(picture, {x * scale, 20 * scale, 6 * scale, 50 * scale});
    const Reading reading = recognizer.read_picture(picture.view()).value();
    REQUIRE(reading.digits.size() == 3);
    for (const Digit& digit : reading.digits) {
      CHECK(digit.style.width == doctest::Approx(6 * scale).epsilon(0.1));
      CHECK(digit.style.stroke_width == doctest::Approx(6 * scale).epsilon(0.1));
      CHECK(digit.style.height == doctest::Approx(50 * scale).epsilon(0.05));
      CHECK(std::abs(digit.style.slant) < 0.5F);
      CHECK(digit.style.loops == 0);
    }
  }
}

TEST_CASE("A line's digits have the tilt by which it climbs, one below alone has none") {
  Recognizer recognizer = shipped_recognizer();
  for (const float climb : {-0.15F, 0.0F, 0.15F}) {
    std::vector<Stroke> strokes;
    for (int i = 0; i < 4; ++i) {
      const float x = 60 * static_cast<float>(i);
      strokes.push_back(zero(x, -climb * x, 50));
    }
    strokes.push_back({{10, 95}, {10, 145}});
    const Reading reading = recognizer.read_strokes(strokes).value();
    CAPTURE(climb);
    REQUIRE(reading.text == "0000\n1");
    for (std::size_t i = 0; i < 4; ++i) {
      const double degrees = std::atan(climb) * 180 / std::numbers::pi;
      CHECK(std::abs(reading.digits[i].style.tilt - degrees) < 1);
    }
    CHECK(reading.digits[4].style.tilt == 0);
  }
}

TEST_CASE("Whatever the picture, reading it as a page ends, and noise is not accepted") {
  Recognizer recognizer = shipped_recognizer();
  Random random(3);
  RgbaImage noise(300, 200, 4, 255);
  RgbaImage checks(300, 200, 4, 255);
  RgbaImage stripes(300, 200, 4, 255);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 300; ++x) {
      const auto paint = [&](RgbaImage& picture, std::uint32_t value) {
        std::fill_n(picture.row(y) + 4 * static_cast<std::ptrdiff_t>(x), 3, static_cast<std::uint8_t>(value));
      };
      paint(noise, random.below(256));
      paint(checks, (x / 5 + y / 5) % 2 == 0 ? 255 : 0);
      paint(stripes, x / 4 % 2 == 0 ? 255 : 0);
    }
  }
  for (const RgbaImage& picture :
       {noise, checks, stripes, RgbaImage(2000, 1, 4, 7), RgbaImage(1, 2000, 4, 9)}) {
    for (const Layout layout : {Layout::kAuto, Layout::kLine, Layout::kPage}) {
      const Result<Reading> reading = recognizer.read_picture(picture.view(), layout);
      REQUIRE(reading.ok());
      CAPTURE(picture.width);
      CAPTURE(reading.value().text);
      CAPTURE(reading.value().confidence);
      CHECK_FALSE((reading.value().accepted() && reading.value().confidence > 0.9F));
    }
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
