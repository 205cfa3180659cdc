// SPDX-License-Identifier: MIT
#include "tools/inkread/answer.hpp"

#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "engine/recognizer/judge.hpp"
#include "tools/inkread/progress.hpp"

namespace inkread {
namespace {

using Json = nlohmann::ordered_json;

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

/// To so many decimals: more are not worth a measurement.
Json rounded(float value, int decimals = 2) {
  const double steps = std::pow(10, decimals);
  return std::round(static_cast<double>(value) * steps) / steps;
}

Json to_json(const WritingStyle& style) {
  return {{"slant_degrees", rounded(style.slant)},
          {"tilt_degrees", rounded(style.tilt)},
          {"stroke_width", rounded(style.stroke_width)},
          {"stroke_share", rounded(style.stroke_share(), 4)},
          {"width", rounded(style.width)},
          {"height", rounded(style.height)},
          {"loops", style.loops}};
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
          {"alternatives", alternatives},
          {"style", to_json(digit.style)}};
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
  Json json = {{"file", answer.file},
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
  if (!answer.copy.empty()) json["annotated"] = answer.copy;
  return json;
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

}  // namespace

AnswerPrinter::AnswerPrinter(AnswerFormat format) : format_(format) {
  if (format == AnswerFormat::kCsv) {
    std::printf("file,text,accepted,reason,confidence,error\n");
  }
}

void AnswerPrinter::print(const Answer& answer) {
  for (const std::string& error : {answer.error, answer.copy_error}) {
    if (error.empty()) continue;
    failed_ = true;
    std::fprintf(stderr, "inkread: %s: %s\n", answer.file.c_str(), error.c_str());
  }
  switch (format_) {
    case AnswerFormat::kJson:
      // Names of files need not be UTF-8.
      std::printf("%s\n", to_json(answer).dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
      break;
    case AnswerFormat::kCsv:
      print_csv(answer);
      break;
    case AnswerFormat::kText:
      print_text(answer);
      break;
  }
}

}  // namespace inkread
