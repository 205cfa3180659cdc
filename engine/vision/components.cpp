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
  [[nodiscard]] std::size_t size() const { return parents_.size(); }

 private:
  std::int32_t& parent(std::int32_t label) { return parents_[static_cast<std::size_t>(label)]; }
  std::vector<std::int32_t> parents_;
};

/// First pass: a label for every ink pixel from the neighbours that were seen before it.
LabelSets label_pixels(GrayView ink, float threshold, Image<std::int32_t>& labels) {
  LabelSets sets;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) < threshold) continue;
      std::int32_t label = x > 0 ? labels.at(x - 1, y) : -1;
      for (int nx = std::max(x - 1, 0); y > 0 && nx <= std::min(x + 1, ink.width - 1); ++nx) {
        const std::int32_t above = labels.at(nx, y - 1);
        if (above >= 0) label = label >= 0 ? sets.join(label, above) : above;
      }
      labels.at(x, y) = label >= 0 ? label : sets.add();
    }
  }
  return sets;
}

void add_pixel(Component& part, int x, int y, float ink) {
  Box& box = part.box;
  const int right = std::max(box.x + box.width, x + 1);
  box.x = std::min(box.x, x);
  box.width = right - box.x;
  box.height = y + 1 - box.y;  // pixels come in rows from the top
  part.mass += ink;
  part.peak = std::max(part.peak, ink);
}

}  // namespace

Components find_components(GrayView ink, float threshold) {
  Components found{Image<std::int32_t>(ink.width, ink.height, 1, -1), {}};
  LabelSets sets = label_pixels(ink, threshold, found.labels);
  std::vector<std::int32_t> parts(sets.size(), -1);  // by the label of a set
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      std::int32_t& label = found.labels.at(x, y);
      if (label < 0) continue;
      std::int32_t& part = parts[static_cast<std::size_t>(sets.find(label))];
      if (part < 0) {
        part = static_cast<std::int32_t>(found.parts.size());
        found.parts.push_back({{x, y, 1, 1}, 0, 0});
      }
      label = part;
      add_pixel(found.parts[static_cast<std::size_t>(part)], x, y, ink.at(x, y));
    }
  }
  return found;
}

}  // namespace inkread
