// SPDX-License-Identifier: MIT
#include "tools/inkread/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace inkread {

ProgressBar::ProgressBar(std::size_t total, std::string unit)
    : total_(total), unit_(std::move(unit)), is_terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(std::size_t done, const std::string& what) {
  constexpr auto kInterval = std::chrono::milliseconds(100);
  const auto now = Clock::now();
  if (!is_terminal_ || (now - last_shown_ < kInterval && done < total_)) {
    return;
  }
  last_shown_ = now;
  constexpr std::size_t kWidth = 30;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  const auto filled = static_cast<std::size_t>(share * kWidth);
  const double speed = rate(done);
  const double left = speed > 0 ? static_cast<double>(total_ - done) / speed : 0;
  const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '.');
  std::fprintf(stderr, "\r%s [%s] %3.0f %%  %s %s/s  %s left\x1b[K", what.c_str(), bar.c_str(), 100 * share,
               format_count(static_cast<std::size_t>(speed)).c_str(), unit_.c_str(),
               format_duration(left).c_str());
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (is_terminal_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

double ProgressBar::rate(std::size_t done) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  return seconds > 0 ? static_cast<double>(done) / seconds : 0;
}

std::string format_duration(double seconds) {
  const auto total = static_cast<long>(std::lround(std::max(seconds, 0.0)));
  const long hours = total / 3600;
  char text[32];
  if (hours > 0) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", hours, total / 60 % 60, total % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", total / 60, total % 60);
  }
  return text;
}

std::string format_count(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string format_share(double share, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", decimals, 100 * share);
  return text;
}

}  // namespace inkread
