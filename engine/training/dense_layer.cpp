// SPDX-License-Identifier: MIT
#include "engine/training/dense_layer.hpp"

#include <Eigen/Core>

#include "engine/nn/kernels/vector_ops.hpp"

namespace inkread {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> rows(std::span<const float> values, Eigen::Index count) {
  return {values.data(), count, static_cast<Eigen::Index>(values.size()) / count};
}
Eigen::Map<RowMajor> rows(std::span<float> values, Eigen::Index count) {
  return {values.data(), count, static_cast<Eigen::Index>(values.size()) / count};
}

}  // namespace

void dense_forward(std::span<const float> weights, std::span<const float> bias, bool relu,
                   std::span<const float> input, std::span<float> output) {
  const auto outputs = static_cast<Eigen::Index>(output.size());
  const auto inputs = static_cast<Eigen::Index>(input.size());
  const Eigen::Map<const RowMajor> w(weights.data(), outputs, inputs);
  const Eigen::Map<const Eigen::VectorXf> x(input.data(), inputs);
  Eigen::Map<Eigen::VectorXf> y(output.data(), outputs);
  y.noalias() = w * x;
  if (!bias.empty()) {
    y += Eigen::Map<const Eigen::VectorXf>(bias.data(), outputs);
  }
  if (relu) {
    relu_forward(output, output);
  }
}

void dense_backward(int images, std::span<const float> weights, std::span<const float> x,
                    std::span<const float> dy, std::span<float> weights_gradient,
                    std::span<float> bias_gradient, std::span<float> dx) {
  const auto inputs = rows(x, images);
  const auto output_gradients = rows(dy, images);
  const Eigen::Index outputs = output_gradients.cols();
  rows(weights_gradient, outputs).noalias() += output_gradients.transpose() * inputs;
  if (!bias_gradient.empty()) {
    rows(bias_gradient, 1) += output_gradients.colwise().sum();
  }
  if (!dx.empty()) {
    rows(dx, images).noalias() = output_gradients * rows(weights, outputs);
  }
}

}  // namespace inkread
