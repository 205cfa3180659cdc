// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace inkread {

/// A bar on standard error, redrawn in place; nothing when standard error is no terminal. Keeps the
/// terminal's line clean: call clear() before printing anything else.
class ProgressBar {
 public:
  /// `unit` is what is counted: "images".
  ProgressBar(std::size_t total, std::string unit);

  /// `done` of the total are done; `what` stands before the bar: "epoch 2/5".
  void show(std::size_t done, const std::string& what);
  void clear();

  /// Units a second since the beginning.
  [[nodiscard]] double rate(std::size_t done) const;

 private:
  using Clock = std::chrono::steady_clock;
  std::size_t total_;
  std::string unit_;
  bool is_terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_shown_;
};

/// "0:07", "12:30", "1:02:03".
std::string format_duration(double seconds);

/// A whole number with thousands apart: "60,000".
std::string format_count(std::size_t number);
/// A share as per cent: "98.62 %".
std::string format_share(double share, int decimals = 2);

}  // namespace inkread
