// SPDX-License-Identifier: MIT
#include "engine/vision/ink_paths.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace inkread {
namespace {

/// Adds to each pixel of a row the least cost of the row before.
void add_least(const float* before, float* row, int width, float sidestep) {
  for (int x = 0; x < width; ++x) {
    float least = before[x];
    if (x > 0) least = std::min(least, before[x - 1] + sidestep);
    if (x + 1 < width) least = std::min(least, before[x + 1] + sidestep);
    row[x] += least;
  }
}

/// Where in the row before the least cost came from.
int column_before(const float* before, int width, int column, float sidestep) {
  int best = column;
  float least = before[column];
  for (const int side : {column - 1, column + 1}) {
    if (side < 0 || side >= width || before[side] + sidestep >= least) continue;
    least = before[side] + sidestep;
    best = side;
  }
  return best;
}

}  // namespace

InkPaths::InkPaths(GrayImage ink, float sidestep)
    : ink_(std::move(ink)), from_top_(ink_), from_bottom_(ink_), sidestep_(sidestep) {
  for (int y = 1; y < ink_.height; ++y) {
    add_least(from_top_.row(y - 1), from_top_.row(y), ink_.width, sidestep_);
  }
  for (int y = ink_.height - 2; y >= 0; --y) {
    add_least(from_bottom_.row(y + 1), from_bottom_.row(y), ink_.width, sidestep_);
  }
}

float InkPaths::cost(int column) const {
  const int middle = ink_.height / 2;
  return from_top_.view().at(column, middle) + from_bottom_.view().at(column, middle) -
         ink_.view().at(column, middle);
}

std::vector<int> InkPaths::columns(int column) const {
  const int middle = ink_.height / 2;
  std::vector<int> columns(static_cast<std::size_t>(ink_.height), column);
  for (int y = middle - 1; y >= 0; --y) {
    const int below = columns[static_cast<std::size_t>(y) + 1];
    columns[static_cast<std::size_t>(y)] =
        column_before(from_top_.view().row(y), ink_.width, below, sidestep_);
  }
  for (int y = middle + 1; y < ink_.height; ++y) {
    const int above = columns[static_cast<std::size_t>(y) - 1];
    columns[static_cast<std::size_t>(y)] =
        column_before(from_bottom_.view().row(y), ink_.width, above, sidestep_);
  }
  return columns;
}

std::vector<int> straight_way(int column, float slant, int height) {
  const int middle = height / 2;
  std::vector<int> columns;
  for (int y = 0; y < height; ++y) {
    columns.push_back(column + static_cast<int>(std::lround(slant * static_cast<float>(middle - y))));
  }
  return columns;
}

}  // namespace inkread
