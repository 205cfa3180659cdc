// SPDX-License-Identifier: MIT
#include "engine/recognizer/recognizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/message.hpp"
#include "engine/base/stable_order.hpp"
#include "engine/decode/image_decoder.hpp"
#include "engine/model/onnx_reader.hpp"
#include "engine/recognizer/digit_style.hpp"
#include "engine/recognizer/judge.hpp"
#include "engine/recognizer/line_reader.hpp"
#include "engine/recognizer/one_hand.hpp"
#include "engine/segmentation/parts.hpp"
#include "engine/segmentation/text_lines.hpp"
#include "engine/vision/ink.hpp"

namespace inkread {
namespace {

constexpr std::size_t kClasses = 10;

std::string name_of(int label) {
  return {static_cast<char>('0' + label)};
}

/// For networks whose files say nothing: below it another digit may well be as probable.
constexpr float kAcceptConfidence = 0.5F;

/// What the two best digits of a drawing that is hard to tell have together. Networks learn to spread what is
/// no digit over all ten.
constexpr float kTwoReadings = 0.7F;

/// Of a number: a less likely text may well be another.
constexpr float kLeastConfidence = 0.5F;
/// Of the ink beside a number, in digits: more may have been one.
constexpr float kMostLeftOut = 0.6F;

/// Of the network at one reading, so that its time is bounded: enough for 1,500 digits that stand apart.
constexpr int kMostLooks = 8000;

constexpr std::size_t kAlternatives = 5;  ///< given beside the best

/// The texts of all lines together: each line's best, and what becomes of that if one line is another. The
/// likeliest first.
std::vector<Alternative> combine(const std::vector<std::vector<Alternative>>& lines) {
  const auto text_with = [&](std::size_t changed, const Alternative& text) {
    std::string all;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      all += (i > 0 ? "\n" : "") + (i == changed ? text.text : lines[i].front().text);
    }
    return all;
  };
  Alternative best{text_with(0, lines.front().front()), 1};
  for (const std::vector<Alternative>& line : lines) best.confidence *= line.front().confidence;
  std::vector<Alternative> all{best};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t k = 1; k < lines[i].size(); ++k) {
      if (lines[i][k].text.empty()) continue;  // that there is no number is not another number
      const float share = lines[i][k].confidence / lines[i].front().confidence;
      all.push_back({text_with(i, lines[i][k]), best.confidence * share});
    }
  }
  sort_stably(std::span(all).subspan(1),
              [](const Alternative& a, const Alternative& b) { return a.confidence > b.confidence; });
  if (all.size() > kAlternatives + 1) all.resize(kAlternatives + 1);
  return all;
}

/// Whether all these digits have their middles in the box.
bool holds_all(const Rect& box, const std::vector<Digit>& digits) {
  return std::all_of(digits.begin(), digits.end(), [&](const Digit& digit) {
    const float x = digit.box.x + digit.box.width / 2 - box.x;
    const float y = digit.box.y + digit.box.height / 2 - box.y;
    return x >= 0 && y >= 0 && x <= box.width && y <= box.height;
  });
}

/// From pixels of the ink, `scale` of what the reading is in, to that: `change` moves and scales a box.
template <typename Change>
void leave_ink(Reading& reading, float scale, Change change) {
  for (Digit& digit : reading.digits) {
    change(digit.box);
    digit.style = digit.style.scaled(scale);
  }
  for (Mark& mark : reading.marks) change(mark.box);
  reading.ink.scale = scale;
}

}  // namespace

Result<Recognizer> Recognizer::create(std::span<const std::byte> weights) {
  const Result<OnnxModel> model = read_onnx_model(weights);
  if (!model.ok()) {
    return model.error();
  }
  const Network& network = model.value().network;
  const Shape expected{1, kTileSide, kTileSide};
  const bool gives_probabilities = std::holds_alternative<Softmax>(network.nodes().back().op) &&
                                   network.output_shape().volume() == kClasses;
  if (network.input_shape() != expected || !gives_probabilities) {
    return Error{
        ErrorCode::kShapeMismatch,
        "the network does not turn a picture of 28x28 grey pixels into the probabilities of ten digits"};
  }
  const std::optional<Calibration>& calibration = model.value().notes.calibration;
  return Recognizer(network, calibration ? calibration->accept_confidence : kAcceptConfidence);
}

