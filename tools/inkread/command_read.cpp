// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/decode/image_decoder.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "engine/training/worker_pool.hpp"
#include "engine/vision/picture_part.hpp"
#include "tools/inkread/annotation.hpp"
#include "tools/inkread/answer.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/copy_names.hpp"
#include "tools/inkread/default_weights.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/picture_list.hpp"
#include "tools/inkread/png_file.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Options {
  std::vector<std::string> inputs;
  std::string weights;
  std::string strokes;
  std::string annotate;  ///< the folder for copies; none if empty
  Layout layout = Layout::kAuto;
  int turn = 0;      ///< degrees
  std::string crop;  ///< left, top, width, height in shares; all of it if empty
  bool json = false;
  bool csv = false;
  int threads = 0;
};

/// Of every picture. A crop that is not four numbers is no part of any.
PicturePart part_of(const Options& options) {
  PicturePart part{.quarter_turns = options.turn / 90};
  if (options.crop.empty()) return part;
  const char* at = options.crop.c_str();
  for (float* share : {&part.left, &part.top, &part.width, &part.height}) {
    char* end = nullptr;
    *share = std::strtof(at, &end);
    const bool is_last = share == &part.height;
    if (end == at || *end != (is_last ? '\0' : ',')) {
      part.width = 0;
      break;
    }
    at = end + 1;
  }
  return part;
}

/// Times `read` and keeps its reading or its error.
template <typename Read>
Answer answer_for(const std::string& file, Read read) {
  using Clock = std::chrono::steady_clock;
  Answer answer;
  answer.file = file;
  const auto start = Clock::now();
  try {
    Result<Reading> result = read();
    if (result.ok()) {
      answer.reading = std::move(result).value();
    } else {
      answer.error = explain(result.error());
    }
  } catch (const std::bad_alloc&) {
    answer.error = "there is not enough memory for it";
  } catch (const Failure& failure) {  // says the file's name itself
    const std::string prefix = file + ": ";
    const std::string text = failure.what();
    answer.error = text.compare(0, prefix.size(), prefix) == 0 ? text.substr(prefix.size()) : text;
  }
  answer.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return answer;
}

/// Writes what `draw` makes of a reading as the input's copy, if one is wanted.
template <typename Draw>
void add_copy(Answer& answer, const std::string& file, Draw draw) {
  if (file.empty() || !answer.reading) return;
  try {
    write_file(file, encode_png(draw()));
    answer.copy = file;
  } catch (const std::bad_alloc&) {
    answer.copy_error = "there is not enough memory for its annotated copy";
  } catch (const Failure& failure) {
    answer.copy_error = std::string("its annotated copy ") + failure.what();
  }
}

Answer read_picture(const Input& input, const std::string& copy, const Options& options,
                    Recognizer& recognizer) {
  RgbaImage picture;
  Answer answer = answer_for(input.name, [&]() -> Result<Reading> {
    if (!input.error.empty()) throw Failure(input.name, input.error);
    Result<RgbaImage> decoded =
        decode_image(input.name == "-" ? read_standard_input(DecodeLimits::kFileBytes)
                                       : read_file(input.name, DecodeLimits::kFileBytes));
    if (!decoded.ok()) return decoded.error();
    picture = std::move(decoded).value();
    if (const PicturePart part = part_of(options); !part.is_whole()) {
      // Not by the recognizer: the copy shows the part as well.
      picture = value_or_fail(cut_out(picture.view(), part), input.name);
    }
    return recognizer.read_picture(picture.view(), options.layout);
  });
  add_copy(answer, copy, [&] { return annotate(picture.view(), *answer.reading); });
  return answer;
}

/// Reads `count` inputs on all threads, a few at a time so that memory stays bounded, and prints them in
/// order.
template <typename Read>
void read_all(std::size_t count, std::vector<Recognizer>& recognizers, AnswerPrinter& printer, Read read) {
  constexpr std::size_t kAtATime = 64;
  WorkerPool pool(static_cast<int>(recognizers.size()));
  ProgressBar bar(count, "files");
  std::vector<Answer> answers;
  for (std::size_t first = 0; first < count; first += kAtATime) {
    answers.assign(std::min(kAtATime, count - first), {});
    pool.run(answers.size(), [&](std::size_t number, std::size_t worker) {
      answers[number] = read(first + number, recognizers[worker]);
    });
    bar.clear();
    for (const Answer& answer : answers) {
      printer.print(answer);
    }
    std::fflush(stdout);
    bar.show(first + answers.size(), "reading");
  }
  bar.clear();
}

