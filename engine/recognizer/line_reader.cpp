// SPDX-License-Identifier: MIT
#include "engine/recognizer/line_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/stable_order.hpp"
#include "engine/recognizer/digit_style.hpp"
#include "engine/recognizer/judge.hpp"
#include "engine/recognizer/line_windows.hpp"
#include "engine/segmentation/cuts.hpp"
#include "engine/vision/normalize.hpp"

namespace inkread {
namespace {

constexpr std::size_t kHypotheses = 6;  ///< kept at each place of the line
constexpr std::size_t kLabels = 3;      ///< of a piece of ink that are followed
constexpr std::size_t kMostPieces = 8;  ///< of one digit
constexpr std::size_t kLongest = 1000;  ///< pieces of a line: every text that is followed is as long

// Sizes, in line heights unless said otherwise.
constexpr float kWidest = 1.5F;       ///< a digit
constexpr float kWidestGap = 0.2F;    ///< between the pieces of one digit
constexpr float kLeastDigit = 0.25F;  ///< a digit's height
constexpr float kSmall = 0.35F;       ///< a dot's sides, at most
constexpr float kDashHeight = 0.3F;
constexpr float kDashWidth = 1.2F;
constexpr float kDashAspect = 1.3F;  ///< width over height, at least
constexpr float kUpright = 1.5F;     ///< height over width from which a dot is a comma
constexpr float kTall = 0.7F;        ///< components that are more than a stroke of a digit

constexpr float kShared = 0.5F;  ///< of the shorter of two dashes: how much lies above the other

/// A component of which the network is so sure is not divided, unless it is wider than kMostAspect heights.
constexpr float kSureAlone = 0.85F;
constexpr float kMostAspect = 1.2F;
constexpr float kBlot = 2;  ///< stroke widths: ink no longer than that is not divided
/// Heights of the digits that touch in a component, of its own: they seldom stand at one level.
constexpr float kScales[] = {0.95F, 0.8F};
constexpr float kLineScale = 0.9F;  ///< and in a line, of its height

// Where digits touch, the line's looks have a say in the likeliest texts. Neither they nor the pieces are
// as independent of each other as likelihoods that are multiplied: the power of each.
constexpr float kPiecesShare = 0.45F;
constexpr float kLooksShare = 0.07F;

// Costs, as negative logarithms of a likelihood.
constexpr float kDigitCost = 0.05F;
constexpr float kTouchCost = 0.4F;    ///< at each end of a digit that touches another
constexpr float kGapCost = 2;         ///< of a line height of paper between its pieces
constexpr float kJoinCost = 1;        ///< of each tall component beside its first
constexpr float kUsualLeast = 0.65F;  ///< a digit's height in line heights ...
constexpr float kUsualMost = 2;
constexpr float kSizeCost = 2;              ///< ... and what e times less or more costs
constexpr float kLeaveOutCost = 0.1F;       ///< of leaving ink out ...
constexpr float kLeaveOutDigitCost = 2.5F;  ///< ... and of as much ink as a digit has ...
constexpr float kLeaveOutEndCost = 1.5F;    ///< ... or, where it is small and cut off

constexpr float kDigitInk = 2.2F;  ///< of a typical digit, in line heights times stroke widths
/// Of the least probability: what every digit has of ink that is none, and which speaks for no digit.
constexpr float kFlat = 0.9F;
constexpr float kLeastProbability = 1e-6F;

Box whole(const GrayImage& image) {
  return {0, 0, image.width, image.height};
}

Rect rect(const Box& box) {
  return {static_cast<float>(box.x), static_cast<float>(box.y), static_cast<float>(box.width),
          static_cast<float>(box.height)};
}

/// A way to read pieces.
struct Arc {
  std::size_t first = 0;  ///< the pieces [first, last)
  std::size_t last = 0;
  float cost = 0;
  std::optional<Digit> digit;
  std::optional<Mark> mark;
  float left_out = 0;  ///< in digits
};

/// A way to read the line from its beginning.
struct Hypothesis {
  std::string text;
  float cost = 0;
  std::size_t arc = 0;  ///< its last
  int label = 0;
  std::size_t before = 0;  ///< among the hypotheses of that arc's first piece
};

class LineReader {
 public:
  LineReader(InkParts& parts, const TextLine& line, const Program& network, Workspace& workspace, int& looks)
      : parts_(parts), line_(line), network_(network), workspace_(workspace), looks_(looks) {}

