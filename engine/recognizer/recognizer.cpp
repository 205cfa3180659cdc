// SPDX-License-Identifier: MIT
#include "engine/recognizer/recognizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "engine/decode/image_decoder.hpp"
#include "engine/model/onnx_reader.hpp"
#include "engine/vision/ink.hpp"

namespace inkread {
namespace {

constexpr std::size_t kClasses = 10;

/// For networks whose files say nothing: below it another digit may well be as probable.
constexpr float kAcceptConfidence = 0.5F;

/// What the two best digits of a drawing that is hard to tell have together. Networks learn to spread what is
/// no digit over all ten.
constexpr float kTwoReadings = 0.7F;

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
  Program program = Program::prepare(network);
  Workspace workspace(program);
  const std::optional<Calibration>& calibration = model.value().notes.calibration;
  return Recognizer(std::move(program), std::move(workspace),
                    calibration ? calibration->accept_confidence : kAcceptConfidence);
}

Recognizer::Recognizer(Program program, Workspace workspace, float accept_confidence)
    : program_(std::move(program)), workspace_(std::move(workspace)), accept_confidence_(accept_confidence) {}

Status Recognizer::probabilities(std::span<const float> tiles, std::span<float> probabilities) {
  const std::size_t count = tiles.size() / kTilePixels;
  if (tiles.size() != count * kTilePixels || probabilities.size() != count * kClasses) {
    return Error{ErrorCode::kShapeMismatch,
                 "every image needs 784 pixels and gives 10 probabilities; there are " +
                     std::to_string(tiles.size()) + " pixels for " + std::to_string(probabilities.size()) +
                     " probabilities"};
  }
  const auto wrong = std::find_if(tiles.begin(), tiles.end(), [](float x) { return !std::isfinite(x); });
  if (wrong != tiles.end()) {
    const std::ptrdiff_t at = wrong - tiles.begin();
    return Error{ErrorCode::kNotFinite,
                 "pixel " + std::to_string(at % static_cast<std::ptrdiff_t>(kTilePixels)) + " of image " +
                     std::to_string(at / static_cast<std::ptrdiff_t>(kTilePixels)) +
                     " is not a finite number"};
  }
  return run_network(tiles, probabilities);
}

Status Recognizer::run_network(std::span<const float> tiles, std::span<float> probabilities) {
  program_.forward(workspace_, tiles, probabilities);
  if (!std::all_of(probabilities.begin(), probabilities.end(), [](float p) { return std::isfinite(p); })) {
    return Error{ErrorCode::kNotFinite,
                 "the network's answer is no number: its weights or the pixels are too large"};
  }
  return success();
}

Result<Digit> Recognizer::read_digit(const GrayImage& ink, const Box& box) {
  Digit digit;
  digit.tile = normalize_ink(ink.view(), box);
  if (const Status status = run_network(digit.tile, digit.probabilities); !status.ok()) {
    return status.error();
  }
  digit.label = static_cast<int>(std::max_element(digit.probabilities.begin(), digit.probabilities.end()) -
                                 digit.probabilities.begin());
  return digit;
}

Reason Recognizer::judge(const Digit& digit) const {
  if (digit.confidence() >= accept_confidence_) {
    return Reason::kNone;
  }
  std::array<float, kClasses> sorted = digit.probabilities;
  std::partial_sort(sorted.begin(), sorted.begin() + 2, sorted.end(), std::greater<>());
  return sorted[0] + sorted[1] >= kTwoReadings ? Reason::kUnsure : Reason::kNotADigit;
}

Result<Reading> Recognizer::read_ink(const GrayImage& ink) {
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
  reading.text = std::to_string(digit.label);
  reading.confidence = digit.confidence();
  reading.reason = judge(digit);
  reading.digits.push_back(digit);
  return reading;
}

Result<Reading> Recognizer::read_file(std::span<const std::byte> file) {
  const Result<RgbaImage> picture = decode_image(file);
  if (!picture.ok()) {
    return picture.error();
  }
  return read_picture(picture.value().view());
}

Result<Reading> Recognizer::read_picture(RgbaView picture) {
  if (picture.width <= 0 || picture.height <= 0) {
    return Error{ErrorCode::kEmpty, "the picture has no pixels"};
  }
  if (std::int64_t{picture.width} * picture.height > DecodeLimits::kPixels) {
    return Error{ErrorCode::kTooLarge,
                 "the picture has more than " + std::to_string(DecodeLimits::kPixels) + " pixels"};
  }
  const InkImage found = extract_ink(picture);
  Result<Reading> read = read_ink(found.ink);
  if (!read.ok()) {
    return read.error();
  }
  Reading reading = std::move(read).value();
  reading.width = picture.width;
  reading.height = picture.height;
  const auto scale = static_cast<float>(found.reduction);
  for (Digit& digit : reading.digits) {
    digit.box = {digit.box.x * scale, digit.box.y * scale, digit.box.width * scale, digit.box.height * scale};
    // The last column and row of a reduced picture may stand for fewer pixels than the others.
    digit.box.width = std::min(digit.box.width, static_cast<float>(picture.width) - digit.box.x);
    digit.box.height = std::min(digit.box.height, static_cast<float>(picture.height) - digit.box.y);
  }
  return reading;
}

Result<Reading> Recognizer::read_strokes(std::span<const Stroke> strokes) {
  if (std::all_of(strokes.begin(), strokes.end(), [](const Stroke& stroke) { return stroke.empty(); })) {
    return Reading{};
  }
  const Result<StrokeInk> drawn = draw_strokes(strokes);
  if (!drawn.ok()) {
    return drawn.error();
  }
  Result<Reading> read = read_ink(drawn.value().ink);
  if (!read.ok()) {
    return read.error();
  }
  Reading reading = std::move(read).value();
  const float unit = 1.0F / drawn.value().scale;
  for (Digit& digit : reading.digits) {
    digit.box = {drawn.value().origin.x + digit.box.x * unit, drawn.value().origin.y + digit.box.y * unit,
                 digit.box.width * unit, digit.box.height * unit};
  }
  return reading;
}

}  // namespace inkread
