// SPDX-License-Identifier: MIT
// Winograd's minimal filtering F(m x m, 3 x 3) (Lavin, Gray, "Fast algorithms for convolutional neural
// networks", 2016): tiles of (m + 2)^2 input pixels and the weights are transformed so that m^2 output pixels
// take (m + 2)^2 products a pair of channels in place of 9 m^2. At each position of a tile these products are
// a matrix product over the channels, of all tiles of all images with one matrix of weights.
//
// The polynomials are evaluated at 0, +-1 and infinity (m = 2), 0, +-3/4, 3/2 (3), 0, +-3/4, +-3/2 (4): of
// the points whose powers are exact in float32, these err least.
#include "engine/nn/kernels/winograd_conv2d.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <type_traits>

#include "engine/nn/kernels/matrix_product.hpp"
#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// The polynomials' points, but for infinity: the first of them are F(3)'s too.
constexpr float kA = 0.75F;
constexpr float kB = 1.5F;

/// sum + factor * v, fused where the processor can.
template <typename V>
[[gnu::always_inline]] inline void add_multiple(float factor, const V& v, V& sum) {
  simd::add_product(V(factor - V{}), v, sum);
}

/// F(tile, 3) in one dimension: input() turns tile + 2 numbers into as many, output() these into `tile`.
template <int Tile>
struct Filter;

template <>
struct Filter<2> {
  static constexpr std::array<double, 3> kPoints = {0, 1, -1};
  template <typename V>
  [[gnu::always_inline]] static void input(const V* d, V* t) {
    t[0] = d[2] - d[0];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[3] - d[1];
  }
  template <typename V>
  [[gnu::always_inline]] static void output(const V* m, V* y) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] + m[3];
  }
};

template <>
struct Filter<3> {
  static constexpr std::array<double, 4> kPoints = {0, kA, -kA, kB};
  template <typename V>
  [[gnu::always_inline]] static void input(const V* d, V* t) {
    V s[4];  // divided by the point 3/2
    for (int i = 0; i < 4; ++i) {
      s[i] = d[i + 1];
      add_multiple(-kB, d[i], s[i]);
    }
    t[0] = s[2];
    add_multiple(-kA * kA, s[0], t[0]);
    t[1] = s[2];
    add_multiple(kA, s[1], t[1]);
    t[2] = s[2];
    add_multiple(-kA, s[1], t[2]);
    t[3] = d[3];
    add_multiple(-kA * kA, d[1], t[3]);
    t[4] = s[3];
    add_multiple(-kA * kA, s[1], t[4]);
  }
  template <typename V>
  [[gnu::always_inline]] static void output(const V* m, V* y) {
    const V even = m[1] + m[2];
    const V odd = m[1] - m[2];
    y[0] = m[0] + even + m[3];
    y[1] = odd * kA;
    add_multiple(kB, m[3], y[1]);
    y[2] = m[4];
    add_multiple(kA * kA, even, y[2]);
    add_multiple(kB * kB, m[3], y[2]);
  }
};

template <>
struct Filter<4> {
  static constexpr std::array<double, 5> kPoints = {0, kA, -kA, kB, -kB};
  template <typename V>
  [[gnu::always_inline]] static void input(const V* d, V* t) {
    constexpr float kA2 = kA * kA;
    constexpr float kB2 = kB * kB;
    t[0] = d[4];
    add_multiple(-(kA2 + kB2), d[2], t[0]);
    add_multiple(kA2 * kB2, d[0], t[0]);
    t[5] = d[5];
    add_multiple(-(kA2 + kB2), d[3], t[5]);
    add_multiple(kA2 * kB2, d[1], t[5]);
    V even = d[4];
    V odd = d[3];
    add_multiple(-kB2, d[2], even);
    add_multiple(-kB2, d[1], odd);
    t[1] = even;
    t[2] = even;
    add_multiple(kA, odd, t[1]);
    add_multiple(-kA, odd, t[2]);
    even = d[4];
    odd = d[3];
    add_multiple(-kA2, d[2], even);
    add_multiple(-kA2, d[1], odd);
    t[3] = even;
    t[4] = even;
    add_multiple(kB, odd, t[3]);
    add_multiple(-kB, odd, t[4]);
  }
  template <typename V>
  [[gnu::always_inline]] static void output(const V* m, V* y) {
    const V even_a = m[1] + m[2];
    const V odd_a = m[1] - m[2];
    const V even_b = m[3] + m[4];
    const V odd_b = m[3] - m[4];
    y[0] = m[0] + even_a + even_b;
    y[1] = odd_a * kA;
    add_multiple(kB, odd_b, y[1]);
    y[2] = even_a * (kA * kA);
    add_multiple(kB * kB, even_b, y[2]);
    y[3] = m[5];
    add_multiple(kA * kA * kA, odd_a, y[3]);
    add_multiple(kB * kB * kB, odd_b, y[3]);
  }
};