Recognizer::Recognizer(Network network, float accept_confidence)
    : network_(std::move(network)),
      program_(Program::prepare(network_)),
      workspace_(program_),
      accept_confidence_(accept_confidence) {}

Status Recognizer::probabilities(std::span<const float> tiles, std::span<float> probabilities) {
  const std::size_t count = tiles.size() / kTilePixels;
  if (tiles.size() != count * kTilePixels || probabilities.size() != count * kClasses) {
    return Error{ErrorCode::kShapeMismatch,
                 message("every image has 784 pixels and 10 probabilities; there are {} pixels for {}",
                         {tiles.size(), probabilities.size()})};
  }
  const auto wrong = std::find_if(tiles.begin(), tiles.end(), [](float x) { return !std::isfinite(x); });
  if (wrong != tiles.end()) {
    const std::ptrdiff_t at = wrong - tiles.begin();
    return Error{ErrorCode::kNotFinite, message("pixel {} of image {} is not a finite number",
                                                {at % static_cast<std::ptrdiff_t>(kTilePixels),
                                                 at / static_cast<std::ptrdiff_t>(kTilePixels)})};
  }
  return run_network(tiles, program_, workspace_, probabilities);
}

Result<Digit> Recognizer::read_digit(const GrayImage& ink, const Box& box) {
  return judge_carefully(normalize_ink(ink.view(), box), program_, workspace_);
}

Reason Recognizer::judge(const Digit& digit) const {
  if (digit.confidence() >= accept_confidence_) {
    return Reason::kNone;
  }
  const std::vector<Guess> best = best_guesses(digit, 2);
  return best[0].probability + best[1].probability >= kTwoReadings ? Reason::kUnsure : Reason::kNotADigit;
}

Reason Recognizer::judge(const Reading& reading, float left_out) const {
  if (left_out > kMostLeftOut) return Reason::kNotADigit;
  for (const Digit& digit : reading.digits) {
    if (const Reason reason = judge(digit); reason != Reason::kNone) return reason;
  }
  return reading.confidence >= kLeastConfidence ? Reason::kNone : Reason::kUnsure;
}

Result<Reading> Recognizer::read_ink(GrayImage ink, Image<std::int16_t> strokes, Layout layout) {
  GrayImage kept = keeps_ink_ ? ink : GrayImage{};
  Result<Reading> reading = read_layout(std::move(ink), std::move(strokes), layout);
  if (reading.ok()) reading.value().ink.values = std::move(kept);
  return reading;
}

Result<Reading> Recognizer::read_layout(GrayImage ink, Image<std::int16_t> strokes, Layout layout) {
  if (layout == Layout::kLine || layout == Layout::kPage) {
    return read_lines(std::move(ink), std::move(strokes), layout);
  }
  Result<Reading> single = read_single(ink);
  if (layout == Layout::kSingle || !single.ok()) return single;
  Result<Reading> page = read_lines(std::move(ink), std::move(strokes), Layout::kPage);
  if (!page.ok()) return page;
  const bool is_single = page.value().digits.size() <= 1 ||
                         (single.value().accepted() && single.value().confidence > page.value().confidence &&
                          holds_all(single.value().digits.front().box, page.value().digits));
  return is_single ? single : page;
}

Result<Reading> Recognizer::read_lines(GrayImage ink, Image<std::int16_t> strokes, Layout layout) {
  InkParts parts = find_parts(std::move(ink), std::move(strokes));
  std::vector<TextLine> lines;
  if (layout == Layout::kPage) {
    lines = find_lines(parts);
  } else if (std::optional<TextLine> line = find_line(parts)) {
    lines.push_back(std::move(*line));
  }
  Reading reading;
  float left_out = 0;
  int looks = kMostLooks;
  std::vector<std::vector<Alternative>> texts;  // of each line with digits
  for (const TextLine& line : lines) {
    Result<LineReading> read = read_line(parts, line, program_, workspace_, looks);
    if (!read.ok()) return read.error();
    LineReading& found = read.value();
    left_out += found.left_out;
    reading.marks.insert(reading.marks.end(), found.marks.begin(), found.marks.end());
    if (found.digits.empty()) continue;
    reading.digits.insert(reading.digits.end(), found.digits.begin(), found.digits.end());
    texts.push_back(std::move(found.texts));
  }
  if (texts.empty()) return reading;
  judge_as_one_hand(reading.digits, texts);
  for (Digit& digit : reading.digits) allow_for_form(digit);
  reading.alternatives = combine(texts);
  reading.text = reading.alternatives.front().text;
  reading.confidence = reading.alternatives.front().confidence;
  reading.alternatives.erase(reading.alternatives.begin());
  reading.reason = judge(reading, left_out);
  return reading;
}

