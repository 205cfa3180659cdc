// SPDX-License-Identifier: MIT
// The C ABI as the page calls it, here with sanitizers: inputs lie in memory from inkread_allocate, exactly
// as large as they are told to be.
#include "wasm_bindings/abi.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/result.hpp"
#include "engine/recognizer/recognizer.hpp"

using namespace inkread;

namespace {

/// Numbers in the engine's memory.
template <typename T>
class Input {
 public:
  explicit Input(const std::vector<T>& values)
      : data_(static_cast<T*>(inkread_allocate(values.size() * sizeof(T)))), size_(values.size()) {
    std::copy(values.begin(), values.end(), data_);
  }
  ~Input() { inkread_release(data_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  T* data_;
  std::size_t size_;
};

/// A context that is freed; the process gets back what it does when memory runs out.
class Context {
 public:
  Context() : handler_(std::get_new_handler()), context_(inkread_create()) {}
  ~Context() {
    inkread_destroy(context_);
    std::set_new_handler(handler_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] inkread_context* get() const { return context_; }
  [[nodiscard]] std::span<const std::uint8_t> result() const {
    return {inkread_result(context_), inkread_result_size(context_)};
  }
  [[nodiscard]] std::string text() const { return {result().begin(), result().end()}; }

  std::uint32_t load(const std::vector<std::uint8_t>& file) const {
    const Input<std::uint8_t> input(file);
    return inkread_load(context_, input.data(), input.size());
  }
  std::uint32_t read_pixels(const std::vector<std::uint8_t>& rgba, std::uint32_t width, std::uint32_t height,
                            std::uint32_t layout = 0) const {
    const Input<std::uint8_t> input(rgba);
    return inkread_read_pixels(context_, input.data(), input.size(), width, height, layout, 0, 0, 0, 1, 1);
  }
  std::uint32_t read_strokes(const std::vector<float>& points, const std::vector<std::uint32_t>& lengths,
                             std::uint32_t layout = 0) const {
    const Input<float> xy(points);
    const Input<std::uint32_t> counts(lengths);
    return inkread_read_strokes(context_, xy.data(), points.size() / 2, counts.data(), counts.size(), layout);
  }

 private:
  std::new_handler handler_;
  inkread_context* context_;
};

std::vector<std::uint8_t> shipped_weights() {
  std::ifstream file(INKREAD_WEIGHTS, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  return {bytes.begin(), bytes.end()};
}

/// Takes what abi.h says that a record holds.
class Record {
 public:
  explicit Record(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  template <typename T = std::uint32_t>
  T take() {
    T value{};
    REQUIRE(rest_.size() >= sizeof(T));
    std::memcpy(&value, rest_.data(), sizeof(T));
    skip(sizeof(T));
    return value;
  }
  void skip(std::size_t bytes) {
    REQUIRE(rest_.size() >= bytes);
    rest_ = rest_.subspan(bytes);
  }
  std::string text() {
    const std::size_t size = take();
    REQUIRE(rest_.size() >= size);
    std::string out(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
    skip(size);
    return out;
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::uint8_t> rest_;
};

struct TakenReading {
  std::uint32_t reason = 0;
  float confidence = 0;
  std::string text;
  std::vector<std::uint32_t> labels;
  std::uint32_t ink_width = 0;
  std::uint32_t ink_height = 0;
};

/// The record, to its last byte.
TakenReading take_reading(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kNumber = 4;
  Record record(bytes);
  TakenReading out;
  CHECK(record.take() == kInkreadAbiVersion);
  out.reason = record.take();
  out.confidence = record.take<float>();
  record.skip(2 * kNumber);  // the picture's sides
  out.text = record.text();
  for (std::uint32_t digits = record.take(); digits > 0; --digits) {
    out.labels.push_back(record.take());
    record.skip((4 + 6 + 10 + 784) * kNumber);  // box, style, probabilities, tile
  }
  for (std::uint32_t marks = record.take(); marks > 0; --marks) record.skip((1 + 4) * kNumber);
  for (std::uint32_t alternatives = record.take(); alternatives > 0; --alternatives) {
    record.skip(kNumber);
    static_cast<void>(record.text());
  }
  out.ink_width = record.take();
  out.ink_height = record.take();
  record.skip(3 * kNumber);
  record.skip(std::size_t{out.ink_width} * out.ink_height);
  CHECK(record.left() == 0);
  return out;
}

std::uint32_t number_of(ErrorCode code) {
  return static_cast<std::uint32_t>(code);
}

const std::vector<float> kUpright{50, 10, 50, 30, 50, 50, 50, 70, 50, 90};

/// White paper with a black bar.
std::vector<std::uint8_t> picture_of_one(int side) {
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(4 * side * side), 255);
  for (int y = side / 5; y < side * 4 / 5; ++y) {
    for (int x = side * 9 / 20; x < side * 11 / 20; ++x) {
      std::fill_n(rgba.begin() + 4 * static_cast<std::ptrdiff_t>(y * side + x), 3, std::uint8_t{0});
    }
  }
  return rgba;
}

}  // namespace

TEST_CASE("The ABI gives strokes and pixels back as records of the length that abi.h tells") {
  const Context context;
  REQUIRE(context.load(shipped_weights()) == 0);
  CHECK(context.result().empty());

  REQUIRE(context.read_strokes(kUpright, {5}) == 0);
  const TakenReading drawn = take_reading(context.result());
  CHECK(drawn.reason == 0);
  CHECK(drawn.text == "1");
  CHECK(drawn.labels == std::vector<std::uint32_t>{1});
  CHECK(drawn.ink_width == 0);

  REQUIRE(context.read_pixels(picture_of_one(60), 60, 60) == 0);
  CHECK(take_reading(context.result()).text == "1");
}

TEST_CASE("The ABI adds the ink to a reading where it was asked for") {
  const Context context;
  REQUIRE(context.load(shipped_weights()) == 0);
  inkread_keep_ink(context.get(), 1);
  REQUIRE(context.read_pixels(picture_of_one(60), 60, 60) == 0);
  const TakenReading reading = take_reading(context.result());
  CHECK(reading.ink_width > 0);
  CHECK(reading.ink_height > 0);
}

TEST_CASE("The ABI runs the bare network, and explains a tile layer by layer") {
  const Context context;
  REQUIRE(context.load(shipped_weights()) == 0);
  const Input<float> tiles(std::vector<float>(std::size_t{2} * 784, 0.5F));
  const Input<float> answers(std::vector<float>(20, 0.0F));
  REQUIRE(inkread_probabilities(context.get(), tiles.data(), tiles.size(), answers.data(), answers.size()) ==
          0);
  float sum = 0;
  for (const float p : std::span(answers.data(), answers.size())) sum += p;
  CHECK(sum == doctest::Approx(2));

  REQUIRE(inkread_explain(context.get(), tiles.data(), 7) == 0);
  Record record(context.result());
  for (std::uint32_t layers = record.take(); layers > 0; --layers) {
    CHECK_FALSE(record.text().empty());
    std::size_t values = 1;
    const std::uint32_t channels = record.take();
    values = std::size_t{channels} * record.take();
    values *= record.take();
    record.skip(values * 4);
    const std::uint32_t filter_height = record.take();
    record.skip(std::size_t{channels} * filter_height * record.take() * 4);
  }
  CHECK(record.left() == std::size_t{784} * 4);
}

TEST_CASE("The ABI says what is wrong with an input, and reads the next") {
  const Context context;
  const auto fails = [&](std::uint32_t status, ErrorCode code, const char* why) {
    CHECK(status == number_of(code));
    INFO(context.text());
    CHECK(context.text().find(why) != std::string::npos);
  };
  fails(context.read_strokes(kUpright, {5}), ErrorCode::kInvalidArgument, "no network is loaded");
  CHECK(context.load({1, 2, 3}) != 0);
  CHECK_FALSE(context.result().empty());
  REQUIRE(context.load(shipped_weights()) == 0);

  fails(context.read_strokes(kUpright, {6}), ErrorCode::kShapeMismatch, "exceed the points");
  fails(context.read_strokes(kUpright, {0xFFFFFFFFU}), ErrorCode::kShapeMismatch, "exceed the points");
  fails(context.read_strokes(kUpright, {2, 2}), ErrorCode::kShapeMismatch, "exceed the strokes' lengths");
  fails(context.read_strokes(kUpright, {5}, 4), ErrorCode::kInvalidArgument, "no such layout");
  const std::vector<std::uint8_t> pixels = picture_of_one(60);
  fails(context.read_pixels(pixels, 60, 61), ErrorCode::kShapeMismatch, "width x height x 4");
  fails(context.read_pixels(pixels, 0, 60), ErrorCode::kEmpty, "no pixels");
  fails(context.read_pixels(pixels, 0xFFFFFFFFU, 0xFFFFFFFFU), ErrorCode::kShapeMismatch,
        "width x height x 4");
  const Input<std::uint8_t> file({'n', 'o', ' ', 'p', 'i', 'c', 't', 'u', 'r', 'e'});
  CHECK(inkread_read_file(context.get(), file.data(), file.size(), 0, 0, 0, 0, 1, 1) ==
        number_of(ErrorCode::kNotAnImage));

  REQUIRE(context.read_strokes(kUpright, {5}) == 0);
  CHECK(take_reading(context.result()).text == "1");
}

TEST_CASE("The ABI's memory may be empty, and null may be given back") {
  void* nothing = inkread_allocate(0);
  CHECK(nothing != nullptr);
  inkread_release(nothing);
  inkread_release(nullptr);
  inkread_destroy(nullptr);
  CHECK(inkread_abi_version() == kInkreadAbiVersion);
}
