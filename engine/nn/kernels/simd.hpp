// SPDX-License-Identifier: MIT
// The few vector operations that the kernels need, by the compiler's vector extensions: the same source gives
// AVX2, NEON, SSE and wasm SIMD128, and plain code where there is none of them.
#pragma once

#include <cstring>

// A page waits for the module's bytes: there code is shared where native builds have a copy for each case.
#if defined(__wasm__)
#define INKREAD_COMPACT
/// On a function template: one copy for all its callers.
#define INKREAD_SHARED_IF_COMPACT [[gnu::noinline]]
/// Before a loop: its body is there once.
#define INKREAD_ROLLED_IF_COMPACT _Pragma("clang loop unroll(disable)")
#else
#define INKREAD_SHARED_IF_COMPACT [[gnu::always_inline]] inline
#define INKREAD_ROLLED_IF_COMPACT
#endif

namespace inkread::simd {

#if defined(__AVX__)
inline constexpr int kLanes = 8;
/// The register tile of a matrix product: rows, and vectors of columns. With their operands they just fit
/// the 16 registers of AVX2; engines of WebAssembly keep some for themselves.
inline constexpr int kBlockRows = 6;
inline constexpr int kBlockVectors = 2;
#else
inline constexpr int kLanes = 4;
inline constexpr int kBlockRows = 5;
inline constexpr int kBlockVectors = 2;
#endif

using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));

/// Only for functions of INKREAD_TARGET_AVX512. Like all vectors wider than the build's, it is never passed
/// or returned by value.
using Avx512Vector = float __attribute__((vector_size(16 * sizeof(float))));

template <typename V>
inline constexpr int kLanesOf = static_cast<int>(sizeof(V) / sizeof(float));

inline Vector load(const float* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
/// Vectors of any length.
template <typename V>
[[gnu::always_inline]] inline void load(const float* from, V& v) {
  std::memcpy(&v, from, sizeof v);
}
template <typename V>
[[gnu::always_inline]] inline void store(float* to, const V& v) {
  std::memcpy(to, &v, sizeof v);
}
/// x in every lane. (Subtracting zero changes no number, so only a broadcast remains of it.)
inline Vector splat(float x) {
  return x - Vector{};
}

#if defined(__clang__)
#if !__has_feature(address_sanitizer)  // its checks come between some products and their sums, and part these
#define INKREAD_FUSED_PRODUCTS
#endif
#endif

/// sum += a * b, fused where the processor can; vectors of any length.
template <typename V>
[[gnu::always_inline]] inline void add_product(const V& a, const V& b, V& sum) {
#if defined(INKREAD_FUSED_PRODUCTS)
#pragma clang fp contract(fast)
#endif
  sum = a * b + sum;
}

/// By lane; b where the two are not ordered.
inline Vector max(Vector a, Vector b) {
  return a > b ? a : b;
}

/// The least multiple of the vector length that holds n.
constexpr int padded(int n) {
  return (n + kLanes - 1) / kLanes * kLanes;
}

}  // namespace inkread::simd
