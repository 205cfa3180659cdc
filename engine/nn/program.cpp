// SPDX-License-Identifier: MIT
#include "engine/nn/program.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/nn/kernels/average_pool2d.hpp"
#include "engine/nn/kernels/conv2d.hpp"
#include "engine/nn/kernels/grouped_conv2d.hpp"
#include "engine/nn/kernels/max_pool2d.hpp"
#include "engine/nn/kernels/simd.hpp"
#include "engine/nn/kernels/vector_ops.hpp"
#include "engine/nn/kernels/winograd_conv2d.hpp"
#include "engine/nn/memory_planner.hpp"

namespace inkread {
namespace {

using BufferId = std::size_t;

/// Copies an image into a larger or wider laid out one, zeros around it.
struct PadStep {
  PixelLayout in;
  PixelLayout out;
  int top;
  int left;
};
struct ConvStep {
  ConvGeometry geometry;
  std::size_t weights;  ///< offset in the plan's parameters, as are the others
  std::size_t bias;
  bool relu;
  int groups;
};
/// A convolution by Winograd's algorithm, of all images at once.
struct WinogradStep {
  WinogradGeometry geometry;
  std::size_t weights;
  std::size_t bias;
  bool relu;
  BufferId scratch;
};
struct MaxPoolStep {
  Window window;
  PixelLayout in;
  PixelLayout out;
};
struct AveragePoolStep {
  AveragePool2d pool;
  PixelLayout in;
  PixelLayout out;
};
struct FlattenStep {
  PixelLayout in;
};
struct ReluStep {};
struct TanhStep {};
struct SigmoidStep {
  PixelLayout layout;
};
/// Adds another buffer to `from`, which has the same layout.
struct AddStep {
  BufferId other;
  bool relu;
};
struct SoftmaxStep {
  std::size_t count;
};

struct Step {
  std::variant<PadStep, ConvStep, WinogradStep, MaxPoolStep, AveragePoolStep, FlattenStep, ReluStep, TanhStep,
               SigmoidStep, AddStep, SoftmaxStep>
      action;
  BufferId from;
  BufferId to;
};

/// Buffer 0 is the caller's input and the last one the caller's output; those between lie in the Workspace.
constexpr BufferId kInput = 0;

/// Images run together as long as their buffers stay in the second cache, in floats.
constexpr std::size_t kWorkspaceBudget = 1 << 18;
constexpr std::size_t kMostImagesAtOnce = 8;

}  // namespace

struct Program::Plan {
  std::size_t input_size = 0;
  std::size_t output_size = 0;
  AlignedBuffer parameters;
  std::vector<Step> steps;
  std::size_t images_at_once = 1;
  std::vector<std::size_t> buffer_sizes;    ///< by BufferId, floats an image
  std::vector<std::size_t> buffer_offsets;  ///< by BufferId, in the Workspace
  std::size_t workspace_size = 0;
};

namespace {

/// Turns a Network's nodes into steps: one value after another gets a buffer and a layout.
class Compiler {
 public:
  explicit Compiler(const Network& network) : network_(network), uses_(network.nodes().size() + 1) {
    for (const Node& node : network.nodes()) {
      for (const ValueId input : node.inputs) {
        ++uses_[input];
      }
    }
    const Shape& input = network.input_shape();
    values_.push_back({add_buffer(input.volume()), gray_layout(input.height, input.width)});
  }

  void compile() {
    for (std::size_t i = 0; i < network_.nodes().size(); ++i) {
      const Node& node = network_.nodes()[i];
      const Value from = values_[node.inputs.front()];
      if (fused_nodes_ > 0) {  // a step before has done it
        --fused_nodes_;
        values_.push_back(from);
        continue;
      }
      std::visit([&](const auto& op) { emit(op, i, from); }, node.op);
    }
    // Whatever the last value's layout, the caller gets channels x height x width without gaps.
    emit_flatten(values_.back());
  }

  std::vector<Step> steps;
  std::vector<std::size_t> buffer_sizes;
  std::vector<float> parameters;

 private:
  struct Value {
    BufferId buffer = 0;
    PixelLayout layout;
  };

  BufferId add_buffer(std::size_t size) {
    buffer_sizes.push_back(size);
    return buffer_sizes.size() - 1;
  }

