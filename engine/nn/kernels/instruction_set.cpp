// SPDX-License-Identifier: MIT
#include "engine/nn/kernels/instruction_set.hpp"

namespace inkread {

InstructionSet best_instruction_set() {
#if defined(INKREAD_TARGET_AVX512)
  static const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  return has_avx512 ? InstructionSet::kAvx512 : InstructionSet::kBaseline;
#else
  return InstructionSet::kBaseline;
#endif
}

}  // namespace inkread