  Result<LineReading> read() {
    present_ = line_.parts;
    for (const int part : line_.parts) {
      if (const Status status = add_pieces(part); !status.ok()) return status.error();
    }
    sort_stably(pieces_, [](const Piece& a, const Piece& b) { return a.middle < b.middle; });
    bool has_touching = false;
    for (std::size_t first = 0; first < pieces_.size(); ++first) {
      has_touching |= touches_before(first);
      add_leaving_out(first);
      if (const Status status = add_digits(first); !status.ok()) return status.error();
    }
    // Every arc's beginning is complete before the arc is taken.
    sort_stably(arcs_, [](const Arc& a, const Arc& b) { return a.last < b.last; });
    ways_.resize(pieces_.size() + 1);
    ways_.front().push_back({});
    for (std::size_t i = 0; i < arcs_.size(); ++i) extend(i);
    if (has_touching) {
      if (const Status status = ask_line(); !status.ok()) return status.error();
    }
    return likeliest();
  }

 private:
  /// An undivided part of the line.
  struct Piece {
    int part = 0;
    float middle = 0;            ///< of its box, across
    std::optional<Digit> alone;  ///< what the network says of it, if it was asked
  };

  [[nodiscard]] float lines(int pixels) const { return static_cast<float>(pixels) / line_.height; }

  /// What the network says of these parts together.
  Result<Digit> judge(std::span<const int> group) {
    --looks_;
    const Box box = box_around(parts_, group);
    const GrayImage ink = ink_of(parts_, group, box);
    Result<Digit> digit = judge_carefully(normalize_ink(ink.view(), whole(ink)), network_, workspace_);
    if (digit.ok()) digit.value().box = rect(box);
    return digit;
  }

  /// Whether it is wider than most digits.
  [[nodiscard]] static bool is_wide(const Box& box) {
    return static_cast<float>(box.width) > kMostAspect * static_cast<float>(box.height);
  }

  /// Whether it is as thick as long: strips of it would look like a 1.
  [[nodiscard]] static bool is_blot(const Part& part) {
    return static_cast<float>(std::max(part.box.width, part.box.height)) < kBlot * part.stroke_width;
  }

  /// What the network sees along a box, with the line's ink beside it, in the scale of digits of this height.
  /// Of the digits' boxes only x is set: the middle.
  Result<std::vector<Digit>> look_at(const Box& box, float height) {
    const float step = height / kTileInkSide;
    const float reach = kTileSide / 2.0F * step;
    const auto margin = static_cast<int>(reach) + 1;
    const int first = std::max(box.x - margin, 0);
    const int last = std::min(box.x + box.width + margin, parts_.ink.width);
    const Box around{first, box.y, last - first, box.height};
    std::vector<int> near;
    for (const int other : present_) {
      const Box& there = parts_.part(other).box;
      if (there.x < last && there.x + there.width > first) near.push_back(other);
    }
    const float left = static_cast<float>(box.x - first) - reach;
    const float top = static_cast<float>(box.height) / 2 - reach;
    const int width = static_cast<int>(static_cast<float>(box.width) / step) + 1 + kTileSide;
    const GrayImage strip = scale_strip(ink_of(parts_, near, around).view(), left, top, step, width);
    Result<std::vector<Digit>> looks = look_along(strip, network_, workspace_, looks_);
    if (!looks.ok()) return looks;
    for (Digit& digit : looks.value()) {
      digit.box.x = static_cast<float>(first) + left + digit.box.x * step;
    }
    return looks;
  }