  /// Room for `size` parameters on a cache line's boundary.
  std::size_t add_parameters(std::size_t size) {
    const std::size_t offset = (parameters.size() + 15) / 16 * 16;
    parameters.resize(offset + size);
    return offset;
  }

  /// A layer's bias, zero for padding channels and where there is none.
  std::size_t add_bias(ParameterSlice slice, const PixelLayout& out) {
    const std::size_t offset = add_parameters(static_cast<std::size_t>(out.pixel_stride));
    const auto from = network_.parameters(slice);
    std::copy(from.begin(), from.end(), parameters.begin() + static_cast<std::ptrdiff_t>(offset));
    return offset;
  }

  /// The operator right behind node i if nothing else takes node i's value.
  [[nodiscard]] const Operator* only_consumer(std::size_t i) const {
    const std::size_t next = i + 1;
    return next < network_.nodes().size() && uses_[next] == 1 && network_.nodes()[next].inputs.front() == next
               ? &network_.nodes()[next].op
               : nullptr;
  }

  /// Whether the value of node i only goes into a Relu right behind it, which its step then does.
  bool fuse_relu(std::size_t i) {
    const Operator* next = only_consumer(i);
    const bool relu = next != nullptr && std::holds_alternative<Relu>(*next);
    fused_nodes_ += relu ? 1 : 0;
    return relu;
  }

  /// The layout of node i's value, less the last rows and columns if a pool, alone behind it, sees none of
  /// them.
  [[nodiscard]] PixelLayout seen_layout(std::size_t i) const {
    Shape shape = network_.shape(static_cast<ValueId>(i + 1));
    const Operator* next = only_consumer(i);
    const Window* window = nullptr;
    if (const auto* max = next == nullptr ? nullptr : std::get_if<MaxPool2d>(next)) window = &max->window;
    if (const auto* average = next == nullptr ? nullptr : std::get_if<AveragePool2d>(next)) {
      window = &average->window;
    }
    if (window != nullptr) {
      const Shape& pooled = network_.shape(static_cast<ValueId>(i + 2));
      const auto seen = [](int extent, int windows, int stride, int kernel, int pad) {
        return std::min(extent, (windows - 1) * stride + kernel - pad);
      };
      shape.height =
          seen(shape.height, pooled.height, window->stride_y, window->kernel_height, window->pad_top);
      shape.width = seen(shape.width, pooled.width, window->stride_x, window->kernel_width, window->pad_left);
    }
    return padded_layout(shape);
  }

  void emit(const Conv2d& op, std::size_t i, Value from) {
    const Window& window = op.window;
    assert(op.groups == 1 || from.layout.pixel_stride % simd::kLanes == 0);  // only a grey image has not
    const bool relu = fuse_relu(i);
    const std::size_t last = relu ? i + 1 : i;
    PixelLayout out = seen_layout(last);
    ConvGeometry geometry{from.layout,    out, window.kernel_height, window.kernel_width, window.stride_y,
                          window.stride_x};
    const auto tile = op.groups == 1 ? best_winograd_tile(geometry) : std::nullopt;

    const Operator* next = only_consumer(last);
    const auto* pool = next == nullptr ? nullptr : std::get_if<MaxPool2d>(next);
    const bool pooled = pool != nullptr && pool->window == Window{2, 2, 2, 2} && op.groups == 1 &&
                        (tile ? *tile % 2 == 0 : can_max_pool(geometry));
    if (pooled) {
      out = padded_layout(network_.shape(static_cast<ValueId>(last + 2)));
      ++fused_nodes_;
    }

    const std::size_t bias = add_bias(op.bias, out);
    const BufferId to = add_buffer(out.size());
    if (tile) {
      const WinogradGeometry winograd{from.layout, out, window.pad_top, window.pad_left, *tile, pooled};
      const std::size_t size = packed_winograd_size(winograd);
      const std::size_t weights = add_parameters(size);
      pack_winograd_weights(winograd, network_.parameters(op.weights),
                            std::span(parameters).subspan(weights, size));
      const BufferId scratch = add_buffer(winograd_scratch_size(winograd, 1));
      steps.push_back({WinogradStep{winograd, weights, bias, relu, scratch}, from.buffer, to});
    } else {
      if (window.pad_top + window.pad_left + window.pad_bottom + window.pad_right > 0) {
        from = in_border(from, window);
      }
      geometry.in = from.layout;
      geometry.out = out;
      geometry.max_pooled = pooled;
      const std::size_t weights = pack_weights(op, geometry);
      steps.push_back({ConvStep{geometry, weights, bias, relu, op.groups}, from.buffer, to});
    }
    values_.push_back({to, out});
  }

