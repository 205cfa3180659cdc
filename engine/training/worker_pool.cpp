// SPDX-License-Identifier: MIT
#include "engine/training/worker_pool.hpp"

namespace inkread {
namespace {

/// A thread that sleeps takes tens of microseconds to wake, on virtual machines more, as much as short runs
/// last.
constexpr int kLooks = 500;

template <typename Condition>
bool happens_soon(Condition condition) {
  for (int i = 0; i < kLooks; ++i) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace

WorkerPool::WorkerPool(int workers) {
  for (int i = 1; i < workers; ++i) {
    threads_.emplace_back([this, i] { loop(static_cast<std::size_t>(i)); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  start_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void WorkerPool::run(std::size_t jobs, const std::function<void(std::size_t, std::size_t)>& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    jobs_ = jobs;
    next_ = 0;
    busy_ = threads_.size();
    ++round_;
  }
  start_.notify_all();
  work(0);
  const auto is_finished = [this] { return busy_ == 0; };
  if (happens_soon(is_finished)) return;
  std::unique_lock lock(mutex_);
  finished_.wait(lock, is_finished);
}

void WorkerPool::work(std::size_t worker) {
  for (std::size_t number = next_++; number < jobs_; number = next_++) (*job_)(number, worker);
}

void WorkerPool::loop(std::size_t worker) {
  std::uint64_t seen = 0;
  for (;;) {
    const auto is_called = [&] { return stopping_ || round_ != seen; };
    if (!happens_soon(is_called)) {
      std::unique_lock lock(mutex_);
      start_.wait(lock, is_called);
    }
    if (stopping_) {
      return;
    }
    seen = round_;
    work(worker);
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    finished_.notify_one();
  }
}

}  // namespace inkread