  /// Adds a part of which the network is not sure: the digits that it sees along it, or the part itself.
  Status add_divided(int part, const std::optional<Digit>& alone) {
    const Box box = parts_.part(part).box;
    WindowReading best;
    for (const float scale : kScales) {
      const Result<std::vector<Digit>> looks = look_at(box, static_cast<float>(box.height) * scale);
      if (!looks.ok()) return looks.error();
      WindowReading read = read_windows(looks.value());
      const bool is_better = !read.digits.empty() && read.cost < best.cost;
      if (best.digits.empty() || is_better) best = std::move(read);
    }
    const std::vector<Digit>& digits = best.digits;
    if (digits.size() < 2) {
      add_piece(part, alone);
      return success();
    }
    std::vector<int> columns;
    for (std::size_t i = 1; i < digits.size(); ++i) {
      columns.push_back(static_cast<int>(std::lround((digits[i - 1].box.x + digits[i].box.x) / 2)));
    }
    const std::vector<int> pieces = divide_at(parts_, part, columns);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i] < 0) continue;
      if (pieces[i] != part) present_.push_back(pieces[i]);
      add_piece(pieces[i], digits[i]);
    }
    return success();
  }

  /// Adds a part that is not divided further, and what the network says of it if that is known.
  void add_piece(int part, std::optional<Digit> digit) {
    const Box& box = parts_.part(part).box;
    if (digit) digit->box = rect(box);
    pieces_.push_back({part, static_cast<float>(box.x) + static_cast<float>(box.width) / 2, digit});
  }

  /// Adds a part, divided if it may be more than one digit.
  Status add_pieces(int part) {
    if (looks_ <= 0 || pieces_.size() >= kLongest) {
      left_out_ += digits_of(parts_.part(part));
      return success();
    }
    std::optional<Digit> alone;
    bool is_whole = sign_of(parts_.part(part).box).has_value();
    if (!is_whole) {
      Result<Digit> digit = judge(std::array{part});
      if (!digit.ok()) return digit.error();
      alone = std::move(digit).value();
      is_whole = is_one_digit(part, *alone) || is_blot(parts_.part(part));
    }
    if (is_whole) {
      add_piece(part, alone);
      return success();
    }
    const std::vector<int> strokes = divide_by_strokes(parts_, part);
    if (strokes.size() == 1) return add_divided(part, alone);
    for (const int stroke : strokes) {
      if (stroke != part) present_.push_back(stroke);
    }
    for (const int stroke : strokes) {
      const Box& box = parts_.part(stroke).box;
      if (!is_wide(box) || sign_of(box)) {
        add_piece(stroke, {});
      } else if (Status status = add_divided(stroke, {}); !status.ok()) {
        return status;
      }
    }
    return success();
  }

  [[nodiscard]] bool is_one_digit(int part, const Digit& alone) const {
    return alone.confidence() >= kSureAlone && !is_wide(parts_.part(part).box);
  }

  /// Whether this piece and the one before were parted.
  [[nodiscard]] bool touches_before(std::size_t piece) const {
    return piece > 0 && piece < pieces_.size() &&
           parts_.part(pieces_[piece - 1].part).component == parts_.part(pieces_[piece].part).component;
  }

  [[nodiscard]] float touch_costs(std::size_t first, std::size_t last) const {
    return (touches_before(first) ? kTouchCost : 0) + (touches_before(last) ? kTouchCost : 0);
  }

  /// The sign of punctuation that this box may be.
  [[nodiscard]] std::optional<char> sign_of(const Box& box) const {
    const float w = lines(box.width);
    const float h = lines(box.height);
    if (h < kDashHeight && w < kDashWidth && w > kDashAspect * h) return '-';
    if (h < kSmall && w < kSmall) return h > kUpright * w ? ',' : '.';
    return std::nullopt;
  }

  /// How many digits have as much ink.
  [[nodiscard]] float digits_of(const Part& part) const {
    return part.mass / (kDigitInk * line_.height * parts_.stroke_width);
  }

  /// The ways to read one piece as no digit.
  void add_leaving_out(std::size_t first) {
    const Part& part = parts_.part(pieces_[first].part);
    const float digits = digits_of(part);
    Arc arc{first, first + 1, kLeaveOutCost, {}, {}, 0};
    const std::optional<char> sign = sign_of(part.box);
    const bool is_whole = !touches_before(first) && !touches_before(first + 1);
    if (!sign) {
      arc.cost += kLeaveOutDigitCost * digits + touch_costs(first, first + 1);
      arc.left_out = digits;
    } else if (is_whole) {
      arc.mark = Mark{*sign, rect(part.box)};
    } else {  // the end of a stroke, or what joins two
      arc.cost += kLeaveOutEndCost * digits;
    }
    arcs_.push_back(arc);
  }

  /// The ways to read the pieces from `first` on as one digit.
  Status add_digits(std::size_t first) {
    float apart = 0;  // what reading each of them as a digit costs
    for (std::size_t last = first + 1; last <= pieces_.size() && last - first <= kMostPieces; ++last) {
      const std::vector<int> group = parts_of(first, last);
      const Box box = box_around(parts_, group);
      const float gap = std::max(widest_gap(group), 0.0F);
      if (group.size() > 1 && (lines(box.width) > kWidest || gap > kWidestGap)) break;
      const float cost =
          kDigitCost + touch_costs(first, last) + kGapCost * gap + kJoinCost * joins(group) + size_cost(box);
      apart += cost_alone(last - 1);
      if (group.size() == 1 && pieces_[first].alone) {
        arcs_.push_back({first, last, cost, pieces_[first].alone, {}, 0});
        continue;
      }
      if (lines(box.height) < kLeastDigit || cost >= apart) continue;
      if (looks_ <= 0) return success();
      Result<Digit> digit = judge(group);
      if (!digit.ok()) return digit.error();
      arcs_.push_back({first, last, cost, std::move(digit).value(), {}, 0});
    }
    return success();
  }

  /// Of reading a piece as the digit that the network takes it for; infinite if it was not asked.
  [[nodiscard]] float cost_alone(std::size_t piece) const {
    const std::optional<Digit>& digit = pieces_[piece].alone;
    if (!digit) return std::numeric_limits<float>::infinity();
    return kDigitCost + touch_costs(piece, piece + 1) + size_cost(parts_.part(pieces_[piece].part).box) +
           cost_of(*digit, digit->confidence());
  }

  /// Of reading this as a digit of which it has this probability.
  [[nodiscard]] static float cost_of(const Digit& digit, float probability) {
    const float flat = kFlat * *std::min_element(digit.probabilities.begin(), digit.probabilities.end());
    return -std::log(std::max(probability - flat, kLeastProbability));
  }

  /// Of an unusual height.
  [[nodiscard]] float size_cost(const Box& box) const {
    const float height = lines(box.height);
    if (height < kUsualLeast) return kSizeCost * std::log(kUsualLeast / height);
    if (height > kUsualMost) return kSizeCost * std::log(height / kUsualMost);
    return 0;
  }

  [[nodiscard]] std::vector<int> parts_of(std::size_t first, std::size_t last) const {
    std::vector<int> parts;
    for (std::size_t i = first; i < last; ++i) parts.push_back(pieces_[i].part);
    return parts;
  }

  /// The widest stretch of paper between parts, in line heights; negative where they overlap.
  [[nodiscard]] float widest_gap(const std::vector<int>& group) const {
    float gap = 0;
    int right = parts_.part(group.front()).box.x;
    for (const int index : group) {
      const Box& box = parts_.part(index).box;
      gap = std::max(gap, lines(box.x - right));
      right = std::max(right, box.x + box.width);
    }
    return gap;
  }

  /// How many tall components are joined to another.
  [[nodiscard]] float joins(const std::vector<int>& group) const {
    int tall = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const int component = parts_.part(group[i]).component;
      const auto is_of = [&](int part) { return parts_.part(part).component == component; };
      const auto here = group.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(group.begin(), here, is_of)) continue;
      Box box = parts_.part(group[i]).box;
      for (const int part : group) {
        if (is_of(part)) box = around(box, parts_.part(part).box);
      }
      if (lines(box.height) > kTall) ++tall;
    }
    return static_cast<float>(std::max(tall - 1, 0));
  }

  /// Lets what the network sees along the whole line have a say in the likeliest texts.
  Status ask_line() {
    std::vector<Hypothesis>& ends = ways_.back();
    const Box box = box_around(parts_, present_);
    const Result<std::vector<Digit>> looks = look_at(box, static_cast<float>(box.height) * kLineScale);
    if (!looks.ok()) return looks.error();
    if (looks_ <= 0) return success();  // perhaps not all of the line was looked at
    std::vector<Hypothesis> judged;
    for (Hypothesis& end : ends) {
      end.cost = kPiecesShare * end.cost + kLooksShare * cost_of_text(looks.value(), end.text);
      keep(judged, std::move(end));
    }
    ends = std::move(judged);
    return success();
  }

  [[nodiscard]] LineReading likeliest() const {
    LineReading out;
    out.left_out = left_out_;
    out.texts = texts(ways_.back());
    std::size_t rank = 0;
    for (std::size_t at = pieces_.size(); at > 0;) {
      const Hypothesis& way = ways_[at][rank];
      const Arc& arc = arcs_[way.arc];
      at = arc.first;
      rank = way.before;
      out.left_out += arc.left_out;
      if (arc.mark) out.marks.push_back(*arc.mark);
      if (!arc.digit) continue;
      out.digits.push_back(*arc.digit);
      out.digits.back().label = way.label;
      const std::vector<int> group = parts_of(arc.first, arc.last);
      const GrayImage ink = ink_of(parts_, group, box_around(parts_, group));
      out.digits.back().style = measure_style(ink.view(), whole(ink));
    }
    std::reverse(out.digits.begin(), out.digits.end());
    std::reverse(out.marks.begin(), out.marks.end());
    if (out.digits.size() > 1) {
      const float tilt = climb_of(out.digits);
      for (Digit& digit : out.digits) digit.style.tilt = tilt;
    }
    join_dashes(out.marks);
    return out;
  }

  /// Two dashes one above the other are a sign of equality.
  static void join_dashes(std::vector<Mark>& marks) {
    for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
      const Rect& a = marks[i].box;
      const Rect& b = marks[i + 1].box;
      const float shared = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
      if (marks[i].sign != '-' || marks[i + 1].sign != '-' || shared < kShared * std::min(a.width, b.width))
        continue;
      const float left = std::min(a.x, b.x);
      const float top = std::min(a.y, b.y);
      const float right = std::max(a.x + a.width, b.x + b.width);
      const float bottom = std::max(a.y + a.height, b.y + b.height);
      marks[i] = {'=', {left, top, right - left, bottom - top}};
      marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }

  /// Their share of the likelihood of all that were kept.
  static std::vector<Alternative> texts(const std::vector<Hypothesis>& ends) {
    const auto likelihood = [&](const Hypothesis& end) {
      return std::exp(kTextSharpness * (ends.front().cost - end.cost));
    };
    float sum = 0;
    for (const Hypothesis& end : ends) sum += likelihood(end);
    std::vector<Alternative> out;
    for (const Hypothesis& end : ends) out.push_back({end.text, likelihood(end) / sum});
    return out;
  }

  void extend(std::size_t number) {
    const Arc& arc = arcs_[number];
    std::vector<Hypothesis>& to = ways_[arc.last];
    const std::vector<Hypothesis>& all = ways_[arc.first];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Hypothesis& from = all[i];
      if (!arc.digit) {
        keep(to, {from.text, from.cost + arc.cost, number, 0, i});
        continue;
      }
      for (const Guess& guess : best_guesses(*arc.digit, kLabels)) {
        const float cost = arc.cost + cost_of(*arc.digit, guess.probability);
        keep(to,
             {from.text + static_cast<char>('0' + guess.label), from.cost + cost, number, guess.label, i});
      }
    }
  }

  /// Keeps the likeliest hypotheses of different texts.
  static void keep(std::vector<Hypothesis>& best, Hypothesis added) {
    const auto same = std::find_if(best.begin(), best.end(),
                                   [&](const Hypothesis& known) { return known.text == added.text; });
    if (same != best.end()) {
      if (same->cost <= added.cost) return;
      best.erase(same);
    }
    const auto place = std::find_if(best.begin(), best.end(),
                                    [&](const Hypothesis& known) { return known.cost > added.cost; });
    best.insert(place, std::move(added));
    if (best.size() > kHypotheses) best.pop_back();
  }

  InkParts& parts_;
  const TextLine& line_;
  const Program& network_;
  Workspace& workspace_;
  int& looks_;                 ///< that the network has left
  float left_out_ = 0;         ///< ink that was not even looked at, in digits
  std::vector<int> present_;   ///< the line's parts and what they were divided into
  std::vector<Piece> pieces_;  ///< from left to right
  std::vector<Arc> arcs_;
  std::vector<std::vector<Hypothesis>> ways_;  ///< by the piece before which they end, the likeliest first
};

}  // namespace

Result<LineReading> read_line(InkParts& parts, const TextLine& line, const Program& network,
                              Workspace& workspace, int& looks) {
  return LineReader(parts, line, network, workspace, looks).read();
}

}  // namespace inkread
