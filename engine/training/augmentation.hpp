// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/random.hpp"
#include "engine/training/distortions.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {

/// How strongly training images are changed as they are shown: the limits between which each image's own
/// Distortion is drawn, evenly unless said otherwise. Lengths are in tile pixels; chances and shares are
/// 0..1. Zeros change nothing.
struct Augmentation {
  float changed = 0;  ///< share of the images that are changed at all

  float rotation = 0;  ///< degrees either way, 0..45
  float slant = 0;     ///< either way, pixels a pixel of height, 0..0.5
  float aspect = 0;    ///< width / height times up to 1 + this, or divided by it; 0..0.5
  float elastic = 0;   ///< root mean square of the displacement along each axis, 0..1.5

  float habit_chance = 0;  ///< of a flag at a one, a bar or tick at a seven (add_habit)

  float stroke_chance = 0;
  float thicker = 0;  ///< added to a stroke's width, 0..3
  float thinner = 0;  ///< taken from a stroke's width, 0..2

  float cut_out_chance = 0;    ///< of one or two small missing parts
  float cut_out_radius = 0;    ///< at most, 0..2.5
  float neighbour_chance = 0;  ///< of a stroke of another digit at the border

  float blur_chance = 0;            ///< among sources that are not of low resolution
  float blur = 0;                   ///< standard deviation, at most 1.5
  float low_resolution_chance = 0;  ///< of a source whose longer side has 8..16 pixels
  float binary_chance = 0;          ///< of a source that knows black and white only

  float free_chance = 0;  ///< of a digit neither re-centred nor scaled by the product's normalisation
  float free_shift = 0;   ///< its centre of mass off the middle, either way on each axis, 0..6
  float free_scale = 0;   ///< its size 1 - this to 1 + this, 0..0.4

  float tone = 0;      ///< change_tone(), either way, 0..1
  float contrast = 0;  ///< the darkest ink is at least 1 - this, 0..0.6
  float noise_chance = 0;
  float noise = 0;  ///< standard deviation, at most 0.2

  /// Images as they are.
  static constexpr Augmentation none() { return {}; }
  /// What a network needs to meet everyday handwriting.
  static Augmentation standard();

  bool operator==(const Augmentation&) const = default;
};

/// The augmentation of this name ("none", "standard"), or nothing.
[[nodiscard]] std::optional<Augmentation> find_augmentation(std::string_view name);

/// What happens to one image. As constructed it is only normalised.
struct Distortion {
  enum class Binary : std::uint8_t { kNo, kSource, kTile };

  std::optional<int> habit;  ///< the digit to which add_habit() is done first
  Bend bend;
  float stroke_change = 0;  ///< tile pixels
  int cut_outs = 0;
  float cut_out_radius = 0;  ///< tile pixels
  float blur = 0;            ///< standard deviation, tile pixels
  int low_resolution = 0;    ///< pixels of the longer side; 0 = as it is
  Binary binary = Binary::kNo;
  int neighbours = 0;
  std::optional<Placing> placing;  ///< instead of normalisation
  float tone = 0;
  float contrast = 1;
  float noise = 0;
  std::uint64_t detail = 0;  ///< seeds what the steps draw themselves
};

/// Draws one image's distortion, without habits.
[[nodiscard]] Distortion draw_distortion(const Augmentation& settings, Random& random);

/// The image (28 x 28, 255 = ink) as it is, in 0..1.
[[nodiscard]] Tile as_tile(std::span<const std::uint8_t> image);

/// The image (28 x 28, 255 = ink) so distorted, through normalize_ink() unless it has a placing. Values are
/// 0..1. An image without ink comes back as it is.
[[nodiscard]] Tile distort(std::span<const std::uint8_t> image, const Distortion& distortion);

/// The same for what is drawn on a canvas already, without habits. A canvas without ink gives an empty tile.
[[nodiscard]] Tile distort(const Canvas& drawn, const Distortion& distortion);

/// The first steps of distort(): what a person and a scanner do.
[[nodiscard]] Canvas distort_ink(const Canvas& drawn, const Distortion& distortion);
/// Its last steps: tones and noise.
void distort_tones(Tile& tile, const Distortion& distortion);

/// A variant of the image (28 x 28, 255 = ink) of the digit `label`, drawn from `random`: the same for the
/// same stream. Needs no memory but the stack and normalize_ink()'s.
[[nodiscard]] Tile augment(std::span<const std::uint8_t> image, int label, const Augmentation& settings,
                           Random& random);

}  // namespace inkread