/// Calls run(std::integral_constant tile).
template <typename Run>
void with_tile(int tile, Run run) {
  switch (tile) {
    case 2:
      return run(std::integral_constant<int, 2>{});
    case 3:
      return run(std::integral_constant<int, 3>{});
    default:
      assert(tile == 4);
      return run(std::integral_constant<int, 4>{});
  }
}

/// The first output row or column of a tile: the last tile ends with the image, and may overlap the one
/// before.
int tile_start(int index, int tile, int extent) {
  return std::max(0, std::min(index * tile, extent - tile));
}

/// Where the transformed numbers of all images lie: [position][image][tile][channel].
struct Transformed {
  Transformed(const WinogradGeometry& g, int images, int channels)
      : rows(images * g.tiles()), tile_stride(channels), position_stride(gap(rows * channels)) {}

  [[nodiscard]] std::size_t size(const WinogradGeometry& g) const {
    return static_cast<std::size_t>(g.positions()) * static_cast<std::size_t>(position_stride);
  }

  int rows;
  int tile_stride;
  int position_stride;

 private:
  /// Positions must not lie a multiple of a page apart: they would share the lines of the first cache.
  static int gap(int size) { return (size + 15) / 16 * 16 + 16; }
};

struct Images {
  const WinogradGeometry& geometry;
  Transformed layout;
  std::size_t stride;  ///< from image to image
  const float* from;
  float* to;
  const float* bias = nullptr;
  bool relu = false;
};

constexpr int kMostSide = 6;

/// Numbers that lie on lines, a vector of channels each: `step` from one to the next, `line` from line to
/// line.
struct Lines {
  int line;
  int step;
};

/// Turns `count` lines of side numbers by Filter<Tile>::input() or ::output().
template <typename V, int Tile, bool Input>
[[gnu::always_inline]] inline void filter_lines_of(const float* from, Lines in, float* to, Lines out,
                                                   int count) {
  constexpr int kSide = Tile + 2;
  constexpr int kMade = Input ? kSide : Tile;
  INKREAD_ROLLED_IF_COMPACT
  for (int line = 0; line < count; ++line, from += in.line, to += out.line) {
    V d[kSide];
    V t[kMade];
    for (int i = 0; i < kSide; ++i) {
      simd::load(from + i * in.step, d[i]);
    }
    if constexpr (Input) {
      Filter<Tile>::input(d, t);
    } else {
      Filter<Tile>::output(d, t);
    }
    for (int i = 0; i < kMade; ++i) {
      simd::store(to + i * out.step, t[i]);
    }
  }
}

template <typename V, bool Input>
INKREAD_SHARED_IF_COMPACT void filter_lines(int tile, const float* from, Lines in, float* to, Lines out,
                                            int count) {
  switch (tile) {
    case 2:
      return filter_lines_of<V, 2, Input>(from, in, to, out, count);
    case 3:
      return filter_lines_of<V, 3, Input>(from, in, to, out, count);
    default:
      assert(tile == 4);
      return filter_lines_of<V, 4, Input>(from, in, to, out, count);
  }
}

/// Copies what of a square lies within the image, zeros elsewhere; one vector of channels a pixel.
template <typename V>
[[gnu::always_inline]] inline void copy_patch(const PixelLayout& in, const float* image, int side, int top,
                                              int left, float* patch) {
  for (int y = top; y < top + side; ++y) {
    for (int x = left; x < left + side; ++x, patch += simd::kLanesOf<V>) {
      V v{};
      if (y >= 0 && y < in.height && x >= 0 && x < in.width) {
        simd::load(image + y * in.row_stride + x * in.pixel_stride, v);
      }
      simd::store(patch, v);
    }
  }
}

