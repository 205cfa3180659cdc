// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace inkread {

/// A fixed set of threads that share out numbered jobs. The calling thread is worker 0. The others stay awake
/// for a moment after each run, so that short runs in a row need not wake them.
class WorkerPool {
 public:
  explicit WorkerPool(int workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] int workers() const { return static_cast<int>(threads_.size()) + 1; }

  /// Calls job(number, worker) for every number below `jobs`, each once, on whichever worker is free; returns
  /// when all are done. worker < workers(), so it may choose working memory.
  void run(std::size_t jobs, const std::function<void(std::size_t number, std::size_t worker)>& job);

 private:
  void work(std::size_t worker);
  void loop(std::size_t worker);

  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable finished_;
  // Of the run whose number is round_, which is set last.
  const std::function<void(std::size_t, std::size_t)>* job_ = nullptr;
  std::size_t jobs_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> busy_ = 0;
  std::atomic<std::uint64_t> round_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace inkread
