// SPDX-License-Identifier: MIT
#include "engine/training/backpropagation.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"
#include "engine/nn/kernels/average_pool2d.hpp"
#include "engine/nn/kernels/conv2d.hpp"
#include "engine/nn/kernels/max_pool2d.hpp"
#include "engine/nn/kernels/vector_ops.hpp"
#include "engine/nn/kernels/winograd_conv2d.hpp"
#include "engine/training/batch_norm.hpp"
#include "engine/training/conv2d_backward.hpp"
#include "engine/training/dense_layer.hpp"
#include "engine/training/layers_backward.hpp"

namespace inkread {
namespace {

/// Images whose convolutions are computed together, so that weights are read from the first cache and what is
/// transformed stays in the second.
constexpr int kWinogradImages = 5;
/// How often the labels' loss counts where a teacher has no say.
constexpr float kUntaught = 2;

/// Where an image lies inside a larger one, and how far its pixels are spread there.
struct Placement {
  PixelLayout inner;
  PixelLayout outer;
  int top = 0;
  int left = 0;
  int spread_y = 1;
  int spread_x = 1;

  [[nodiscard]] bool is_identity() const { return inner.size() == outer.size(); }
};

/// Copies the inner image's pixels to their places in `outer`.
void place(const Placement& p, const float* inner, float* outer) {
  for (int y = 0; y < p.inner.height; ++y) {
    for (int x = 0; x < p.inner.width; ++x) {
      std::copy_n(inner + y * p.inner.row_stride + x * p.inner.pixel_stride, p.inner.pixel_stride,
                  outer + (p.top + y * p.spread_y) * p.outer.row_stride +
                      (p.left + x * p.spread_x) * p.outer.pixel_stride);
    }
  }
}

/// inner = the pixels of `outer` from (left, top) on, zero where `outer` ends before.
void crop(const PixelLayout& outer, int top, int left, const float* from, const PixelLayout& inner,
          float* to) {
  std::fill_n(to, inner.size(), 0.0F);
  for (int y = 0; y < std::min(inner.height, outer.height - top); ++y) {
    const int width = std::min(inner.width, outer.width - left);
    std::copy_n(from + (y + top) * outer.row_stride + left * outer.pixel_stride, width * inner.pixel_stride,
                to + y * inner.row_stride);
  }
}

struct ConvLayer {
  ParameterSlice weights;
  ParameterSlice bias;
  std::optional<TrainableNetwork::BatchNorm> norm;
  bool relu = false;
  bool needs_input_gradient = false;
  Placement input_border;  ///< the input within its padding
  ConvGeometry forward;    ///< over the padded input
  Placement
      gradient_border;  ///< the output's gradient spread by the stride, within kernel - 1 zeros on all sides
  ConvGeometry backward;  ///< from there to the part of the padded input that windows reach
  // By Winograd's algorithm where that is faster: from the input, and from the output's gradient, without
  // borders.
  std::optional<WinogradGeometry> fast_forward;
  std::optional<WinogradGeometry> fast_backward;
};
struct PoolLayer {
  Window window;
  PixelLayout in;
  PixelLayout out;
};
struct AveragePoolLayer {
  AveragePool2d op;
  PixelLayout in;
  PixelLayout out;
};
struct FlattenLayer {
  PixelLayout in;
};
struct DenseLayer {
  ParameterSlice weights;
  ParameterSlice bias;
  bool relu = false;
  bool needs_input_gradient = false;
};
struct ReluLayer {};
struct TanhLayer {};
struct DropoutLayer {
  float share = 0;
};

/// One layer turns value i into value i + 1.
using Layer = std::variant<ConvLayer, PoolLayer, AveragePoolLayer, FlattenLayer, DenseLayer, ReluLayer,
                           TanhLayer, DropoutLayer>;

ConvLayer make_conv_layer(const Conv2d& op, const PixelLayout& in, const PixelLayout& out, bool is_first) {
  const Window& w = op.window;
  ConvLayer layer;
  layer.weights = op.weights;
  layer.bias = op.bias;
  layer.needs_input_gradient = !is_first;

  PixelLayout padded = in;
  padded.height += w.pad_top + w.pad_bottom;
  padded.width += w.pad_left + w.pad_right;
  padded.row_stride = padded.width * padded.pixel_stride;
  layer.input_border = {in, padded, w.pad_top, w.pad_left, 1, 1};
  layer.forward = {padded, out, w.kernel_height, w.kernel_width, w.stride_y, w.stride_x};

  PixelLayout reached = padded;
  reached.height = (out.height - 1) * w.stride_y + w.kernel_height;
  reached.width = (out.width - 1) * w.stride_x + w.kernel_width;
  reached.row_stride = reached.width * reached.pixel_stride;

  PixelLayout spread = out;
  spread.height = reached.height + w.kernel_height - 1;
  spread.width = reached.width + w.kernel_width - 1;
  spread.row_stride = spread.width * spread.pixel_stride;
  layer.gradient_border = {out, spread, w.kernel_height - 1, w.kernel_width - 1, w.stride_y, w.stride_x};
  layer.backward = {spread, reached, w.kernel_height, w.kernel_width, 1, 1};

  const ConvGeometry forward{in, out, w.kernel_height, w.kernel_width, w.stride_y, w.stride_x};
  if (const auto tile = best_winograd_tile(forward)) {
    layer.fast_forward = WinogradGeometry{in, out, w.pad_top, w.pad_left, *tile};
  }
  const ConvGeometry backward{out, in, w.kernel_height, w.kernel_width, w.stride_y, w.stride_x};
  if (const auto tile = is_first ? std::nullopt : best_winograd_tile(backward)) {
    layer.fast_backward = WinogradGeometry{out, in, 2 - w.pad_top, 2 - w.pad_left, *tile};
  }
  return layer;
}

PixelLayout vector_layout(std::size_t size) {
  const int n = static_cast<int>(size);
  return {n, 1, 1, n, n};
}

Error untrainable(const Node& node, const char* why) {
  return {ErrorCode::kUnsupported,
          "node '" + node.name + "' (" + std::string(operator_name(node.op)) + "): " + why};
}

}  // namespace

struct Backpropagation::Plan {
  std::vector<Layer> layers;
  std::vector<std::size_t> value_sizes;  ///< floats an image, by value; the last one holds the logits
  std::size_t parameters = 0;
};

struct Backpropagation::Weights::State {
  std::shared_ptr<const Plan> plan;
  std::span<const float> parameters;
  struct Packed {
    AlignedBuffer forward;
    AlignedBuffer backward;
    AlignedBuffer bias;
  };
  std::vector<Packed> convolutions;  ///< by layer; empty for others
};

struct Backpropagation::Tape::State {
  int images = 0;
  std::vector<AlignedBuffer> values;     ///< by value, images x size
  std::vector<AlignedBuffer> gradients;  ///< by value, the same
  AlignedBuffer tempered;                ///< one image's logits
  struct ConvScratch {
    AlignedBuffer padded_inputs;     ///< images x padded input; empty without padding
    AlignedBuffer spread_gradient;   ///< one image; its border stays zero
    AlignedBuffer reached_gradient;  ///< one image
    AlignedBuffer transformed;       ///< what Winograd's algorithm needs for itself
    AlignedBuffer weights;
    AlignedBuffer bias;
    AlignedBuffer no_bias;  ///< zeros for the backward convolution
    // Of a batch-normalised convolution:
    AlignedBuffer before_norm;  ///< images x output
    AlignedBuffer mean;
    AlignedBuffer variance;
    AlignedBuffer inverse_deviation;
    AlignedBuffer factor;
    AlignedBuffer offset;
  };
  std::vector<ConvScratch> convolutions;  ///< by layer
};

namespace {

using Plan = Backpropagation::Plan;

/// Lines up a network's layers; each takes the value of the one before.
class PlanBuilder {
 public:
  explicit PlanBuilder(const TrainableNetwork& trainable)
      : trainable_(trainable), network_(trainable.network()), plan_(std::make_shared<Plan>()) {}

