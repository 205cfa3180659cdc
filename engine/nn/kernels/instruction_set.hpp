// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// Only where the build's own vectors are AVX2's: the blocks of eight channels are theirs, and products are
// fused.
#if defined(__x86_64__) && defined(__AVX__) && defined(__FMA__)
/// On a function: it may use AVX-512, and is called only where the processor has it.
#define INKREAD_TARGET_AVX512 __attribute__((target("avx512f,avx512vl")))
#endif

namespace inkread {

/// For which of a processor's vectors a kernel is compiled.
enum class InstructionSet : std::uint8_t {
  kBaseline,  ///< what the whole build assumes
  kAvx512,
};

/// The widest that this processor has. Every instruction set gives the same bits.
[[nodiscard]] InstructionSet best_instruction_set();

}  // namespace inkread
