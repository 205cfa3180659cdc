// SPDX-License-Identifier: MIT
// How well numbers are read, by their length and by how close their digits stand: strings of MNIST digits,
// set in a line with gaps from 8 pixels to an overlap of 4, jittered, slanted and noisy, the same for a seed.
//
//   string_benchmark MNIST-FOLDER [test|validation] [WEIGHTS.onnx] [STRINGS-EACH]
//
// Prints the share of strings read exactly and the milliseconds a string. Validation is the training set's
// last 5,000 images.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

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
constexpr int kMostDigits = 10;
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
      const float shift = slant * static_cast<float>(kSide / 2 - y);
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

int run(int count, char** arguments) {
  const std::vector<std::string> args(arguments + 1, arguments + count);
  if (args.empty()) {
    std::puts("usage: string_benchmark MNIST-FOLDER [test|validation] [WEIGHTS.onnx] [STRINGS-EACH]");
    return 2;
  }
  const bool validation = args.size() > 1 && args[1] == "validation";
  Dataset data =
      load_mnist(args[0], validation ? MnistPart::kTrain : MnistPart::kTest, MnistCheck::kPublished);
  if (validation) data = data.slice(data.size() - 5'000, data.size());
  const Bytes custom = args.size() > 2 ? read_file(args[2]) : Bytes{};
  const int each = args.size() > 3 ? std::atoi(args[3].c_str()) : 200;
  Recognizer reader = value_or_fail(
      Recognizer::create(custom.empty() ? default_weights() : std::span<const std::byte>(custom)), "weights");
  std::printf("%7s", "digits");
  for (const int gap : kGaps) std::printf("  gap %+3d", gap);
  std::printf("  milliseconds\n");
  for (int length = getenv("STRLEN") ? atoi(getenv("STRLEN")) : 1; length <= (getenv("STRLEN") ? atoi(getenv("STRLEN")) : kMostDigits); ++length) {
    std::printf("%7d", length);
    double milliseconds = 0;
    for (const int gap : kGaps) {
      int right = 0;
      for (int i = 0; i < each; ++i) {
        const auto stream = static_cast<std::uint64_t>((gap + 100) * 100 + length);
        const Picture picture =
            draw_string(data, length, gap, Random::stream(1, stream, static_cast<std::uint64_t>(i)));
        const auto start = std::chrono::steady_clock::now();
        const Reading reading =
            value_or_fail(reader.read_picture(picture.pixels.view(), Layout::kLine), "string");
        milliseconds +=
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        right += reading.text == picture.text ? 1 : 0;
        if (getenv("STRDBG") && gap == atoi(getenv("STRDBG"))) std::fprintf(stderr, "== %s got %s %s\n", picture.text.c_str(), reading.text.c_str(), reading.text == picture.text ? "" : "WRONG");
      }
      std::printf("  %6.1f %%", 100.0 * right / each);
      std::fflush(stdout);
    }
    std::printf("  %12.2f\n", milliseconds / (each * static_cast<double>(kGaps.size())));
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "string_benchmark: %s\n", problem.what());
    return 1;
  }
}