  Result<std::shared_ptr<const Plan>> build() {
    const auto nodes = network_.nodes();
    if (nodes.empty() || !std::holds_alternative<Softmax>(nodes.back().op)) {
      return Error{ErrorCode::kUnsupported, "only a network that ends in a Softmax can be trained"};
    }
    plan_->parameters = trainable_.parameter_count();
    layout_ = gray_layout(network_.input_shape().height, network_.input_shape().width);
    plan_->value_sizes.push_back(layout_.size());
    for (node_ = 0; node_ + 1 < nodes.size(); ++node_) {
      const Node& node = nodes[node_];
      if (node.inputs.size() != 1 || node.inputs.front() != node_) {
        return untrainable(node, "only a chain of nodes can be trained");
      }
      if (is_first() && !std::holds_alternative<Conv2d>(node.op) &&
          !std::holds_alternative<Flatten>(node.op)) {
        return untrainable(node, "training needs a convolution or a Flatten first");
      }
      const Status added = std::visit([&](const auto& op) { return add(op); }, node.op);
      if (!added.ok()) {
        return added.error();
      }
      for (const TrainableNetwork::Dropout& dropout : trainable_.dropouts()) {
        if (dropout.node == node_) {
          push(DropoutLayer{dropout.share}, layout_);
        }
      }
    }
    return std::shared_ptr<const Plan>(plan_);
  }

