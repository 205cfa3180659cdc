// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/decode/image_decoder.hpp"
#include "engine/recognizer/judge.hpp"
#include "engine/recognizer/recognizer.hpp"
#include "engine/training/worker_pool.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/default_weights.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> inputs;
  std::string weights;
  std::string strokes;
  Layout layout = Layout::kAuto;
  bool json = false;
  bool csv = false;
  int threads = 0;
};

/// What becomes of one input: a reading, or why there is none.
struct Answer {
  std::string file;
  std::optional<Reading> reading;
  std::string error;
  double milliseconds = 0;
};

const char* reason_name(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "";
    case Reason::kNothing:
      return "nothing";
    case Reason::kUnsure:
      return "unsure";
    case Reason::kNotADigit:
      return "not-a-digit";
  }
  return "";
}

Json to_json(const Rect& box) {
  return {box.x, box.y, box.width, box.height};
}

Json to_json(const Digit& digit) {
  Json alternatives = Json::array();
  for (const Guess& guess : best_guesses(digit, digit.probabilities.size())) {
    if (guess.label != digit.label) {
      alternatives.push_back({{"label", std::to_string(guess.label)}, {"confidence", guess.probability}});
    }
  }
  return {{"label", std::to_string(digit.label)},
          {"confidence", digit.confidence()},
          {"box", to_json(digit.box)},
          {"alternatives", alternatives}};
}

Json to_json(const Answer& answer) {
  if (!answer.reading) {
    return {{"file", answer.file},
            {"text", ""},
            {"accepted", false},
            {"reason", "error"},
            {"error", answer.error},
            {"confidence", 0.0},
            {"digits", Json::array()},
            {"marks", Json::array()},
            {"alternatives", Json::array()},
            {"milliseconds", answer.milliseconds}};
  }
  const Reading& reading = *answer.reading;
  Json digits = Json::array();
  for (const Digit& digit : reading.digits) {
    digits.push_back(to_json(digit));
  }
  Json marks = Json::array();
  for (const Mark& mark : reading.marks) {
    marks.push_back({{"sign", std::string(1, mark.sign)}, {"box", to_json(mark.box)}});
  }
  Json alternatives = Json::array();
  for (const Alternative& other : reading.alternatives) {
    alternatives.push_back({{"text", other.text}, {"confidence", other.confidence}});
  }
  const Json reason = reading.accepted() ? Json(nullptr) : Json(reason_name(reading.reason));
  return {{"file", answer.file},
          {"text", reading.text},
          {"accepted", reading.accepted()},
          {"reason", reason},
          {"confidence", reading.confidence},
          {"digits", digits},
          {"marks", marks},
          {"alternatives", alternatives},
          {"width", reading.width},
          {"height", reading.height},
          {"milliseconds", answer.milliseconds}};
}

/// A field of CSV (RFC 4180).
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

void print_csv(const Answer& answer) {
  const bool accepted = answer.reading && answer.reading->accepted();
  const char* reason = answer.reading ? reason_name(answer.reading->reason) : "error";
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, "%.6f",
                answer.reading ? static_cast<double>(answer.reading->confidence) : 0.0);
  std::printf("%s,%s,%s,%s,%s,%s\n", csv_field(answer.file).c_str(),
              answer.reading ? csv_field(answer.reading->text).c_str() : "", accepted ? "true" : "false",
              reason, confidence, csv_field(answer.error).c_str());
}

/// The text on one line.
std::string on_one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? std::string(" / ") : std::string(1, c);
  }
  return out;
}

std::string with_share(const std::string& text, float confidence) {
  return on_one_line(text) + " (" + format_share(static_cast<double>(confidence), 1) + ")";
}

/// "4 (48.0 %) or 9 (45.1 %)"
std::string best_two(const Reading& reading) {
  std::string text = with_share(reading.text, reading.confidence);
  if (!reading.alternatives.empty()) {
    const Alternative& other = reading.alternatives.front();
    text += " or " + with_share(other.text, other.confidence);
  }
  return text;
}

void print_text(const Answer& answer) {
  if (!answer.reading) {
    std::printf("%s: could not be read\n", answer.file.c_str());
    return;
  }
  const Reading& reading = *answer.reading;
  switch (reading.reason) {
    case Reason::kNone:
      std::printf("%s: %s\n", answer.file.c_str(), with_share(reading.text, reading.confidence).c_str());
      break;
    case Reason::kNothing:
      std::printf("%s: nothing is written\n", answer.file.c_str());
      break;
    case Reason::kUnsure:
      std::printf("%s: not sure, perhaps %s\n", answer.file.c_str(), best_two(reading).c_str());
      break;
    case Reason::kNotADigit:
      std::printf("%s: this does not look like %s\n", answer.file.c_str(),
                  reading.digits.size() > 1 ? "a number" : "a digit");
      break;
  }
}

