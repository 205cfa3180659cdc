// SPDX-License-Identifier: MIT
#include "engine/training/touching.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/training/habits.hpp"
#include "engine/vision/ink_paths.hpp"
#include "engine/vision/strokes.hpp"

namespace inkread {
namespace {

/// Canvas pixels between the digits' boxes.
struct Gaps {
  int least;
  int most;
};
constexpr Gaps kGaps{-8, 3};
constexpr Gaps kJoinedGaps{-3, 14};
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

/// A digit on a sheet.
struct Written {
  GrayImage ink;
  Box box;  ///< around it; may reach beyond the sheet
};

/// Two digits on a sheet.
struct Pair {
  Written wanted;
  Written other;
  GrayImage joint;            ///< what joins them, which is neither's; may be empty
  int left = 0;               ///< of the wanted one's canvas on the sheet
  int meeting = 0;            ///< the column between them
  bool wanted_first = false;  ///< whether the wanted one is on the left
};

/// The canvas on a sheet of two; `box` is around its ink.
Written paste(const Canvas& from, const Box& box, int left, int top) {
  Written out{GrayImage(2 * kCanvasSide, kCanvasSide), {box.x + left, box.y + top, box.width, box.height}};
  for (int y = std::max(0, -top); y < std::min(kCanvasSide, out.ink.height - top); ++y) {
    for (int x = std::max(0, -left); x < std::min(kCanvasSide, out.ink.width - left); ++x) {
      out.ink.at(left + x, top + y) = from.row(y)[x];
    }
  }
  return out;
}

/// The share of neighbours that are joined by a stroke, by people who do not lift the pen: noughts above all.
/// Not ones: what a cut leaves of a stroke at a one's head makes a seven of it.
float joint_chance(int label, int other) {
  if (label == 1 || other == 1) return 0;
  if (label == 0 && other == 0) return 0.6F;
  return label == 0 || other == 0 ? 0.25F : 0.1F;
}

/// A place at the digit's right or left, this share of its height from its top.
InkPoint side_of(const Written& digit, float share, bool right) {
  constexpr float kInk = 0.5F;
  const int y = std::clamp(digit.box.y + static_cast<int>(share * static_cast<float>(digit.box.height)), 0,
                           digit.ink.height - 1);
  int found = digit.box.x + digit.box.width / 2;
  for (int x = 0, none = true; x < digit.ink.width; ++x) {
    if (digit.ink.view().at(x, y) < kInk || !(right || none)) continue;
    found = x;
    none = false;
  }
  return {found + 0.5, y + 0.5};
}

/// A stroke from the head of the first digit, or its foot, to the head of the second, a little bent.
GrayImage draw_joint(const Written& first, const Written& second, Random& random) {
  const bool from_head = random.below(4) != 0;
  const InkPoint from =
      side_of(first, from_head ? random.uniform(0, 0.4F) : random.uniform(0.6F, 0.95F), true);
  const InkPoint to = side_of(second, random.uniform(0, 0.4F), false);
  const auto sag = static_cast<double>(random.uniform(-2, 5));
  const auto width = static_cast<double>(random.uniform(3, 5.5F));
  const InkPoint middle{(from.x + to.x) / 2, (from.y + to.y) / 2 + sag};
  GrayImage joint(first.ink.width, first.ink.height);
  draw_line(from, middle, width, joint);
  draw_line(middle, to, width, joint);
  return joint;
}

/// A digit of the data as somebody writes it.
Canvas write_digit(const Dataset& data, std::size_t number, float habit_chance, Random& random) {
  Canvas canvas = enlarge(as_tile(data.image(number)));
  const bool has_habit = random.uniform(0, 1) < habit_chance;
  const Random habit(random.next());
  if (has_habit && ink_box(canvas)) add_habit(canvas, data.labels[number], habit);
  return canvas;
}

/// Which digit of the data stands beside one with this label: any, but noughts more often beside noughts, as
/// amounts end.
std::size_t draw_neighbour(const Dataset& data, int label, Random& random) {
  constexpr float kNoughtBesideNought = 0.35F;
  constexpr int kTries = 20;
  const auto any = [&] { return std::size_t{random.below(static_cast<std::uint32_t>(data.size()))}; };
  std::size_t number = any();
  if (label == 0 && random.uniform(0, 1) < kNoughtBesideNought) {
    for (int i = 0; i < kTries && data.labels[number] != 0; ++i) number = any();
  }
  return number;
}

/// `wanted` and another digit, drawn from the data, at its right if `wanted_first`.
std::optional<Pair> write_pair(const Canvas& wanted, int label, bool wanted_first, const Dataset& data,
                               float habit_chance, Random& random) {
  const std::size_t number = draw_neighbour(data, label, random);
  const bool is_joined = random.uniform(0, 1) < joint_chance(label, data.labels[number]);
  const Canvas other = write_digit(data, number, habit_chance, random);
  const std::optional<Box> box = ink_box(wanted);
  const std::optional<Box> other_box = ink_box(other);
  if (!box || !other_box) return std::nullopt;
  const Gaps gaps = is_joined ? kJoinedGaps : kGaps;
  const int gap =
      gaps.least + static_cast<int>(random.below(static_cast<std::uint32_t>(gaps.most - gaps.least + 1)));
  const int rise = static_cast<int>(random.below(2 * kMostRise + 1)) - kMostRise;
  Pair pair;
  pair.wanted_first = wanted_first;
  pair.left = wanted_first ? 0 : kCanvasSide;
  const int edge = pair.left + box->x + (wanted_first ? box->width : 0);
  pair.meeting = edge + (wanted_first ? gap : -gap) / 2;
  const int other_left = wanted_first ? edge + gap : edge - gap - other_box->width;
  pair.wanted = paste(wanted, *box, pair.left, 0);
  pair.other = paste(other, *other_box, other_left - other_box->x, rise);
  if (is_joined) {
    pair.joint = wanted_first ? draw_joint(pair.wanted, pair.other, random)
                              : draw_joint(pair.other, pair.wanted, random);
  }
  return pair;
}

/// The ink of both, and of what joins them.
GrayImage together(const Pair& pair) {
  GrayImage both = pair.wanted.ink;
  for (const GrayImage* added : {&pair.other.ink, &pair.joint}) {
    std::transform(added->pixels.begin(), added->pixels.end(), both.pixels.begin(), both.pixels.begin(),
                   [](float a, float b) { return std::max(a, b); });
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
  const Box& wanted_box = pair.wanted.box;
  const Box& other_box = pair.other.box;
  const int width = pair.wanted.ink.width;
  for (int y = 0; y < pair.wanted.ink.height; ++y) {
    const float* wanted = pair.wanted.ink.view().row(y);
    const float* other = pair.other.ink.view().row(y);
    const auto add_lost = [&](int first, int last) {
      last = std::min(last, wanted_box.x + wanted_box.width);
      for (int x = std::max(first, wanted_box.x); x < last; ++x) sum += wanted[x];
    };
    const auto add_left = [&](int first, int last) {
      last = std::min(last, other_box.x + other_box.width);
      for (int x = std::max(first, other_box.x); x < last; ++x) {
        if (other[x] > wanted[x]) sum += other[x];
      }
    };
    const int edge = std::clamp(cut[static_cast<std::size_t>(y)], 0, width);
    if (pair.wanted_first) {
      add_left(0, edge);
      add_lost(edge, width);
    } else {
      add_lost(0, edge);
      add_left(edge, width);
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
  const float mass = std::accumulate(pair.wanted.ink.pixels.begin(), pair.wanted.ink.pixels.end(), 0.0F);
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
    const std::optional<Pair> pair =
        write_pair(*digit, data.labels[number], wanted_first, data, habit_chance, random);
    digit = pair ? part(*pair, random) : std::nullopt;
    if (!digit) return std::nullopt;
  }
  return digit;
}

std::optional<Canvas> cut_through_neighbour(const Dataset& data, std::size_t number, float habit_chance,
                                            Random& random) {
  const Canvas digit = write_digit(data, number, habit_chance, random);
  const std::optional<Pair> pair =
      write_pair(digit, data.labels[number], random.below(2) == 0, data, habit_chance, random);
  if (!pair) return std::nullopt;
  const GrayImage both = together(*pair);
  const float mass = std::accumulate(pair->other.ink.pixels.begin(), pair->other.ink.pixels.end(), 0.0F);
  const Ways ways(both, random);
  std::vector<std::vector<int>> cuts;
  for (int way = 1; way <= kMostInto; ++way) {
    const int x = pair->meeting + (pair->wanted_first ? way : -way);
    if (x <= pair->left || x + 1 >= pair->left + kCanvasSide) break;
    std::optional<std::vector<int>> cut = ways.through(x);
    if (!cut) continue;
    const float part = ink_beside(pair->other.ink, *cut, pair->wanted_first);
    const float lost = ink_beside(pair->wanted.ink, *cut, !pair->wanted_first);
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
