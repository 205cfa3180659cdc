// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include "engine/nn/kernels/instruction_set.hpp"
#include "engine/nn/kernels/simd.hpp"

namespace inkread {

/// result [rows][columns] = left [rows][inner] * right [inner][columns]. `inner` and `columns` are multiples
/// of the vector length.
struct ProductShape {
  int rows = 0;
  int inner = 0;
  int columns = 0;
  int left_stride = 0;    ///< numbers from row to row
  int result_stride = 0;  ///< the same
  InstructionSet instruction_set = best_instruction_set();
};

/// Calls visit(first column, columns) for the blocks of columns that matrix_product() takes at once.
template <typename Visit>
void for_each_column_block(int columns, InstructionSet instruction_set, Visit visit) {
  const int widest = instruction_set == InstructionSet::kAvx512 ? 32 : simd::kBlockVectors * simd::kLanes;
  for (int first = 0; first < columns;) {
    int block = std::min(widest, columns - first);
    if (instruction_set == InstructionSet::kAvx512 && block < 32) {
      block = block >= 16 ? 16 : 8;
    }
    visit(first, block);
    first += block;
  }
}

/// `packed` holds right [inner][columns] block by block of columns, each [inner][columns of the block]. Every
/// sum runs over `inner` in its order, whatever the instruction set, so rows together give the bits of rows
/// alone.
void matrix_product(const ProductShape& shape, const float* left, const float* packed, float* result);

}  // namespace inkread
