// SPDX-License-Identifier: MIT
#include "tools/inkread/annotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace inkread {
namespace {

constexpr int kMostSide = 1600;   ///< pixels of a copy's longer side
constexpr int kLeastSide = 1000;  ///< the same, as far as whole factors bring it there

// As on the page: lines on a halo, to be seen on any picture. Labels are light on a tag.
using Rgb = std::array<float, 3>;
constexpr Rgb kLine{36, 80, 184};
constexpr Rgb kLight{255, 253, 247};
constexpr float kFaint = 0.5F;  ///< opacity when not accepted
constexpr std::uint8_t kOpaque = 255;

constexpr double kAir = 0.06;          ///< between the ink and its frame, in longer sides of the box
constexpr double kInset = 3;           ///< of frames from the copy's edges, in pixels
constexpr double kLabelHeight = 0.25;  ///< in longer sides of the box ...
constexpr double kLeastLabel = 12;     ///< ... at least, in pixels ...
constexpr double kMostLabel = 0.03;    ///< ... and at most, in longer sides of the copy
constexpr double kTagHeight = 1.7;     ///< label heights
constexpr double kLabelPen = 0.13;     ///< label heights

using Path = std::vector<InkPoint>;

/// From the engine's units to the copy's pixels.
struct Mapping {
  double left = 0;  ///< what lies at the copy's left edge
  double top = 0;
  double scale = 1;

  [[nodiscard]] InkPoint operator()(double x, double y) const {
    return {(x - left) * scale, (y - top) * scale};
  }
};

/// By what a picture of this longer side is enlarged or reduced.
struct Resizing {
  int enlargement = 1;
  int reduction = 1;