Result<Reading> Recognizer::read_single(const GrayImage& ink) {
  Reading reading;
  const std::optional<Box> box = find_ink(ink.view());
  if (!box) {
    return reading;
  }
  Result<Digit> read = read_digit(ink, *box);
  if (!read.ok()) {
    return read.error();
  }
  Digit digit = std::move(read).value();
  digit.box = {static_cast<float>(box->x), static_cast<float>(box->y), static_cast<float>(box->width),
               static_cast<float>(box->height)};
  digit.style = measure_style(ink.view(), *box);
  allow_for_form(digit);
  reading.text = name_of(digit.label);
  reading.confidence = digit.confidence();
  reading.reason = judge(digit);
  for (const Guess& guess : best_guesses(digit, kAlternatives + 1)) {
    if (guess.label != digit.label) {
      reading.alternatives.push_back({name_of(guess.label), guess.probability});
    }
  }
  reading.digits.push_back(digit);
  return reading;
}

Result<Reading> Recognizer::read_file(std::span<const std::byte> file, Layout layout,
                                      const PicturePart& part) {
  const Result<RgbaImage> picture = decode_image(file);
  if (!picture.ok()) {
    return picture.error();
  }
  return read_picture(picture.value().view(), layout, part);
}

Result<Reading> Recognizer::read_picture(RgbaView picture, Layout layout, const PicturePart& part) {
  if (part.is_whole()) return read_whole(picture, layout);
  const Result<RgbaImage> piece = cut_out(picture, part);
  if (!piece.ok()) return piece.error();
  return read_whole(piece.value().view(), layout);
}

Result<Reading> Recognizer::read_whole(RgbaView picture, Layout layout) {
  if (picture.width <= 0 || picture.height <= 0) {
    return Error{ErrorCode::kEmpty, "the picture has no pixels"};
  }
  if (std::int64_t{picture.width} * picture.height > DecodeLimits::kPixels) {
    return Error{ErrorCode::kTooLarge,
                 message("the picture has more than {} pixels", {DecodeLimits::kPixels})};
  }
  InkImage found = extract_ink(picture);
  Result<Reading> read = read_ink(std::move(found.ink), {}, layout);
  if (!read.ok()) {
    return read.error();
  }
  Reading reading = std::move(read).value();
  reading.width = picture.width;
  reading.height = picture.height;
  const auto scale = static_cast<float>(found.reduction);
  leave_ink(reading, scale, [&](Rect& box) {
    box = {box.x * scale, box.y * scale, box.width * scale, box.height * scale};
    // The last column and row of a reduced picture may stand for fewer pixels than the others.
    box.width = std::min(box.width, static_cast<float>(picture.width) - box.x);
    box.height = std::min(box.height, static_cast<float>(picture.height) - box.y);
  });
  return reading;
}

Result<Reading> Recognizer::read_strokes(std::span<const Stroke> strokes, Layout layout) {
  if (std::all_of(strokes.begin(), strokes.end(), [](const Stroke& stroke) { return stroke.empty(); })) {
    return Reading{};
  }
  const bool is_single = layout == Layout::kSingle;
  Result<StrokeInk> drawn = draw_strokes(strokes, is_single ? StrokeScale::kWhole : StrokeScale::kStrokes);
  if (!drawn.ok()) {
    return drawn.error();
  }
  Result<Reading> read = read_ink(std::move(drawn.value().ink), std::move(drawn.value().strokes), layout);
  if (!read.ok()) {
    return read.error();
  }
  Reading reading = std::move(read).value();
  const float unit = 1.0F / drawn.value().scale;
  reading.ink.left = drawn.value().origin.x;
  reading.ink.top = drawn.value().origin.y;
  leave_ink(reading, unit, [&](Rect& box) {
    box = {drawn.value().origin.x + box.x * unit, drawn.value().origin.y + box.y * unit, box.width * unit,
           box.height * unit};
  });
  return reading;
}

}  // namespace inkread
