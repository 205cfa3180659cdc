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
struct DenseStep {
  ParameterSlice weights;
  ParameterSlice bias;
  bool relu;
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
  std::variant<PadStep, ConvStep, MaxPoolStep, AveragePoolStep, DenseStep, FlattenStep, ReluStep, TanhStep,
               SigmoidStep, AddStep, SoftmaxStep>
      action;
  BufferId from;
  BufferId to;
};

/// Buffer 0 is the caller's input and the last one the caller's output; those between lie in the Workspace.
constexpr BufferId kInput = 0;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

struct Program::Plan {
  std::size_t input_size = 0;
  std::size_t output_size = 0;
  AlignedBuffer parameters;
  std::vector<Step> steps;
  std::vector<std::size_t> buffer_sizes;    ///< by BufferId, floats
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
      if (fused_relu_) {  // the step before has done it
        assert(std::holds_alternative<Relu>(node.op));
        fused_relu_ = false;
        values_.push_back(from);
        continue;
      }
      std::visit([&](const auto& op) { emit(op, i, from); }, node.op);
    }
    // Whatever the last value's layout, the caller gets channels x height x width without gaps.
    emit(Flatten{}, network_.nodes().size() - 1, values_.back());
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

  ParameterSlice copy_parameters(ParameterSlice slice) {
    const ParameterSlice copy{add_parameters(slice.count), slice.count};
    const auto from = network_.parameters(slice);
    std::copy(from.begin(), from.end(), parameters.begin() + static_cast<std::ptrdiff_t>(copy.offset));
    return copy;
  }

  /// Whether the value of node i only goes into a Relu right behind it.
  bool followed_by_relu(std::size_t i) {
    fused_relu_ = i + 1 < network_.nodes().size() && uses_[i + 1] == 1 &&
                  std::holds_alternative<Relu>(network_.nodes()[i + 1].op) &&
                  network_.nodes()[i + 1].inputs.front() == i + 1;
    return fused_relu_;
  }

  void emit(const Conv2d& op, std::size_t i, Value from) {
    const Window& window = op.window;
    assert(op.groups == 1 || from.layout.pixel_stride % simd::kLanes == 0);  // only a grey image has not
    if (window.pad_top + window.pad_left + window.pad_bottom + window.pad_right > 0) {
      from = emit_padding(from, window);
    }
    const PixelLayout out = padded_layout(network_.shape(static_cast<ValueId>(i + 1)));
    const ConvGeometry geometry{
        from.layout, out, window.kernel_height, window.kernel_width, window.stride_y, window.stride_x};
    const std::size_t weights = pack_weights(op, geometry);
    const std::size_t bias = add_parameters(static_cast<std::size_t>(out.pixel_stride));
    const auto bias_values = network_.parameters(op.bias);
    std::copy(bias_values.begin(), bias_values.end(), parameters.begin() + static_cast<std::ptrdiff_t>(bias));
    const BufferId to = add_buffer(out.size());
    steps.push_back({ConvStep{geometry, weights, bias, followed_by_relu(i), op.groups}, from.buffer, to});
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
    const std::size_t volume = network_.shape(static_cast<ValueId>(i + 1)).volume();
    const BufferId to = add_buffer(volume);
    steps.push_back({FlattenStep{from.layout}, from.buffer, to});
    values_.push_back(vector_value(to, volume));
  }

  void emit(const Dense& op, std::size_t i, Value from) {
    const BufferId to = add_buffer(static_cast<std::size_t>(op.outputs));
    steps.push_back({DenseStep{copy_parameters(op.weights), copy_parameters(op.bias), followed_by_relu(i)},
                     from.buffer, to});
    values_.push_back(vector_value(to, static_cast<std::size_t>(op.outputs)));
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
    emit_in_layout(AddStep{other.buffer, followed_by_relu(i)}, from);
  }

  void emit(const Softmax& /*op*/, std::size_t i, Value from) {
    const std::size_t volume = network_.shape(static_cast<ValueId>(i + 1)).volume();
    const BufferId to = add_buffer(volume);
    steps.push_back({SoftmaxStep{volume}, from.buffer, to});
    values_.push_back(vector_value(to, volume));
  }

  /// The image with its pixels padded to whole vectors, which the network's input has not.
  Value in_whole_vectors(Value image) {
    return image.layout.pixel_stride % simd::kLanes == 0 ? image : emit_padding(image, Window{});
  }

  Value emit_padding(Value from, const Window& window) {
    const PixelLayout out =
        padded_layout({from.layout.channels, from.layout.height + window.pad_top + window.pad_bottom,
                       from.layout.width + window.pad_left + window.pad_right});
    const BufferId to = add_buffer(out.size());
    steps.push_back({PadStep{from.layout, out, window.pad_top, window.pad_left}, from.buffer, to});
    return {to, out};
  }

  static Value vector_value(BufferId buffer, std::size_t volume) {
    const int n = static_cast<int>(volume);
    return {buffer, PixelLayout{n, 1, 1, n, n}};
  }

  const Network& network_;
  std::vector<int> uses_;      ///< by ValueId
  std::vector<Value> values_;  ///< by ValueId
  bool fused_relu_ = false;
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

