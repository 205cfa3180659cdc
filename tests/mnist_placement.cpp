// SPDX-License-Identifier: MIT
// Whether a digit is read alike wherever it lies and however large it is: MNIST's test digits on sheets of
// 3000 x 4000 pixels, 3 % to 90 % of a sheet's height, in corners, at edges and anywhere, dark on light and
// light on dark, on noisy paper, against the same digit alone on a small clean sheet.
//   mnist_placement [DIGITS]: of each size and polarity, spread over the test set; 6 unless given
//
// INKREAD_MNIST names MNIST's folder; without it the check is skipped, loudly.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "engine/training/dataset.hpp"
#include "tests/support/pixels.hpp"
#include "tools/inkread/default_weights.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/mnist.hpp"

namespace {

using namespace inkread;

constexpr int kSide = 28;
constexpr int kWidth = 3'000;
constexpr int kHeight = 4'000;
constexpr std::array kShares{0.03, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9};  ///< of the sheet's height
constexpr double kMostWidth = 0.9;   ///< of the sheet's: a digit wider than that is made smaller
constexpr double kEdgeGap = 0.01;    ///< of the sheet's height, from a digit at an edge to it
constexpr std::uint32_t kNoise = 6;  ///< grey levels of the paper, either way
constexpr double kSmallScale = 4;    ///< of the digit alone
constexpr double kLeastAlike = 0.995;

/// Grey levels of ink and paper.
struct Colours {
  int ink;
  int paper;
};
constexpr Colours kDarkOnLight{40, 225};
constexpr Colours kLightOnDark{220, 45};

/// The box around a digit's ink, in its own pixels.
Box ink_box(std::span<const std::uint8_t> digit) {
  Box box;
  for (int i = 0; i < kSide * kSide; ++i) {
    if (digit[static_cast<std::size_t>(i)] == 0) continue;
    const Box pixel{i % kSide, i / kSide, 1, 1};
    box = box.width == 0 ? pixel : around(box, pixel);
  }
  return box;
}

/// The digit's ink at a place in its pixels, linear between their centres: 0..1.
double ink_at(std::span<const std::uint8_t> digit, double x, double y) {
  const auto pixel = [&](int px, int py) {
    const bool inside = px >= 0 && py >= 0 && px < kSide && py < kSide;
    return inside ? digit[static_cast<std::size_t>(py * kSide + px)] / 255.0 : 0.0;
  };
  const int left = static_cast<int>(std::floor(x - 0.5));
  const int top = static_cast<int>(std::floor(y - 0.5));
  const double right = x - 0.5 - left;
  const double below = y - 0.5 - top;
  return (pixel(left, top) * (1 - right) + pixel(left + 1, top) * right) * (1 - below) +
         (pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right) * below;
}

/// Where a digit lies: its pixel (0, 0)'s corner on the sheet, and sheet pixels a pixel of it.
struct Place {
  double left;
  double top;
  double scale;
};

/// The part of a sheet that the digit may change.
Box extent(const Place& place, const RgbaImage& sheet) {
  const int x = std::clamp(static_cast<int>(place.left - place.scale), 0, sheet.width);
  const int y = std::clamp(static_cast<int>(place.top - place.scale), 0, sheet.height);
  const int side = static_cast<int>(std::ceil(place.scale * (kSide + 2)));
  return {x, y, std::min(side, sheet.width - x), std::min(side, sheet.height - y)};
}

/// Draws the digit; the paper's noise stays.
void draw(RgbaImage& sheet, std::span<const std::uint8_t> digit, const Place& place, const Colours& colours) {
  const Box box = extent(place, sheet);
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      const double ink =
          ink_at(digit, (x + 0.5 - place.left) / place.scale, (y + 0.5 - place.top) / place.scale);
      if (ink == 0) continue;
      std::uint8_t* pixel = test::pixel_at(sheet, x, y);
      const double light = pixel[0] + ink * (colours.ink - colours.paper);
      std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::clamp(std::lround(light), 0L, 255L)));
    }
  }
}

RgbaImage noisy_sheet(int paper) {
  RgbaImage sheet(kWidth, kHeight, 4, 255);
  Random random(7);
  for (std::size_t i = 0; i < sheet.pixels.size(); i += 4) {
    const int noise = static_cast<int>(random.below(2 * kNoise + 1)) - static_cast<int>(kNoise);
    std::fill_n(&sheet.pixels[i], 3, static_cast<std::uint8_t>(paper + noise));
  }
  return sheet;
}

