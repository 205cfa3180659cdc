// SPDX-License-Identifier: MIT
#include "engine/segmentation/rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <vector>

namespace inkread {
namespace {

constexpr float kStroke = 0.35F;       ///< ink that belongs to a line
constexpr float kLeastThin = 0.55F;    ///< of a rule's length: where nothing crosses it
constexpr float kMostMissing = 0.2F;   ///< of its length: where there is no ink at all
constexpr int kGap = 4;                ///< pixels that may be missing at once
constexpr float kCrossing = 12;        ///< thicknesses that ink may cross it on at once
constexpr float kStraight = 0.5F;      ///< root mean square distance from the straight line, in pixels
constexpr float kSteepest = 0.12F;     ///< across / along
constexpr float kNear = 1.5F;          ///< pixels between where it is expected and found
constexpr float kPositionGain = 0.4F;  ///< how quickly the expectation follows what is found
constexpr float kSlopeGain = 0.02F;
constexpr float kBorder = 0.05F;  ///< of the picture's side: how near its end counts as at the border
constexpr float kInner = 3;       ///< how much longer it must be away from the border

/// A run of ink across the rules.
struct Run {
  int first = 0;
  int last = 0;           ///< included
  bool taken = false;     ///< by a rule
  bool followed = false;  ///< to no avail: what begins here is shorter still
  [[nodiscard]] int size() const { return last - first + 1; }
  [[nodiscard]] float middle() const { return static_cast<float>(first + last) / 2; }
  [[nodiscard]] float distance(float position) const {
    return std::max({0.0F, static_cast<float>(first) - position, position - static_cast<float>(last)});
  }
};

/// An image seen so that the rules go along, whichever way they do.
class Turned {
 public:
  Turned(GrayImage& ink, bool upright) : ink_(ink), upright_(upright) {}
  [[nodiscard]] int length() const { return upright_ ? ink_.height : ink_.width; }
  [[nodiscard]] int breadth() const { return upright_ ? ink_.width : ink_.height; }
  [[nodiscard]] float& at(int along, int across) {
    return upright_ ? ink_.at(across, along) : ink_.at(along, across);
  }
  /// Calls visit(along, across) for every pixel of ink, row by row as they lie in memory.
  template <typename Visit>
  void for_each_ink(Visit visit) const {
    for (int y = 0; y < ink_.height; ++y) {
      const float* row = ink_.view().row(y);
      for (int x = 0; x < ink_.width; ++x) {
        if (row[x] >= kStroke) upright_ ? visit(y, x) : visit(x, y);
      }
    }
  }

