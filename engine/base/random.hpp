// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace inkread {

/// A seeded generator with the same numbers on every platform (SplitMix64: Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014). The library's own because std::*_distribution
/// differs per library.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  /// A stream of its own for one (seed, a, b), so that the order in which threads work does not matter.
  static constexpr Random stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0) {
    Random mix(seed);
    mix = Random(mix.next() ^ (a * 0x9E3779B97F4A7C15U));
    return Random(mix.next() ^ (b * 0xD1B54A32D192ED03U));
  }

  /// Any 64-bit number.
  constexpr std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// Evenly in [0, bound); bound > 0. The bias of the multiply-shift reduction is below 2^-32 and does not
  /// matter here.
  constexpr std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

  /// Evenly in [low, high).
  constexpr float uniform(float low, float high) {
    return low + (high - low) * (static_cast<float>(next() >> 40U) * 0x1p-24F);
  }

  /// The whole state, to save and restore.
  [[nodiscard]] constexpr std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

}  // namespace inkread
