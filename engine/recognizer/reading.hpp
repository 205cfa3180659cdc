// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.hpp"
#include "engine/vision/normalize.hpp"
#include "engine/vision/writing_style.hpp"

namespace inkread {

/// What a picture holds. The numbers cross the C ABI: append, never renumber.
enum class Layout : std::uint8_t {
  kAuto = 0,    ///< the reader finds out
  kSingle = 1,  ///< one digit
  kLine = 2,    ///< one line of digits
  kPage = 3,    ///< lines of digits
};

/// A rectangle; (x, y) is its top left corner.
struct Rect {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;
};

/// One digit that was read.
struct Digit {
  int label = 0;                          ///< 0..9
  std::array<float, 10> probabilities{};  ///< by digit, sum 1
  Rect box;            ///< around its ink, in the picture's pixels (strokes: in stroke units)
  WritingStyle style;  ///< in the same; of strokes the stroke width is the pen's that draws them
  Tile tile{};         ///< what the network saw

  [[nodiscard]] float confidence() const { return probabilities[static_cast<std::size_t>(label)]; }
};

/// A sign of punctuation that was read: it is no digit and not in the text.
struct Mark {
  char sign = '.';  ///< '.', ',', '-' or '='
  Rect box;         ///< as a digit's
};

/// A text that the writing may be.
struct Alternative {
  std::string text;
  float confidence = 0;  ///< 0..1
};

/// Why a reading is not accepted. The numbers cross the C ABI: append, never renumber.
enum class Reason : std::uint8_t {
  kNone = 0,       ///< accepted
  kNothing = 1,    ///< nothing is written
  kUnsure = 2,     ///< two readings are too close to each other
  kNotADigit = 3,  ///< it does not look like a digit: no two digits have most of the probability
};

/// The ink that a reading was read from.
struct ReadInk {
  GrayImage values;  ///< empty unless Recognizer::keep_ink()
  float scale = 1;   ///< of the boxes' unit, an ink pixel's side
  float left = 0;    ///< where its first pixel lies, in that unit
  float top = 0;
};

/// What was read. `text` is the best reading, given even when it is not accepted; empty when nothing is
/// there; its lines are parted by \n.
struct Reading {
  std::string text;
  Reason reason = Reason::kNothing;
  float confidence = 0;                   ///< 0..1
  std::vector<Digit> digits;              ///< in the text's order
  std::vector<Mark> marks;                ///< line by line, from left to right
  std::vector<Alternative> alternatives;  ///< other texts, the likeliest first
  int width = 0;                          ///< of the picture, in pixels; 0 for strokes
  int height = 0;
  ReadInk ink;

  [[nodiscard]] bool accepted() const { return reason == Reason::kNone; }
};

}  // namespace inkread
