// SPDX-License-Identifier: MIT
#include "engine/training/touching.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/training/habits.hpp"
#include "engine/vision/ink_paths.hpp"

namespace inkread {
namespace {

constexpr int kLeastGap = -8;  ///< canvas pixels between the digits' boxes
constexpr int kMostGap = 3;
constexpr int kMostRise = 6;  ///< canvas pixels up or down
constexpr int kSearch = 16;   ///< canvas pixels either way from where they meet
constexpr float kSidestep = 0.3F;
constexpr float kLeastSlant = -0.2F;  ///< of a straight cut, columns a row
constexpr float kMostSlant = 0.6F;
constexpr int kMostInto = 40;        ///< canvas pixels from there into the neighbour
constexpr float kLeastPart = 0.25F;  ///< of the neighbour's ink that a wrong cut leaves ...
constexpr float kMostPart = 0.8F;
constexpr float kMostLost = 0.1F;        ///< ... and of as much ink that it may take from the digit
constexpr float kMostMisplaced = 0.12F;  ///< of the digit's ink: what lies on the wrong side of a cut ...
constexpr float kMostMisplacedStraight = 0.2F;  ///< ... and of a straight one

/// Two digits on a sheet.
struct Pair {
  GrayImage wanted;
  GrayImage other;
  int left = 0;               ///< of the wanted one's canvas on the sheet
  int meeting = 0;            ///< the column between them
  bool wanted_first = false;  ///< whether the wanted one is on the left
};

void paste(const Canvas& from, int left, int top, GrayImage& sheet) {
  for (int y = std::max(0, -top); y < std::min(kCanvasSide, sheet.height - top); ++y) {
    for (int x = std::max(0, -left); x < std::min(kCanvasSide, sheet.width - left); ++x) {
      sheet.at(left + x, top + y) = from.row(y)[x];
    }
  }
}

/// A digit of the data as somebody writes it.
Canvas write_digit(const Dataset& data, std::size_t number, float habit_chance, Random& random) {
  Canvas canvas = enlarge(as_tile(data.image(number)));
  const bool has_habit = random.uniform(0, 1) < habit_chance;
  const Random habit(random.next());
  if (has_habit && ink_box(canvas)) add_habit(canvas, data.labels[number], habit);
  return canvas;
}

/// `wanted` and another digit, drawn from the data, at its right if `wanted_first`.
std::optional<Pair> write_pair(const Canvas& wanted, bool wanted_first, const Dataset& data,
                               float habit_chance, Random& random) {
  const Canvas other =
      write_digit(data, random.below(static_cast<std::uint32_t>(data.size())), habit_chance, random);
  const std::optional<Box> box = ink_box(wanted);
  const std::optional<Box> other_box = ink_box(other);
  if (!box || !other_box) return std::nullopt;
  const int gap = kLeastGap + static_cast<int>(random.below(kMostGap - kLeastGap + 1));
  const int rise = static_cast<int>(random.below(2 * kMostRise + 1)) - kMostRise;
  Pair pair;
  pair.wanted = GrayImage(2 * kCanvasSide, kCanvasSide);
  pair.other = pair.wanted;
  pair.wanted_first = wanted_first;
  pair.left = wanted_first ? 0 : kCanvasSide;
  const int edge = pair.left + box->x + (wanted_first ? box->width : 0);
  pair.meeting = edge + (wanted_first ? gap : -gap) / 2;
  const int other_left = wanted_first ? edge + gap : edge - gap - other_box->width;
  paste(wanted, pair.left, 0, pair.wanted);
  paste(other, other_left - other_box->x, rise, pair.other);
  return pair;
}

/// The ink of both.
GrayImage together(const Pair& pair) {
  GrayImage both = pair.wanted;
  for (std::size_t i = 0; i < both.pixels.size(); ++i) {
    both.pixels[i] = std::max(both.pixels[i], pair.other.pixels[i]);
  }
  return both;
}

/// The ways between and through them that a number's reader cuts along, a column a row: by turns those that
/// no way beside meets less ink than, and straight ones of one slant, which also go along strokes that lie on
/// each other.
class Ways {
 public:
  Ways(const GrayImage& both, Random& random) : width_(both.width), height_(both.height) {
    if (random.below(2) == 0) {
      paths_.emplace(both, kSidestep);
    } else {
      slant_ = random.uniform(kLeastSlant, kMostSlant);
    }
  }

  [[nodiscard]] float most_misplaced() const { return paths_ ? kMostMisplaced : kMostMisplacedStraight; }

  /// The way through this column of the middle row, if there is such a one.
  [[nodiscard]] std::optional<std::vector<int>> through(int x) const {
    if (x < 1 || x > width_ - 2) return std::nullopt;
    if (!paths_) return straight_way(x, slant_, height_);
    if (paths_->cost(x) > paths_->cost(x - 1) || paths_->cost(x) > paths_->cost(x + 1)) return std::nullopt;
    return paths_->columns(x);
  }

