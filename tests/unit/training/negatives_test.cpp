// SPDX-License-Identifier: MIT
#include "engine/training/negatives.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

#include <doctest/doctest.h>

using namespace inkread;

namespace {

using Picture = std::array<std::uint8_t, kTilePixels>;

/// A ring of 19 pixels with a stroke from its middle to the right: no mirror image of itself.
Picture figure() {
  Picture picture{};
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      const float u = static_cast<float>(x) - 13.5F;
      const float v = static_cast<float>(y) - 13.5F;
      const float ring = std::clamp(2 - std::abs(std::hypot(u, v) - 8), 0.0F, 1.0F);
      const float stroke = u > 0 && u < 8 ? std::clamp(2 - std::abs(v + 3), 0.0F, 1.0F) : 0.0F;
      picture[static_cast<std::size_t>(y * kTileSide + x)] =
          static_cast<std::uint8_t>(255 * std::max(ring, stroke));
    }
  }
  return picture;
}

Dataset labelled(const std::vector<std::uint8_t>& labels, const Picture& picture = figure()) {
  Dataset data{{}, labels, kTileSide, kTileSide};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    data.images.insert(data.images.end(), picture.begin(), picture.end());
  }
  return data;
}

Dataset all_digits() {
  return labelled({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

bool is_tile_with_ink(const Tile& tile) {
  const auto [least, most] = std::minmax_element(tile.begin(), tile.end());
  return *least >= 0 && *most <= 1 && *most > 0.3F;  // NaN fails too
}

double difference(const Tile& a, const Tile& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(static_cast<double>(a[i] - b[i]));
  return sum / static_cast<double>(a.size());
}

/// The ink's width over its height, or the other way round: at least 1.
double longer_by(const Tile& tile) {
  std::set<std::size_t> columns;
  std::set<std::size_t> rows;
  for (std::size_t i = 0; i < tile.size(); ++i) {
    if (tile[i] < 0.2F) continue;
    columns.insert(i % kTileSide);
    rows.insert(i / kTileSide);
  }
  const auto width = static_cast<double>(columns.size());
  const auto height = static_cast<double>(rows.size());
  return std::max(width / height, height / width);
}

/// Twice the ink over the length of its edge.
double stroke_width(const Tile& tile) {
  const GrayView view{tile, kTileSide, kTileSide};
  double ink = 0;
  double edge = 0;
  for (int y = 0; y + 1 < kTileSide; ++y) {
    for (int x = 0; x + 1 < kTileSide; ++x) {
      const auto here = static_cast<double>(view.at(x, y));
      ink += here;
      edge += std::hypot(static_cast<double>(view.at(x + 1, y)) - here,
                         static_cast<double>(view.at(x, y + 1)) - here);
    }
  }
  return 2 * ink / edge;
}

}  // namespace

TEST_CASE("The same stream gives the same negative, another stream another") {
  const Dataset data = all_digits();
  for (const NegativeKind kind : kNegativeKinds) {
    CAPTURE(negative_name(kind));
    for (std::uint64_t i = 0; i < 10; ++i) {
      Random first = Random::stream(1, i);
      Random again = Random::stream(1, i);
      Random other = Random::stream(2, i);
      const Tile tile = make_negative(kind, data, Augmentation::standard(), first);
      CHECK(tile == make_negative(kind, data, Augmentation::standard(), again));
      CHECK(first.state() == again.state());
      CHECK(tile != make_negative(kind, data, Augmentation::standard(), other));
    }
  }
}

TEST_CASE("Negatives of every kind are ink of 0 to 1 and never empty") {
  const Dataset data = all_digits();
  for (const Augmentation& settings : {Augmentation::none(), Augmentation::standard()}) {
    for (const NegativeKind kind : kNegativeKinds) {
      CAPTURE(negative_name(kind));
      Random random(5);
      for (int i = 0; i < 200; ++i) CHECK(is_tile_with_ink(make_negative(kind, data, settings, random)));
    }
  }
}

TEST_CASE("A scribble stands in where the digits that a kind needs are missing or blank") {
  for (const Dataset& data : {labelled({1}), labelled({8}), labelled({0, 3, 7}, Picture{})}) {
    for (const NegativeKind kind : kNegativeKinds) {
      Random random(5);
      for (int i = 0; i < 50; ++i) {
        CHECK(is_tile_with_ink(make_negative(kind, data, Augmentation::standard(), random)));
      }
    }
  }
}

TEST_CASE("Each kind of negatives occurs with its share") {
  std::uint32_t all = 0;
  for (const NegativeKind kind : kNegativeKinds) all += negative_share(kind);
  CHECK(all == 100);
  constexpr int kDraws = 20'000;
  std::array<int, kNegativeKinds.size()> drawn{};
  Random random(5);
  for (int i = 0; i < kDraws; ++i) ++drawn[static_cast<std::size_t>(draw_negative_kind(random))];
  for (const NegativeKind kind : kNegativeKinds) {
    CAPTURE(negative_name(kind));
    const double share = static_cast<double>(drawn[static_cast<std::size_t>(kind)]) / kDraws;
    CHECK(share == doctest::Approx(negative_share(kind) / 100.0).epsilon(0.1));
  }
}

TEST_CASE("A negative of any kind is one of the kind that its stream draws") {
  const Dataset data = all_digits();
  for (std::uint64_t i = 0; i < 20; ++i) {
    Random any = Random::stream(1, i);
    Random chosen = Random::stream(1, i);
    const NegativeKind kind = draw_negative_kind(chosen);
    CHECK(make_negative(data, Augmentation::standard(), any) ==
          make_negative(kind, data, Augmentation::standard(), chosen));
  }
}

TEST_CASE("Numbers of a square figure are longer than they are wide or wider than long") {
  const Dataset data = labelled({4});
  Random random(5);
  int longish = 0;
  for (int i = 0; i < 100; ++i) {
    // Rows with a 1 find none in these data, and a scribble stands in.
    longish += longer_by(make_negative(NegativeKind::kNumber, data, Augmentation::none(), random)) > 1.25;
  }
  CHECK(longish > 45);
}

TEST_CASE("A turned 3 is its mirror image") {
  const Dataset data = labelled({3});
  Random random(5);
  const Tile tile = distort(data.image(0), {});
  Tile mirrored{};
  for (std::size_t i = 0; i < tile.size(); ++i) {
    mirrored[i] = tile[i / kTileSide * kTileSide + kTileSide - 1 - i % kTileSide];
  }
  const auto shifted = [&](std::size_t by) {  // the tile's middle is a pixel's, which has no mirror image
    Tile out{};
    std::copy(mirrored.begin(), mirrored.end() - static_cast<std::ptrdiff_t>(by),
              out.begin() + static_cast<std::ptrdiff_t>(by));
    return out;
  };
  int same = 0;
  for (int i = 0; i < 200; ++i) {
    const Tile negative = make_negative(NegativeKind::kTurned, data, Augmentation::none(), random);
    const double off = std::min(difference(negative, shifted(1)), difference(negative, shifted(0)));
    CHECK(difference(negative, tile) > 0.05);
    same += off < 0.05;
  }
  CHECK(same > 10);  // a seventh of the draws ask for a 3
  CHECK(same < 60);
}

TEST_CASE("Letters and signs are written with strokes as wide as MNIST's") {
  const Dataset data = all_digits();
  for (const NegativeKind kind : {NegativeKind::kLetter, NegativeKind::kSign}) {
    Random random(5);
    double sum = 0;
    constexpr int kTiles = 300;
    for (int i = 0; i < kTiles; ++i) {
      sum += stroke_width(make_negative(kind, data, Augmentation::none(), random));
    }
    CHECK(sum / kTiles == doctest::Approx(2.4).epsilon(0.1));  // 2.43 of MNIST's training images
  }
}
