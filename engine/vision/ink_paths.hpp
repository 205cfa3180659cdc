// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "engine/base/image.hpp"

namespace inkread {

/// Ways from the top to the bottom of an ink image that meet as little ink as they can: one for each column,
/// through that column's pixel in the middle row. A step down may go one pixel to the side. (Shortest paths
/// to part touching digits: Wang, Jean, "Segmentation of merged characters by neural networks and shortest
/// path", Pattern Recognition 27, 1994.)
class InkPaths {
 public:
  /// A step to the side costs as much as `sidestep` of ink. The image has at least one pixel.
  InkPaths(GrayImage ink, float sidestep);

  /// The cost of the way through this column.
  [[nodiscard]] float cost(int column) const;
  /// Its column in each row.
  [[nodiscard]] std::vector<int> columns(int column) const;

 private:
  GrayImage ink_;
  GrayImage from_top_;     ///< the least cost from the top to each pixel, it included
  GrayImage from_bottom_;  ///< likewise from the bottom
  float sidestep_;
};

/// The column, in each of `height` rows, of the straight way through this column of the middle row that goes
/// `slant` columns to the right with every row up.
[[nodiscard]] std::vector<int> straight_way(int column, float slant, int height);

}  // namespace inkread
