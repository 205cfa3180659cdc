// SPDX-License-Identifier: MIT
#include "engine/vision/background.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace inkread {
namespace {

constexpr int kCells = 64;        ///< cells of the paper's grid along the picture's longer side
constexpr int kWindowCells = 21;  ///< the widest dark thing that is not paper

/// Means of cells of `side` pixels (smaller at the right and bottom edge).
GrayImage cell_means(GrayView gray, int side) {
  GrayImage cells((gray.width + side - 1) / side, (gray.height + side - 1) / side);
  for (int y = 0; y < gray.height; ++y) {
    const float* in = gray.row(y);
    float* out = cells.row(y / side);
    for (int first = 0; first < gray.width; first += side, ++out) {
      const float* const end = in + std::min(side, gray.width - first);
      *out = std::accumulate(in, end, *out);
      in = end;
    }
  }
  for (int y = 0; y < cells.height; ++y) {
    const int rows = std::min(side, gray.height - y * side);
    for (int x = 0; x < cells.width; ++x) {
      cells.at(x, y) /= static_cast<float>(rows * std::min(side, gray.width - x * side));
    }
  }
  return cells;
}

/// A square window of 2 * radius + 1 cells around each cell. At the picture's border it is cut off, so that
/// shadows there count as wide, or moved inwards whole, so that strokes there count as narrow.
struct Window {
  int radius;
  bool whole;

  [[nodiscard]] int first(int centre, int cells) const {
    return std::clamp(centre - radius, 0, whole ? std::max(cells - 1 - 2 * radius, 0) : cells - 1);
  }
  [[nodiscard]] int last(int centre, int cells) const {
    return std::min(whole ? first(centre, cells) + 2 * radius : centre + radius, cells - 1);
  }
};

/// Folds each window into one value, first along rows, then along columns. The grid is small: no need for a
/// cleverer algorithm.
template <typename Fold>
GrayImage windowed(const GrayImage& in, const Window& window, Fold fold) {
  GrayImage rows(in.width, in.height);
  for (int y = 0; y < in.height; ++y) {
    const float* from = in.view().row(y);
    for (int x = 0; x < in.width; ++x) {
      const int first = window.first(x, in.width);
      rows.at(x, y) =
          std::accumulate(from + first + 1, from + window.last(x, in.width) + 1, from[first], fold);
    }
  }
  GrayImage out(in.width, in.height);
  for (int y = 0; y < in.height; ++y) {
    const int first = window.first(y, in.height);
    float* to = out.row(y);
    std::copy_n(rows.row(first), in.width, to);
    for (int i = first + 1; i <= window.last(y, in.height); ++i) {
      const float* from = rows.row(i);
      for (int x = 0; x < in.width; ++x) to[x] = fold(to[x], from[x]);
    }
  }
  return out;
}

float lighter(float a, float b) {
  return std::max(a, b);
}
float darker(float a, float b) {
  return std::min(a, b);
}

/// The picture in cells, and a window that is wider than any stroke.
struct Grid {
  int side;
  GrayImage cells;
  Window window;
};

Grid make_grid(GrayView gray) {
  const int side = (std::max(gray.width, gray.height) + kCells - 1) / kCells;
  GrayImage cells = cell_means(gray, side);
  const int longer = std::max(cells.width, cells.height);
  // Pictures as small as the grid are crops around a digit: ink on their border, thick strokes, no shadows.
  const bool small = side == 1;
  const int width = longer * kWindowCells / kCells * (small ? 2 : 1);
  return {side, std::move(cells), {std::max(width / 2, 1), small}};
}

/// Where a pixel lies between the centres of two cells.
struct CellPosition {
  int first;
  int second;
  float fraction;
};

CellPosition cell_position(int pixel, int side, int cells) {
  const float at = (static_cast<float>(pixel) + 0.5F) / static_cast<float>(side) - 0.5F;
  const float inside = std::clamp(at, 0.0F, static_cast<float>(cells - 1));
  const int first = static_cast<int>(inside);
  return {first, std::min(first + 1, cells - 1), inside - static_cast<float>(first)};
}

struct Moments {
  double count = 0;
  double sum = 0;
  double squares = 0;
  double cubes = 0;