 private:
  GrayImage& ink_;
  bool upright_;
};

using Runs = std::vector<std::vector<Run>>;  // by the place along

Runs find_runs(const Turned& ink) {
  Runs runs(static_cast<std::size_t>(ink.length()));
  ink.for_each_ink([&](int along, int across) {
    std::vector<Run>& here = runs[static_cast<std::size_t>(along)];
    if (!here.empty() && here.back().last == across - 1) {
      here.back().last = across;
    } else {
      here.push_back({across, across});
    }
  });
  return runs;
}

/// A line that was followed.
struct Trace {
  struct Step {
    int along;
    std::size_t run;
  };
  std::vector<Step> steps;  ///< where it is thin
  int missing = 0;          ///< places without ink between them
  [[nodiscard]] int first() const { return steps.front().along; }
  [[nodiscard]] int last() const { return steps.back().along; }
  [[nodiscard]] float reach() const { return static_cast<float>(last() - first() + 1); }
};

/// Follows a line from a thin run, over what crosses it.
Trace follow(const Runs& runs, int along, std::size_t start, float thickness) {
  Trace trace{{{along, start}}, 0};
  float position = runs[static_cast<std::size_t>(along)][start].middle();
  float slope = 0;
  int since_thin = 0;
  int missing = 0;
  for (int i = along + 1; i < static_cast<int>(runs.size()); ++i) {
    position += slope;
    const std::vector<Run>& here = runs[static_cast<std::size_t>(i)];
    auto nearest = std::lower_bound(here.begin(), here.end(), position, [](const Run& run, float at) {
      return static_cast<float>(run.last) < at;
    });
    if (nearest != here.begin() &&
        (nearest == here.end() || std::prev(nearest)->distance(position) <= nearest->distance(position))) {
      --nearest;
    }
    const bool found = nearest != here.end() && nearest->distance(position) < kNear;
    ++since_thin;
    if (found && !nearest->taken && static_cast<float>(nearest->size()) <= thickness) {
      trace.steps.push_back({i, static_cast<std::size_t>(nearest - here.begin())});
      trace.missing += missing;
      since_thin = missing = 0;
      const float error = nearest->middle() - position;
      slope = std::clamp(slope + kSlopeGain * error, -kSteepest, kSteepest);
      position += kPositionGain * error;
    } else if (found) {
      if (static_cast<float>(since_thin) > kCrossing * thickness) break;
    } else {
      ++missing;
      if (since_thin > kGap) break;
    }
  }
  return trace;
}

/// The root mean square distance of the runs' middles from the straight line through them (least squares).
float distance_from_line(const Runs& runs, const Trace& trace) {
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  double sum_yy = 0;
  for (const Trace::Step& step : trace.steps) {
    const double x = step.along;
    const double y = runs[static_cast<std::size_t>(step.along)][step.run].middle();
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
    sum_yy += y * y;
  }
  const auto count = static_cast<double>(trace.steps.size());
  const double xx = sum_xx - sum_x * sum_x / count;
  const double xy = sum_xy - sum_x * sum_y / count;
  const double yy = sum_yy - sum_y * sum_y / count;
  return static_cast<float>(std::sqrt(std::max(xx > 0 ? yy - xy * xy / xx : yy, 0.0) / count));
}

bool is_rule(const Runs& runs, const Trace& trace, float length) {
  const float reach = trace.reach();
  const float margin = kBorder * static_cast<float>(runs.size());
  const bool from_border = static_cast<float>(trace.first()) <= margin ||
                           static_cast<float>(trace.last() + 1) >= static_cast<float>(runs.size()) - margin;
  return reach >= (from_border ? 1 : kInner) * length &&
         static_cast<float>(trace.steps.size()) >= kLeastThin * reach &&
         static_cast<float>(trace.missing) <= kMostMissing * reach &&
         distance_from_line(runs, trace) <= kStraight;
}

bool remove_along(Turned ink, float length, float thickness) {
  if (static_cast<float>(ink.length()) < length) return false;
  bool any = false;
  Runs runs = find_runs(ink);
  for (int along = 0; along < ink.length(); ++along) {
    for (std::size_t i = 0; i < runs[static_cast<std::size_t>(along)].size(); ++i) {
      const Run& start = runs[static_cast<std::size_t>(along)][i];
      if (start.taken || start.followed || static_cast<float>(start.size()) > thickness) continue;
      const Trace trace = follow(runs, along, i, thickness);
      const bool is_short = trace.reach() < length;
      for (const Trace::Step& step : trace.steps) {
        runs[static_cast<std::size_t>(step.along)][step.run].followed = is_short;
      }
      if (is_short || !is_rule(runs, trace, length)) continue;
      any = true;
      for (const Trace::Step& step : trace.steps) {
        Run& run = runs[static_cast<std::size_t>(step.along)][step.run];
        run.taken = true;
        // With its soft edges.
        for (int across = std::max(run.first - 1, 0); across <= std::min(run.last + 1, ink.breadth() - 1);
             ++across) {
          ink.at(step.along, across) = 0;
        }
      }
    }
  }
  return any;
}

}  // namespace

bool remove_rules(GrayImage& ink, float length, float thickness) {
  const bool level = remove_along({ink, false}, length, thickness);
  const bool upright = remove_along({ink, true}, length, thickness);
  return level || upright;
}

}  // namespace inkread
