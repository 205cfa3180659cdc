// SPDX-License-Identifier: MIT
#include "engine/training/architectures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/training/random_stream.hpp"

namespace inkread {
namespace {

/// Lines up nodes and counts their parameters.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(Shape input) : input_(input), shape_(input) {}

  NetworkBuilder& conv(int out_channels, int kernel, int padding = 0) {
    Conv2d op;
    op.in_channels = shape_.channels;
    op.out_channels = out_channels;
    op.window = {kernel, kernel, 1, 1, padding, padding, padding, padding};
    op.weights = take(out_channels, op.in_channels * kernel * kernel);
    op.bias = take(out_channels, 1);
    return add("conv", op);
  }
  /// Of the convolution just added.
  NetworkBuilder& batch_norm() {
    batch_normalized_.push_back(nodes_.size() - 1);
    return *this;
  }
  NetworkBuilder& relu() { return add("relu", Relu{}); }
  NetworkBuilder& tanh() { return add("tanh", Tanh{}); }
  NetworkBuilder& max_pool(int size) { return add("pool", MaxPool2d{{size, size, size, size}}); }
  NetworkBuilder& average_pool(int size) { return add("average", AveragePool2d{{size, size, size, size}}); }
  NetworkBuilder& dropout(float share) {
    dropouts_.push_back({nodes_.size() - 1, share});
    return *this;
  }
  NetworkBuilder& flatten() { return add("flatten", Flatten{}); }
  NetworkBuilder& dense(int outputs) {
    Dense op{shape_.channels, outputs, {}, {}};
    op.weights = take(outputs, op.inputs);
    op.bias = take(outputs, 1);
    return add("dense", op);
  }
  NetworkBuilder& softmax() { return add("softmax", Softmax{}); }

  [[nodiscard]] bool is_empty() const { return nodes_.empty(); }
  /// Of what was added last.
  [[nodiscard]] const Shape& shape() const { return shape_; }

  [[nodiscard]] Result<TrainableNetwork> build() const {
    if (parameters_ > NetworkLimits::kParameters) {
      return Error{ErrorCode::kTooLarge, "the layers have " + std::to_string(parameters_) + " parameters"};
    }
    Result<Network> network = Network::create(input_, nodes_, std::vector<float>(parameters_));
    if (!network.ok()) {
      return network.error();
    }
    return TrainableNetwork(std::move(network).value(), batch_normalized_, dropouts_);
  }

 private:
  ParameterSlice take(int rows, int columns) {
    const std::size_t count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    const ParameterSlice slice{parameters_, count};
    parameters_ += count;
    return slice;
  }

  /// Names count by kind: conv1, conv2, relu1, ...
  NetworkBuilder& add(const char* kind, Operator op) {
    int number = 1;
    for (const Node& node : nodes_) {
      number += node.op.index() == op.index() ? 1 : 0;
    }
    const std::array inputs{shape_};
    const Result<Shape> shape = infer_shape(op, inputs);
    shape_ = shape.ok() ? shape.value() : shape_;  // build() refuses the network otherwise
    const auto input = static_cast<ValueId>(nodes_.size());
    nodes_.push_back({kind + std::to_string(number), op, {input}});
    return *this;
  }

