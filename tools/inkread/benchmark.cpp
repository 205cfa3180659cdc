// SPDX-License-Identifier: MIT
#include "tools/inkread/benchmark.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "engine/base/random.hpp"
#include "engine/nn/aligned_buffer.hpp"
#include "engine/nn/kernels/conv2d.hpp"
#include "engine/nn/kernels/winograd_conv2d.hpp"
#include "engine/nn/program.hpp"
#include "engine/training/architectures.hpp"
#include "engine/training/conv2d_backward.hpp"
#include "engine/training/trainer.hpp"
#include "engine/training/worker_pool.hpp"
#include "tools/inkread/arithmetic_peak.hpp"
#include "tools/inkread/files.hpp"

namespace inkread {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTurnSeconds = 0.01;  ///< for so long each is run before it is another's turn
constexpr int kLayerImages = 8;
constexpr int kBatch = 256;
constexpr std::size_t kChunk = 16;  ///< images of a batch that a thread takes at once

/// Something to be measured.
struct Subject {
  std::string name;
  double operations = 0;  ///< of the definition, a call: two for each multiply-accumulate
  int threads = 1;
  int images = 0;  ///< a call; 0 for layers
  std::function<void()> call;
  int calls = 1;                  ///< a turn
  std::vector<double> seconds{};  ///< a call, turn by turn
};

double turn(const Subject& subject) {
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < subject.calls; ++i) subject.call();
  return std::chrono::duration<double>(Clock::now() - begin).count() / subject.calls;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

AlignedBuffer random_buffer(std::size_t count) {
  Random random(1);
  AlignedBuffer numbers(count);
  for (float& number : numbers.span()) number = random.uniform(0, 1);
  return numbers;
}

TrainableNetwork fresh(const char* architecture) {
  return with_fresh_parameters(find_architecture(architecture)->build(), 1);
}

double operations(const Network& network) {
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i) macs += multiply_accumulates(network, i);
  return 2 * static_cast<double>(macs);
}

/// What a convolution works on and with, for some images; its input as in the midst of a network.
struct ConvData {
  explicit ConvData(const ConvGeometry& g)
      : geometry(g),
        weights(random_buffer(
            static_cast<std::size_t>(g.in.channels * g.out.channels * g.kernel_height * g.kernel_width))),
        packed(packed_conv2d_size(g)),
        bias(static_cast<std::size_t>(g.out.pixel_stride)),
        input(random_buffer(kLayerImages * image_stride(g.in.size()))),
        output(random_buffer(kLayerImages * image_stride(g.out.size()))),
        gradient(conv2d_gradient_size(g)) {
    pack_conv2d_weights(g, weights.span(), packed.span());
  }

  [[nodiscard]] const float* input_of(int image) const {
    return input.data() + static_cast<std::size_t>(image) * image_stride(geometry.in.size());
  }
  float* output_of(int image) {
    return output.data() + static_cast<std::size_t>(image) * image_stride(geometry.out.size());
  }

  ConvGeometry geometry;
  AlignedBuffer weights;
  AlignedBuffer packed;
  AlignedBuffer bias;
  AlignedBuffer input;
  AlignedBuffer output;
  AlignedBuffer gradient;
};

void add_layer(const std::string& name, double operations, const ConvGeometry& g,
               std::vector<Subject>& subjects) {
  const auto data = std::make_shared<ConvData>(g);
  const double all = kLayerImages * operations;
  const auto add = [&](const char* kernel, std::function<void()> call) {
    subjects.push_back({name + ", " + kernel, all, 1, 0, std::move(call)});
  };
  add("direct", [data] {
    for (int i = 0; i < kLayerImages; ++i) {
      conv2d_forward(data->geometry, data->packed.data(), data->bias.data(), true, data->input_of(i),
                     data->output_of(i));
    }
  });
  if (const auto tile = best_winograd_tile(g)) {
    const WinogradGeometry winograd{g.in, g.out, 0, 0, *tile};
    const auto packed = std::make_shared<AlignedBuffer>(packed_winograd_size(winograd));
    pack_winograd_weights(winograd, data->weights.span(), packed->span());
    const auto scratch = std::make_shared<AlignedBuffer>(winograd_scratch_size(winograd, kLayerImages));
    add("Winograd", [data, winograd, packed, scratch] {
      const ImageBatch batch{kLayerImages, image_stride(winograd.in.size()),
                             image_stride(winograd.out.size())};
      winograd_conv2d_forward(winograd, batch, packed->data(), data->bias.data(), true, data->input_of(0),
                              data->output_of(0), scratch->data());
    });
  }
  add("weight gradient", [data] {
    for (int i = 0; i < kLayerImages; ++i) {
      conv2d_weight_gradient(data->geometry, data->input_of(i), data->output_of(i), data->gradient.data(),
                             data->bias.data());
    }
  });
}