void run_conv(const ConvStep& step, const float* parameters, const float* input, float* output) {
  const float* weights = parameters + step.weights;
  const float* bias = parameters + step.bias;
  if (step.groups > 1) {
    grouped_conv2d_forward(step.geometry, step.groups, weights, bias, step.relu, input, output);
  } else {
    conv2d_forward(step.geometry, weights, bias, step.relu, input, output);
  }
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

  std::vector<BufferLifetime> lifetimes(plan->buffer_sizes.size());
  for (std::size_t i = 0; i < plan->steps.size(); ++i) {
    const Step& step = plan->steps[i];
    lifetimes[step.to] = {plan->buffer_sizes[step.to], i, i};
    lifetimes[step.from].last = i;
    if (const auto* add = std::get_if<AddStep>(&step.action)) lifetimes[add->other].last = i;
  }
  lifetimes.front().size = 0;  // the caller's
  lifetimes.back().size = 0;
  MemoryPlan memory = plan_memory(lifetimes);
  plan->buffer_offsets = std::move(memory.offsets);
  plan->workspace_size = memory.size;
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
  const float* parameters = plan.parameters.data();
  const auto slice = [&](ParameterSlice s) { return plan.parameters.span().subspan(s.offset, s.count); };
  for (std::size_t image = 0; image < images; ++image) {
    const std::span<const float> x = input.subspan(image * plan.input_size, plan.input_size);
    const std::span<float> y = output.subspan(image * plan.output_size, plan.output_size);
    for (const Step& step : plan.steps) {
      const auto buffer = [&](BufferId id) {
        return id + 1 == plan.buffer_sizes.size()
                   ? y
                   : workspace.memory_.span().subspan(plan.buffer_offsets[id], plan.buffer_sizes[id]);
      };
      const auto source = [&](BufferId id) { return id == kInput ? x : std::span<const float>(buffer(id)); };
      const std::span<const float> from = source(step.from);
      const std::span<float> to = buffer(step.to);
      std::visit(Overloaded{
                     [&](const PadStep& s) { pad(s, from.data(), to.data()); },
                     [&](const ConvStep& s) { run_conv(s, parameters, from.data(), to.data()); },
                     [&](const MaxPoolStep& s) {
                       max_pool2d_forward(s.window, s.in, s.out, from.data(), to.data());
                     },
                     [&](const AveragePoolStep& s) {
                       average_pool2d_forward(s.pool, s.in, s.out, from.data(), to.data());
                     },
                     [&](const DenseStep& s) {
                       dense_forward(slice(s.weights), slice(s.bias), s.relu,
                                     from.first(s.weights.count / to.size()), to);
                     },
                     [&](const FlattenStep& s) { flatten_forward(s.in, from.data(), to.data()); },
                     [&](const ReluStep&) { relu_forward(from, to); },
                     [&](const TanhStep&) { tanh_forward(from, to); },
                     [&](const SigmoidStep& s) { sigmoid_forward(s.layout, from.data(), to.data()); },
                     [&](const AddStep& s) { add_forward(from, source(s.other), s.relu, to); },
                     [&](const SoftmaxStep& s) { softmax_forward(from.first(s.count), to); },
                 },
                 step.action);
    }
  }
}

Workspace::Workspace(const Program& program) : memory_(program.plan_->workspace_size) {}

}  // namespace inkread
