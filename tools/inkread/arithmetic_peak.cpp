// SPDX-License-Identifier: MIT
#include "tools/inkread/arithmetic_peak.hpp"

#include <algorithm>
#include <chrono>

#include "engine/nn/kernels/instruction_set.hpp"
#include "engine/nn/kernels/simd.hpp"

namespace inkread {
namespace {

constexpr int kRounds = 100'000;

/// Independent sums, enough to hide a product's latency and few enough for the registers; returns what was
/// added.
template <typename V, int Sums>
[[gnu::always_inline]] inline float add_products() {
  volatile float seed = 1e-6F;
  const V a = seed - V{};
  V sums[Sums] = {};
  for (int round = 0; round < kRounds; ++round) {
    for (V& sum : sums) {
      simd::add_product(a, a, sum);
      asm volatile("" : "+m"(seed));  // so that the loop is not computed beforehand
    }
  }
  V total{};
  for (const V& sum : sums) total += sum;
  return total[0];
}

float baseline_run() {
  return add_products<simd::Vector, 12>();
}
#if defined(INKREAD_TARGET_AVX512)
INKREAD_TARGET_AVX512 float avx512_run() {
  return add_products<simd::Avx512Vector, 24>();
}
#endif

}  // namespace

double arithmetic_peak() {
  using Clock = std::chrono::steady_clock;
  auto run = baseline_run;
  double operations = 2.0 * kRounds * 12 * simd::kLanes;
#if defined(INKREAD_TARGET_AVX512)
  if (best_instruction_set() == InstructionSet::kAvx512) {
    run = avx512_run;
    operations = 2.0 * kRounds * 24 * simd::kLanesOf<simd::Avx512Vector>;
  }
#endif
  double best = 0;
  float sum = 0;
  for (int i = 0; i < 20; ++i) {
    const Clock::time_point begin = Clock::now();
    sum += run();
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    best = std::max(best, operations / seconds.count() / 1e9);
  }
  return sum > 0 ? best : 0;  // always: no product is zero
}

}  // namespace inkread
