// SPDX-License-Identifier: MIT
// Whether pictures of digits become what MNIST's makers made of them: MNIST's own test images, enlarged or
// reduced, laid anywhere on a sheet, dark on light or light on dark, must come back as nearly themselves.
//
// INKREAD_MNIST names the folder with t10k-images-idx3-ubyte[.gz]; without it the check is skipped, loudly.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/vision/ink.hpp"
#include "engine/vision/normalize.hpp"
#include "tests/support/pixels.hpp"

namespace {

using inkread::kTilePixels;
using inkread::kTileSide;
using inkread::Tile;

constexpr int kImages = 2'000;

/// The first images of an IDX file (plain or gzip), in 0..1; empty where it cannot be read.
std::vector<Tile> read_tiles(const std::string& path) {
  constexpr std::size_t kHeaderBytes = 16;
  std::vector<std::uint8_t> bytes(kHeaderBytes + std::size_t{kImages} * kTilePixels);
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  const int got = gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  const std::array<std::uint8_t, 4> magic{0, 0, 8, 3};
  if (got != static_cast<int>(bytes.size()) || !std::equal(magic.begin(), magic.end(), bytes.begin()))
    return {};
  std::vector<Tile> tiles(kImages);
  for (std::size_t i = 0; i < bytes.size() - kHeaderBytes; ++i) {
    tiles[i / kTilePixels][i % kTilePixels] = static_cast<float>(bytes[kHeaderBytes + i]) / 255.0F;
  }
  return tiles;
}

/// The tile's pixel that holds a position in tile pixels; 0 outside.
float sample(const Tile& tile, double x, double y) {
  const int px = static_cast<int>(std::floor(x));
  const int py = static_cast<int>(std::floor(y));
  const bool inside = px >= 0 && py >= 0 && px < kTileSide && py < kTileSide;
  const int pixel = py * kTileSide + px;
  return inside ? tile[static_cast<std::size_t>(pixel)] : 0.0F;
}

struct Sheet {
  double scale;  ///< sheet pixels a tile pixel
  bool dark_ink;
};

/// The tile drawn `scale` times as large somewhere on a sheet twice that size, each of its pixels a square:
/// the drawing of which the tile is the area average.
inkread::RgbaImage draw_on_sheet(const Tile& tile, const Sheet& sheet, inkread::Random& random) {
  constexpr int kSamples = 4;
  const int side = static_cast<int>(std::ceil(2 * kTileSide * sheet.scale));
  const auto room = static_cast<float>(side - kTileSide * sheet.scale);
  const double left = std::floor(random.uniform(0, room));
  const double top = std::floor(random.uniform(0, room));
  const int samples = sheet.scale == std::floor(sheet.scale) ? 1 : kSamples;
  inkread::RgbaImage picture(side, side, 4, 255);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      float ink = 0;
      for (int v = 0; v < samples; ++v) {
        for (int u = 0; u < samples; ++u) {
          ink += sample(tile, (x - left + (u + 0.5) / samples) / sheet.scale,
                        (y - top + (v + 0.5) / samples) / sheet.scale);
        }
      }
      ink /= static_cast<float>(samples * samples);
      const float light = sheet.dark_ink ? 1 - ink : ink;
      std::fill_n(inkread::test::pixel_at(picture, x, y), 3,
                  static_cast<std::uint8_t>(std::lround(light * 255)));
    }
  }
  return picture;
}

/// Mean absolute difference of two tiles, a pixel of 0..1.
double difference(const Tile& a, const Tile& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::fabs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

struct Bounds {
  double scale;
  double mean;        ///< of the mean absolute differences
  double share_near;  ///< of images whose difference is below kNear
};
constexpr double kNear = 0.03;

bool check(const std::vector<Tile>& tiles, const Bounds& bounds, bool dark_ink, int stride) {
  inkread::Random random(1);
  double sum = 0;
  int near = 0;
  int count = 0;
  for (std::size_t i = 0; i < tiles.size(); i += static_cast<std::size_t>(stride), ++count) {
    const inkread::RgbaImage picture = draw_on_sheet(tiles[i], {bounds.scale, dark_ink}, random);
    const inkread::InkImage ink = inkread::extract_ink(picture.view());
    const std::optional<inkread::Box> box = inkread::find_ink(ink.ink.view());
    const double d = box ? difference(tiles[i], inkread::normalize_ink(ink.ink.view(), *box)) : 1.0;
    sum += d;
    if (d < kNear) ++near;
  }
  const double mean = sum / count;
  const double share = static_cast<double>(near) / count;
  const bool good = mean <= bounds.mean && share >= bounds.share_near;
  std::printf(
      "scale %5.2f, %s, %4d images: mean difference %.4f (at most %.4f), near %.4f (at least %.4f)%s\n",
      bounds.scale, dark_ink ? "dark on light" : "light on dark", count, mean, bounds.mean, share,
      bounds.share_near, good ? "" : "  FAILED");
  return good;
}

}  // namespace

int main() {
  const char* folder = std::getenv("INKREAD_MNIST");  // NOLINT(concurrency-mt-unsafe): one thread
  if (folder == nullptr) {
    std::puts("SKIPPED: set INKREAD_MNIST to the folder of MNIST's files to check the normalisation on it");
    return 77;
  }
  const std::string path = std::string(folder) + "/t10k-images-idx3-ubyte";
  std::vector<Tile> tiles = read_tiles(path + ".gz");
  if (tiles.empty()) tiles = read_tiles(path);
  if (tiles.empty()) {
    (void)std::fprintf(stderr, "%s[.gz]: not MNIST's test images\n", path.c_str());
    return 1;
  }
  // Measured values with a margin. At scales that are no whole number the ink's box covers parts of pixels,
  // which whole-pixel boxes cannot tell; below 1 detail is lost for good.
  constexpr std::array kBounds = {
      Bounds{0.5, 0.060, 0.06}, Bounds{0.75, 0.050, 0.15}, Bounds{1, 0.003, 0.985},  Bounds{1.7, 0.035, 0.60},
      Bounds{3.3, 0.024, 0.80}, Bounds{4, 0.003, 0.985},   Bounds{10, 0.003, 0.985}, Bounds{40, 0.005, 0.90},
  };
  bool good = true;
  for (const Bounds& bounds : kBounds) {
    const int stride =
        std::max(1, static_cast<int>(bounds.scale * bounds.scale / 8));  // large sheets take long
    for (const bool dark_ink : {true, false}) good = check(tiles, bounds, dark_ink, stride) && good;
  }
  return good ? 0 : 1;
}
