// SPDX-License-Identifier: MIT
#include "wasm_bindings/abi.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/recognizer/recognizer.hpp"

struct inkread_context {
  std::optional<inkread::Recognizer> recognizer;
  std::vector<std::uint8_t> result;
};

namespace {

using inkread::Error;
using inkread::ErrorCode;

constexpr std::uint32_t kOk = 0;

/// Appends little-endian values.
class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  void u32(std::uint32_t value) { raw(std::as_bytes(std::span(&value, 1))); }
  void f32(float value) { f32(std::span(&value, 1)); }
  void f32(std::span<const float> values) { raw(std::as_bytes(values)); }
  void box(const inkread::Rect& box) {
    f32(box.x);
    f32(box.y);
    f32(box.width);
    f32(box.height);
  }
  void style(const inkread::WritingStyle& style) {
    f32(std::array{style.slant, style.tilt, style.stroke_width, style.width, style.height});
    u32(static_cast<std::uint32_t>(style.loops));
  }
  /// Shares as bytes.
  void bytes(std::span<const float> values) {
    for (const float value : values) {
      // lround would take as long as the rest, and nothing here is negative.
      // NOLINTNEXTLINE(bugprone-incorrect-roundings)
      bytes_.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0F, 1.0F) * 255 + 0.5F));
    }
  }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

 private:
  /// As they lie in memory: WebAssembly is little-endian everywhere.
  void raw(std::span<const std::byte> bytes) {
    text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  std::vector<std::uint8_t>& bytes_;
};

std::span<const std::byte> as_bytes(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

std::uint32_t fail(inkread_context& context, const Error& error) {
  ByteWriter writer(context.result);
  writer.text(inkread::describe(error.code));
  if (!error.detail.empty()) {
    writer.text(": ");
    writer.text(error.detail);
  }
  return static_cast<std::uint32_t>(error.code);
}

std::uint32_t finish(inkread_context& context, const inkread::Result<inkread::Reading>& outcome) {
  if (!outcome.ok()) {
    return fail(context, outcome.error());
  }
  const inkread::Reading& reading = outcome.value();
  ByteWriter writer(context.result);
  writer.u32(kInkreadAbiVersion);
  writer.u32(static_cast<std::uint32_t>(reading.reason));
  writer.f32(reading.confidence);
  writer.u32(static_cast<std::uint32_t>(reading.width));
  writer.u32(static_cast<std::uint32_t>(reading.height));
  writer.u32(static_cast<std::uint32_t>(reading.text.size()));
  writer.text(reading.text);
  writer.u32(static_cast<std::uint32_t>(reading.digits.size()));
  for (const inkread::Digit& digit : reading.digits) {
    writer.u32(static_cast<std::uint32_t>(digit.label));
    writer.box(digit.box);
    writer.style(digit.style);
    writer.f32(digit.probabilities);
    writer.f32(digit.tile);
  }
  writer.u32(static_cast<std::uint32_t>(reading.marks.size()));
  for (const inkread::Mark& mark : reading.marks) {
    writer.u32(static_cast<std::uint32_t>(mark.sign));
    writer.box(mark.box);
  }
  writer.u32(static_cast<std::uint32_t>(reading.alternatives.size()));
  for (const inkread::Alternative& alternative : reading.alternatives) {
    writer.f32(alternative.confidence);
    writer.u32(static_cast<std::uint32_t>(alternative.text.size()));
    writer.text(alternative.text);
  }
  const inkread::GrayImage& ink = reading.ink.values;
  writer.u32(static_cast<std::uint32_t>(ink.width));
  writer.u32(static_cast<std::uint32_t>(ink.height));
  writer.f32(std::array{reading.ink.left, reading.ink.top, reading.ink.scale});
  writer.bytes(ink.pixels);
  return kOk;
}

std::uint32_t finish(inkread_context& context, const inkread::Result<inkread::Explanation>& outcome) {
  if (!outcome.ok()) {
    return fail(context, outcome.error());
  }
  const inkread::Explanation& explanation = outcome.value();
  ByteWriter writer(context.result);
  writer.u32(static_cast<std::uint32_t>(explanation.layers.size()));
  for (const inkread::LayerView& layer : explanation.layers) {
    writer.u32(static_cast<std::uint32_t>(layer.op.size()));
    writer.text(layer.op);
    for (const int side : {layer.shape.channels, layer.shape.height, layer.shape.width}) {
      writer.u32(static_cast<std::uint32_t>(side));
    }
    writer.f32(layer.values);
    writer.u32(static_cast<std::uint32_t>(layer.filter_height));
    writer.u32(static_cast<std::uint32_t>(layer.filter_width));
    writer.f32(layer.filters);
  }
  writer.f32(explanation.influence);
  return kOk;
}

/// Nothing for a number that is no layout.
std::optional<inkread::Layout> as_layout(std::uint32_t number) {
  if (number > static_cast<std::uint32_t>(inkread::Layout::kPage)) return std::nullopt;
  return static_cast<inkread::Layout>(number);
}

/// Any numbers: cut_out() refuses what is no part.
inkread::PicturePart picture_part(std::uint32_t turns, float left, float top, float width, float height) {
  return {
      .quarter_turns = static_cast<int>(turns), .left = left, .top = top, .width = width, .height = height};
}

/// Starts a call that needs the network: forgets the last result, then runs `call` with the recognizer.
template <typename Call>
std::uint32_t with_recognizer(inkread_context& context, Call call) {
  context.result.clear();
  if (!context.recognizer) {
    return fail(context, {ErrorCode::kInvalidArgument, "no network is loaded"});
  }
  return call(*context.recognizer);
}

/// The same for a reading of a layout.
template <typename Call>
std::uint32_t read_with(inkread_context& context, std::uint32_t layout, Call call) {
  return with_recognizer(context, [&](inkread::Recognizer& recognizer) {
    const std::optional<inkread::Layout> known = as_layout(layout);
    if (!known) return fail(context, {ErrorCode::kInvalidArgument, "there is no such layout"});
    return call(recognizer, *known);
  });
}

}  // namespace

