// SPDX-License-Identifier: MIT
#include "engine/training/augmentation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "engine/training/architectures.hpp"
#include "engine/training/trainer.hpp"

using namespace inkread;

namespace {

using Picture = std::array<std::uint8_t, kTilePixels>;

/// Ink in a band of this half width about a line through the middle, 20 pixels long; the angle is that from
/// upright, clockwise in degrees.
Picture bar(float angle = 0, float half_width = 1.5F) {
  const float radians = angle * std::numbers::pi_v<float> / 180;
  Picture picture{};
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      const float u = static_cast<float>(x) - 13.5F;
      const float v = static_cast<float>(y) - 13.5F;
      const float across = std::abs(u * std::cos(radians) + v * std::sin(radians));
      const float along = std::abs(v * std::cos(radians) - u * std::sin(radians));
      const float ink = std::clamp(half_width + 0.5F - across, 0.0F, 1.0F) * (along < 10 ? 1.0F : 0.0F);
      picture[static_cast<std::size_t>(y * kTileSide + x)] = static_cast<std::uint8_t>(255 * ink);
    }
  }
  return picture;
}

/// A ring with a bar through it: curves, a crossing and a hole.
Picture figure() {
  Picture picture = bar(20);
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      const float r = std::hypot(static_cast<float>(x) - 13.5F, static_cast<float>(y) - 10.5F);
      const float ink = std::clamp(2.0F - std::abs(r - 6), 0.0F, 1.0F);
      auto& pixel = picture[static_cast<std::size_t>(y * kTileSide + x)];
      pixel = std::max(pixel, static_cast<std::uint8_t>(255 * ink));
    }
  }
  return picture;
}

struct Moments {
  double mass = 0;
  double x = 0;
  double y = 0;
  double angle = 0;     ///< of the long axis from upright, clockwise in degrees
  double variance = 0;  ///< along both axes
};
Moments moments(const Tile& tile) {
  Moments m;
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for (std::size_t i = 0; i < tile.size(); ++i) {
    const auto v = static_cast<double>(tile[i]);
    const std::size_t row = i / 28;
    m.mass += v;
    m.x += v * static_cast<double>(i % 28);
    m.y += v * static_cast<double>(row);
  }
  m.x /= m.mass;
  m.y /= m.mass;
  for (std::size_t i = 0; i < tile.size(); ++i) {
    const auto v = static_cast<double>(tile[i]) / m.mass;
    const std::size_t row = i / 28;
    const double dx = static_cast<double>(i % 28) - m.x;
    const double dy = static_cast<double>(row) - m.y;
    xx += v * dx * dx;
    xy += v * dx * dy;
    yy += v * dy * dy;
  }
  m.angle = -std::atan2(2 * xy, yy - xx) / 2 * 180 / std::numbers::pi;
  m.variance = xx + yy;
  return m;
}

Tile with(const Picture& picture, Distortion distortion) {
  return distort(picture, distortion);
}
/// Neither normalised nor moved, so that sizes can be compared.
Distortion in_place() {
  Distortion distortion;
  distortion.placing = Placing{};
  return distortion;
}

Tile plain(const Picture& picture) {
  Random random(1);
  return augment(picture, 3, Augmentation::none(), random);
}

double difference(const Tile& a, const Tile& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(static_cast<double>(a[i] - b[i]));
  return sum / static_cast<double>(a.size());
}

std::size_t greys(const Tile& tile) {
  return static_cast<std::size_t>(
      std::count_if(tile.begin(), tile.end(), [](float v) { return v > 0.02F && v < 0.98F; }));
}

Dataset figures(std::size_t count) {
  Dataset data{{}, {}, kTileSide, kTileSide};
  for (std::size_t i = 0; i < count; ++i) {
    const Picture picture = bar(static_cast<float>(i % 10) * 18);
    data.images.insert(data.images.end(), picture.begin(), picture.end());
    data.labels.push_back(static_cast<std::uint8_t>(i % 10));
  }
  return data;
}

