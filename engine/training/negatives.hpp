// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/base/random.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/dataset.hpp"
#include "engine/training/distortions.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {

/// What a tile can show that is no digit.
enum class NegativeKind : std::uint8_t {
  kNumber,    ///< two or three digits, beside, over or above each other, or one and a large part of another
  kFragment,  ///< a part of a digit that is not a digit itself
  kTurned,    ///< a digit mirrored or turned until nobody reads one
  kScribble,
  kLetter,
  kSign,
  kMarks,  ///< dots, blots, lines, grids, noise
};
inline constexpr std::array kNegativeKinds{
    NegativeKind::kNumber, NegativeKind::kFragment, NegativeKind::kTurned, NegativeKind::kScribble,
    NegativeKind::kLetter, NegativeKind::kSign,     NegativeKind::kMarks};

/// One or two words for people.
[[nodiscard]] std::string_view negative_name(NegativeKind kind);
/// How many of a hundred negatives are of this kind.
[[nodiscard]] std::uint32_t negative_share(NegativeKind kind);
/// A kind by its share.
[[nodiscard]] NegativeKind draw_negative_kind(Random& random);

/// A tile of this kind, drawn from `random`: the same for the same stream and data. It is made of the data's
/// digits (28 x 28, 255 = ink) or with a pen like theirs, then distorted and normalised as augment() does
/// with digits, so that only its shape tells it from one. Where the data lack the digits that a kind needs, a
/// scribble stands in. Values are 0..1, and there is always ink.
[[nodiscard]] Tile make_negative(NegativeKind kind, const Dataset& data, const Augmentation& settings,
                                 Random& random);

/// A tile of any kind. To be learnt with the same probability for each digit, negatives teach a network to
/// refuse: Hendrycks, Mazeika, Dietterich, "Deep anomaly detection with outlier exposure", ICLR 2019.
[[nodiscard]] Tile make_negative(const Dataset& data, const Augmentation& settings, Random& random);

}  // namespace inkread
