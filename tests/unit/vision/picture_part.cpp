// SPDX-License-Identifier: MIT
#include "engine/vision/picture_part.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

namespace inkread {
namespace {

/// 3 wide, 2 high; the pixels' red channels are 1 2 3 above 4 5 6.
RgbaImage numbered() {
  RgbaImage picture(3, 2, 4);
  for (std::size_t i = 0; i < 6; ++i) picture.pixels[i * 4] = static_cast<std::uint8_t>(i + 1);
  return picture;
}

/// The red channels, row by row.
std::vector<int> reds(const RgbaImage& picture) {
  std::vector<int> values;
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) values.push_back(picture.pixels[i]);
  return values;
}

TEST_CASE("A picture is turned clockwise by quarter turns") {
  const RgbaImage picture = numbered();
  const auto turned = [&](int turns) { return cut_out(picture.view(), {.quarter_turns = turns}).value(); };
  CHECK(reds(turned(0)) == std::vector{1, 2, 3, 4, 5, 6});
  CHECK(reds(turned(1)) == std::vector{4, 1, 5, 2, 6, 3});
  CHECK(turned(1).width == 2);
  CHECK(turned(1).height == 3);
  CHECK(reds(turned(2)) == std::vector{6, 5, 4, 3, 2, 1});
  CHECK(reds(turned(3)) == std::vector{3, 6, 2, 5, 1, 4});
}

TEST_CASE("The part is cut out of the turned picture, with every pixel that it touches") {
  const RgbaImage picture = numbered();
  CHECK(reds(cut_out(picture.view(), {.left = 0.4F, .width = 0.6F}).value()) == std::vector{2, 3, 5, 6});
  CHECK(reds(cut_out(picture.view(), {.quarter_turns = 1, .top = 0.7F, .height = 0.3F}).value()) ==
        std::vector{6, 3});
  CHECK(reds(cut_out(picture.view(), {.left = 0.5F, .top = 0.5F, .width = 1e-6F, .height = 1e-6F}).value()) ==
        std::vector{5});
}

TEST_CASE("What is no part of a picture is refused") {
  const RgbaImage picture = numbered();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const PicturePart& part :
       {PicturePart{.quarter_turns = 4}, PicturePart{.quarter_turns = -1}, PicturePart{.left = -0.1F},
        PicturePart{.left = 0.5F}, PicturePart{.width = 0}, PicturePart{.top = nan},
        PicturePart{.height = nan}, PicturePart{.width = 2}}) {
    const auto cut = cut_out(picture.view(), part);
    REQUIRE(!cut.ok());
    CHECK(cut.error().code == ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace inkread
