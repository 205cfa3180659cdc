// SPDX-License-Identifier: MIT
// How well numbers are read, by their length and by how close their digits stand: strings of MNIST digits,
// set in a line with gaps from 8 pixels to an overlap of 4, jittered, slanted and noisy, the same each time.
// Prints the share of strings read exactly, the milliseconds a string, and how honest the confidence is.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/base/random.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "engine/training/dataset.hpp"
#include "tools/inkread/default_weights.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/mnist.hpp"

namespace {

using namespace inkread;

constexpr int kSide = 28;
constexpr int kMargin = 16;
constexpr int kJitter = 2;       ///< pixels up or down
constexpr float kSlant = 0.2F;   ///< of a whole string, either way
constexpr float kNoise = 0.03F;  ///< of the paper, either way
constexpr std::array kGaps{8, 4, 2, 0, -2, -4};

struct Picture {
  std::string text;
  RgbaImage pixels;
};

/// The first and last column with ink.
std::pair<int, int> columns(std::span<const std::uint8_t> image) {
  constexpr std::uint8_t kInk = 64;
  int first = kSide;
  int last = -1;
  for (int i = 0; i < kSide * kSide; ++i) {
    if (image[static_cast<std::size_t>(i)] < kInk) continue;
    first = std::min(first, i % kSide);
    last = std::max(last, i % kSide);
  }
  return {first, last};
}

Picture draw_string(const Dataset& data, int length, int gap, Random random) {
  Picture out;
  GrayImage ink(kMargin * 2 + length * (kSide + 8), kMargin * 2 + kSide);
  const float slant = random.uniform(-kSlant, kSlant);
  int at = kMargin;
  for (int i = 0; i < length; ++i) {
    const std::size_t number = random.below(static_cast<std::uint32_t>(data.size()));
    out.text += static_cast<char>('0' + data.labels[number]);
    const auto image = data.image(number);
    const auto [first, last] = columns(image);
    const int top = kMargin + static_cast<int>(random.below(2 * kJitter + 1)) - kJitter;
    for (int y = 0; y < kSide; ++y) {
      const float shift = slant * (kSide / 2.0F - static_cast<float>(y));
      for (int x = 0; x < kSide; ++x) {
        const float from = static_cast<float>(x) - shift;
        const int left = static_cast<int>(std::floor(from));
        const float part = from - static_cast<float>(left);
        const auto value = [&](int column) {
          return column < 0 || column >= kSide
                     ? 0.0F
                     : static_cast<float>(image[static_cast<std::size_t>(y * kSide + column)]) / 255.0F;
        };
        float& pixel = ink.at(at - first + x, top + y);
        pixel = std::max(pixel, value(left) * (1 - part) + value(left + 1) * part);
      }
    }
    at += last - first + 1 + gap;
  }
  out.pixels = RgbaImage(std::min(at + kMargin, ink.width), ink.height, 4, 255);
  for (int y = 0; y < out.pixels.height; ++y) {
    for (int x = 0; x < out.pixels.width; ++x) {
      const float light = 0.95F - 0.85F * ink.view().at(x, y) + random.uniform(-kNoise, kNoise);
      for (int c = 0; c < 3; ++c) {
        out.pixels.row(y)[x * 4 + c] =
            static_cast<std::uint8_t>(std::lround(std::clamp(light, 0.0F, 1.0F) * 255));
      }
    }
  }
  return out;
}

struct Options {
  std::string mnist;
  std::string weights;
  bool validation = false;
  int each = 200;
  std::vector<int> lengths{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
};

/// How sure the reader was, and how often it was right.
struct Calibration {
  int count = 0;
  int right = 0;
  double confidence = 0;
  double log_loss = 0;

  void add(double sure, bool is_right) {
    constexpr double kLeast = 1e-6;
    ++count;
    right += is_right ? 1 : 0;
    confidence += sure;
    log_loss -= std::log(std::max(is_right ? sure : 1 - sure, kLeast));
  }
};

void run(const Options& options) {
  const MnistPart part = options.validation ? MnistPart::kTrain : MnistPart::kTest;
  Dataset data = load_mnist(options.mnist, part, MnistCheck::kPublished);
  if (options.validation) data = data.slice(data.size() - 5'000, data.size());
  const Bytes custom = options.weights.empty() ? Bytes{} : read_file(options.weights);
  Recognizer reader = value_or_fail(
      Recognizer::create(options.weights.empty() ? default_weights() : std::span<const std::byte>(custom)),
      "the weights");
  std::printf("%7s", "digits");
  for (const int gap : kGaps) std::printf("  gap %+3d", gap);
  std::printf("  milliseconds\n");
  Calibration calibration;
  for (const int length : options.lengths) {
    std::printf("%7d", length);
    std::chrono::steady_clock::duration spent{};
    for (const int gap : kGaps) {
      int right = 0;
      for (int i = 0; i < options.each; ++i) {
        const auto stream = static_cast<std::uint64_t>((gap + 100) * 100 + length);
        const Picture picture =
            draw_string(data, length, gap, Random::stream(1, stream, static_cast<std::uint64_t>(i)));
        const auto start = std::chrono::steady_clock::now();
        const Reading reading =
            value_or_fail(reader.read_picture(picture.pixels.view(), Layout::kLine), "a string");
        spent += std::chrono::steady_clock::now() - start;
        const bool is_right = reading.text == picture.text;
        calibration.add(static_cast<double>(reading.confidence), is_right);
        right += is_right ? 1 : 0;
      }
      std::printf("  %5.1f %%", 100.0 * right / options.each);
      std::fflush(stdout);
    }
    const double strings = options.each * static_cast<double>(kGaps.size());
    std::printf("  %12.2f\n", std::chrono::duration<double, std::milli>(spent).count() / strings);
  }
  std::printf("all: %.1f %% right, %.1f %% sure on average, log loss %.4f\n",
              100.0 * calibration.right / calibration.count, 100 * calibration.confidence / calibration.count,
              calibration.log_loss / calibration.count);
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App tool("Reads strings of MNIST digits, by their length and by how close the digits stand");
  Options options;
  tool.add_option("MNIST", options.mnist, "The folder with MNIST's files")->required();
  tool.add_option("--weights", options.weights, "Another network than the built-in one");
  tool.add_flag("--validation", options.validation, "The training set's last 5,000 images, not the test set");
  tool.add_option("--each", options.each, "Strings of each length and gap")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  tool.add_option("--lengths", options.lengths, "Digits of a string")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(tool, count, arguments);
  try {
    run(options);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "string_benchmark: %s\n", problem.what());
    return 1;
  }
  return 0;
}