Result<std::vector<Stroke>> parse_strokes(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("strokes") || !json["strokes"].is_array()) {
    return Error{ErrorCode::kMalformed, R"(a line must be an object like {"strokes": [[[x, y], ...], ...]})"};
  }
  std::vector<Stroke> strokes;
  for (const Json& points : json["strokes"]) {
    Stroke& stroke = strokes.emplace_back();
    if (!points.is_array()) {
      return Error{ErrorCode::kMalformed, "a stroke must be a list of points"};
    }
    for (const Json& point : points) {
      if (!point.is_array() || point.size() < 2 || !point[0].is_number() || !point[1].is_number()) {
        return Error{ErrorCode::kMalformed, "a point must be two numbers, x and y"};
      }
      stroke.push_back({point[0].get<float>(), point[1].get<float>()});
    }
  }
  return strokes;
}

struct Line {
  std::size_t number;  ///< from 1
  std::string text;
};

/// The lines that are not blank.
std::vector<Line> read_lines(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{1} << 30U;
  const Bytes bytes = path == "-" ? read_standard_input(kLimit) : read_file(path, kLimit);
  std::istringstream stream(
      std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));  // NOLINT: text
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::string text; std::getline(stream, text);) {
    ++number;
    if (text.find_first_not_of(" \t\r") != std::string::npos) {
      lines.push_back({number, text});
    }
  }
  return lines;
}

Answer read_drawing(const std::string& name, const Line& line, const std::string& copy, Layout layout,
                    Recognizer& recognizer) {
  std::vector<Stroke> strokes;
  Answer answer = answer_for(name, [&]() -> Result<Reading> {
    Result<std::vector<Stroke>> parsed = parse_strokes(line.text);
    if (!parsed.ok()) return parsed.error();
    strokes = std::move(parsed).value();
    return recognizer.read_strokes(strokes, layout);
  });
  if (copy.empty() || !answer.reading) return answer;
  const Result<StrokeInk> drawn = draw_strokes(strokes, StrokeScale::kStrokes);
  // Of no point there is nothing to draw.
  if (drawn.ok()) add_copy(answer, copy, [&] { return annotate(drawn.value(), *answer.reading); });
  return answer;
}

void check_asked(const Options& options) {
  const RgbaImage pixel(1, 1, 4);
  if (!cut_out(pixel.view(), part_of(options)).ok()) {
    throw CLI::ValidationError("--crop",
                               "is no part of a picture; give four shares from 0 to 1, as 0,0.5,1,0.5");
  }
  if (options.inputs.empty() && options.strokes.empty()) {
    throw CLI::RequiredError("an image, a folder, - or --strokes");
  }
  const auto times = std::count(options.inputs.begin(), options.inputs.end(), "-");
  if (times + (options.strokes == "-" ? 1 : 0) > 1) {
    throw CLI::ValidationError("-", "standard input can be read once only");
  }
}

/// Nothing that is to be read may be written over.
void check_apart(const std::vector<Input>& inputs, const fs::path& folder) {
  std::error_code ignored;
  const fs::path copies = fs::weakly_canonical(folder, ignored);
  fs::path last;
  for (const Input& input : inputs) {
    if (input.name == "-" || !input.error.empty()) continue;
    const fs::path parent = fs::absolute(input.name, ignored).parent_path();
    if (parent == last) continue;
    last = parent;
    if (fs::weakly_canonical(parent, ignored) == copies) {
      throw Failure("--annotate " + folder.string(), "pictures to be read lie in it; name another folder");
    }
  }
}

/// Whether copies can be written there; says why not.
bool prepare_copies(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  std::string why = error ? "cannot be made (" + error.message() + ")" : "";
  try {
    if (!error) check_writable(folder / "copy.png");
  } catch (const Failure&) {
    why = "cannot be written to";
  }
  if (why.empty()) return true;
  std::fprintf(stderr, "inkread: --annotate %s: %s; reading goes on without copies\n", folder.c_str(),
               why.c_str());
  return false;
}

