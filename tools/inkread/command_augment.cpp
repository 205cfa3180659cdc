// SPDX-License-Identifier: MIT
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/base/random.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/line_window.hpp"
#include "engine/training/negatives.hpp"
#include "engine/training/random_stream.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/mnist.hpp"
#include "tools/inkread/png_file.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

struct Options {
  std::string mnist;
  std::string out;
  std::uint64_t seed = 1;
  bool any_idx = false;
  bool negatives = false;
  bool touching = false;
};

constexpr std::size_t kExamples = 2;  ///< rows of each digit
constexpr int kVariants = 14;         ///< beside each original
constexpr std::size_t kKindRows = 4;  ///< of each kind of negatives
constexpr int kEnlarged = 2;          ///< sheet pixels along a tile's pixel
constexpr int kCell = kTileSide * kEnlarged + 3;
constexpr int kAfterOriginal = 8;  ///< sheet pixels between the original and its variants
constexpr std::uint8_t kGround = 200;

/// The first images of every digit from a place that the seed chooses, in the digits' order.
std::vector<std::size_t> choose_examples(const Dataset& data, std::uint64_t seed) {
  std::vector<std::size_t> chosen;
  const std::size_t start = Random(seed).below(static_cast<std::uint32_t>(data.size()));
  for (int digit = 0; digit < 10; ++digit) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < data.size() && found < kExamples; ++i) {
      const std::size_t at = (start + i) % data.size();
      if (data.labels[at] != digit) continue;
      chosen.push_back(at);
      ++found;
    }
  }
  return chosen;
}

/// Dark ink on white paper.
void paint(Image<std::uint8_t>& sheet, const Tile& tile, int left, int top) {
  const GrayView from{tile, kTileSide, kTileSide};
  for (int y = 0; y < kTileSide * kEnlarged; ++y) {
    for (int x = 0; x < kTileSide * kEnlarged; ++x) {
      const float paper = 1 - from.at(x / kEnlarged, y / kEnlarged);
      sheet.at(left + x, top + y) = static_cast<std::uint8_t>(std::lround(paper * 255));
    }
  }
}

using Clock = std::chrono::steady_clock;

struct Sheet {
  Image<std::uint8_t> picture;
  std::size_t variants = 0;
  Clock::duration spent{};  ///< on making the variants
};

Sheet contact_sheet(const Dataset& data, std::uint64_t seed, bool touching) {
  const std::vector<std::size_t> rows = choose_examples(data, seed);
  Sheet sheet;
  sheet.picture = Image<std::uint8_t>((kVariants + 1) * kCell + kAfterOriginal,
                                      static_cast<int>(rows.size()) * kCell, 1, kGround);
  int top = 0;
  for (const std::size_t row : rows) {
    Random random = Random::stream(seed, RandomStream::kAugmentation, row);
    paint(sheet.picture, augment(data.image(row), data.labels[row], Augmentation::none(), random), 0, top);
    for (int i = 0; i < kVariants; ++i) {
      const Clock::time_point begin = Clock::now();
      const Augmentation settings = Augmentation::standard();
      const Tile variant = touching ? look_into_line(data, row, settings, random).tile
                                    : augment(data.image(row), data.labels[row], settings, random);
      sheet.spent += Clock::now() - begin;
      ++sheet.variants;
      paint(sheet.picture, variant, (i + 1) * kCell + kAfterOriginal, top);
    }
    top += kCell;
  }
  return sheet;
}

/// Rows of each kind of negatives.
Sheet negatives_sheet(const Dataset& data, std::uint64_t seed) {
  constexpr int kColumns = kVariants + 1;
  Sheet sheet;
  sheet.picture = Image<std::uint8_t>(
      kColumns * kCell, static_cast<int>(kNegativeKinds.size() * kKindRows) * kCell, 1, kGround);
  int top = 0;
  for (const NegativeKind kind : kNegativeKinds) {
    Random random = Random::stream(seed, RandomStream::kNegatives, static_cast<std::uint64_t>(kind));
    for (std::size_t row = 0; row < kKindRows; ++row) {
      for (int i = 0; i < kColumns; ++i) {
        const Clock::time_point begin = Clock::now();
        const Tile negative = make_negative(kind, data, Augmentation::standard(), random);
        sheet.spent += Clock::now() - begin;
        ++sheet.variants;
        paint(sheet.picture, negative, i * kCell, top);
      }
      top += kCell;
    }
  }
  return sheet;
}

/// What a sheet of negatives shows, from the top.
std::string kinds_in_words() {
  std::string words;
  for (const NegativeKind kind : kNegativeKinds) {
    words += (words.empty() ? "" : ", ") + std::string(negative_name(kind)) + " (" +
             std::to_string(negative_share(kind)) + " %)";
  }
  return words;
}

void run(const Options& options) {
  if (std::filesystem::path(options.out).extension() != ".png") {
    throw Failure("--out " + options.out, "its name must end in .png");
  }
  check_writable(options.out);
  const Dataset data = load_mnist(options.mnist, MnistPart::kTrain,
                                  options.any_idx ? MnistCheck::kAnyIdx : MnistCheck::kPublished);
  if (data.size() == 0) {
    throw Failure(options.mnist, "there are no training images");
  }
  if (data.width != kTileSide || data.height != kTileSide) {
    throw Failure(options.mnist, "augmentation is for images of 28x28 pixels, these are " +
                                     std::to_string(data.width) + "x" + std::to_string(data.height));
  }
  const Sheet sheet = options.negatives ? negatives_sheet(data, options.seed)
                                        : contact_sheet(data, options.seed, options.touching);
  write_file(options.out, encode_png(sheet.picture));
  const double milliseconds =
      std::chrono::duration<double, std::milli>(sheet.spent).count() / static_cast<double>(sheet.variants);
  if (options.negatives) {
    std::printf("wrote %s: %zu rows each of %s; %.3f ms a negative on one core\n", options.out.c_str(),
                kKindRows, kinds_in_words().c_str(), milliseconds);
  } else {
    std::printf("wrote %s: each row an original and %d variants of it, %.3f ms a variant on one core\n",
                options.out.c_str(), kVariants, milliseconds);
  }
}

}  // namespace

void add_augment_command(CLI::App& tool) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      tool.add_subcommand("augment", "Draw what --augment standard makes of MNIST's training images");
  command->add_option("--mnist", options->mnist, "The folder with MNIST's files, plain or .gz")
      ->type_name("DIR")
      ->required();
  command->add_option("--out", options->out, "The .png file to write")->type_name("FILE")->required();
  command->add_option("--seed", options->seed, "Of the choice of images and of all random numbers")
      ->check(whole_number(0))
      ->capture_default_str();
  auto* negatives = command->add_flag("--negatives", options->negatives,
                                      "Draw tiles that are no digit, as a network is to refuse them");
  command->add_flag("--touching", options->touching, "Draw digits in a line, as its reader looks at them")
      ->excludes(negatives);
  command->add_flag("--any-idx", options->any_idx, "Accept a set of your own in MNIST's format");
  command->callback([options] { run(*options); });
}

}  // namespace inkread
