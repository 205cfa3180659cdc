// SPDX-License-Identifier: MIT
#include "engine/vision/components.hpp"

#include <algorithm>
#include <cstddef>

namespace inkread {
namespace {

/// Labels that turned out to belong together (union-find with path halving). A set is known by its smallest
/// label.
class LabelSets {
 public:
  std::int32_t add() {
    parents_.push_back(static_cast<std::int32_t>(parents_.size()));
    return parents_.back();
  }
  std::int32_t find(std::int32_t label) {
    while (parent(label) != label) label = parent(label) = parent(parent(label));
    return label;
  }
  std::int32_t join(std::int32_t a, std::int32_t b) {
    a = find(a);
    b = find(b);
    parent(std::max(a, b)) = std::min(a, b);
    return std::min(a, b);
  }

 private:
  std::int32_t& parent(std::int32_t label) { return parents_[static_cast<std::size_t>(label)]; }
  std::vector<std::int32_t> parents_;
};

std::vector<Run> find_runs(GrayView ink, float threshold) {
  std::vector<Run> runs;
  for (int y = 0; y < ink.height; ++y) {
    const float* row = ink.row(y);
    for (int x = 0; x < ink.width; ++x) {
      const int first = x;
      while (x < ink.width && row[x] >= threshold) ++x;
      if (x > first) runs.push_back({y, first, x, 0});
    }
  }
  return runs;
}

/// A label for every run; those that touch belong together.
LabelSets join_runs(const std::vector<Run>& runs, Touch touch) {
  const int reach = touch == Touch::kCorners ? 1 : 0;
  LabelSets sets;
  std::size_t above = 0;  // of the runs that may touch the next one
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::int32_t label = sets.add();
    const auto is_passed = [&](const Run& run) {
      return run.y < runs[i].y - 1 || (run.y < runs[i].y && run.end + reach <= runs[i].first);
    };
    while (is_passed(runs[above])) ++above;
    for (std::size_t k = above; runs[k].y < runs[i].y && runs[k].first < runs[i].end + reach; ++k) {
      sets.join(label, static_cast<std::int32_t>(k));
    }
  }
  return sets;
}

void add_run(Component& part, const Run& run, const float* ink) {
  part.box = around(part.box, {run.first, run.y, run.end - run.first, 1});
  for (int x = run.first; x < run.end; ++x) {
    part.mass += ink[x];
    part.peak = std::max(part.peak, ink[x]);
  }
}

}  // namespace

Components find_components(GrayView ink, float threshold, Touch touch) {
  Components found{find_runs(ink, threshold), {}};
  LabelSets sets = join_runs(found.runs, touch);
  std::vector<std::int32_t> parts(found.runs.size(), -1);  // by the label of a set
  for (std::size_t i = 0; i < found.runs.size(); ++i) {
    Run& run = found.runs[i];
    std::int32_t& part = parts[static_cast<std::size_t>(sets.find(static_cast<std::int32_t>(i)))];
    if (part < 0) {
      part = static_cast<std::int32_t>(found.parts.size());
      found.parts.push_back({{run.first, run.y, 1, 1}, 0, 0});
    }
    run.part = part;
    add_run(found.parts[static_cast<std::size_t>(part)], run, ink.row(run.y));
  }
  return found;
}

}  // namespace inkread
