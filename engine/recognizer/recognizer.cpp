// SPDX-License-Identifier: MIT
#include "engine/recognizer/recognizer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/decode/image_decoder.hpp"
#include "engine/model/onnx_reader.hpp"
#include "engine/vision/ink.hpp"

namespace inkread {
namespace {

constexpr std::size_t kClasses = 10;

/// Below it another digit may well be as probable, and a reading is not accepted.
constexpr float kLeastConfidence = 0.5F;

}  // namespace

Result<Recognizer> Recognizer::create(std::span<const std::byte> weights) {
  const Result<Network> network = read_onnx(weights);
  if (!network.ok()) {
    return network.error();
  }
  const Shape expected{1, kTileSide, kTileSide};
  const bool gives_probabilities = std::holds_alternative<Softmax>(network.value().nodes().back().op) &&
                                   network.value().output_shape().volume() == kClasses;
  if (network.value().input_shape() != expected || !gives_probabilities) {
    return Error{
        ErrorCode::kShapeMismatch,
        "the network does not turn a picture of 28x28 grey pixels into the probabilities of ten digits"};
  }
  Program program = Program::prepare(network.value());
  Workspace workspace(program);
  return Recognizer(std::move(program), std::move(workspace));
}

Recognizer::Recognizer(Program program, Workspace workspace)
    : program_(std::move(program)), workspace_(std::move(workspace)) {}

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
  reading.reason = reading.confidence >= kLeastConfidence ? Reason::kNone : Reason::kUnsure;
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