Trainer trainer(int threads, const Augmentation& augmentation) {
  Recipe recipe;
  recipe.batch = 25;
  recipe.augmentation = augmentation;
  return Trainer::create(with_fresh_parameters(find_architecture("seed")->build(), 7), recipe, threads)
      .value();
}

bool always(std::size_t /*images*/) {
  return true;
}

}  // namespace

TEST_CASE("No augmentation gives the image itself, exactly") {
  const Picture picture = figure();
  const Tile tile = plain(picture);
  for (std::size_t i = 0; i < tile.size(); ++i) {
    CHECK(tile[i] == static_cast<float>(picture[i]) / 255.0F);
  }
}

TEST_CASE("The same stream gives the same variant, another stream another") {
  Augmentation settings = Augmentation::standard();
  settings.changed = 1;
  const Picture picture = figure();
  for (std::uint64_t i = 0; i < 20; ++i) {
    Random first = Random::stream(1, i);
    Random again = Random::stream(1, i);
    Random other = Random::stream(2, i);
    const Tile tile = augment(picture, 3, settings, first);
    CHECK(tile == augment(picture, 3, settings, again));
    CHECK(first.state() == again.state());
    CHECK(tile != augment(picture, 3, settings, other));
  }
}

TEST_CASE("Variants are ink of 0 to 1, and the ink never vanishes") {
  Augmentation strong = Augmentation::standard();
  strong.thinner = 2;
  strong.cut_out_chance = 1;
  strong.cut_out_radius = 2.5F;
  strong.binary_chance = 0.5F;
  strong.low_resolution_chance = 0.5F;
  strong.neighbour_chance = 0.5F;
  strong.contrast = 0.6F;
  for (const Augmentation& settings : {Augmentation::standard(), strong}) {
    for (const Picture& picture : {figure(), bar(30, 0.6F), bar(0, 0.1F), bar(90, 3)}) {
      Random random(5);
      for (int i = 0; i < 150; ++i) {
        const Tile tile = augment(picture, 3, settings, random);
        CHECK(std::all_of(tile.begin(), tile.end(), [](float v) { return v >= 0 && v <= 1; }));
        CHECK(moments(tile).mass > 0.05 * moments(plain(picture)).mass);
      }
    }
  }
}

TEST_CASE("An image without ink stays as it is, and one full of ink does no harm") {
  Picture full;
  full.fill(255);
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    const Distortion distortion = draw_distortion(Augmentation::standard(), random);
    CHECK(distort(Picture{}, distortion) == Tile{});
    const Tile tile = distort(full, distortion);
    CHECK(std::all_of(tile.begin(), tile.end(), [](float v) { return v >= 0 && v <= 1; }));
  }
}

TEST_CASE("Without a distortion a normalised figure comes back nearly as it was") {
  const Tile once = with(figure(), {});
  Picture normal;
  std::transform(once.begin(), once.end(), normal.begin(),
                 [](float v) { return static_cast<std::uint8_t>(std::lround(255 * v)); });
  CHECK(difference(with(normal, {}), once) < 0.03);
}

TEST_CASE("Rotation turns the long axis by the angle asked, clockwise") {
  for (const float angle : {-30.0F, -10.0F, 10.0F, 18.0F, 40.0F}) {
    Distortion distortion;
    distortion.bend.angle = angle;
    CHECK(moments(with(bar(0), distortion)).angle == doctest::Approx(angle).epsilon(0.05));
  }
}

TEST_CASE("Slant moves the top to the right and leaves the height") {
  Distortion distortion = in_place();
  distortion.bend.slant = 0.3F;
  const double expected = std::atan(0.3) * 180 / std::numbers::pi;
  CHECK(moments(with(bar(0), distortion)).angle == doctest::Approx(expected).epsilon(0.1));
}