  /// Adds the convolution's weights as its kernel takes them.
  std::size_t pack_weights(const Conv2d& op, const ConvGeometry& geometry) {
    const bool grouped = op.groups > 1;
    const std::size_t size =
        grouped ? packed_grouped_conv2d_size(geometry, op.groups) : packed_conv2d_size(geometry);
    const std::size_t offset = add_parameters(size);
    const std::span<float> packed = std::span(parameters).subspan(offset, size);
    if (grouped) {
      pack_grouped_conv2d_weights(geometry, op.groups, network_.parameters(op.weights), packed);
    } else {
      pack_conv2d_weights(geometry, network_.parameters(op.weights), packed);
    }
    return offset;
  }

  void emit(const MaxPool2d& op, std::size_t i, Value from) { emit_pool<MaxPoolStep>(op.window, i, from); }

  void emit(const AveragePool2d& op, std::size_t i, Value from) { emit_pool<AveragePoolStep>(op, i, from); }

  /// A step that takes numbers one by one, and keeps their layout.
  template <typename NumberStep>
  void emit_in_layout(NumberStep step, Value from) {
    const BufferId to = add_buffer(from.layout.size());
    steps.push_back({step, from.buffer, to});
    values_.push_back({to, from.layout});
  }

  /// A pool's step: its settings, and the layouts that it works from and to.
  template <typename PoolStep, typename Settings>
  void emit_pool(const Settings& settings, std::size_t i, Value from) {
    from = in_whole_vectors(from);
    const PixelLayout out = padded_layout(network_.shape(static_cast<ValueId>(i + 1)));
    const BufferId to = add_buffer(out.size());
    steps.push_back({PoolStep{settings, from.layout, out}, from.buffer, to});
    values_.push_back({to, out});
  }

  void emit(const Flatten& /*op*/, std::size_t i, Value from) {
    const Operator* next = only_consumer(i);
    if (next != nullptr && std::holds_alternative<Dense>(*next)) {  // which takes the image as it is
      values_.push_back(from);
    } else {
      emit_flatten(from);
    }
  }

  void emit_flatten(Value from) {
    const PixelLayout& in = from.layout;
    const int volume = in.channels * in.height * in.width;
    const BufferId to = add_buffer(static_cast<std::size_t>(volume));
    steps.push_back({FlattenStep{in}, from.buffer, to});
    values_.push_back({to, PixelLayout{volume, 1, 1, volume, volume}});
  }

  /// A dense layer is a convolution whose window is the whole image.
  void emit(const Dense& op, std::size_t i, Value from) {
    const PixelLayout out = padded_layout({op.outputs, 1, 1});
    const ConvGeometry geometry{from.layout, out, from.layout.height, from.layout.width, 1, 1};
    const std::size_t size = packed_conv2d_size(geometry);
    const std::size_t weights = add_parameters(size);
    pack_conv2d_weights(geometry, network_.parameters(op.weights),
                        std::span(parameters).subspan(weights, size));
    const std::size_t bias = add_bias(op.bias, out);
    const BufferId to = add_buffer(out.size());
    steps.push_back({ConvStep{geometry, weights, bias, fuse_relu(i), 1}, from.buffer, to});
    values_.push_back({to, out});
  }

  void emit(const Relu& /*op*/, std::size_t /*i*/, Value from) { emit_in_layout(ReluStep{}, from); }

  void emit(const Tanh& /*op*/, std::size_t /*i*/, Value from) { emit_in_layout(TanhStep{}, from); }

  void emit(const Sigmoid& /*op*/, std::size_t /*i*/, Value from) {
    emit_in_layout(SigmoidStep{from.layout}, from);
  }

  void emit(const Add& /*op*/, std::size_t i, Value from) {
    Value other = values_[network_.nodes()[i].inputs.back()];
    if (from.layout.pixel_stride != other.layout.pixel_stride) {  // only one of them has the input's layout
      from = in_whole_vectors(from);
      other = in_whole_vectors(other);
    }
    emit_in_layout(AddStep{other.buffer, fuse_relu(i)}, from);
  }