std::uint32_t inkread_abi_version() {
  return kInkreadAbiVersion;
}

void* inkread_allocate(std::size_t size) {
  return std::malloc(size == 0 ? 1 : size);  // null is for failure only
}

void inkread_release(void* memory) {
  std::free(memory);
}

inkread_context* inkread_create() {
  // Without exceptions a failed operator new would only abort; this tells the caller why.
  std::set_new_handler([] { std::_Exit(kInkreadExitOutOfMemory); });
  return new inkread_context;
}

void inkread_destroy(inkread_context* context) {
  delete context;
}

std::uint32_t inkread_load(inkread_context* context, const std::uint8_t* file, std::size_t size) {
  context->result.clear();
  context->recognizer.reset();
  auto recognizer = inkread::Recognizer::create(as_bytes(file, size));
  if (!recognizer.ok()) {
    return fail(*context, recognizer.error());
  }
  context->recognizer = std::move(recognizer).value();
  return kOk;
}

std::uint32_t inkread_probabilities(inkread_context* context, const float* images, std::size_t image_values,
                                    float* answers, std::size_t answer_values) {
  return with_recognizer(*context, [&](inkread::Recognizer& recognizer) {
    const auto status =
        recognizer.probabilities(std::span(images, image_values), std::span(answers, answer_values));
    return status.ok() ? kOk : fail(*context, status.error());
  });
}

std::uint32_t inkread_read_file(inkread_context* context, const std::uint8_t* file, std::size_t size,
                                std::uint32_t layout, std::uint32_t turns, float left, float top,
                                float part_width, float part_height) {
  return read_with(*context, layout, [&](inkread::Recognizer& recognizer, inkread::Layout known) {
    const inkread::PicturePart part = picture_part(turns, left, top, part_width, part_height);
    return finish(*context, recognizer.read_file(as_bytes(file, size), known, part));
  });
}

std::uint32_t inkread_read_pixels(inkread_context* context, const std::uint8_t* rgba, std::size_t size,
                                  std::uint32_t width, std::uint32_t height, std::uint32_t layout,
                                  std::uint32_t turns, float left, float top, float part_width,
                                  float part_height) {
  return read_with(*context, layout, [&](inkread::Recognizer& recognizer, inkread::Layout known) {
    if (width == 0 || height == 0) {
      return fail(*context, {ErrorCode::kEmpty, "the picture has no pixels"});
    }
    if (size % 4 != 0 || std::uint64_t{width} * height != size / 4) {
      return fail(*context,
                  {ErrorCode::kShapeMismatch, "the pixels' bytes are not as many as width x height x 4"});
    }
    // Both fit an int now: neither exceeds a quarter of the address space.
    const inkread::RgbaView picture{.pixels = {rgba, size},
                                    .width = static_cast<int>(width),
                                    .height = static_cast<int>(height),
                                    .channels = 4};
    const inkread::PicturePart part = picture_part(turns, left, top, part_width, part_height);
    return finish(*context, recognizer.read_picture(picture, known, part));
  });
}

std::uint32_t inkread_read_strokes(inkread_context* context, const float* points, std::size_t point_count,
                                   const std::uint32_t* lengths, std::size_t stroke_count,
                                   std::uint32_t layout) {
  return read_with(*context, layout, [&](inkread::Recognizer& recognizer, inkread::Layout known) {
    // Before any memory is spent on them.
    if (stroke_count > inkread::StrokeLimits::kStrokes || point_count > inkread::StrokeLimits::kPoints) {
      return fail(*context, {ErrorCode::kTooLarge, "more strokes or points than a drawing may have"});
    }
    std::vector<inkread::Stroke> strokes;
    strokes.reserve(stroke_count);
    std::span rest(points, point_count * 2);
    for (const std::uint32_t length : std::span(lengths, stroke_count)) {
      if (length > rest.size() / 2) {
        return fail(*context, {ErrorCode::kShapeMismatch, "the strokes' lengths exceed the points"});
      }
      inkread::Stroke& stroke = strokes.emplace_back();
      stroke.reserve(length);
      for (std::uint32_t i = 0; i < length; ++i) {
        stroke.push_back({.x = rest[i * 2], .y = rest[i * 2 + 1]});
      }
      rest = rest.subspan(std::size_t{length} * 2);
    }
    if (!rest.empty()) {
      return fail(*context, {ErrorCode::kShapeMismatch, "the points exceed the strokes' lengths"});
    }
    return finish(*context, recognizer.read_strokes(strokes, known));
  });
}

void inkread_keep_ink(inkread_context* context, std::uint32_t keep) {
  if (context->recognizer) context->recognizer->keep_ink(keep != 0);
}

std::uint32_t inkread_explain(inkread_context* context, const float* tile, std::uint32_t label) {
  return with_recognizer(*context, [&](inkread::Recognizer& recognizer) {
    inkread::Tile values{};
    std::copy_n(tile, values.size(), values.begin());
    return finish(*context, recognizer.explain(values, static_cast<int>(label)));
  });
}

const std::uint8_t* inkread_result(const inkread_context* context) {
  return context->result.data();
}

std::size_t inkread_result_size(const inkread_context* context) {
  return context->result.size();
}