template <typename V>
[[gnu::always_inline]] inline void transform_inputs(const Images& images, int tile) {
  constexpr int kLength = simd::kLanesOf<V>;
  const int side = tile + 2;
  const WinogradGeometry& g = images.geometry;
  const int image_tiles = g.tiles();
  const int across = g.tiles_across();
  const int position = images.layout.position_stride;
  alignas(sizeof(V)) float patch[kMostSide * kMostSide * kLength];
  alignas(sizeof(V)) float columns[kMostSide * kMostSide * kLength];
  const float* image = images.from;
  float* to = images.to;
  for (int row = 0; row < images.layout.rows; image += images.stride) {
    for (int t = 0; t < image_tiles; ++t, ++row, to += images.layout.tile_stride) {
      const int top = tile_start(t / across, tile, g.height()) - g.pad_top;
      const int left = tile_start(t % across, tile, g.width()) - g.pad_left;
      const bool inside = top >= 0 && left >= 0 && top + side <= g.in.height && left + side <= g.in.width;
      for (int c = 0; c < g.in.pixel_stride; c += kLength) {
        const float* from = image + top * g.in.row_stride + left * g.in.pixel_stride + c;
        Lines down{g.in.pixel_stride, g.in.row_stride};
        if (!inside) {
          copy_patch<V>(g.in, image + c, side, top, left, patch);
          from = patch;
          down = {kLength, side * kLength};
        }
        filter_lines<V, true>(tile, from, down, columns, {kLength, side * kLength}, side);
        filter_lines<V, true>(tile, columns, {side * kLength, kLength}, to + c, {side * position, position},
                              side);
      }
    }
  }
}

/// Where the results of one tile go, and how many rows and columns of them.
struct TileOutput {
  float* to;
  const PixelLayout& layout;
  int height;
  int width;
  bool relu;
};

/// Stores one vector of channels of one tile, its rows `tile` results long; pooled, the maxima. Adds the
/// bias.
template <typename V>
[[gnu::always_inline]] inline void store_tile(int tile, bool pooled, const float* results, const V& bias,
                                              const TileOutput& output, int channel) {
  constexpr int kLength = simd::kLanesOf<V>;
  const int step = pooled ? 2 : 1;
  float* row = output.to + channel;
  for (int y = 0; y < output.height; y += step, row += output.layout.row_stride) {
    float* to = row;
    for (int x = 0; x < output.width; x += step, to += output.layout.pixel_stride) {
      const float* from = results + (y * tile + x) * kLength;
      V result;
      simd::load(from, result);
      if (pooled) {
        V below;
        V right;
        V right_below;
        simd::load(from + tile * kLength, below);
        simd::load(from + kLength, right);
        simd::load(from + (tile + 1) * kLength, right_below);
        result = result > below ? result : below;
        right = right > right_below ? right : right_below;
        result = result > right ? result : right;
      }
      result += bias;
      simd::store(to, V(output.relu ? (result > V{} ? result : V{}) : result));
    }
  }
}

template <typename V>
[[gnu::always_inline]] inline void transform_outputs(const Images& images, int tile, bool pooled) {
  constexpr int kLength = simd::kLanesOf<V>;
  const int side = tile + 2;
  const int step = pooled ? 2 : 1;
  const WinogradGeometry& g = images.geometry;
  const int image_tiles = g.tiles();
  const int across = g.tiles_across();
  const int position = images.layout.position_stride;
  alignas(sizeof(V)) float columns[kMostSide * kMostSide * kLength];
  alignas(sizeof(V)) float results[kMostSide * kMostSide * kLength];
  const float* from = images.from;
  float* image = images.to;
  TileOutput output{nullptr, g.out, std::min(tile, g.height()), std::min(tile, g.width()), images.relu};
  for (int row = 0; row < images.layout.rows; image += images.stride) {
    for (int t = 0; t < image_tiles; ++t, ++row, from += images.layout.tile_stride) {
      output.to = image + tile_start(t / across, tile, g.height()) / step * g.out.row_stride +
                  tile_start(t % across, tile, g.width()) / step * g.out.pixel_stride;
      for (int c = 0; c < g.out.pixel_stride; c += kLength) {
        V bias;
        simd::load(images.bias + c, bias);
        filter_lines<V, false>(tile, from + c, {position, side * position}, columns,
                               {kLength, side * kLength}, side);
        filter_lines<V, false>(tile, columns, {side * kLength, kLength}, results, {tile * kLength, kLength},
                               tile);
        store_tile(tile, pooled, results, bias, output, c);
      }
    }
  }
}

