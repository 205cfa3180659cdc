// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/nn/kernels/conv2d.hpp"

namespace inkread {

/// A convolution of 3x3 windows one pixel apart, with `pad_top` rows and `pad_left` columns of zeros before
/// the input and as many behind it as the output asks for. Both images' pixels are padded to whole vectors.
struct WinogradGeometry {
  PixelLayout in;
  PixelLayout out;
  int pad_top = 0;
  int pad_left = 0;
  int tile = 2;             ///< 2, 3 or 4: the side of the squares of results that are computed together
  bool max_pooled = false;  ///< `out` has the largest of every 2x2 results; only with tiles of 2 and 4
  InstructionSet instruction_set = best_instruction_set();

  [[nodiscard]] int positions() const { return (tile + 2) * (tile + 2); }
  /// The results, before pooling.
  [[nodiscard]] int height() const { return max_pooled ? 2 * out.height : out.height; }
  [[nodiscard]] int width() const { return max_pooled ? 2 * out.width : out.width; }
  /// Tiles of an image.
  [[nodiscard]] int tiles_across() const { return (width() + tile - 1) / tile; }
  [[nodiscard]] int tiles() const { return (height() + tile - 1) / tile * tiles_across(); }
};

/// Where images lie: floats from one to the next.
struct ImageBatch {
  int images = 1;
  std::size_t input_stride = 0;
  std::size_t output_stride = 0;
};

/// The tile that makes this convolution fastest, or none if the direct kernel is faster or the only one.
std::optional<int> best_winograd_tile(const ConvGeometry& direct);

/// The floats that pack_winograd_weights() fills.
[[nodiscard]] std::size_t packed_winograd_size(const WinogradGeometry& geometry);

/// Transforms weights [out][in][3][3]: for each position of a tile a matrix [in][out], packed for
/// matrix_product(). `packed` is zero at first, and stays so for padding channels.
void pack_winograd_weights(const WinogradGeometry& geometry, std::span<const float> weights,
                           std::span<float> packed);

/// The same for the convolution that carries a gradient back, as pack_conv2d_weights_transposed().
void pack_winograd_weights_transposed(const WinogradGeometry& geometry, std::span<const float> weights,
                                      std::span<float> packed);

/// The floats of scratch space that winograd_conv2d_forward() needs for so many images.
[[nodiscard]] std::size_t winograd_scratch_size(const WinogradGeometry& geometry, int images);

/// As conv2d_forward(), for all images of a batch. A result errs by about twice as much as the direct
/// kernel's.
void winograd_conv2d_forward(const WinogradGeometry& geometry, const ImageBatch& batch, const float* packed,
                             const float* bias, bool relu, const float* input, float* output, float* scratch);

}  // namespace inkread
