// SPDX-License-Identifier: MIT
// How long a picture takes from its bytes to its reading, step by step, on one core. Prints for every file
// the milliseconds of processor time of each step, the least of several rounds, and how often the network
// looked.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include "engine/decode/image_decoder.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "engine/segmentation/parts.hpp"
#include "engine/segmentation/text_lines.hpp"
#include "engine/vision/ink.hpp"
#include "tools/inkread/default_weights.hpp"
#include "tools/inkread/files.hpp"

namespace {

using namespace inkread;

/// The processor time of this thread, which other programs on the machine do not lengthen.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The least that a step took, of several rounds.
class Step {
 public:
  template <typename Work>
  auto time(Work work) {
    const double start = milliseconds();
    auto made = work();
    least_ = std::min(least_, milliseconds() - start);
    return made;
  }
  [[nodiscard]] double least() const { return least_; }

 private:
  double least_ = std::numeric_limits<double>::max();
};

void measure(Recognizer& reader, const std::string& file, int rounds) {
  const Bytes bytes = read_file(file);
  Step decode;
  Step ink;
  Step parts;
  Step lines;
  Step read;
  Reading reading;
  double megapixels = 0;
  for (int i = 0; i < rounds; ++i) {
    const RgbaImage picture = decode.time([&] { return value_or_fail(decode_image(bytes), file); });
    megapixels = static_cast<double>(picture.width) * picture.height / 1e6;
    {
      InkImage found = ink.time([&] { return extract_ink(picture.view()); });
      const InkParts apart = parts.time([&] { return find_parts(std::move(found.ink)); });
      lines.time([&] { return find_lines(apart); });
    }
    reading = read.time([&] { return value_or_fail(reader.read_picture(picture.view()), file); });
  }
  std::printf("%s: %.1f megapixels, %zu digits%s\n", file.c_str(), megapixels, reading.digits.size(),
              reading.accepted() ? "" : ", not accepted");
  std::printf("  bytes to pixels      %8.1f ms\n", decode.least());
  std::printf("  pixels to ink        %8.1f ms\n", ink.least());
  std::printf("  ink to parts         %8.1f ms\n", parts.least());
  std::printf("  parts to lines       %8.1f ms\n", lines.least());
  std::printf("  pixels to reading    %8.1f ms, all of these but the first, and the network\n", read.least());
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App tool("Times the steps from a picture to its reading, on one core");
  std::vector<std::string> files;
  int rounds = 5;
  tool.add_option("PICTURE", files, "PNG, JPEG, GIF or BMP")->required();
  tool.add_option("--rounds", rounds, "The least time of so many counts")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(tool, count, arguments);
  try {
    Recognizer reader = value_or_fail(Recognizer::create(default_weights()), "the weights");
    for (const std::string& file : files) measure(reader, file, rounds);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "picture_benchmark: %s\n", problem.what());
    return 1;
  }
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("most memory at once: %ld MiB\n", used.ru_maxrss >> 10U);
  return 0;
}