  explicit Resizing(int side)
      : enlargement(std::max(kLeastSide / side, 1)), reduction((side + kMostSide - 1) / kMostSide) {}
  [[nodiscard]] double scale() const { return static_cast<double>(enlargement) / reduction; }
};

/// The mean of a block of pixels, each weighted by its opacity.
std::array<std::uint8_t, 4> mean_pixel(RgbaView picture, Box block) {
  std::array<std::uint32_t, 4> sums{};
  for (int y = block.y; y < block.y + block.height; ++y) {
    const std::uint8_t* pixel = picture.row(y) + 4 * static_cast<std::ptrdiff_t>(block.x);
    for (int x = 0; x < block.width; ++x, pixel += 4) {
      for (std::size_t c = 0; c < 3; ++c) sums[c] += std::uint32_t{pixel[c]} * pixel[3];
      sums[3] += pixel[3];
    }
  }
  const std::uint32_t weight = std::max(sums[3], 1U);
  return {static_cast<std::uint8_t>(sums[0] / weight), static_cast<std::uint8_t>(sums[1] / weight),
          static_cast<std::uint8_t>(sums[2] / weight),
          static_cast<std::uint8_t>(sums[3] / static_cast<std::uint32_t>(block.width * block.height))};
}

RgbaImage resized(RgbaView picture, const Resizing& resizing) {
  const int block = resizing.reduction;
  const int square = resizing.enlargement;
  const auto side = [&](int length) { return (length + block - 1) / block * square; };
  RgbaImage out(side(picture.width), side(picture.height), 4);
  for (int y = 0; y < out.height; ++y) {
    const int from_y = y / square * block;
    for (int x = 0; x < out.width; ++x) {
      const int from_x = x / square * block;
      const Box box{from_x, from_y, std::min(block, picture.width - from_x),
                    std::min(block, picture.height - from_y)};
      const auto pixel = mean_pixel(picture, box);
      std::copy(pixel.begin(), pixel.end(), out.row(y) + 4 * static_cast<std::ptrdiff_t>(x));
    }
  }
  return out;
}

/// A part of an ellipse around (x, y), from one angle to the other: 0 is its right end, 90 its lower one.
Path arc(double x, double y, double half_width, double half_height, double from, double to) {
  constexpr double kStep = 15;  // degrees
  const int steps = std::max(static_cast<int>(std::ceil(std::abs(to - from) / kStep)), 1);
  Path path;
  for (int i = 0; i <= steps; ++i) {
    const double angle = (from + (to - from) * i / steps) * std::numbers::pi / 180;
    path.push_back({x + half_width * std::cos(angle), y + half_height * std::sin(angle)});
  }
  return path;
}

Path joined(Path first, const Path& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A digit as a pen writes it, 1 high and up to kGlyphWidth wide.
constexpr double kGlyphWidth = 0.6;
std::vector<Path> glyph(int digit) {
  switch (digit) {
    case 0:
      return {arc(0.3, 0.5, 0.28, 0.5, 0, 360)};
    case 1:
      return {{{0.08, 0.22}, {0.34, 0}, {0.34, 1}}};
    case 2:
      return {joined(arc(0.3, 0.29, 0.27, 0.29, 190, 395), {{0.03, 1}, {0.6, 1}})};
    case 3:
      return {joined(arc(0.28, 0.24, 0.25, 0.24, 205, 450), arc(0.28, 0.74, 0.3, 0.26, 270, 515))};
    case 4:
      return {{{0.46, 1}, {0.46, 0}, {0, 0.68}, {0.62, 0.68}}};
    case 5:
      return {joined({{0.55, 0}, {0.1, 0}, {0.07, 0.45}}, arc(0.28, 0.68, 0.3, 0.32, 225, 510))};
    case 6:
      return {joined(arc(0.52, 0.7, 0.5, 0.7, 265, 180), arc(0.3, 0.7, 0.28, 0.3, 180, 540))};
    case 7:
      return {{{0, 0}, {0.58, 0}, {0.2, 1}}};
    case 8:
      return {arc(0.3, 0.24, 0.24, 0.24, 0, 360), arc(0.3, 0.74, 0.29, 0.26, 0, 360)};
    default:
      return {joined(arc(0.08, 0.3, 0.5, 0.7, 85, 0), arc(0.3, 0.3, 0.28, 0.3, 0, 360))};
  }
}

/// A line that is drawn on a copy.
struct Line {
  Path path;
  double pen = 1;
};

/// All that is drawn on a copy.
class Annotation {
 public:
  Annotation(const Reading& reading, int width, int height, const Mapping& mapping)
      : width_(width), height_(height), pen_(std::clamp(longer_side() / 500, 1.5, 3.0)) {
    for (const Digit& digit : reading.digits) add(digit, mapping);
  }

  /// How far tags reach beyond the copy's upper edge, in pixels.
  [[nodiscard]] int overhang() const { return overhang_; }

  /// Draws on the copy, whose picture lies `overhang` below its upper edge.
  void draw(RgbaImage& copy, float opacity) const {
    GrayImage mask(copy.width, copy.height);
    const double halo = 1.6 * pen_;
    stroke(shapes_, halo, mask);
    blend(mask, kLight, opacity, copy);
    stroke(shapes_, 0, mask);
    blend(mask, kLine, opacity, copy);
    stroke(labels_, 0, mask);
    blend(mask, kLight, 1, copy);
  }

 private:
  [[nodiscard]] double longer_side() const { return std::max(width_, height_); }

  /// The place itself, or the nearest at which a line is seen whole.
  [[nodiscard]] InkPoint inside(InkPoint at) const {
    const auto within = [](double value, int side) {
      return std::clamp(value, std::min(kInset, side / 2.0), std::max(side - kInset, side / 2.0));
    };
    return {within(at.x, width_), within(at.y, height_)};
  }

  void add(const Digit& digit, const Mapping& mapping) {
    const auto x = static_cast<double>(digit.box.x);
    const auto y = static_cast<double>(digit.box.y);
    const auto width = static_cast<double>(digit.box.width);
    const auto height = static_cast<double>(digit.box.height);
    const double air = kAir * std::max(width, height);
    const InkPoint low = inside(mapping(x - air, y - air));
    const InkPoint high = inside(mapping(x + width + air, y + height + air));
    shapes_.push_back({{low, {high.x, low.y}, high, {low.x, high.y}, low}, pen_});
    const double longer = std::max(high.x - low.x, high.y - low.y);
    add_label(
        digit.label, low,
        std::clamp(kLabelHeight * longer, kLeastLabel, std::max(kMostLabel * longer_side(), kLeastLabel)));
  }

  /// A tag that stands on the frame's upper left corner.
  void add_label(int label, InkPoint corner, double height) {
    const double tag = kTagHeight * height;
    const double left = std::clamp(corner.x - pen_ / 2, 0.0, std::max(width_ - tag, 0.0));
    const InkPoint middle{left + tag / 2, corner.y - tag / 2 - pen_};
    shapes_.push_back({{middle, middle}, tag});
    overhang_ = std::max(overhang_, static_cast<int>(std::ceil(tag / 2 + 2 * pen_ - middle.y)));
    for (Path path : glyph(label)) {
      for (InkPoint& point : path) {
        point = {middle.x + (point.x - kGlyphWidth / 2) * height, middle.y + (point.y - 0.5) * height};
      }
      labels_.push_back({path, kLabelPen * height});
    }
  }

  /// In place of what the mask holds; each line wider by `more`.
  void stroke(const std::vector<Line>& lines, double more, GrayImage& mask) const {
    std::fill(mask.pixels.begin(), mask.pixels.end(), 0.0F);
    const auto down = [this](InkPoint at) { return InkPoint{at.x, at.y + overhang_}; };
    for (const auto& [path, pen] : lines) {
      for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        draw_line(down(path[i]), down(path[i + 1]), pen + more, mask);
      }
    }
  }

  static void blend(const GrayImage& mask, const Rgb& colour, float opacity, RgbaImage& copy) {
    std::uint8_t* pixel = copy.pixels.data();
    for (std::size_t i = 0; i < mask.pixels.size(); ++i, pixel += 4) {
      const float share = mask.pixels[i] * opacity;
      if (share <= 0) continue;
      const auto mixed = [share](float below, float above) {
        return static_cast<std::uint8_t>(std::lround(below + share * (above - below)));
      };
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = mixed(pixel[c], colour[c]);
      pixel[3] = mixed(pixel[3], kOpaque);
    }
  }

  int width_;  ///< of the copy without the overhang
  int height_;
  double pen_;
  int overhang_ = 0;
  std::vector<Line> shapes_;  ///< frames and tags
  std::vector<Line> labels_;
};

RgbaImage annotated(const RgbaImage& copy, const Mapping& mapping, const Reading& reading) {
  const Annotation annotation(reading, copy.width, copy.height, mapping);
  RgbaImage out(copy.width, copy.height + annotation.overhang(), 4);
  const std::array<std::uint8_t, 4> above = mean_pixel(copy.view(), {0, 0, copy.width, 1});
  for (std::size_t i = 0; i < out.pixels.size(); ++i) out.pixels[i] = above[i % above.size()];
  std::copy(copy.pixels.begin(), copy.pixels.end(),
            out.pixels.end() - static_cast<std::ptrdiff_t>(copy.pixels.size()));
  annotation.draw(out, reading.accepted() ? 1 : kFaint);
  return out;
}

}  // namespace