 private:
  [[nodiscard]] bool is_first() const { return plan_->layers.empty(); }
  [[nodiscard]] const Shape& shape() const { return network_.shape(static_cast<ValueId>(node_ + 1)); }
  [[nodiscard]] Error refusal(const char* why) const { return untrainable(network_.nodes()[node_], why); }

  void push(const Layer& layer, const PixelLayout& out) {
    plan_->layers.push_back(layer);
    plan_->value_sizes.push_back(out.size());
    layout_ = out;
  }

  Status add(const Conv2d& op) {
    if (op.groups != 1) {
      return refusal("a convolution in groups cannot be trained");
    }
    const PixelLayout out = padded_layout(shape());
    ConvLayer layer = make_conv_layer(op, layout_, out, is_first());
    for (const TrainableNetwork::BatchNorm& norm : trainable_.batch_norms()) {
      if (norm.node == node_) {
        layer.norm = norm;
      }
    }
    push(layer, out);
    return success();
  }
  Status add(const MaxPool2d& op) {
    const PixelLayout out = padded_layout(shape());
    push(PoolLayer{op.window, layout_, out}, out);
    return success();
  }
  Status add(const AveragePool2d& op) {
    const PixelLayout out = padded_layout(shape());
    push(AveragePoolLayer{op, layout_, out}, out);
    return success();
  }
  Status add(const Flatten& /*op*/) {
    push(FlattenLayer{layout_}, vector_layout(shape().volume()));
    return success();
  }
  Status add(const Dense& op) {
    push(DenseLayer{op.weights, op.bias, false, !is_first()}, vector_layout(shape().volume()));
    return success();
  }
  Status add(const Relu& /*op*/) {
    // A convolution or dense layer does the Relu behind it itself.
    if (auto* conv = std::get_if<ConvLayer>(&plan_->layers.back())) {
      conv->relu = true;
    } else if (auto* dense = std::get_if<DenseLayer>(&plan_->layers.back())) {
      dense->relu = true;
    } else {
      push(ReluLayer{}, layout_);
    }
    return success();
  }
  Status add(const Tanh& /*op*/) {
    push(TanhLayer{}, layout_);
    return success();
  }
  Status add(const Softmax& /*op*/) { return refusal("cannot be trained before the end of the network"); }
  Status add(const Sigmoid& /*op*/) { return refusal("cannot be trained"); }
  Status add(const Add& /*op*/) { return refusal("cannot be trained"); }

