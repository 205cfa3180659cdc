// SPDX-License-Identifier: MIT
#include "engine/training/fastest_conv2d.hpp"

namespace inkread {

FastestConv2d::FastestConv2d(const ConvGeometry& geometry) : geometry_(geometry) {
  if (const auto tile = best_winograd_tile(geometry)) {
    winograd_ = WinogradGeometry{geometry.in, geometry.out, 0, 0, *tile};
  }
}

std::size_t FastestConv2d::packed_size() const {
  return winograd_ ? packed_winograd_size(*winograd_) : packed_conv2d_size(geometry_);
}

std::size_t FastestConv2d::scratch_size() const {
  return winograd_ ? winograd_scratch_size(*winograd_, 1) : 0;
}

void FastestConv2d::pack(std::span<const float> weights, std::span<float> packed) const {
  if (winograd_) {
    pack_winograd_weights(*winograd_, weights, packed);
  } else {
    pack_conv2d_weights(geometry_, weights, packed);
  }
}

void FastestConv2d::pack_transposed(std::span<const float> weights, std::span<float> packed) const {
  if (winograd_) {
    pack_winograd_weights_transposed(*winograd_, weights, packed);
  } else {
    pack_conv2d_weights_transposed(geometry_, weights, packed);
  }
}

void FastestConv2d::forward(const float* packed, const float* bias, bool relu, const float* input,
                            float* output, float* scratch) const {
  if (winograd_) {
    winograd_conv2d_forward(*winograd_, 1, packed, bias, relu, input, output, scratch);
  } else {
    conv2d_forward(geometry_, packed, bias, relu, input, output);
  }
}

}  // namespace inkread