RgbaImage annotate(RgbaView picture, const Reading& reading) {
  const Resizing resizing(std::max(picture.width, picture.height));
  return annotated(resized(picture, resizing), {0, 0, resizing.scale()}, reading);
}

RgbaImage annotate(const StrokeInk& drawing, const Reading& reading) {
  const int margin = std::max(drawing.ink.width, drawing.ink.height) / 8 + 1;  // the ink reaches its edges
  RgbaImage sheet(drawing.ink.width + 2 * margin, drawing.ink.height + 2 * margin, 4, kOpaque);
  for (int y = 0; y < drawing.ink.height; ++y) {
    const float* ink = drawing.ink.view().row(y);
    std::uint8_t* pixel = sheet.row(y + margin) + 4 * static_cast<std::ptrdiff_t>(margin);
    for (int x = 0; x < drawing.ink.width; ++x, pixel += 4) {
      std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::lround(kOpaque * (1 - ink[x]))));
    }
  }
  const Resizing resizing(std::max(sheet.width, sheet.height));
  const auto scale = static_cast<double>(drawing.scale);
  const Mapping mapping{static_cast<double>(drawing.origin.x) - margin / scale,
                        static_cast<double>(drawing.origin.y) - margin / scale, scale * resizing.scale()};
  return annotated(resized(sheet.view(), resizing), mapping, reading);
}

}  // namespace inkread
