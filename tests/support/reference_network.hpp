// SPDX-License-Identifier: MIT
// The network's operators as their definitions read, in double precision and without any thought for speed:
// what the engine's kernels and gradients are held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <variant>
#include <vector>

#include "engine/nn/network.hpp"

namespace inkread::test {

/// Values in ONNX's order: channels, rows, columns.
using Values = std::vector<double>;

inline double at(const Values& x, const Shape& shape, int c, int y, int w) {
  return x[static_cast<std::size_t>((c * shape.height + y) * shape.width + w)];
}

/// Calls visit(input row, input column, kernel row, kernel column) for what one output position of a window
/// sees.
template <typename Visit>
void for_each_in_window(const Window& window, const Shape& in, int oy, int ox, Visit visit) {
  for (int ky = 0; ky < window.kernel_height; ++ky) {
    for (int kx = 0; kx < window.kernel_width; ++kx) {
      const int y = oy * window.stride_y + ky - window.pad_top;
      const int x = ox * window.stride_x + kx - window.pad_left;
      if (y >= 0 && y < in.height && x >= 0 && x < in.width) {
        visit(y, x, ky, kx);
      }
    }
  }
}

inline Values reference_conv(const Conv2d& op, std::span<const double> parameters, const Values& x,
                             const Shape& in, const Shape& out) {
  Values y;
  const int group_inputs = in.channels / op.groups;
  for (int o = 0; o < out.channels; ++o) {
    const int first = o / (out.channels / op.groups) * group_inputs;
    for (int oy = 0; oy < out.height; ++oy) {
      for (int ox = 0; ox < out.width; ++ox) {
        double sum = op.bias.count == 0 ? 0 : parameters[op.bias.offset + static_cast<std::size_t>(o)];
        for (int c = 0; c < group_inputs; ++c) {
          for_each_in_window(op.window, in, oy, ox, [&](int iy, int ix, int ky, int kx) {
            const int index =
                ((o * group_inputs + c) * op.window.kernel_height + ky) * op.window.kernel_width + kx;
            sum += parameters[op.weights.offset + static_cast<std::size_t>(index)] *
                   at(x, in, first + c, iy, ix);
          });
        }
        y.push_back(sum);
      }
    }
  }
  return y;
}

inline Values reference_max_pool(const MaxPool2d& op, const Values& x, const Shape& in, const Shape& out) {
  Values y;
  for (int c = 0; c < out.channels; ++c) {
    for (int oy = 0; oy < out.height; ++oy) {
      for (int ox = 0; ox < out.width; ++ox) {
        double best = -std::numeric_limits<double>::infinity();
        for_each_in_window(op.window, in, oy, ox,
                           [&](int iy, int ix, int, int) { best = std::max(best, at(x, in, c, iy, ix)); });
        y.push_back(best);
      }
    }
  }
  return y;
}

inline Values reference_average_pool(const AveragePool2d& op, const Values& x, const Shape& in,
                                     const Shape& out) {
  Values y;
  for (int c = 0; c < out.channels; ++c) {
    for (int oy = 0; oy < out.height; ++oy) {
      for (int ox = 0; ox < out.width; ++ox) {
        double sum = 0;
        int seen = 0;
        for_each_in_window(op.window, in, oy, ox, [&](int iy, int ix, int, int) {
          sum += at(x, in, c, iy, ix);
          ++seen;
        });
        y.push_back(sum / (op.count_padding ? op.window.kernel_height * op.window.kernel_width : seen));
      }
    }
  }
  return y;
}

inline Values reference_dense(const Dense& op, std::span<const double> parameters, const Values& x) {
  Values y;
  for (std::size_t o = 0; o < static_cast<std::size_t>(op.outputs); ++o) {
    double sum = op.bias.count == 0 ? 0 : parameters[op.bias.offset + o];
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += parameters[op.weights.offset + o * x.size() + i] * x[i];
    }
    y.push_back(sum);
  }
  return y;
}

inline Values reference_softmax(Values x) {
  double sum = 0;
  for (double& value : x) {
    value = std::exp(value);
    sum += value;
  }
  for (double& value : x) {
    value /= sum;
  }
  return x;
}

/// The network's answer to one image, with `parameters` in place of its own.
inline Values reference_forward(const Network& network, std::span<const double> parameters,
                                const Values& image) {
  std::vector<Values> values{image};
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const Node& node = network.nodes()[i];
    const Values& x = values[node.inputs.front()];
    const Shape& in = network.shape(node.inputs.front());
    const Shape& out = network.shape(static_cast<ValueId>(i + 1));
    if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
      values.push_back(reference_conv(*conv, parameters, x, in, out));
    } else if (const auto* pool = std::get_if<MaxPool2d>(&node.op)) {
      values.push_back(reference_max_pool(*pool, x, in, out));
    } else if (const auto* average = std::get_if<AveragePool2d>(&node.op)) {
      values.push_back(reference_average_pool(*average, x, in, out));
    } else if (const auto* dense = std::get_if<Dense>(&node.op)) {
      values.push_back(reference_dense(*dense, parameters, x));
    } else if (std::holds_alternative<Softmax>(node.op)) {
      values.push_back(reference_softmax(x));
    } else if (std::holds_alternative<Add>(node.op)) {
      Values y = x;
      const Values& other = values[node.inputs.back()];
      for (std::size_t n = 0; n < y.size(); ++n) y[n] += other[n];
      values.push_back(y);
    } else if (std::holds_alternative<Tanh>(node.op)) {
      Values y = x;
      std::for_each(y.begin(), y.end(), [](double& value) { value = std::tanh(value); });
      values.push_back(y);
    } else if (std::holds_alternative<Sigmoid>(node.op)) {
      Values y = x;
      std::for_each(y.begin(), y.end(), [](double& value) { value = 1 / (1 + std::exp(-value)); });
      values.push_back(y);
    } else if (std::holds_alternative<Relu>(node.op)) {
      Values y = x;
      std::for_each(y.begin(), y.end(), [](double& value) { value = std::max(value, 0.0); });
      values.push_back(y);
    } else {
      values.push_back(x);  // Flatten: the order is the same
    }
  }
  return values.back();
}

}  // namespace inkread::test