void add_layers(const std::string& architecture, std::vector<Subject>& subjects) {
  const TrainableNetwork trainable = fresh(architecture.c_str());
  const Network& network = trainable.network();
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    const Node& node = network.nodes()[i];
    const auto* conv = std::get_if<Conv2d>(&node.op);
    if (conv == nullptr) continue;
    const Shape& out = network.shape(static_cast<ValueId>(i + 1));
    const Shape within{conv->in_channels, out.height + conv->window.kernel_height - 1,
                       out.width + conv->window.kernel_width - 1};
    const PixelLayout in =
        within.channels == 1 ? gray_layout(within.height, within.width) : padded_layout(within);
    add_layer(architecture + " " + node.name, 2 * static_cast<double>(multiply_accumulates(network, i)),
              {in, padded_layout(out), conv->window.kernel_height, conv->window.kernel_width}, subjects);
  }
}

std::string on_threads(int threads) {
  return ", " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// A network's answers to `images` images, shared among the threads in chunks.
void add_inference(const std::string& architecture, int images, int threads, std::vector<Subject>& subjects) {
  struct Data {
    Program program;
    WorkerPool pool;
    std::vector<Workspace> workspaces;
    AlignedBuffer input;
    AlignedBuffer output;

    Data(const Program& prepared, int workers, std::size_t count)
        : program(prepared),
          pool(workers),
          input(random_buffer(count * prepared.input_size())),
          output(count * prepared.output_size()) {}
  };
  const TrainableNetwork trainable = fresh(architecture.c_str());
  const Program program = Program::prepare(trainable.network());
  const auto n = static_cast<std::size_t>(images);
  const auto data = std::make_shared<Data>(program, threads, n);
  for (int i = 0; i < threads; ++i) data->workspaces.emplace_back(program);
  subjects.push_back({architecture + " inference, batch " + std::to_string(images) + on_threads(threads),
                      images * operations(trainable.network()), threads, images, [data, n] {
                        const Program& p = data->program;
                        data->pool.run((n + kChunk - 1) / kChunk, [&](std::size_t chunk, std::size_t worker) {
                          const std::size_t first = chunk * kChunk;
                          const std::size_t count = std::min(kChunk, n - first);
                          p.forward(
                              data->workspaces[worker],
                              data->input.span().subspan(first * p.input_size(), count * p.input_size()),
                              data->output.span().subspan(first * p.output_size(), count * p.output_size()));
                        });
                      }});
}

/// Steps of training in mini-batches of 120.
void add_training(const std::string& architecture, int threads, std::vector<Subject>& subjects) {
  constexpr int kImages = 240;
  const TrainableNetwork trainable = fresh(architecture.c_str());
  Dataset data;
  data.height = trainable.network().input_shape().height;
  data.width = trainable.network().input_shape().width;
  Random random(1);
  for (int i = 0; i < kImages; ++i) data.labels.push_back(static_cast<std::uint8_t>(random.below(10)));
  data.images.resize(data.size() * data.image_size());
  for (std::uint8_t& pixel : data.images) pixel = static_cast<std::uint8_t>(random.below(256));
  const auto trainer =
      std::make_shared<Trainer>(value_or_fail(Trainer::create(trainable, {}, threads), architecture));
  // Forward, the gradient by the input, the gradient by the weights: each takes the forward pass's products.
  subjects.push_back({architecture + " training, batch 120" + on_threads(threads),
                      3 * kImages * operations(trainable.network()), threads, kImages,
                      [trainer, data = std::move(data), architecture] {
                        value_or_fail(trainer->run_epoch(data, [](std::size_t) { return true; }),
                                      architecture);
                      }});
}

}  // namespace

Benchmark run_benchmark(int threads, int rounds) {
  Benchmark result;
  result.threads = threads;
  std::vector<Subject> subjects;
  for (const char* architecture : {"seed", "default"}) {
    add_layers(architecture, subjects);
    add_inference(architecture, 1, 1, subjects);
    add_inference(architecture, kBatch, 1, subjects);
    if (threads > 1) add_inference(architecture, kBatch, threads, subjects);
    add_training(architecture, 1, subjects);
    if (threads > 1) add_training(architecture, threads, subjects);
  }
  for (Subject& subject : subjects) {
    const double once = std::max(1e-9, turn(subject));
    subject.calls = std::max(1, static_cast<int>(kTurnSeconds / once));
  }
  std::vector<double> peaks;
  for (int round = 0; round < rounds; ++round) {
    peaks.push_back(arithmetic_peak());
    for (Subject& subject : subjects) subject.seconds.push_back(turn(subject));
  }
  result.peak = median(peaks);
  for (const Subject& subject : subjects) {
    const double seconds = median(subject.seconds);
    const double gigaflops = subject.operations / seconds / 1e9;
    result.measurements.push_back({subject.name, 1e3 * seconds, gigaflops,
                                   gigaflops / (result.peak * subject.threads), subject.images / seconds});
  }
  return result;
}

}  // namespace inkread