TEST_CASE("Aspect changes width against height") {
  const auto box_of = [](float aspect) {
    const Picture picture = figure();
    Bend how;
    how.aspect = aspect;
    return *ink_box(bend(enlarge(plain(picture)), how, Random(1)));
  };
  const Box before = box_of(1);
  const Box after = box_of(1.44F);
  CHECK(after.width == doctest::Approx(before.width * 1.2).epsilon(0.08));
  CHECK(after.height == doctest::Approx(before.height / 1.2).epsilon(0.08));
}

TEST_CASE("Elastic distortion moves points as far as asked and bends differently for another stream") {
  // A straight edge far from the canvas's own edges shows the displacement across it.
  Tile tile{};
  for (std::size_t i = 0; i < tile.size(); ++i) tile[i] = i % 28 < 14 ? 1.0F : 0.0F;
  const Canvas straight = enlarge(tile);
  const auto edge = [](const Canvas& canvas, int y) {
    float ink = 0;
    for (int x = kCanvasMargin; x < kCanvasSide - kCanvasMargin; ++x) ink += canvas.row(y)[x];
    return ink;
  };
  Bend how;
  how.elastic = 0.8F;
  double squares = 0;
  int count = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Canvas bent = bend(straight, how, Random::stream(3, seed));
    for (const int y : {24, 36, 48}) {
      double left = 0;  // what moved in or out at the tile's own left edge
      for (int x = 0; x < kCanvasMargin + 12; ++x) {
        left += static_cast<double>(bent.row(y)[x] - straight.row(y)[x]);
      }
      double all = 0;
      for (int x = 0; x < kCanvasSide; ++x) {
        all += static_cast<double>(bent.row(y)[x] - straight.row(y)[x]);
      }
      squares += (all - left) * (all - left);
      ++count;
    }
  }
  CHECK(std::sqrt(squares / count) / kCanvasScale == doctest::Approx(0.8).epsilon(0.15));
  CHECK(edge(bend(straight, how, Random(1)), 36) != edge(bend(straight, how, Random(2)), 36));
}

TEST_CASE("Thicker strokes have as much more ink as asked, thinner less") {
  const double before = moments(with(bar(0, 2), in_place())).mass;
  double last = 0;
  for (const float change : {-2.0F, -1.0F, -0.5F, 0.0F, 0.5F, 1.0F, 2.0F}) {
    Canvas canvas = enlarge(plain(bar(0, 2)));
    change_stroke_width(canvas, change);
    const double mass = static_cast<double>(canvas.mass()) / 4;
    CHECK(mass > last);
    CHECK(mass == doctest::Approx((4 + static_cast<double>(change)) * 20).epsilon(0.15));
    last = mass;
  }
  Distortion distortion = in_place();
  distortion.stroke_change = 1;
  CHECK(moments(with(bar(0, 2), distortion)).mass > 1.1 * before);
  distortion.stroke_change = -1;
  CHECK(moments(with(bar(0, 2), distortion)).mass < 0.9 * before);
}

TEST_CASE("Thinning leaves what is thin already") {
  Canvas canvas = enlarge(plain(bar(0, 0.3F)));
  const float before = canvas.mass();
  change_stroke_width(canvas, -2);
  CHECK(canvas.mass() > 0.65F * before);  // its ends are shorter
  CHECK_FALSE(canvas.mass() > before);
}

TEST_CASE("A cut-out takes a little ink away and adds none") {
  const Canvas before = enlarge(plain(figure()));
  int cut = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Canvas canvas = before;
    cut_out(canvas, 3, Random(seed));
    CHECK(canvas.mass() >= before.mass() * 0.875F);
    cut += canvas.mass() < before.mass() * 0.99F ? 1 : 0;
    for (std::size_t i = 0; i < kCanvasPixels; ++i) CHECK_FALSE(canvas.pixels[i] > before.pixels[i]);
  }
  CHECK(cut >= 15);  // where strokes cross, there may be too much to take
}