int run(const Options& options) {
  check_asked(options);
  const std::string weights_name = options.weights.empty() ? "the built-in network" : options.weights;
  const Bytes custom = options.weights.empty() ? Bytes{} : read_file(options.weights);
  const auto weights = options.weights.empty() ? default_weights() : std::span<const std::byte>(custom);
  std::vector<Recognizer> recognizers;
  for (int i = 0; i < options.threads; ++i) {
    recognizers.push_back(value_or_fail(Recognizer::create(weights), weights_name));
  }
  const std::vector<Line> lines = options.strokes.empty() ? std::vector<Line>{} : read_lines(options.strokes);
  const std::vector<Input> inputs = expand_folders(options.inputs, options.annotate);
  const bool wants_copies = !options.annotate.empty();
  if (wants_copies) check_apart(inputs, options.annotate);
  const bool makes_copies = wants_copies && prepare_copies(options.annotate);
  std::vector<std::string> line_copies(lines.size());
  std::vector<std::string> input_copies(inputs.size());
  if (makes_copies) {
    CopyNames names(options.annotate);
    std::transform(lines.begin(), lines.end(), line_copies.begin(),
                   [&](const Line& line) { return names.add(options.strokes, std::to_string(line.number)); });
    std::transform(inputs.begin(), inputs.end(), input_copies.begin(),
                   [&](const Input& input) { return names.add(input.name); });
  }

  AnswerPrinter printer(options.json  ? AnswerFormat::kJson
                        : options.csv ? AnswerFormat::kCsv
                                      : AnswerFormat::kText);
  read_all(lines.size(), recognizers, printer, [&](std::size_t index, Recognizer& recognizer) {
    const Line& line = lines[index];
    return read_drawing(options.strokes + ":" + std::to_string(line.number), line, line_copies[index],
                        options.layout, recognizer);
  });
  read_all(inputs.size(), recognizers, printer, [&](std::size_t index, Recognizer& recognizer) {
    return read_picture(inputs[index], input_copies[index], options, recognizer);
  });
  return printer.failed() || makes_copies != wants_copies ? 1 : 0;
}

CLI::Option* add_layout(CLI::App& command, const std::string& flag, Layout layout, const std::string& holds,
                        Layout& chosen) {
  return command.add_flag_callback(
      flag, [layout, &chosen] { chosen = layout; },
      "Each picture or drawing holds " + holds + "; else the reader finds out");
}

}  // namespace

void add_read_command(CLI::App& tool, ExitCode& exit_code) {
  const auto options = std::make_shared<Options>();
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* command = tool.add_subcommand("read", "Read the numbers in pictures");
  command
      ->add_option("IMAGE", options->inputs,
                   "PNG, JPEG, GIF or BMP files, folders of them, or - for standard input")
      ->type_name("PATH");
  command
      ->add_option(
          "--strokes", options->strokes,
          R"(Read pen strokes, a line each: {"strokes": [[[x, y], ...], ...]}, y downwards; - for standard input)")
      ->type_name("FILE");
  command->add_option("--weights", options->weights, "Another network (.onnx) than the built-in one")
      ->type_name("FILE");
  auto* single = add_layout(*command, "--single", Layout::kSingle, "one digit", options->layout);
  auto* line = add_layout(*command, "--line", Layout::kLine, "one line of digits", options->layout);
  auto* page = add_layout(*command, "--page", Layout::kPage, "lines of digits", options->layout);
  single->excludes(line)->excludes(page);
  line->excludes(page);
  command->add_option("--turn", options->turn, "Turn every picture clockwise first, by these degrees")
      ->check(CLI::IsMember({0, 90, 180, 270}));
  command
      ->add_option("--crop", options->crop,
                   "Read this part of every picture alone, in shares of its width and height once turned: "
                   "0,0.5,1,0.5 is the lower half")
      ->type_name("LEFT,TOP,WIDTH,HEIGHT");
  auto* json = command->add_flag("--json", options->json, "A JSON object a line");
  command->add_flag("--csv", options->csv, "A CSV table")->excludes(json);
  command
      ->add_option("--annotate", options->annotate,
                   "Write a copy of each picture or drawing into this folder, its digits framed and labelled")
      ->type_name("DIR");
  command->add_option("--threads", options->threads, "Threads to use")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code.value = run(*options); });
}

}  // namespace inkread
