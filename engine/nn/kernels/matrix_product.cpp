// SPDX-License-Identifier: MIT
// Register tiles: some rows by some vectors of columns of the result stay in registers while `inner` passes.
#include "engine/nn/kernels/matrix_product.hpp"

#include <algorithm>

namespace inkread {
namespace {

using simd::kLanes;
using simd::Vector;

/// How far the inner loop is unrolled; `inner` is a multiple of it. Further, and LLVM takes the steps
/// together, whose operands WebAssembly's engines then keep in memory.
constexpr int kUnrolled = 2;

/// As matrix_product(), with a block of columns of the packed right side and of the result.
struct Block {
  const ProductShape& shape;
  const float* left;
  const float* packed;
  float* result;
};

template <typename Vector, int Rows, int Vectors>
[[gnu::always_inline]] inline void run_tile(const Block& block, int first) {
  constexpr int kLength = simd::kLanesOf<Vector>;
  const ProductShape& shape = block.shape;
  const float* rows[Rows];
  for (int r = 0; r < Rows; ++r) {
    rows[r] = block.left + (first + r) * shape.left_stride;
  }
  Vector sums[Rows][Vectors] = {};
  const float* packed = block.packed;
  for (int i = 0; i < shape.inner; i += kUnrolled) {
    for (int u = 0; u < kUnrolled; ++u, packed += Vectors * kLength) {
      Vector right[Vectors];
      for (int v = 0; v < Vectors; ++v) {
        simd::load(packed + v * kLength, right[v]);
      }
      for (int r = 0; r < Rows; ++r) {
        const Vector left = rows[r][u] - Vector{};
        for (int v = 0; v < Vectors; ++v) {
          simd::add_product(left, right[v], sums[r][v]);
        }
      }
    }
    for (int r = 0; r < Rows; ++r) {
      rows[r] += kUnrolled;
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) {
      simd::store(block.result + (first + r) * shape.result_stride + v * kLength, sums[r][v]);
    }
  }
}

/// The tile of `rows` <= Rows.
template <typename Vector, int Rows, int Vectors>
[[gnu::always_inline]] inline void run_tile_of(int rows, const Block& block, int first) {
  if constexpr (Rows > 1) {
    if (rows < Rows) {
      return run_tile_of<Vector, Rows - 1, Vectors>(rows, block, first);
    }
  }
  run_tile<Vector, Rows, Vectors>(block, first);
}

/// All rows, in tiles as equal as can be.
template <typename Vector, int Rows, int Vectors>
[[gnu::always_inline]] inline void run_tiles(const Block& block) {
  const int rows = block.shape.rows;
  for (int first = 0, tiles = (rows + Rows - 1) / Rows; tiles > 0; --tiles) {
    const int count = (rows - first + tiles - 1) / tiles;
    run_tile_of<Vector, Rows, Vectors>(count, block, first);
    first += count;
  }
}

void run_block(int columns, const Block& block) {
  constexpr int kRows = simd::kBlockRows;
  if constexpr (simd::kBlockVectors == 3) {
    if (columns == 3 * kLanes) return run_tiles<Vector, kRows, 3>(block);
  }
  if (columns == 2 * kLanes) {
    run_tiles<Vector, kRows, 2>(block);
  } else {
#if defined(INKREAD_COMPACT)
    run_tiles<Vector, 2, 1>(block);  // the last columns of a few shapes
#else
    run_tiles<Vector, kRows, 1>(block);
#endif
  }
}

#if defined(INKREAD_TARGET_AVX512)
INKREAD_TARGET_AVX512 void run_block_avx512(int columns, const Block& block) {
  using simd::Avx512Vector;
  constexpr int kAvx512Rows = 12;
  if (columns == 32) {
    run_tiles<Avx512Vector, kAvx512Rows, 2>(block);
  } else if (columns == 16) {
    run_tiles<Avx512Vector, kAvx512Rows, 1>(block);
  } else {
    run_tiles<Vector, kAvx512Rows, 1>(block);
  }
}
#endif

}  // namespace

void matrix_product(const ProductShape& shape, const float* left, const float* packed, float* result) {
  auto run = run_block;
#if defined(INKREAD_TARGET_AVX512)
  if (shape.instruction_set == InstructionSet::kAvx512) {
    run = run_block_avx512;
  }
#endif
  for_each_column_block(shape.columns, shape.instruction_set, [&](int first, int columns) {
    run(columns, {shape, left, packed, result + first});
    packed += shape.inner * columns;
  });
}

}  // namespace inkread