TEST_CASE("Blur keeps the ink and widens it by its variance") {
  const Canvas sharp = enlarge(plain(figure()));
  Canvas soft = sharp;
  blur(soft, 1.0F);
  CHECK(soft.mass() == doctest::Approx(sharp.mass()).epsilon(0.01));
  const auto spread = [](const Canvas& canvas) {
    double sum = 0;
    for (int y = 0; y < kCanvasSide; ++y) {
      for (int x = 0; x < kCanvasSide; ++x) {
        sum += static_cast<double>(canvas.row(y)[x]) * ((x - 35.5) * (x - 35.5) + (y - 35.5) * (y - 35.5));
      }
    }
    return sum / static_cast<double>(canvas.mass());
  };
  CHECK(spread(soft) - spread(sharp) == doctest::Approx(2 * 4.0).epsilon(0.1));
}

TEST_CASE("A source of low resolution has lost its detail, not its ink") {
  const Canvas before = enlarge(plain(figure()));
  for (const int side : {8, 12, 16}) {
    Canvas canvas = before;
    reduce_resolution(canvas, *ink_box(canvas), side);
    CHECK(canvas.mass() == doctest::Approx(before.mass()).epsilon(0.1));
    CHECK(canvas.pixels != before.pixels);
  }
  Canvas canvas = before;
  reduce_resolution(canvas, *ink_box(canvas), 60);
  CHECK(canvas.pixels == before.pixels);
}

TEST_CASE("A binary tile has black and white only, a binary source soft edges from normalisation") {
  Distortion distortion;
  distortion.binary = Distortion::Binary::kTile;
  CHECK(greys(with(figure(), distortion)) == 0);
  Canvas canvas = enlarge(plain(figure()));
  make_binary(canvas.pixels);
  CHECK(std::all_of(canvas.pixels.begin(), canvas.pixels.end(), [](float v) { return v == 0 || v == 1; }));
}

TEST_CASE("Black and white keeps the pale part of a stroke that is uneven") {
  Picture picture = bar(0);
  for (std::size_t i = 0; i < picture.size() / 2; ++i)
    picture[i] = static_cast<std::uint8_t>(picture[i] * 2 / 5);
  Distortion distortion;
  distortion.binary = Distortion::Binary::kTile;
  const Tile tile = with(picture, distortion);
  CHECK(std::any_of(tile.begin(), tile.begin() + 11 * 28, [](float v) { return v == 1; }));
}

TEST_CASE("A neighbour's stroke lies outside the box, which grows by what a careless cut leaves") {
  const Canvas before = enlarge(plain(bar(0)));
  const Box box = *ink_box(before);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Canvas canvas = before;
    const Box cut = add_neighbour(canvas, box, 3, 2, Random(seed));
    CHECK(canvas.mass() > before.mass() + 10);
    CHECK(cut.width * cut.height > box.width * box.height);
    CHECK(cut.width + cut.height <= box.width + box.height + 5);
    for (int y = box.y; y < box.y + box.height; ++y) {
      for (int x = box.x; x < box.x + box.width; ++x) CHECK(canvas.row(y)[x] == before.row(y)[x]);
    }
  }
}

TEST_CASE("A placing shifts and scales the digit by what it says") {
  const Picture picture = figure();
  const Moments before = moments(with(picture, in_place()));
  Distortion distortion;
  distortion.placing = Placing{1, 3, -2};
  const Moments shifted = moments(with(picture, distortion));
  CHECK(shifted.x - before.x == doctest::Approx(3).epsilon(0.02));
  CHECK(shifted.y - before.y == doctest::Approx(-2).epsilon(0.02));
  distortion.placing = Placing{0.7F, 0, 0};
  const Moments small = moments(with(picture, distortion));
  CHECK(small.variance / before.variance == doctest::Approx(0.49).epsilon(0.05));
  CHECK(small.x == doctest::Approx(before.x).epsilon(0.02));
}

TEST_CASE("Without a placing the digit is as large and as central as normalisation makes it") {
  Random random(3);
  Augmentation settings = Augmentation::standard();
  settings.free_chance = settings.neighbour_chance = settings.noise_chance = settings.tone = 0;
  for (int i = 0; i < 50; ++i) {
    const Moments m = moments(distort(figure(), draw_distortion(settings, random)));
    CHECK(std::abs(m.x - 14) < 0.8);
    CHECK(std::abs(m.y - 14) < 0.8);
  }
}

