// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "engine/recognizer/reading.hpp"

namespace inkread {

/// What becomes of one input: a reading, or why there is none.
struct Answer {
  std::string file;
  std::optional<Reading> reading;
  std::string error;
  double milliseconds = 0;  ///< for reading it
  std::string copy;         ///< the annotated copy's file, if one was written
  std::string copy_error;   ///< why not, if one was wanted
};

enum class AnswerFormat { kText, kJson, kCsv };

/// Prints answers to standard output and their errors to standard error; remembers whether there was any.
class AnswerPrinter {
 public:
  explicit AnswerPrinter(AnswerFormat format);
  void print(const Answer& answer);
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  AnswerFormat format_;
  bool failed_ = false;
};

}  // namespace inkread
