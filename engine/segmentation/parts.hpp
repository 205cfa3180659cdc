// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/image.hpp"

namespace inkread {

/// A piece of ink that stays together: a connected component, or what cuts left of one.
struct Part {
  Box box;
  float mass = 0;          ///< the sum of its ink
  int component = 0;       ///< the same for all that was cut out of one component
  float stroke_width = 0;  ///< of the component, as InkParts::stroke_width
};

/// An ink image (ink = 1) taken apart. Parts are known by their index.
struct InkParts {
  GrayImage ink;
  Image<std::int32_t> labels;   ///< one a pixel: the part that it belongs to, or -1
  Image<std::int16_t> strokes;  ///< of a drawing, one a pixel: the stroke that drew it, or -1; else empty
  std::vector<Part> parts;
  float stroke_width = 1;  ///< typical, in pixels

  [[nodiscard]] const Part& part(int index) const { return parts[static_cast<std::size_t>(index)]; }
};

/// The connected components of the ink, each with its soft edges. Specks are left out. Of a drawing `strokes`
/// is as in StrokeInk; a picture has none, and its ruled lines are taken out first.
InkParts find_parts(GrayImage ink, Image<std::int16_t> strokes = {});

/// The height that half of these parts' ink has at least, in pixels: what touches the picture's border, as
/// shadows and frames do, counts only where all does. 0 without parts.
float typical_height(const InkParts& parts, std::span<const int> indices);

/// The smallest box around the parts; there is at least one.
Box box_around(const InkParts& parts, std::span<const int> indices);

/// The ink of these parts alone, inside `box` of the image.
GrayImage ink_of(const InkParts& parts, std::span<const int> indices, const Box& box);

}  // namespace inkread
