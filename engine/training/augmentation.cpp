// SPDX-License-Identifier: MIT
#include "engine/training/augmentation.hpp"

#include <algorithm>
#include <cassert>

#include "engine/training/habits.hpp"

namespace inkread {
namespace {

/// What a step's random numbers are for, so that one step's draws do not move another's.
enum DetailStream : std::uint64_t { kBending, kCutOuts, kNeighbours, kNoise, kHabit };

float either_way(float most, Random& random) {
  return random.uniform(-most, most);
}

bool happens(float chance, Random& random) {
  return random.uniform(0, 1) < chance;
}

Bend draw_bend(const Augmentation& settings, Random& random) {
  Bend bend;
  bend.angle = either_way(settings.rotation, random);
  bend.slant = either_way(settings.slant, random);
  const float factor = 1 + random.uniform(0, settings.aspect);
  bend.aspect = random.below(2) == 0 ? factor : 1 / factor;
  bend.elastic = random.uniform(0, settings.elastic);
  bend.elastic_spacing = random.uniform(5, 9);
  return bend;
}

/// Below twelve pixels a digit in black and white is no longer read by anyone.
constexpr int kLeastBinaryResolution = 12;

/// The source: how it was written and scanned.
void draw_source(const Augmentation& settings, Random& random, Distortion& out) {
  if (happens(settings.stroke_chance, random)) {
    out.stroke_change = random.uniform(-settings.thinner, settings.thicker);
  }
  if (happens(settings.cut_out_chance, random)) {
    out.cut_outs = 1 + static_cast<int>(random.below(2));
    out.cut_out_radius = random.uniform(0.5F, 1) * settings.cut_out_radius;
  }
  out.neighbours = happens(settings.neighbour_chance, random) ? 1 : 0;
  if (happens(settings.low_resolution_chance, random)) {  // which is blurred enough
    out.low_resolution = 8 + static_cast<int>(random.below(9));
  } else if (happens(settings.blur_chance, random)) {
    out.blur = random.uniform(0, settings.blur);
  }
  if (happens(settings.binary_chance, random)) {
    if (out.low_resolution > 0) out.low_resolution = std::max(out.low_resolution, kLeastBinaryResolution);
    out.binary = random.below(2) == 0 ? Distortion::Binary::kSource : Distortion::Binary::kTile;
  }
}

Placing draw_placing(const Augmentation& settings, Random& random) {
  Placing placing;
  placing.scale = 1 + either_way(settings.free_scale, random);
  placing.shift_x = either_way(settings.free_shift, random);
  placing.shift_y = either_way(settings.free_shift, random);
  return placing;
}

/// A neighbour between touching and two tile pixels away, of which up to three tile pixels stay in the box.
Box add_neighbours(Canvas& canvas, Box box, int count, Random random) {
  for (int i = 0; i < count; ++i) {
    const auto gap = static_cast<int>(random.below(5));
    const auto overlap = static_cast<int>(random.below(7));
    box = add_neighbour(canvas, box, gap, overlap, Random(random.next()));
  }
  return box;
}

/// The ink as its scanner saw it.
void scan(Canvas& canvas, const Distortion& distortion) {
  if (distortion.blur > 0) blur(canvas, distortion.blur);
  if (distortion.low_resolution > 0) {
    if (const auto box = ink_box(canvas)) reduce_resolution(canvas, *box, distortion.low_resolution);
  }
  if (distortion.binary == Distortion::Binary::kSource) make_binary(canvas.pixels);
}

}  // namespace

Tile as_tile(std::span<const std::uint8_t> image) {
  assert(image.size() == kTilePixels);
  Tile tile;
  std::transform(image.begin(), image.end(), tile.begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
  return tile;
}

Augmentation Augmentation::standard() {
  Augmentation a;
  a.changed = 0.92F;
  a.rotation = 18;
  a.slant = 0.18F;
  a.aspect = 0.2F;
  a.elastic = 0.75F;
  a.habit_chance = 0.45F;
  a.stroke_chance = 0.5F;
  a.thicker = 1.2F;
  a.thinner = 1;
  a.cut_out_chance = 0.1F;
  a.cut_out_radius = 1.5F;
  a.neighbour_chance = 0.08F;
  a.blur_chance = 0.2F;
  a.blur = 0.8F;
  a.low_resolution_chance = 0.12F;
  a.binary_chance = 0.12F;
  a.free_chance = 0.3F;
  a.free_shift = 4;
  a.free_scale = 0.3F;
  a.tone = 0.6F;
  a.contrast = 0.2F;
  a.noise_chance = 0.15F;
  a.noise = 0.08F;
  return a;
}

std::optional<Augmentation> find_augmentation(std::string_view name) {
  if (name == "none") return Augmentation::none();
  if (name == "standard") return Augmentation::standard();
  return std::nullopt;
}

Distortion draw_distortion(const Augmentation& settings, Random& random) {
  Distortion out;
  out.bend = draw_bend(settings, random);
  draw_source(settings, random, out);
  if (happens(settings.free_chance, random)) out.placing = draw_placing(settings, random);
  out.tone = either_way(settings.tone, random);
  out.contrast = 1 - random.uniform(0, settings.contrast);
  if (happens(settings.noise_chance, random)) out.noise = random.uniform(0, settings.noise);
  out.detail = random.next();
  return out;
}

Canvas distort_ink(const Canvas& drawn, const Distortion& distortion) {
  Canvas canvas = bend(drawn, distortion.bend, Random::stream(distortion.detail, kBending));
  if (distortion.stroke_change != 0) change_stroke_width(canvas, distortion.stroke_change);
  Random cuts = Random::stream(distortion.detail, kCutOuts);
  for (int i = 0; i < distortion.cut_outs; ++i) {
    cut_out(canvas, distortion.cut_out_radius * kCanvasScale, Random(cuts.next()));
  }
  scan(canvas, distortion);
  return canvas;
}

void distort_tones(Tile& tile, const Distortion& distortion) {
  change_tone(tile, distortion.tone, distortion.contrast);
  if (distortion.binary == Distortion::Binary::kTile) {  // which knows no faint noise
    make_binary(tile);
  } else if (distortion.noise > 0) {
    add_noise(tile, distortion.noise, Random::stream(distortion.detail, kNoise));
  }
}

Tile distort(const Canvas& drawn, const Distortion& distortion) {
  Canvas canvas = distort_ink(drawn, distortion);
  const std::optional<Box> box = ink_box(canvas);
  if (!box) return {};
  const Box cut =
      add_neighbours(canvas, *box, distortion.neighbours, Random::stream(distortion.detail, kNeighbours));
  Tile tile =
      distortion.placing ? place(canvas, *box, *distortion.placing) : normalize_ink(canvas.view(), cut);
  distort_tones(tile, distortion);
  return tile;
}

Tile distort(std::span<const std::uint8_t> image, const Distortion& distortion) {
  const Tile original = as_tile(image);
  Canvas canvas = enlarge(original);
  if (!ink_box(canvas)) return original;
  if (distortion.habit) {
    add_habit(canvas, *distortion.habit, Random::stream(distortion.detail, kHabit));
  }
  return distort(canvas, distortion);
}

Tile augment(std::span<const std::uint8_t> image, int label, const Augmentation& settings, Random& random) {
  if (!happens(settings.changed, random)) return as_tile(image);
  Distortion distortion = draw_distortion(settings, random);
  if (happens(settings.habit_chance, random)) distortion.habit = label;
  return distort(image, distortion);
}

}  // namespace inkread