/// A place for the ink, `share` of the sheet's height: along each axis at either end or anywhere.
Place place_ink(const Box& ink, double share, Random& random) {
  const double scale = std::min(share * kHeight / ink.height, kMostWidth * kWidth / ink.width);
  const auto begin = [&](double room) {
    const double gap = std::min(kEdgeGap * kHeight, room / 2);
    const std::uint32_t where = random.below(4);
    if (where < 2) return where == 0 ? gap : room - gap;
    return gap + (room - 2 * gap) * static_cast<double>(random.uniform(0, 1));
  };
  const double x = begin(kWidth - ink.width * scale);
  const double y = begin(kHeight - ink.height * scale);
  return {x - ink.x * scale, y - ink.y * scale, scale};
}

/// Puts back what the digit changed.
void restore(RgbaImage& sheet, const RgbaImage& clean, const Box& box) {
  for (int y = box.y; y < box.y + box.height; ++y) {
    std::copy_n(test::pixel_at(clean.view(), box.x, y), 4 * box.width, test::pixel_at(sheet, box.x, y));
  }
}

struct Alike {
  int count = 0;
  int single = 0;
  int found = 0;  ///< by the layout that finds out itself
};

class Check {
 public:
  Check(const Dataset& data, std::size_t digits)
      : data_(data),
        digits_(digits),
        reader_(value_or_fail(Recognizer::create(default_weights()), "weights")) {}

  bool run() {
    bool good = true;
    for (const Colours& colours : {kDarkOnLight, kLightOnDark}) {
      const RgbaImage clean = noisy_sheet(colours.paper);
      RgbaImage sheet = clean;
      for (std::size_t i = 0; i < kShares.size(); ++i) {
        const Alike alike = measure(sheet, clean, colours, i);
        const double least = kLeastAlike * alike.count;
        const bool enough = alike.single >= least && alike.found >= least;
        std::printf(
            "%2.0f %% of the height, %s: %d digits, read alike as a single %.1f %%, found out %.1f %%%s\n",
            100 * kShares[i], colours.ink < colours.paper ? "dark on light" : "light on dark", alike.count,
            100.0 * alike.single / alike.count, 100.0 * alike.found / alike.count, enough ? "" : "  FAILED");
        std::fflush(stdout);
        good = good && enough;
      }
    }
    return good;
  }

 private:
  Alike measure(RgbaImage& sheet, const RgbaImage& clean, const Colours& colours, std::size_t size) {
    Alike alike;
    for (std::size_t i = 0; i < digits_; ++i) {
      const std::size_t number = (i * kShares.size() + size) * (data_.size() / (digits_ * kShares.size()));
      const auto digit = data_.image(number);
      Random random = Random::stream(1, number, size);
      const Place place = place_ink(ink_box(digit), kShares[size], random);
      RgbaImage alone(static_cast<int>(kSide * kSmallScale), static_cast<int>(kSide * kSmallScale), 4, 255);
      draw(alone, digit, {0, 0, kSmallScale}, {0, 255});
      draw(sheet, digit, place, colours);
      const std::string expected = text(alone, Layout::kSingle);
      ++alike.count;
      alike.single += compare(sheet, Layout::kSingle, expected, number, place) ? 1 : 0;
      alike.found += compare(sheet, Layout::kAuto, expected, number, place) ? 1 : 0;
      restore(sheet, clean, extent(place, sheet));
    }
    return alike;
  }

  std::string text(const RgbaImage& picture, Layout layout) {
    return value_or_fail(reader_.read_picture(picture.view(), layout), "a sheet").text;
  }

  bool compare(const RgbaImage& sheet, Layout layout, const std::string& expected, std::size_t number,
               const Place& place) {
    const std::string got = text(sheet, layout);
    if (got == expected) return true;
    std::printf("  image %zu at (%.0f, %.0f), %s: \"%s\" instead of \"%s\"\n", number, place.left, place.top,
                layout == Layout::kSingle ? "single" : "auto", got.c_str(), expected.c_str());
    return false;
  }

  const Dataset& data_;
  std::size_t digits_;
  Recognizer reader_;
};

}  // namespace

int main(int count, char** arguments) {
  const char* folder = std::getenv("INKREAD_MNIST");  // NOLINT(concurrency-mt-unsafe): one thread
  if (folder == nullptr) {
    std::puts("SKIPPED: set INKREAD_MNIST to the folder of MNIST's files to lay its digits on large sheets");
    return 77;
  }
  try {
    const Dataset data = load_mnist(folder, MnistPart::kTest, MnistCheck::kPublished);
    const unsigned long digits = count > 1 ? std::stoul(arguments[1]) : 6;
    if (digits == 0 || digits * kShares.size() > data.size()) throw Failure("DIGITS", "too many, or none");
    return Check(data, digits).run() ? 0 : 1;
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "mnist_placement: %s\n", problem.what());
    return 1;
  }
}