/// Prints answers in their order, whichever form is asked for, and remembers whether one had no reading.
class Printer {
 public:
  explicit Printer(const Options& options) : options_(options) {
    if (options.csv) {
      std::printf("file,text,accepted,reason,confidence,error\n");
    }
  }
  void print(const Answer& answer) {
    if (!answer.reading) {
      failed_ = true;
      std::fprintf(stderr, "inkread: %s: %s\n", answer.file.c_str(), answer.error.c_str());
    }
    if (options_.json) {
      // Names of files need not be UTF-8.
      std::printf("%s\n", to_json(answer).dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    } else if (options_.csv) {
      print_csv(answer);
    } else {
      print_text(answer);
    }
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  const Options& options_;
  bool failed_ = false;
};

/// Times `read` and keeps its reading or its error.
template <typename Read>
Answer answer_for(const std::string& file, Read read) {
  using Clock = std::chrono::steady_clock;
  Answer answer{file, {}, {}, 0};
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

bool looks_like_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array kExtensions{".png", ".jpg", ".jpeg", ".gif", ".bmp"};
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

/// One thing to read: a file's name (- for standard input), or a folder that gives none, and why.
struct Input {
  std::string name;
  std::string error;
};

/// The pictures in a folder and below, by name. What cannot be listed comes with its error.
std::vector<Input> list_folder(const std::string& folder) {
  std::vector<Input> found;
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const fs::path present = folders.back();
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entries(present, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      std::error_code ignored;
      if (entries->is_directory(ignored) && !entries->is_symlink(ignored)) {
        folders.push_back(entries->path());
      } else if (entries->is_regular_file(ignored) && looks_like_picture(entries->path())) {
        found.push_back({entries->path().string(), ""});
      }
    }
    if (error) {
      found.push_back({present.string(), "the folder cannot be listed (" + error.message() + ")"});
    }
  }
  std::sort(found.begin(), found.end(), [](const Input& a, const Input& b) { return a.name < b.name; });
  if (found.empty()) {
    found.push_back({folder, "there is no picture (.png, .jpg, .jpeg, .gif, .bmp) in this folder"});
  }
  return found;
}

/// The inputs with each folder replaced by the pictures in it.
std::vector<Input> expand_folders(const std::vector<std::string>& names) {
  std::vector<Input> inputs;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(name, ignored)) {
      const std::vector<Input> found = list_folder(name);
      inputs.insert(inputs.end(), found.begin(), found.end());
    } else {
      inputs.push_back({name, ""});
    }
  }
  return inputs;
}

/// Reads `count` inputs on all threads, a few at a time so that memory stays bounded, and prints them in
/// order.
template <typename Read>
void read_all(std::size_t count, std::vector<Recognizer>& recognizers, Printer& printer, Read read) {
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

void check_asked(const Options& options) {
  if (options.inputs.empty() && options.strokes.empty()) {
    throw CLI::RequiredError("an image, a folder, - or --strokes");
  }
  const auto times = std::count(options.inputs.begin(), options.inputs.end(), "-");
  if (times + (options.strokes == "-" ? 1 : 0) > 1) {
    throw CLI::ValidationError("-", "standard input can be read once only");
  }
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

  Printer printer(options);
  read_all(lines.size(), recognizers, printer, [&](std::size_t index, Recognizer& recognizer) {
    const Line& line = lines[index];
    return answer_for(options.strokes + ":" + std::to_string(line.number), [&]() -> Result<Reading> {
      const Result<std::vector<Stroke>> strokes = parse_strokes(line.text);
      return strokes.ok() ? recognizer.read_strokes(strokes.value(), options.layout)
                          : Result<Reading>(strokes.error());
    });
  });
  const std::vector<Input> inputs = expand_folders(options.inputs);
  read_all(inputs.size(), recognizers, printer, [&](std::size_t index, Recognizer& recognizer) {
    const Input& input = inputs[index];
    return answer_for(input.name, [&] {
      if (!input.error.empty()) {
        throw Failure(input.name, input.error);
      }
      return recognizer.read_file(input.name == "-" ? read_standard_input(DecodeLimits::kFileBytes)
                                                    : read_file(input.name, DecodeLimits::kFileBytes),
                                  options.layout);
    });
  });
  return printer.failed() ? 1 : 0;
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
  auto* json = command->add_flag("--json", options->json, "A JSON object a line");
  command->add_flag("--csv", options->csv, "A CSV table")->excludes(json);
  command->add_option("--threads", options->threads, "Threads to use")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code.value = run(*options); });
}

}  // namespace inkread
