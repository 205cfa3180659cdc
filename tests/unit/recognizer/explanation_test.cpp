// SPDX-License-Identifier: MIT
#include "engine/recognizer/explanation.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/nn/program.hpp"

namespace inkread {
namespace {

/// One convolution of two filters, a pool, ten scores and their probabilities. The first digit's score is the
/// ink in the upper left quarter, the second's that in the lower right one.
Network quarters() {
  std::vector<float> parameters{0, 0, 0, 0, 1, 0, 0, 0, 0,  // the pixel itself
                                0, 0, 0, 0, 2, 0, 0, 0, 0,  // twice that
                                0, 0};
  constexpr std::size_t kPooled = 14 * 14;
  std::vector<float> dense(10 * 2 * kPooled, 0.0F);
  for (std::size_t y = 0; y < 14; ++y) {
    for (std::size_t x = 0; x < 14; ++x) {
      if (y < 7 && x < 7) dense[y * 14 + x] = 0.2F;
      if (y >= 7 && x >= 7) dense[2 * kPooled + y * 14 + x] = 0.2F;
    }
  }
  parameters.insert(parameters.end(), dense.begin(), dense.end());
  std::vector<Node> nodes;
  nodes.push_back({"conv", Conv2d{1, 2, {3, 3, 1, 1, 1, 1, 1, 1}, {0, 18}, {18, 2}}, {0}});
  nodes.push_back({"relu", Relu{}, {1}});
  nodes.push_back({"pool", MaxPool2d{{2, 2, 2, 2}}, {2}});
  nodes.push_back({"flatten", Flatten{}, {3}});
  nodes.push_back({"dense", Dense{2 * 14 * 14, 10, {20, dense.size()}, {}}, {4}});
  nodes.push_back({"softmax", Softmax{}, {5}});
  return Network::create({1, 28, 28}, std::move(nodes), std::move(parameters)).value();
}

/// Ink in the middle of the upper left quarter and, less, of the lower right one.
Tile two_spots() {
  Tile tile{};
  tile[6 * 28 + 6] = 1;
  tile[20 * 28 + 20] = 0.5F;
  return tile;
}

TEST_CASE("Every layer shows what it makes of the tile, the last one the probabilities") {
  const Network network = quarters();
  const Explanation explanation = explain_tile(network, two_spots(), 0).value();
  REQUIRE(explanation.layers.size() == 6);
  const LayerView& first = explanation.layers[0];
  CHECK(first.op == "Conv");
  CHECK(first.shape == Shape{2, 28, 28});
  CHECK(first.values[6 * 28 + 6] == 1);
  CHECK(first.values[28 * 28 + 20 * 28 + 20] == 1);
  CHECK(first.filter_height == 3);
  CHECK(first.filters.size() == 18);
  CHECK(first.filters[9 + 4] == 2);
  const LayerView& pool = explanation.layers[2];
  CHECK(pool.op == "MaxPool");
  CHECK(pool.shape == Shape{2, 14, 14});
  CHECK(pool.values[3 * 14 + 3] == 1);
  CHECK(pool.filters.empty());

  std::vector<float> answer(10);
  const Program program = Program::prepare(network);
  Workspace workspace(program);
  program.forward(workspace, two_spots(), answer);
  CHECK(explanation.layers.back().values == answer);
}

TEST_CASE("Ink that speaks for the label has influence, ink against it a negative one, paper none") {
  const Explanation explanation = explain_tile(quarters(), two_spots(), 0).value();
  const auto at = [&](int x, int y) { return explanation.influence[static_cast<std::size_t>(y * 28 + x)]; };
  CHECK(at(6, 6) > 0.1F);
  CHECK(at(8, 4) == doctest::Approx(at(6, 6)));
  CHECK(at(20, 20) < -0.005F);
  CHECK(at(9, 6) == 0);
  CHECK(at(14, 14) == 0);
}

TEST_CASE("What is no label or no tile is refused") {
  CHECK(explain_tile(quarters(), two_spots(), 10).error().code == ErrorCode::kInvalidArgument);
  CHECK(explain_tile(quarters(), two_spots(), -1).error().code == ErrorCode::kInvalidArgument);
  Tile tile = two_spots();
  tile[3] = std::numeric_limits<float>::infinity();
  CHECK(explain_tile(quarters(), tile, 0).error().code == ErrorCode::kNotFinite);
}

}  // namespace
}  // namespace inkread
