// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace inkread::RandomStream {

// What a stream of random numbers is for, so that each use draws its own.
inline constexpr std::uint64_t kParameters = 1;
inline constexpr std::uint64_t kImageOrder = 2;
inline constexpr std::uint64_t kAugmentation = 3;
inline constexpr std::uint64_t kDropout = 4;
inline constexpr std::uint64_t kNegatives = 5;
inline constexpr std::uint64_t kCalibration = 6;
inline constexpr std::uint64_t kTouching = 7;
inline constexpr std::uint64_t kTeacher = 8;

}  // namespace inkread::RandomStream