TEST_CASE("Tone and contrast change greys as their formula says") {
  Tile tile{};
  tile[0] = 0.5F;
  tile[1] = 1;
  change_tone(tile, 0.8F, 0.5F);
  CHECK(tile[0] == doctest::Approx(0.5 * (0.5 + 0.8 * 0.25)));
  CHECK(tile[1] == 0.5F);
  CHECK(tile[2] == 0.0F);
}

TEST_CASE("Noise has the deviation asked and no drift") {
  Tile tile;
  tile.fill(0.5F);
  add_noise(tile, 0.1F, Random(1));
  double sum = 0;
  double squares = 0;
  for (const float value : tile) {
    const double d = static_cast<double>(value) - 0.5;
    sum += d;
    squares += d * d;
  }
  CHECK(std::abs(sum / 784) < 0.012);
  CHECK(std::sqrt(squares / 784) == doctest::Approx(0.1).epsilon(0.1));
}

TEST_CASE("Drawn distortions keep to the settings' limits and reach for them") {
  const Augmentation settings = Augmentation::standard();
  Random random(9);
  float widest = 0;
  int freely = 0;
  constexpr int kDraws = 2000;
  for (int i = 0; i < kDraws; ++i) {
    const Distortion d = draw_distortion(settings, random);
    CHECK(std::abs(d.bend.angle) <= settings.rotation);
    CHECK(std::abs(d.bend.slant) <= settings.slant);
    CHECK(d.bend.aspect <= 1 + settings.aspect);
    CHECK(d.bend.aspect >= 1 / (1 + settings.aspect));
    CHECK(d.bend.elastic <= settings.elastic);
    CHECK(d.stroke_change <= settings.thicker);
    CHECK(d.stroke_change >= -settings.thinner);
    CHECK(d.contrast >= 1 - settings.contrast);
    CHECK((d.low_resolution == 0 || (d.low_resolution >= 8 && d.low_resolution <= 16)));
    widest = std::max(widest, std::abs(d.bend.angle));
    freely += d.placing ? 1 : 0;
  }
  CHECK(widest > 0.98F * settings.rotation);
  CHECK(freely / static_cast<double>(kDraws) ==
        doctest::Approx(static_cast<double>(settings.free_chance)).epsilon(0.1));
}

TEST_CASE("Augmentations are known by their names") {
  CHECK(find_augmentation("none") == Augmentation::none());
  CHECK(find_augmentation("standard") == Augmentation::standard());
  CHECK(find_augmentation("Standard") == std::nullopt);
  CHECK(find_augmentation("") == std::nullopt);
}

TEST_CASE("Training with augmentation gives the same bits on any number of threads, other than without") {
  const Dataset data = figures(60);
  Trainer without = trainer(2, Augmentation::none());
  REQUIRE(without.run_epoch(data, always).ok());
  std::vector<float> first;
  for (const int threads : {1, 2, 3}) {
    Trainer training = trainer(threads, Augmentation::standard());
    REQUIRE(training.run_epoch(data, always).ok());
    if (first.empty()) first = training.state().parameters;
    CHECK(training.state().parameters == first);
  }
  CHECK(first != without.state().parameters);
}

TEST_CASE("Augmented training that was restored goes on as if it had never stopped") {
  const Dataset data = figures(40);
  Trainer whole = trainer(2, Augmentation::standard());
  Trainer first_half = trainer(2, Augmentation::standard());
  Trainer second_half = trainer(2, Augmentation::standard());
  REQUIRE(whole.run_epoch(data, always).ok());
  REQUIRE(whole.run_epoch(data, always).ok());
  REQUIRE(first_half.run_epoch(data, always).ok());
  REQUIRE(second_half.restore(first_half.state()).ok());
  REQUIRE(second_half.run_epoch(data, always).ok());
  CHECK(second_half.state().parameters == whole.state().parameters);
}
