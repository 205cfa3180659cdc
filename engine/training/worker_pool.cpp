// SPDX-License-Identifier: MIT
#include "engine/training/worker_pool.hpp"

namespace inkread {

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
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [this] { return busy_ == 0; });
}

void WorkerPool::work(std::size_t worker) {
  for (;;) {
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      if (next_ == jobs_) {
        return;
      }
      number = next_++;
    }
    (*job_)(number, worker);
  }
}

void WorkerPool::loop(std::size_t worker) {
  std::uint64_t seen = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      start_.wait(lock, [&] { return stopping_ || round_ != seen; });
      if (stopping_) {
        return;
      }
      seen = round_;
    }
    work(worker);
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    finished_.notify_one();
  }
}

}  // namespace inkread
