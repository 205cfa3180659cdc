// SPDX-License-Identifier: MIT
#include "tools/inkread/checkpoint.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/model/onnx_reader.hpp"
#include "engine/model/onnx_writer.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/recipe_options.hpp"

namespace inkread {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kFileLimit = std::size_t{1} << 30U;

Json parse_json(const fs::path& path) {
  const Bytes bytes = read_file(path, kFileLimit);
  const auto* text = reinterpret_cast<const char*>(bytes.data());  // NOLINT: bytes of text
  try {
    return Json::parse(text, text + bytes.size());
  } catch (const Json::exception& error) {
    throw Failure(path.string(), std::string("it is damaged: ") + error.what());
  }
}

std::string teacher_file(std::size_t number) {
  return "teacher" + std::to_string(number + 1) + ".onnx";
}

/// With full paths, because the run may go on from another working directory.
std::string to_json_text(const RunOptions& o) {
  const Json json{{"network", o.network},
                  {"mnist", fs::absolute(o.mnist).string()},
                  {"out", fs::absolute(o.out).string()},
                  {"validation", o.validation},
                  {"any_idx", o.any_idx},
                  {"augment", o.augment},
                  {"weights", storage_name(o.weights)},
                  {"teachers", o.teachers},
                  {"recipe", to_json(o.recipe)}};
  try {
    return json.dump(2) + "\n";
  } catch (const Json::type_error&) {
    throw Failure(
        "--out " + o.out,
        "a run cannot be kept unless the names of --network, --teacher, --mnist and --out are UTF-8");
  }
}

// A checkpoint is a line of JSON and behind it the floats: parameters, first moments, second moments. The
// line tells how many, and the SHA-256 of their bytes.

void append(Bytes& bytes, std::span<const float> values) {
  const auto raw = std::as_bytes(values);
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

std::vector<float> take(std::span<const std::byte>& bytes, std::size_t count) {
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.data(), count * sizeof(float));
  bytes = bytes.subspan(count * sizeof(float));
  return values;
}

}  // namespace

void RunFolder::begin(const RunOptions& options, const Network& start,
                      const std::vector<Teacher>& teachers) const {
  const std::string json = to_json_text(options);  // fails, if at all, before anything is written
  if (fs::exists(path_ / "run.json") && fs::exists(path_ / "checkpoint")) {
    const int done = load().state.epochs;
    if (done < load_options().recipe.epochs) {
      throw Failure(path_.string(),
                    "an unfinished run of " + std::to_string(done) +
                        " epochs is kept here: go on with --resume, or remove the folder first");
    }
  }
  // run.json, without which there is no run, goes first and comes last.
  std::error_code ignored;
  fs::remove(path_ / "run.json", ignored);
  fs::remove(path_ / "checkpoint", ignored);
  fs::remove(path_ / "log.jsonl", ignored);
  write_file(path_ / "start.onnx", write_onnx(start));
  for (std::size_t i = 0; i < teachers.size(); ++i) {
    write_file(path_ / teacher_file(i), teachers[i].file);
  }
  write_file(path_ / "run.json", json);
}

void RunFolder::save_options(const RunOptions& options) const {
  write_file(path_ / "run.json", to_json_text(options));
}

RunOptions RunFolder::load_options() const {
  if (!fs::exists(path_ / "run.json")) {
    throw Failure(path_.string(), "there is no training run to go on with (no run.json)");
  }
  const Json json = parse_json(path_ / "run.json");
  try {
    return {json.at("network"),
            json.at("mnist"),
            json.at("out"),
            json.at("validation"),
            json.at("any_idx"),
            json.at("augment"),
            find_storage(json.value("weights", "float32")).value(),
            json.value("teachers", std::vector<std::string>()),
            recipe_from_json(json.at("recipe"))};
  } catch (const std::exception& error) {
    throw Failure((path_ / "run.json").string(), std::string("it is damaged: ") + error.what());
  }
}

Network RunFolder::load_start() const {
  const fs::path file = path_ / "start.onnx";
  return value_or_fail(read_onnx(read_file(file, kFileLimit)), file.string());
}

std::vector<Teacher> RunFolder::load_teachers(const RunOptions& options) const {
  std::vector<Teacher> teachers;
  for (std::size_t i = 0; i < options.teachers.size(); ++i) {
    teachers.push_back({options.teachers[i], read_file(path_ / teacher_file(i), kFileLimit)});
  }
  return teachers;
}

void RunFolder::save(const Checkpoint& checkpoint) const {
  Bytes floats;
  append(floats, checkpoint.state.parameters);
  append(floats, checkpoint.state.optimizer.first_moment);
  append(floats, checkpoint.state.optimizer.second_moment);
  append(floats, checkpoint.state.average);
  const Json header{{"epochs", checkpoint.state.epochs},
                    {"steps", checkpoint.state.optimizer.steps},
                    {"parameters", checkpoint.state.parameters.size()},
                    {"second_moments", checkpoint.state.optimizer.second_moment.size()},
                    {"average", checkpoint.state.average.size()},
                    {"sha256", sha256(floats)},
                    {"curve", to_json(checkpoint.curve)}};
  const std::string line = header.dump() + "\n";
  const auto head = std::as_bytes(std::span(line));
  Bytes file(head.begin(), head.end());
  file.insert(file.end(), floats.begin(), floats.end());
  write_file(path_ / "checkpoint", file);

  std::string log;
  for (const Json& record : to_json(checkpoint.curve)) {
    log += record.dump() + "\n";
  }
  write_file(path_ / "log.jsonl", log);
}

RunFolder::Checkpoint RunFolder::load() const {
  const fs::path path = path_ / "checkpoint";
  if (!fs::exists(path)) {
    return {};
  }
  const Bytes file = read_file(path, kFileLimit);
  const std::string_view text(reinterpret_cast<const char*>(file.data()),
                              file.size());  // NOLINT: begins with text
  const std::size_t line = text.find('\n');
  try {
    const Json header = Json::parse(text.substr(0, line));
    const std::size_t count = header.at("parameters");
    auto floats =
        std::span<const std::byte>(file).subspan(line == std::string_view::npos ? file.size() : line + 1);
    const std::size_t second_moments = header.at("second_moments");
    const std::size_t average = header.at("average");
    const bool sizes_fit = std::max({count, second_moments, average}) <= kFileLimit &&
                           floats.size() == (2 * count + second_moments + average) * sizeof(float);
    if (!sizes_fit || sha256(floats) != header.at("sha256")) {
      throw Failure(path.string(),
                    "it is damaged: its content does not have the size and the SHA-256 that it names");
    }
    Checkpoint checkpoint;
    checkpoint.state.epochs = header.at("epochs");
    checkpoint.state.parameters = take(floats, count);
    checkpoint.state.optimizer = {header.at("steps"), take(floats, count), take(floats, second_moments)};
    checkpoint.state.average = take(floats, average);
    checkpoint.curve = curve_from_json(header.at("curve"));
    if (checkpoint.state.epochs < 0 ||
        static_cast<std::size_t>(checkpoint.state.epochs) != checkpoint.curve.size()) {
      throw Failure(path.string(), "it is damaged: its curve does not have the epochs that it names");
    }
    return checkpoint;
  } catch (const Json::exception& error) {
    throw Failure(path.string(), std::string("it is damaged: ") + error.what());
  }
}

}  // namespace inkread