  Shape input_;
  Shape shape_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> batch_normalized_;
  std::vector<TrainableNetwork::Dropout> dropouts_;
  std::size_t parameters_ = 0;
};

constexpr Shape kTile{1, 28, 28};

TrainableNetwork build_seed() {
  NetworkBuilder builder(kTile);
  builder.conv(32, 3).relu().max_pool(2);
  builder.conv(64, 3).relu();
  builder.conv(64, 3).relu();
  builder.conv(32, 3).relu().max_pool(2);
  builder.flatten().dense(10).softmax();
  return builder.build().value();
}

constexpr std::string_view kDefaultLayers = "24,24,pool,48,48,pool,64p,48";

TrainableNetwork build_default() {
  return network_of_layers(kDefaultLayers).value();
}

TrainableNetwork build_softmax_regression() {
  return NetworkBuilder(kTile).flatten().dense(10).softmax().build().value();
}

TrainableNetwork build_perceptron() {
  return NetworkBuilder(kTile).flatten().dense(300).relu().dense(10).softmax().build().value();
}

TrainableNetwork build_lenet5() {
  NetworkBuilder builder(kTile);
  builder.conv(6, 5, 2).tanh().average_pool(2);
  builder.conv(16, 5).tanh().average_pool(2);
  builder.flatten().dense(120).tanh().dense(84).tanh().dense(10).softmax();
  return builder.build().value();
}

constexpr std::array kArchitectures{
    Architecture{"seed",
                 "four 3x3 convolutions of 32, 64, 64, 32 channels and a dense layer: the original network",
                 &build_seed},
    Architecture{"default", "six 3x3 convolutions of 24, 24, 48, 48, 64 and 48 channels and a dense layer",
                 &build_default},
    Architecture{"softmax-regression", "one dense layer: a template for each digit",
                 &build_softmax_regression},
    Architecture{"perceptron", "one hidden layer of 300 (LeCun et al., 1998)", &build_perceptron},
    Architecture{"lenet-5",
                 "two 5x5 convolutions with average pooling, three dense layers, tanh (LeCun et al., 1998, "
                 "without its sparse connections)",
                 &build_lenet5},
};

/// The number that `text` begins with, which it loses; nothing if there is none.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 1) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take_word(std::string_view& text, std::string_view word) {
  const bool found = text.substr(0, word.size()) == word;
  text.remove_prefix(found ? word.size() : 0);
  return found;
}

/// Adds the layer that one word of a list names; whether it is a word.
bool add_layer(NetworkBuilder& builder, std::string_view word) {
  if (take_word(word, "pool")) {
    builder.max_pool(take_number(word).value_or(2));
  } else if (take_word(word, "mean")) {
    builder.average_pool(std::min(builder.shape().height, builder.shape().width));
  } else if (take_word(word, "drop")) {
    const std::optional<int> percent = take_number(word);
    if (!percent || *percent > 99 || builder.is_empty()) {
      return false;
    }
    builder.dropout(static_cast<float>(*percent) / 100);
  } else if (const std::optional<int> channels = take_number(word)) {
    const int kernel = take_word(word, "x") ? take_number(word).value_or(0) : 3;
    const int padding = take_word(word, "p") ? kernel / 2 : 0;
    const bool keeps_size = padding == 0 || kernel % 2 == 1;
    if (kernel < 1 || !keeps_size || *channels > NetworkLimits::kChannels ||
        kernel > NetworkLimits::kWindow) {
      return false;
    }
    builder.conv(*channels, kernel, padding).batch_norm().relu();
  } else {
    return false;
  }
  return word.empty();
}

struct Fans {
  int in;
  int out;
};

void fill_evenly(std::span<float> values, Fans fans, Random& random) {
  const float limit = std::sqrt(6.0F / static_cast<float>(fans.in + fans.out));
  for (float& value : values) {
    value = random.uniform(-limit, limit);
  }
}

}  // namespace

std::span<const Architecture> architectures() {
  return kArchitectures;
}

const Architecture* find_architecture(std::string_view name) {
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == name) {
      return &architecture;
    }
  }
  return nullptr;
}

Result<TrainableNetwork> network_of_layers(std::string_view list) {
  NetworkBuilder builder(kTile);
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view word = list.substr(0, comma);
    if (!add_layer(builder, word)) {
      return Error{ErrorCode::kInvalidArgument, "'" + std::string(word) + "' is no layer"};
    }
    if (comma == list.size()) {
      break;
    }
    list.remove_prefix(comma + 1);
  }
  return builder.flatten().dense(10).softmax().build();
}

TrainableNetwork with_fresh_parameters(const TrainableNetwork& network, std::uint64_t seed) {
  Random random = Random::stream(seed, RandomStream::kParameters);
  std::vector<float> parameters(network.network().parameters().size());
  const auto fill = [&](ParameterSlice slice, Fans fans) {
    fill_evenly(std::span(parameters).subspan(slice.offset, slice.count), fans, random);
  };
  for (const Node& node : network.network().nodes()) {
    if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
      const int area = conv->window.kernel_height * conv->window.kernel_width;
      fill(conv->weights, {conv->in_channels * area, conv->out_channels * area});
    } else if (const auto* dense = std::get_if<Dense>(&node.op)) {
      fill(dense->weights, {dense->inputs, dense->outputs});
    }
  }
  return network.with_parameters(std::move(parameters)).value();
}

}  // namespace inkread
