// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/nn/kernels/winograd_conv2d.hpp"

namespace inkread {

/// A convolution by whichever kernel is fastest for it, one image at a time.
class FastestConv2d {
 public:
  FastestConv2d() = default;
  explicit FastestConv2d(const ConvGeometry& geometry);

  [[nodiscard]] const ConvGeometry& geometry() const { return geometry_; }

  /// The floats that pack() fills, and those that forward() needs for itself.
  [[nodiscard]] std::size_t packed_size() const;
  [[nodiscard]] std::size_t scratch_size() const;

  /// As pack_conv2d_weights() and pack_conv2d_weights_transposed(); `packed` is zero at first.
  void pack(std::span<const float> weights, std::span<float> packed) const;
  void pack_transposed(std::span<const float> weights, std::span<float> packed) const;

  /// As conv2d_forward().
  void forward(const float* packed, const float* bias, bool relu, const float* input, float* output,
               float* scratch) const;

 private:
  ConvGeometry geometry_;
  std::optional<WinogradGeometry> winograd_;
};

}  // namespace inkread