  void emit(const Softmax& /*op*/, std::size_t i, Value from) {
    const PixelLayout out = padded_layout(network_.shape(static_cast<ValueId>(i + 1)));
    const BufferId to = add_buffer(out.size());
    steps.push_back({SoftmaxStep{static_cast<std::size_t>(out.channels)}, from.buffer, to});
    values_.push_back({to, out});
  }

  /// The image with its pixels padded to whole vectors, which the network's input has not.
  Value in_whole_vectors(Value image) {
    return image.layout.pixel_stride % simd::kLanes == 0
               ? image
               : emit_padding(image,
                              padded_layout({image.layout.channels, image.layout.height, image.layout.width}),
                              {});
  }

  /// The image within a window's padding, its pixels as they were.
  Value in_border(Value image, const Window& window) {
    const PixelLayout& in = image.layout;
    const int height = in.height + window.pad_top + window.pad_bottom;
    const int width = in.width + window.pad_left + window.pad_right;
    return emit_padding(image, {in.channels, height, width, in.pixel_stride, in.pixel_stride * width},
                        window);
  }

  Value emit_padding(Value from, const PixelLayout& out, const Window& window) {
    const BufferId to = add_buffer(out.size());
    steps.push_back({PadStep{from.layout, out, window.pad_top, window.pad_left}, from.buffer, to});
    return {to, out};
  }

  const Network& network_;
  std::vector<int> uses_;      ///< by ValueId
  std::vector<Value> values_;  ///< by ValueId
  int fused_nodes_ = 0;        ///< nodes to come that a step has done already
};

void pad(const PadStep& step, const float* input, float* output) {
  std::fill_n(output, step.out.size(), 0.0F);
  for (int y = 0; y < step.in.height; ++y) {
    for (int x = 0; x < step.in.width; ++x) {
      std::copy_n(input + y * step.in.row_stride + x * step.in.pixel_stride, step.in.channels,
                  output + (y + step.top) * step.out.row_stride + (x + step.left) * step.out.pixel_stride);
    }
  }
}

/// Some images on their way through a plan.
class Pass {
 public:
  Pass(const Program::Plan& plan, float* workspace, std::size_t images, const float* input, float* output)
      : plan_(plan), workspace_(workspace), images_(images), input_(input), output_(output) {}

  void run() {
    for (const Step& step : plan_.steps) {
      step_ = &step;
      std::visit([&](const auto& action) { run(action); }, step.action);
    }
  }

 private:
  using From = std::span<const float>;
  using To = std::span<float>;

  [[nodiscard]] const float* parameters(std::size_t offset) const { return plan_.parameters.data() + offset; }

  [[nodiscard]] To buffer(BufferId id, std::size_t image) const {
    const std::size_t size = plan_.buffer_sizes[id];
    if (id + 1 == plan_.buffer_sizes.size()) {
      return {output_ + image * size, size};
    }
    return {workspace_ + plan_.buffer_offsets[id] + image * image_stride(size), size};
  }
  [[nodiscard]] From source(BufferId id, std::size_t image) const {
    const std::size_t size = plan_.buffer_sizes[id];
    return id == kInput ? From{input_ + image * size, size} : From(buffer(id, image));
  }

  /// Calls work(from, to) for each image.
  template <typename Work>
  void each(Work work) const {
    for (std::size_t image = 0; image < images_; ++image) {
      work(source(step_->from, image), buffer(step_->to, image));
    }
  }