  const TrainableNetwork& trainable_;
  const Network& network_;
  std::shared_ptr<Plan> plan_;
  PixelLayout layout_;
  std::size_t node_ = 0;
};

}  // namespace

Result<Backpropagation> Backpropagation::create(const TrainableNetwork& network) {
  Result<std::shared_ptr<const Plan>> plan = PlanBuilder(network).build();
  if (!plan.ok()) {
    return plan.error();
  }
  return Backpropagation(std::move(plan).value());
}

Backpropagation::Backpropagation(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

Backpropagation::Weights::Weights(const Backpropagation& structure) : state_(std::make_unique<State>()) {
  state_->plan = structure.plan_;
  for (const Layer& layer : structure.plan_->layers) {
    State::Packed& packed = state_->convolutions.emplace_back();
    if (const auto* conv = std::get_if<ConvLayer>(&layer)) {
      packed.forward = AlignedBuffer(conv->fast_forward ? packed_winograd_size(*conv->fast_forward)
                                                        : packed_conv2d_size(conv->forward));
      packed.bias = AlignedBuffer(static_cast<std::size_t>(conv->forward.out.pixel_stride));
      if (conv->needs_input_gradient) {
        packed.backward = AlignedBuffer(conv->fast_backward ? packed_winograd_size(*conv->fast_backward)
                                                            : packed_conv2d_size(conv->backward));
      }
    }
  }
}

Backpropagation::Weights::~Weights() = default;

void Backpropagation::Weights::assign(std::span<const float> parameters) {
  assert(parameters.size() == state_->plan->parameters);
  state_->parameters = parameters;
  for (std::size_t i = 0; i < state_->convolutions.size(); ++i) {
    const auto* conv = std::get_if<ConvLayer>(&state_->plan->layers[i]);
    if (conv == nullptr) {
      continue;
    }
    State::Packed& packed = state_->convolutions[i];
    const auto weights = parameters.subspan(conv->weights.offset, conv->weights.count);
    const auto bias = parameters.subspan(conv->bias.offset, conv->bias.count);
    if (conv->fast_forward) {
      pack_winograd_weights(*conv->fast_forward, weights, packed.forward.span());
    } else {
      pack_conv2d_weights(conv->forward, weights, packed.forward.span());
    }
    if (conv->fast_backward) {
      pack_winograd_weights_transposed(*conv->fast_backward, weights, packed.backward.span());
    } else if (conv->needs_input_gradient) {
      pack_conv2d_weights_transposed(conv->backward, weights, packed.backward.span());
    }
    if (!conv->norm) {  // otherwise the normalisation adds it
      std::copy(bias.begin(), bias.end(), packed.bias.data());
    }
  }
}

Backpropagation::Tape::Tape(const Backpropagation& structure, int images)
    : state_(std::make_unique<State>()) {
  const Plan& plan = *structure.plan_;
  const auto n = static_cast<std::size_t>(images);
  state_->images = images;
  state_->tempered = AlignedBuffer(plan.value_sizes.back());
  for (const std::size_t size : plan.value_sizes) {
    state_->values.emplace_back(n * size);
    state_->gradients.emplace_back(n * size);
  }
  for (const Layer& layer : plan.layers) {
    State::ConvScratch& scratch = state_->convolutions.emplace_back();
    const auto* conv = std::get_if<ConvLayer>(&layer);
    if (conv == nullptr) {
      continue;
    }
    const ConvGeometry& forward = conv->forward;
    scratch.weights = AlignedBuffer(conv2d_gradient_size(forward));
    scratch.bias = AlignedBuffer(static_cast<std::size_t>(forward.out.pixel_stride));
    std::size_t transformed = 0;
    for (const auto& winograd : {conv->fast_forward, conv->fast_backward}) {
      if (winograd) transformed = std::max(transformed, winograd_scratch_size(*winograd, kWinogradImages));
    }
    scratch.transformed = AlignedBuffer(transformed);
    if (conv->norm) {
      scratch.before_norm = AlignedBuffer(n * forward.out.size());
      for (AlignedBuffer* channels :
           {&scratch.mean, &scratch.variance, &scratch.inverse_deviation, &scratch.factor, &scratch.offset}) {
        *channels = AlignedBuffer(static_cast<std::size_t>(forward.out.pixel_stride));
      }
    }
    if (!conv->input_border.is_identity()) {
      scratch.padded_inputs = AlignedBuffer(n * forward.in.size());
    }
    if (conv->needs_input_gradient) {
      scratch.no_bias = AlignedBuffer(static_cast<std::size_t>(conv->backward.out.pixel_stride));
      if (!conv->fast_backward) {
        scratch.spread_gradient = AlignedBuffer(conv->backward.in.size());
        scratch.reached_gradient = AlignedBuffer(conv->backward.out.size());
      }
    }
  }
}

Backpropagation::Tape::~Tape() = default;
Backpropagation::Tape::Tape(Tape&&) noexcept = default;

/// One run over a batch: its layers forward, the loss, its layers backward.
class Backpropagation::Pass {
 public:
  Pass(const Plan& plan, const Weights::State& weights, Tape::State& tape, const Batch& batch,
       std::span<float> gradient)
      : plan_(plan), weights_(weights), tape_(tape), batch_(batch), gradient_(gradient) {
    images_ = static_cast<int>(batch.images.size() / plan.value_sizes.front());
    assert(images_ <= tape.images);
  }

  Outcome run() {
    std::copy(batch_.images.begin(), batch_.images.end(), tape_.values.front().data());
    for (layer_ = 0; layer_ < plan_.layers.size(); ++layer_) {
      std::visit([&](const auto& layer) { forward(layer); }, plan_.layers[layer_]);
    }
    const Outcome outcome = loss();
    for (layer_ = plan_.layers.size(); layer_-- > 0;) {
      std::visit([&](const auto& layer) { backward(layer); }, plan_.layers[layer_]);
    }
    return outcome;
  }

 private:
  // The present layer's input, output and their gradients: one image, or all side by side.
  [[nodiscard]] std::size_t in_size() const { return plan_.value_sizes[layer_]; }
  [[nodiscard]] std::size_t out_size() const { return plan_.value_sizes[layer_ + 1]; }
  [[nodiscard]] const float* x(int image) const {
    return tape_.values[layer_].data() + offset(image, in_size());
  }
  [[nodiscard]] float* y(int image) const {
    return tape_.values[layer_ + 1].data() + offset(image, out_size());
  }
  [[nodiscard]] float* dx(int image) const {
    return tape_.gradients[layer_].data() + offset(image, in_size());
  }
  [[nodiscard]] float* dy(int image) const {
    return tape_.gradients[layer_ + 1].data() + offset(image, out_size());
  }
  [[nodiscard]] std::span<const float> all_x() const { return {x(0), offset(images_, in_size())}; }
  [[nodiscard]] std::span<float> all_y() const { return {y(0), offset(images_, out_size())}; }
  [[nodiscard]] std::span<float> all_dx() const { return {dx(0), offset(images_, in_size())}; }
  [[nodiscard]] std::span<float> all_dy() const { return {dy(0), offset(images_, out_size())}; }
  static std::size_t offset(int image, std::size_t size) { return static_cast<std::size_t>(image) * size; }

  [[nodiscard]] std::span<const float> parameters(ParameterSlice slice) const {
    return weights_.parameters.subspan(slice.offset, slice.count);
  }
  [[nodiscard]] std::span<float> gradient(ParameterSlice slice) const {
    return gradient_.subspan(slice.offset, slice.count);
  }

  /// The convolution's input within its padding.
  [[nodiscard]] const float* bordered_x(const ConvLayer& layer, int image) const {
    const bool padded = !layer.input_border.is_identity();
    return padded ? scratch().padded_inputs.data() + offset(image, layer.forward.in.size()) : x(image);
  }
  [[nodiscard]] Tape::State::ConvScratch& scratch() const { return tape_.convolutions[layer_]; }

  void forward(const ConvLayer& layer) {
    const auto& packed = weights_.convolutions[layer_];
    const std::size_t size = layer.forward.out.size();
    const bool relu = layer.relu && !layer.norm;
    float* output = layer.norm ? scratch().before_norm.data() : y(0);
    if (!layer.input_border.is_identity()) {  // the weight's gradient needs it too
      for (int i = 0; i < images_; ++i) {
        place(layer.input_border, x(i), scratch().padded_inputs.data() + offset(i, layer.forward.in.size()));
      }
    }
    if (layer.fast_forward) {
      run_winograd(*layer.fast_forward, packed.forward, packed.bias, relu, x(0), output);
    } else {
      for (int i = 0; i < images_; ++i) {
        conv2d_forward(layer.forward, packed.forward.data(), packed.bias.data(), relu, bordered_x(layer, i),
                       output + offset(i, size));
      }
    }
    if (layer.norm) {
      normalize(layer);
    }
  }

  /// All images, some at a time, side by side before and behind.
  void run_winograd(const WinogradGeometry& g, const AlignedBuffer& packed, const AlignedBuffer& bias,
                    bool relu, const float* input, float* output) const {
    for (int first = 0; first < images_; first += kWinogradImages) {
      const ImageBatch batch{std::min(kWinogradImages, images_ - first), g.in.size(), g.out.size()};
      winograd_conv2d_forward(g, batch, packed.data(), bias.data(), relu, input + offset(first, g.in.size()),
                              output + offset(first, g.out.size()), scratch().transformed.data());
    }
  }

  void normalize(const ConvLayer& layer) {
    Tape::State::ConvScratch& s = scratch();
    const PixelLayout& out = layer.forward.out;
    batch_statistics(images_, out, s.before_norm.data(), s.mean.span(), s.variance.span());
    const auto scale = parameters(layer.norm->scale);
    const auto bias = parameters(layer.bias);
    const float weight = batch_.scale * static_cast<float>(images_);
    for (std::size_t c = 0; c < scale.size(); ++c) {
      const float inverse = 1 / std::sqrt(s.variance.data()[c] + TrainableNetwork::kEpsilon);
      s.inverse_deviation.data()[c] = inverse;
      s.factor.data()[c] = scale[c] * inverse;
      s.offset.data()[c] = bias[c] - s.mean.data()[c] * scale[c] * inverse;
      gradient(layer.norm->mean)[c] += weight * s.mean.data()[c];
      gradient(layer.norm->variance)[c] += weight * s.variance.data()[c];
    }
    scale_channels(images_, out, s.before_norm.data(), s.factor.span(), s.offset.span(), layer.relu, y(0));
  }
  void forward(const PoolLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      max_pool2d_forward(layer.window, layer.in, layer.out, x(i), y(i));
    }
  }
  void forward(const AveragePoolLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      average_pool2d_forward(layer.op, layer.in, layer.out, x(i), y(i));
    }
  }
  void forward(const FlattenLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      flatten_forward(layer.in, x(i), y(i));
    }
  }
  void forward(const DenseLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      dense_forward(parameters(layer.weights), parameters(layer.bias), layer.relu, {x(i), in_size()},
                    {y(i), out_size()});
    }
  }
  void forward(const ReluLayer& /*layer*/) { relu_forward(all_x(), all_y()); }
  void forward(const TanhLayer& /*layer*/) { tanh_forward(all_x(), all_y()); }
  void forward(const DropoutLayer& layer) { drop_out(layer, all_x(), all_y()); }

  /// The same numbers are left out in the forward and in the backward pass.
  void drop_out(const DropoutLayer& layer, std::span<const float> from, std::span<float> to) const {
    Random random = Random::stream(batch_.dropout_seed, layer_);
    for (std::size_t i = 0; i < from.size(); ++i) {
      to[i] = random.uniform(0, 1) < layer.share ? 0.0F : from[i] / (1 - layer.share);
    }
  }

  /// Also starts the backward pass with the loss's derivative by the logits.
  Outcome loss() {
    Outcome outcome;
    const std::size_t classes = plan_.value_sizes.back();
    const Teaching& teaching = batch_.teaching;
    for (int i = 0; i < images_; ++i) {
      const std::span<const float> logits(tape_.values.back().data() + offset(i, classes), classes);
      const std::span<float> gradient(tape_.gradients.back().data() + offset(i, classes), classes);
      const std::span<const float> target = batch_.targets.subspan(offset(i, classes), classes);
      const bool is_taught = teaching.share > 0 && teaching.taught[static_cast<std::size_t>(i)] != 0;
      const float labels_share = is_taught ? 1 - teaching.share : teaching.share > 0 ? kUntaught : 1;
      outcome.loss += static_cast<double>(labels_share * softmax_cross_entropy(logits, target, gradient));
      outcome.correct += is_correct(gradient, target) ? 1 : 0;
      for (std::size_t c = 0; c < classes; ++c) {
        gradient[c] = (gradient[c] - target[c]) * batch_.scale * labels_share;
      }
      if (is_taught) {
        outcome.loss += learn(logits, teaching.targets.subspan(offset(i, classes), classes), gradient);
      }
    }
    return outcome;
  }

  static bool is_correct(std::span<const float> p, std::span<const float> target) {
    const auto guess = std::max_element(p.begin(), p.end());
    const auto [least, most] = std::minmax_element(target.begin(), target.end());
    return *least == *most ? *guess < 0.5F : guess - p.begin() == most - target.begin();
  }

  /// Adds the teacher's part of the loss's derivative; its part of the loss.
  double learn(std::span<const float> logits, std::span<const float> target,
               std::span<float> gradient) const {
    const float t = batch_.teaching.temperature;
    double entropy = 0;
    for (const float q : target) {
      entropy -= q > 0 ? static_cast<double>(q) * std::log(static_cast<double>(q)) : 0;
    }
    const std::span<float> p = tape_.tempered.span();
    std::transform(logits.begin(), logits.end(), p.begin(), [&](float logit) { return logit / t; });
    const float cross_entropy = softmax_cross_entropy(p, target, p);
    for (std::size_t c = 0; c < p.size(); ++c) {
      gradient[c] += (p[c] - target[c]) * t * batch_.scale * batch_.teaching.share;
    }
    return static_cast<double>(batch_.teaching.share * t * t) *
           (static_cast<double>(cross_entropy) - entropy);
  }

  void backward(const ConvLayer& layer) {
    if (layer.norm) {
      Tape::State::ConvScratch& s = scratch();
      batch_norm_backward(images_, layer.forward.out,
                          {s.mean.span(), s.inverse_deviation.span(), s.factor.span()}, s.before_norm.data(),
                          layer.relu ? y(0) : nullptr, dy(0), gradient(layer.norm->scale),
                          gradient(layer.bias));
    } else if (layer.relu) {
      relu_backward(all_y(), all_dy());
    }
    Tape::State::ConvScratch& s = scratch();
    std::fill_n(s.weights.data(), s.weights.size(), 0.0F);
    std::fill_n(s.bias.data(), s.bias.size(), 0.0F);
    for (int i = 0; i < images_; ++i) {
      conv2d_weight_gradient(layer.forward, bordered_x(layer, i), dy(i), s.weights.data(), s.bias.data());
      if (layer.needs_input_gradient && !layer.fast_backward) {
        input_gradient(layer, i);
      }
    }
    if (layer.fast_backward) {
      run_winograd(*layer.fast_backward, weights_.convolutions[layer_].backward, s.no_bias, false, dy(0),
                   dx(0));
    }
    unpack_conv2d_gradient(layer.forward, s.weights.span(), gradient(layer.weights));
    if (!layer.norm) {
      const std::span<float> bias = gradient(layer.bias);
      for (std::size_t c = 0; c < bias.size(); ++c) {
        bias[c] += s.bias.data()[c];
      }
    }
  }

  void input_gradient(const ConvLayer& layer, int image) {
    Tape::State::ConvScratch& s = scratch();
    const ConvGeometry& g = layer.backward;
    place(layer.gradient_border, dy(image), s.spread_gradient.data());
    const bool direct = layer.input_border.is_identity() && g.out.size() == in_size();
    float* reached = direct ? dx(image) : s.reached_gradient.data();
    conv2d_forward(g, weights_.convolutions[layer_].backward.data(), s.no_bias.data(), false,
                   s.spread_gradient.data(), reached);
    if (!direct) {
      crop(g.out, layer.input_border.top, layer.input_border.left, reached, layer.input_border.inner,
           dx(image));
    }
  }

  void backward(const PoolLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      max_pool2d_backward(layer.window, layer.in, layer.out, x(i), y(i), dy(i), dx(i));
    }
  }
  void backward(const AveragePoolLayer& layer) {
    for (int i = 0; i < images_; ++i) {
      average_pool2d_backward(layer.op, layer.in, layer.out, dy(i), dx(i));
    }
  }
  void backward(const FlattenLayer& layer) {
    if (layer_ == 0) {
      return;  // nobody asks for the input's gradient
    }
    for (int i = 0; i < images_; ++i) {
      flatten_backward(layer.in, dy(i), dx(i));
    }
  }
  void backward(const DenseLayer& layer) {
    if (layer.relu) {
      relu_backward(all_y(), all_dy());
    }
    dense_backward(images_, parameters(layer.weights), all_x(), all_dy(), gradient(layer.weights),
                   gradient(layer.bias), layer.needs_input_gradient ? all_dx() : std::span<float>{});
  }
  void backward(const ReluLayer& /*layer*/) {
    std::copy_n(dy(0), all_dy().size(), dx(0));
    relu_backward(all_y(), all_dx());
  }
  void backward(const TanhLayer& /*layer*/) { tanh_backward(all_y(), all_dy(), all_dx()); }
  void backward(const DropoutLayer& layer) { drop_out(layer, all_dy(), all_dx()); }

  const Plan& plan_;
  const Weights::State& weights_;
  Tape::State& tape_;
  const Batch& batch_;
  std::span<float> gradient_;
  int images_ = 0;
  std::size_t layer_ = 0;
};

Backpropagation::Outcome Backpropagation::run(const Weights& weights, Tape& tape, const Batch& batch,
                                              std::span<float> gradient) const {
  return Pass(*plan_, *weights.state_, *tape.state_, batch, gradient).run();
}

}  // namespace inkread