#if defined(INKREAD_COMPACT)

void run_input_transform(const Images& images) {
  transform_inputs<Vector>(images, images.geometry.tile);
}
void run_output_transform(const Images& images) {
  transform_outputs<Vector>(images, images.geometry.tile, images.geometry.max_pooled);
}

#else

template <int Tile>
void transform_inputs_baseline(const Images& images) {
  transform_inputs<Vector>(images, Tile);
}
template <int Tile>
void transform_outputs_baseline(const Images& images) {
  if constexpr (Tile % 2 == 0) {
    if (images.geometry.max_pooled) return transform_outputs<Vector>(images, Tile, true);
  }
  transform_outputs<Vector>(images, Tile, false);
}

#if defined(INKREAD_TARGET_AVX512)
template <int Tile>
INKREAD_TARGET_AVX512 void transform_inputs_avx512(const Images& images) {
  transform_inputs<simd::Avx512Vector>(images, Tile);
}
template <int Tile>
INKREAD_TARGET_AVX512 void transform_outputs_avx512(const Images& images) {
  if constexpr (Tile % 2 == 0) {
    if (images.geometry.max_pooled) return transform_outputs<simd::Avx512Vector>(images, Tile, true);
  }
  transform_outputs<simd::Avx512Vector>(images, Tile, false);
}
#endif

/// Whether images of such pixels are taken by AVX-512's vectors.
[[maybe_unused]] bool takes_avx512(const WinogradGeometry& g, const PixelLayout& layout) {
  return g.instruction_set == InstructionSet::kAvx512 && layout.pixel_stride % 16 == 0;
}

void run_input_transform(const Images& images) {
  with_tile(images.geometry.tile, [&](auto tile) {
    constexpr int kTile = decltype(tile)::value;
#if defined(INKREAD_TARGET_AVX512)
    if (takes_avx512(images.geometry, images.geometry.in)) return transform_inputs_avx512<kTile>(images);
#endif
    transform_inputs_baseline<kTile>(images);
  });
}

void run_output_transform(const Images& images) {
  with_tile(images.geometry.tile, [&](auto tile) {
    constexpr int kTile = decltype(tile)::value;
#if defined(INKREAD_TARGET_AVX512)
    if (takes_avx512(images.geometry, images.geometry.out)) return transform_outputs_avx512<kTile>(images);
#endif
    transform_outputs_baseline<kTile>(images);
  });
}

#endif

/// The matrix G that transforms a window's three weights in one dimension.
template <int Tile>
constexpr std::array<std::array<float, 3>, Tile + 2> weight_transform() {
  std::array<std::array<float, 3>, Tile + 2> rows{};
  for (std::size_t i = 0; i <= Tile; ++i) {
    const double point = Filter<Tile>::kPoints[i];
    double divisor = 1;
    for (const double other : Filter<Tile>::kPoints) {
      divisor *= other == point ? 1 : point - other;
    }
    rows[i] = {static_cast<float>(1 / divisor), static_cast<float>(point / divisor),
               static_cast<float>(point * point / divisor)};
  }
  rows[Tile + 1] = {0, 0, 1};  // infinity
  return rows;
}

/// g[0] * a + g[1] * b + g[2] * c.
Vector transform(const std::array<float, 3>& g, Vector a, Vector b, Vector c) {
  Vector sum = simd::splat(g[0]) * a;
  simd::add_product(simd::splat(g[1]), b, sum);
  simd::add_product(simd::splat(g[2]), c, sum);
  return sum;
}

/// Transforms a vector of windows, weight by weight, into one vector in each of the matrices, `matrix` apart.
template <int Tile>
void transform_windows(const std::array<Vector, 9>& windows, std::size_t matrix, float* to) {
  static constexpr auto kTransform = weight_transform<Tile>();
  for (const std::array<float, 3>& gy : kTransform) {
    const Vector left = transform(gy, windows[0], windows[3], windows[6]);
    const Vector middle = transform(gy, windows[1], windows[4], windows[7]);
    const Vector right = transform(gy, windows[2], windows[5], windows[8]);
    for (const std::array<float, 3>& gx : kTransform) {
      simd::store(to, transform(gx, left, middle, right));
      to += matrix;
    }
  }
}

