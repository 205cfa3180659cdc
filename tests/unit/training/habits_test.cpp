// SPDX-License-Identifier: MIT
#include "engine/training/habits.hpp"

#include <doctest/doctest.h>

using namespace inkread;

namespace {

/// Ink in the tile's pixels [left, right) x [top, bottom).
void fill(Tile& tile, int left, int top, int right, int bottom) {
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      tile[static_cast<std::size_t>(y * kTileSide + x)] = 1;
    }
  }
}

Canvas plain_one() {
  Tile tile{};
  fill(tile, 13, 4, 15, 24);
  return enlarge(tile);
}

Canvas plain_seven() {
  Tile tile{};
  fill(tile, 7, 4, 19, 6);
  fill(tile, 17, 4, 19, 24);
  return enlarge(tile);
}

void ring(Tile& tile, int left, int top, int right, int bottom) {
  fill(tile, left, top, right, top + 2);
  fill(tile, left, bottom - 2, right, bottom);
  fill(tile, left, top, left + 2, bottom);
  fill(tile, right - 2, top, right, bottom);
}

Canvas plain_zero() {
  Tile tile{};
  ring(tile, 8, 4, 20, 24);
  return enlarge(tile);
}

Canvas plain_nine() {
  Tile tile{};
  ring(tile, 8, 4, 18, 14);
  fill(tile, 16, 14, 18, 24);
  return enlarge(tile);
}

/// The ink in a part of the canvas given in tile pixels.
float ink_in(const Canvas& canvas, int left, int top, int right, int bottom) {
  float sum = 0;
  for (int y = kCanvasMargin + kCanvasScale * top; y < kCanvasMargin + kCanvasScale * bottom; ++y) {
    for (int x = kCanvasMargin + kCanvasScale * left; x < kCanvasMargin + kCanvasScale * right; ++x) {
      sum += canvas.row(y)[x];
    }
  }
  return sum;
}

/// Ink that `after` has and `before` has not, in a part of the canvas given in tile pixels.
float added(const Canvas& before, const Canvas& after, int left, int top, int right, int bottom) {
  float sum = 0;
  for (int y = kCanvasMargin + kCanvasScale * top; y < kCanvasMargin + kCanvasScale * bottom; ++y) {
    for (int x = kCanvasMargin + kCanvasScale * left; x < kCanvasMargin + kCanvasScale * right; ++x) {
      CHECK(after.row(y)[x] >= before.row(y)[x]);
      sum += after.row(y)[x] - before.row(y)[x];
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("A one gets a flag at its upper left, now and then a foot, and nothing at its upper right") {
  const Canvas before = plain_one();
  int feet = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Canvas after = before;
    add_habit(after, 1, Random(seed));
    CHECK(added(before, after, 0, 4, 13, 20) > 10);
    CHECK(added(before, after, 16, 0, 28, 20) == 0);
    feet += added(before, after, 16, 20, 28, 28) > 0 ? 1 : 0;
  }
  CHECK(feet > 20);
  CHECK(feet < 60);
}

TEST_CASE("A seven gets a bar through its stem, a tick under its roof's left end, or both") {
  const Canvas before = plain_seven();
  int bars = 0;
  int ticks = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Canvas after = before;
    add_habit(after, 7, Random(seed));
    const bool bar = added(before, after, 20, 8, 28, 20) > 5;
    const bool tick = added(before, after, 4, 6, 11, 9) > 5;
    CHECK((bar || tick));
    bars += bar ? 1 : 0;
    ticks += tick ? 1 : 0;
  }
  CHECK(bars > 60);
  CHECK(ticks > 30);
  CHECK(bars + ticks < 180);
}

TEST_CASE("A zero gets a stroke to its neighbours at its upper half, or an end that overshoots at its top") {
  const Canvas before = plain_zero();
  int right = 0;
  int left = 0;
  int inside = 0;
  int above = 0;
  for (std::uint64_t seed = 0; seed < 240; ++seed) {
    Canvas after = before;
    add_habit(after, 0, Random(seed));
    CHECK(after.mass() > before.mass() + 4);
    CHECK(added(before, after, 0, 20, 28, 28) == 0);
    right += added(before, after, 21, 4, 28, 20) > 2 ? 1 : 0;
    left += added(before, after, 0, 0, 7, 20) > 2 ? 1 : 0;
    inside += added(before, after, 11, 7, 17, 20) > 2 ? 1 : 0;
    above += added(before, after, 9, 0, 19, 3) > 2 ? 1 : 0;
  }
  CHECK(right > 90);
  CHECK(left > 50);
  CHECK(inside > 20);
  CHECK(above > 20);
}

TEST_CASE("Every other nine's stem hangs under the middle of its ring instead of at its side") {
  const Canvas before = plain_nine();
  int moved = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Canvas after = before;
    add_habit(after, 9, Random(seed));
    if (after.pixels == before.pixels) continue;
    ++moved;
    CHECK(ink_in(after, 8, 4, 18, 9) == ink_in(before, 8, 4, 18, 9));
    CHECK(ink_in(after, 17, 18, 20, 24) < 0.2F * ink_in(before, 17, 18, 20, 24));
    CHECK(ink_in(after, 8, 16, 17, 23) > 30);
  }
  CHECK(moved > 30);
  CHECK(moved < 70);
}

TEST_CASE("Digits without such a habit, ones that are not straight and empty paper stay as they are") {
  for (const int label : {0, 2, 3, 4, 5, 6, 8, 9}) {
    Canvas seven = plain_seven();
    add_habit(seven, label, Random(1));
    CHECK(seven.pixels == plain_seven().pixels);
  }
  Canvas bent = plain_seven();
  add_habit(bent, 1, Random(1));
  CHECK(bent.pixels == plain_seven().pixels);
  for (const int label : {0, 1, 7, 9}) {
    Canvas empty;
    add_habit(empty, label, Random(1));
    CHECK(empty.pixels == Canvas{}.pixels);
  }
}

TEST_CASE("The same stream adds the same strokes") {
  Canvas first = plain_seven();
  Canvas again = plain_seven();
  Canvas other = plain_seven();
  add_habit(first, 7, Random(4));
  add_habit(again, 7, Random(4));
  add_habit(other, 7, Random(5));
  CHECK(first.pixels == again.pixels);
  CHECK(first.pixels != other.pixels);
}