 private:
  int width_;
  int height_;
  std::optional<InkPaths> paths_;
  float slant_ = 0;
};

/// The canvas of the wanted digit with all ink on its side of a cut; nothing where that is none.
std::optional<Canvas> side_of_wanted(const Pair& pair, const GrayImage& both, const std::vector<int>& cut) {
  Canvas out;
  for (int y = 0; y < kCanvasSide; ++y) {
    for (int x = 0; x < kCanvasSide; ++x) {
      const int column = pair.left + x;
      const bool first = column < cut[static_cast<std::size_t>(y)];
      if (first == pair.wanted_first) out.row(y)[x] = both.view().at(column, y);
    }
  }
  return ink_box(out) ? std::optional(out) : std::nullopt;
}

/// The wanted digit's ink beyond a cut, and the other's on this side where the wanted one has less.
float misplaced(const Pair& pair, const std::vector<int>& cut) {
  float sum = 0;
  for (int y = 0; y < pair.wanted.height; ++y) {
    const float* wanted = pair.wanted.view().row(y);
    const float* other = pair.other.view().row(y);
    for (int x = 0; x < pair.wanted.width; ++x) {
      const bool first = x < cut[static_cast<std::size_t>(y)];
      if (first != pair.wanted_first) {
        sum += wanted[x];
      } else if (other[x] > wanted[x]) {
        sum += other[x];
      }
    }
  }
  return sum;
}

/// The ink before a cut (`first`) or from it on.
float ink_beside(const GrayImage& ink, const std::vector<int>& cut, bool first) {
  float sum = 0;
  for (int y = 0; y < ink.height; ++y) {
    const float* row = ink.view().row(y);
    const int edge = std::clamp(cut[static_cast<std::size_t>(y)], 0, ink.width);
    sum += std::accumulate(first ? row : row + edge, first ? row + edge : row + ink.width, 0.0F);
  }
  return sum;
}

std::optional<Canvas> part(const Pair& pair, Random& random) {
  const GrayImage both = together(pair);
  const float mass = std::accumulate(pair.wanted.pixels.begin(), pair.wanted.pixels.end(), 0.0F);
  const Ways ways(both, random);
  std::vector<std::vector<int>> cuts;
  for (int x = pair.meeting - kSearch; x <= pair.meeting + kSearch; ++x) {
    std::optional<std::vector<int>> cut = ways.through(x);
    if (cut && misplaced(pair, *cut) <= ways.most_misplaced() * mass) cuts.push_back(std::move(*cut));
  }
  if (cuts.empty()) return std::nullopt;
  return side_of_wanted(pair, both, cuts[random.below(static_cast<std::uint32_t>(cuts.size()))]);
}

}  // namespace

/// The wanted digit, parted from its neighbour along one of the ways that part them well enough; nothing
/// where there is none.
std::optional<Canvas> cut_from_neighbours(const Dataset& data, std::size_t number, float habit_chance,
                                          Random& random) {
  std::optional<Canvas> digit = write_digit(data, number, habit_chance, random);
  const bool first = random.below(2) == 0;
  const bool has_two = random.below(2) == 0;
  for (const bool wanted_first : {first, !first}) {
    if (wanted_first != first && !has_two) break;
    const std::optional<Pair> pair = write_pair(*digit, wanted_first, data, habit_chance, random);
    digit = pair ? part(*pair, random) : std::nullopt;
    if (!digit) return std::nullopt;
  }
  return digit;
}

std::optional<Canvas> cut_through_neighbour(const Dataset& data, std::size_t number, float habit_chance,
                                            Random& random) {
  const Canvas digit = write_digit(data, number, habit_chance, random);
  const std::optional<Pair> pair = write_pair(digit, random.below(2) == 0, data, habit_chance, random);
  if (!pair) return std::nullopt;
  const GrayImage both = together(*pair);
  const float mass = std::accumulate(pair->other.pixels.begin(), pair->other.pixels.end(), 0.0F);
  const Ways ways(both, random);
  std::vector<std::vector<int>> cuts;
  for (int way = 1; way <= kMostInto; ++way) {
    const int x = pair->meeting + (pair->wanted_first ? way : -way);
    if (x <= pair->left || x + 1 >= pair->left + kCanvasSide) break;
    std::optional<std::vector<int>> cut = ways.through(x);
    if (!cut) continue;
    const float part = ink_beside(pair->other, *cut, pair->wanted_first);
    const float lost = ink_beside(pair->wanted, *cut, !pair->wanted_first);
    if (lost <= kMostLost * mass && part >= kLeastPart * mass && part <= kMostPart * mass) {
      cuts.push_back(std::move(*cut));
    }
  }
  if (cuts.empty()) return std::nullopt;
  return side_of_wanted(*pair, both, cuts[random.below(static_cast<std::uint32_t>(cuts.size()))]);
}

Tile augment_touching(const Dataset& data, std::size_t number, const Augmentation& settings, Random& random) {
  const std::optional<Canvas> cut = cut_from_neighbours(data, number, settings.habit_chance, random);
  if (!cut) return augment(data.image(number), data.labels[number], settings, random);
  Distortion distortion = draw_distortion(settings, random);
  distortion.neighbours = 0;
  return distort(*cut, distortion);
}

}  // namespace inkread
