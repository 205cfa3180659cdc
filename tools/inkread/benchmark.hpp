// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace inkread {

/// One thing measured: how much of the machine's arithmetic it reaches.
struct Measurement {
  std::string name;         ///< the same in every run and on every machine
  double milliseconds = 0;  ///< a call, median
  double gigaflops = 0;  ///< multiplications and additions of the definition, thousands of millions a second
  double share = 0;      ///< of the peak of the threads used; above 1 where an algorithm needs fewer products
  double images_a_second = 0;  ///< 0 for single layers
};

struct Benchmark {
  int threads = 1;
  double peak = 0;  ///< thousands of millions of operations a second, one core
  std::vector<Measurement> measurements;
};

/// Measures the arithmetic peak, each convolution of the two shipped networks' layers, the networks
/// themselves and training, on one thread and on `threads`. All in turns, `rounds` times, so that what else
/// the computer does falls on all alike.
Benchmark run_benchmark(int threads, int rounds);

}  // namespace inkread
