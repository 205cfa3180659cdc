// SPDX-License-Identifier: MIT
#pragma once

namespace inkread {

/// Multiplications and additions of float32 a second, in thousands of millions, that one core does when
/// nothing but arithmetic is asked of it, with the widest vectors that the kernels use: the best of some
/// short runs.
double arithmetic_peak();

}  // namespace inkread