/// Packs so that weight k (row by row) of the window from `in` to `out` is weights[source(out, in) + k *
/// step].
template <typename Source>
void pack(const WinogradGeometry& g, std::span<const float> weights, std::span<float> packed, int step,
          Source source) {
  const std::size_t matrix = packed_winograd_size(g) / static_cast<std::size_t>(g.positions());
  float* block = packed.data();
  for_each_column_block(g.out.pixel_stride, g.instruction_set, [&](int first, int columns) {
    for (int out = first; out < first + columns; out += kLanes) {
      for (int in = 0; in < g.in.channels; ++in) {
        std::array<Vector, 9> windows{};
        for (int lane = 0; lane < std::min(kLanes, g.out.channels - out); ++lane) {
          const float* window = weights.data() + source(out + lane, in);
          for (int k = 0; k < 9; ++k) {
            windows[static_cast<std::size_t>(k)][lane] = window[k * step];
          }
        }
        float* to = block + in * columns + (out - first);
        with_tile(g.tile, [&](auto tile) { transform_windows<decltype(tile)::value>(windows, matrix, to); });
      }
    }
    block += g.in.pixel_stride * columns;
  });
}

}  // namespace

std::optional<int> best_winograd_tile(const ConvGeometry& direct) {
  if (direct.kernel_height != 3 || direct.kernel_width != 3 || direct.stride_y != 1 || direct.stride_x != 1 ||
      direct.in.pixel_stride % kLanes != 0) {
    return std::nullopt;
  }
  // Multiply-adds, with what the transforms take in the same unit. A product of few rows waits for its
  // weights.
  constexpr double kTransform = 4;
  constexpr double kLeastRows = 2;
  const double in = direct.in.pixel_stride;
  const double out = direct.out.pixel_stride;
  double least = 9.0 * direct.out.height * direct.out.width * in * out;
  std::optional<int> best;
  for (const int tile : {2, 3, 4}) {
    const WinogradGeometry candidate{direct.in, direct.out, 0, 0, tile};
    const double tiles = candidate.tiles();
    const double cost =
        candidate.positions() * (std::max(tiles, kLeastRows) * in * out + tiles * kTransform * (in + out));
    if (cost < least) {
      least = cost;
      best = tile;
    }
  }
  return best;
}

std::size_t packed_winograd_size(const WinogradGeometry& g) {
  return static_cast<std::size_t>(g.positions()) * static_cast<std::size_t>(g.in.pixel_stride) *
         static_cast<std::size_t>(g.out.pixel_stride);
}

void pack_winograd_weights(const WinogradGeometry& g, std::span<const float> weights,
                           std::span<float> packed) {
  pack(g, weights, packed, 1, [&](int out, int in) { return (out * g.in.channels + in) * 9; });
}

void pack_winograd_weights_transposed(const WinogradGeometry& g, std::span<const float> weights,
                                      std::span<float> packed) {
  // Turned by 180 degrees: from the last weight back.
  pack(g, weights, packed, -1, [&](int out, int in) { return (in * g.out.channels + out) * 9 + 8; });
}

std::size_t winograd_scratch_size(const WinogradGeometry& g, int images) {
  return Transformed(g, images, g.in.pixel_stride).size(g) +
         Transformed(g, images, g.out.pixel_stride).size(g);
}

void winograd_conv2d_forward(const WinogradGeometry& g, const ImageBatch& batch, const float* packed,
                             const float* bias, bool relu, const float* input, float* output,
                             float* scratch) {
  assert(!g.max_pooled || g.tile % 2 == 0);
  const Transformed tiles(g, batch.images, g.in.pixel_stride);
  const Transformed products(g, batch.images, g.out.pixel_stride);
  float* const multiplied = scratch + tiles.size(g);
  run_input_transform({g, tiles, batch.input_stride, input, scratch});
  const ProductShape shape{tiles.rows,        g.in.pixel_stride,    g.out.pixel_stride,
                           tiles.tile_stride, products.tile_stride, g.instruction_set};
  for (int position = 0; position < g.positions(); ++position) {
    matrix_product(shape, scratch + position * tiles.position_stride,
                   packed + position * g.in.pixel_stride * g.out.pixel_stride,
                   multiplied + position * products.position_stride);
  }
  run_output_transform({g, products, batch.output_stride, multiplied, output, bias, relu});
}

}  // namespace inkread