  void add(double value) {
    count += 1;
    sum += value;
    squares += value * value;
    cubes += value * value * value;
  }
};

// As a + (b - a) * t: exact where both ends are equal, so flat paper stays exactly flat.
float between(float a, float b, float t) {
  return a + (b - a) * t;
}

}  // namespace

bool is_light_on_dark(GrayView gray) {
  constexpr double kBorderWeight = 2.5;
  const Grid grid = make_grid(gray);
  const auto sum = [](float a, float b) { return a + b; };
  const GrayImage sums = windowed(grid.cells, grid.window, sum);
  // Wide enough that a printed frame is not all there is to it; in crops around a digit that would be ink.
  const int band = grid.side > 1 ? 3 : 1;
  const GrayImage counts = windowed(GrayImage(sums.width, sums.height, 1, 1.0F), grid.window, sum);
  Moments all;
  Moments border;
  for (int y = 0; y < sums.height; ++y) {
    for (int x = 0; x < sums.width; ++x) {
      const double deviation = grid.cells.view().at(x, y) - sums.view().at(x, y) / counts.view().at(x, y);
      all.add(deviation);
      if (std::min(std::min(x, y), std::min(sums.width - 1 - x, sums.height - 1 - y)) < band)
        border.add(deviation);
    }
  }
  const double spread = std::sqrt(all.squares / all.count);
  if (spread <= 0) return false;
  const double skew = all.cubes / all.count / (spread * spread * spread);
  const double border_light = border.sum / border.count / spread;
  return skew > kBorderWeight * border_light;
}

GrayImage darkness(GrayView gray) {
  const Grid grid = make_grid(gray);
  const GrayImage& cells = grid.cells;
  const GrayImage paper = windowed(windowed(cells, grid.window, lighter), grid.window, darker);
  std::vector<CellPosition> columns;
  columns.reserve(static_cast<std::size_t>(gray.width));
  for (int x = 0; x < gray.width; ++x) columns.push_back(cell_position(x, grid.side, cells.width));
  GrayImage dark(gray.width, gray.height);
  std::vector<float> line(static_cast<std::size_t>(cells.width));
  for (int y = 0; y < gray.height; ++y) {
    const CellPosition row = cell_position(y, grid.side, cells.height);
    const float* above = paper.view().row(row.first);
    const float* below = paper.view().row(row.second);
    for (std::size_t x = 0; x < line.size(); ++x) line[x] = between(above[x], below[x], row.fraction);
    const float* in = gray.row(y);
    float* out = dark.row(y);
    for (int x = 0; x < gray.width; ++x) {
      const CellPosition& column = columns[static_cast<std::size_t>(x)];
      const float light = between(line[static_cast<std::size_t>(column.first)],
                                  line[static_cast<std::size_t>(column.second)], column.fraction);
      out[x] = light - in[x];
    }
  }
  return dark;
}

float steepest_change(GrayView light) {
  constexpr int kFineCells = 256;  // along the longer side, at most
  constexpr int kSteps = 32;       // likewise
  const int side = std::max(light.width, light.height) / kFineCells + 1;
  const GrayImage cells = cell_means(light, side);
  const int step = std::max(std::max(cells.width, cells.height) / kSteps, 1);
  float steepest = 0;
  for (int y = 0; y < cells.height; ++y) {
    for (int x = 0; x < cells.width; ++x) {
      const float here = cells.view().at(x, y);
      if (x >= step) steepest = std::max(steepest, std::abs(here - cells.view().at(x - step, y)));
      if (y >= step) steepest = std::max(steepest, std::abs(here - cells.view().at(x, y - step)));
    }
  }
  return steepest;
}

}  // namespace inkread