  void run(const PadStep& s) const {
    each([&](From from, To to) { pad(s, from.data(), to.data()); });
  }
  void run(const ConvStep& s) const {
    const float* weights = parameters(s.weights);
    const float* bias = parameters(s.bias);
    each([&](From from, To to) {
      if (s.groups > 1) {
        grouped_conv2d_forward(s.geometry, s.groups, weights, bias, s.relu, from.data(), to.data());
      } else {
        conv2d_forward(s.geometry, weights, bias, s.relu, from.data(), to.data());
      }
    });
  }
  void run(const WinogradStep& s) const {
    const WinogradGeometry& g = s.geometry;
    const ImageBatch batch{static_cast<int>(images_), image_stride(g.in.size()), image_stride(g.out.size())};
    winograd_conv2d_forward(g, batch, parameters(s.weights), parameters(s.bias), s.relu,
                            source(step_->from, 0).data(), buffer(step_->to, 0).data(),
                            buffer(s.scratch, 0).data());
  }
  void run(const MaxPoolStep& s) const {
    each([&](From from, To to) { max_pool2d_forward(s.window, s.in, s.out, from.data(), to.data()); });
  }
  void run(const AveragePoolStep& s) const {
    each([&](From from, To to) { average_pool2d_forward(s.pool, s.in, s.out, from.data(), to.data()); });
  }
  void run(const FlattenStep& s) const {
    each([&](From from, To to) { flatten_forward(s.in, from.data(), to.data()); });
  }
  void run(const ReluStep& /*s*/) const { each(relu_forward); }
  void run(const TanhStep& /*s*/) const { each(tanh_forward); }
  void run(const SigmoidStep& s) const {
    each([&](From from, To to) { sigmoid_forward(s.layout, from.data(), to.data()); });
  }
  void run(const AddStep& s) const {
    for (std::size_t image = 0; image < images_; ++image) {
      add_forward(source(step_->from, image), source(s.other, image), s.relu, buffer(step_->to, image));
    }
  }
  void run(const SoftmaxStep& s) const {
    each([&](From from, To to) { softmax_forward(from.first(s.count), to.first(s.count)); });
  }

  const Program::Plan& plan_;
  float* workspace_;
  std::size_t images_;
  const float* input_;
  float* output_;
  const Step* step_ = nullptr;
};

/// Settles how many images run at once and where their buffers lie.
void plan_workspace(Program::Plan& plan) {
  std::vector<BufferLifetime> lifetimes(plan.buffer_sizes.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    lifetimes[step.to].first = i;
    lifetimes[step.to].last = i;
    lifetimes[step.from].last = i;
    if (const auto* add = std::get_if<AddStep>(&step.action)) lifetimes[add->other].last = i;
    if (const auto* conv = std::get_if<WinogradStep>(&step.action)) lifetimes[conv->scratch] = {0, i, i};
  }
  const auto place = [&] {
    // The first and the last are the caller's.
    for (std::size_t id = 1; id + 1 < lifetimes.size(); ++id) {
      lifetimes[id].size = plan.images_at_once * image_stride(plan.buffer_sizes[id]);
    }
    MemoryPlan memory = plan_memory(lifetimes);
    plan.buffer_offsets = std::move(memory.offsets);
    plan.workspace_size = memory.size;
  };
  place();
  plan.images_at_once = std::clamp<std::size_t>(
      kWorkspaceBudget / std::max<std::size_t>(plan.workspace_size, 1), 1, kMostImagesAtOnce);
  place();
}

}  // namespace

Program::Program(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

Program Program::prepare(const Network& network) {
  Compiler compiler(network);
  compiler.compile();

  auto plan = std::make_shared<Plan>();
  plan->input_size = network.input_shape().volume();
  plan->output_size = network.output_shape().volume();
  plan->parameters = AlignedBuffer(compiler.parameters.size());
  std::copy(compiler.parameters.begin(), compiler.parameters.end(), plan->parameters.data());
  plan->steps = std::move(compiler.steps);
  plan->buffer_sizes = std::move(compiler.buffer_sizes);
  plan_workspace(*plan);
  return Program(std::move(plan));
}

std::size_t Program::input_size() const {
  return plan_->input_size;
}
std::size_t Program::output_size() const {
  return plan_->output_size;
}

void Program::forward(Workspace& workspace, std::span<const float> input, std::span<float> output) const {
  const Plan& plan = *plan_;
  const std::size_t images = input.size() / plan.input_size;
  assert(input.size() == images * plan.input_size && output.size() == images * plan.output_size);
  for (std::size_t first = 0; first < images; first += plan.images_at_once) {
    Pass(plan, workspace.memory_.data(), std::min(plan.images_at_once, images - first),
         input.data() + first * plan.input_size, output.data() + first * plan.output_size)
        .run();
  }
}

Workspace::Workspace(const Program& program) : memory_(program.plan_->workspace_size) {}

}  // namespace inkread
