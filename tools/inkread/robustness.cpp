// SPDX-License-Identifier: MIT
#include "tools/inkread/robustness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <utility>

#include "engine/base/random.hpp"
#include "engine/training/distortions.hpp"

namespace inkread {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kNoiseSeed = 1;
constexpr float kMiddle =
    (kTileSide - 1) / 2.0F;  ///< the tile's middle, where a pixel's centre is a whole number

float pixel(const Tile& tile, int x, int y) {
  const bool inside = x >= 0 && y >= 0 && x < kTileSide && y < kTileSide;
  return inside ? tile[static_cast<std::size_t>(y * kTileSide + x)] : 0;
}

float between_pixels(const Tile& tile, float x, float y) {
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const float right_share = x - static_cast<float>(left);
  const float lower_share = y - static_cast<float>(top);
  const float upper = pixel(tile, left, top) * (1 - right_share) + pixel(tile, left + 1, top) * right_share;
  const float lower =
      pixel(tile, left, top + 1) * (1 - right_share) + pixel(tile, left + 1, top + 1) * right_share;
  return upper * (1 - lower_share) + lower * lower_share;
}

/// Every pixel takes what was at (a b; c d) times its place, both counted from the middle.
Tile resample(const Tile& tile, float a, float b, float c, float d) {
  Tile changed{};
  float* to = changed.data();
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      const float u = static_cast<float>(x) - kMiddle;
      const float v = static_cast<float>(y) - kMiddle;
      *to++ = between_pixels(tile, a * u + b * v + kMiddle, c * u + d * v + kMiddle);
    }
  }
  return changed;
}

/// The canvas back in the tile's size where it lies: the mean of the pixels that enlarge() made of one.
Tile reduce(const Canvas& canvas) {
  Tile tile{};
  float* to = tile.data();
  for (int y = 0; y < kTileSide; ++y) {
    for (int x = 0; x < kTileSide; ++x) {
      float sum = 0;
      for (int row = 0; row < kCanvasScale; ++row) {
        const float* from =
            canvas.row(kCanvasMargin + y * kCanvasScale + row) + kCanvasMargin + x * kCanvasScale;
        sum = std::accumulate(from, from + kCanvasScale, sum);
      }
      *to++ = sum / (kCanvasScale * kCanvasScale);
    }
  }
  return tile;
}

struct Perturb {
  const Tile& tile;
  std::uint64_t image;

  Tile operator()(const Rotation& how) const {
    const auto angle = static_cast<float>(how.degrees * std::numbers::pi / 180);
    return resample(tile, std::cos(angle), std::sin(angle), -std::sin(angle), std::cos(angle));
  }
  Tile operator()(const Shift& how) const {
    Tile shifted{};
    float* to = shifted.data();
    for (int y = 0; y < kTileSide; ++y) {
      for (int x = 0; x < kTileSide; ++x) *to++ = pixel(tile, x - how.dx, y - how.dy);
    }
    return shifted;
  }
  Tile operator()(const Scaling& how) const {
    const auto step = static_cast<float>(1 / how.factor);
    return resample(tile, step, 0, 0, step);
  }
  Tile operator()(const StrokeWidth& how) const {
    if (how.change == 0) return tile;
    Canvas canvas = enlarge(tile);
    change_stroke_width(canvas, static_cast<float>(how.change));
    return reduce(canvas);
  }
  Tile operator()(const Blurring& how) const {
    if (how.deviation == 0) return tile;
    Canvas canvas = enlarge(tile);
    blur(canvas, static_cast<float>(how.deviation));
    return reduce(canvas);
  }
  Tile operator()(const Noise& how) const {
    Tile noisy = tile;
    add_noise(noisy, static_cast<float>(how.deviation), Random::stream(kNoiseSeed, image));
    return noisy;
  }
};

constexpr std::array kRotations{-30.0, -25.0, -20.0, -15.0, -10.0, -5.0, 0.0,
                                5.0,   10.0,  15.0,  20.0,  25.0,  30.0};
constexpr std::array kScales{0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4};
constexpr std::array kStrokeWidths{-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0};
constexpr std::array kBlurs{0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5};
constexpr std::array kNoises{0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3};
constexpr int kFarthestShift = 6;
constexpr double kRotationLimit = 15;
constexpr double kSmallestScale = 0.7;
constexpr double kLargestScale = 1.3;

double mean(const std::vector<double>& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of the points in [low, high] but the one that changes nothing.
double mean_between(const std::vector<RobustnessPoint>& points, double low, double high, double unchanged) {
  std::vector<double> values;
  for (const auto& [setting, accuracy] : points) {
    if (setting >= low && setting <= high && setting != unchanged) values.push_back(accuracy);
  }
  return mean(values);
}

/// By `distance` to the right, left, down, up and along the diagonals.
std::vector<Shift> directions(int distance) {
  std::vector<Shift> shifts;
  for (const int dy : {-distance, 0, distance}) {
    for (const int dx : {-distance, 0, distance}) {
      if (dx != 0 || dy != 0) shifts.push_back({dx, dy});
    }
  }
  return distance == 0 ? std::vector<Shift>{{0, 0}} : shifts;
}

/// The shifts behind shift_4_mean.
std::vector<Shift> shifts_up_to_4() {
  std::vector<Shift> shifts = directions(3);
  for (const int dy : {-4, -2, 0, 2, 4}) {
    for (const int dx : {-4, -2, 0, 2, 4}) {
      if (dx != 0 || dy != 0) shifts.push_back({dx, dy});
    }
  }
  return shifts;
}

Json points_to_json(const std::vector<RobustnessPoint>& points) {
  Json json = Json::array();
  for (const auto& [setting, accuracy] : points) {
    json.push_back({{"setting", setting}, {"accuracy", accuracy}});
  }
  return json;
}

}  // namespace

Tile perturb(const Tile& tile, const Perturbation& how, std::uint64_t image) {
  return std::visit(Perturb{tile, image}, how);
}

double accuracy_under(const Perturbation& how, const Program& program, const Dataset& data, InputScale scale,
                      int threads) {
  const auto image = [&](std::size_t index, std::span<float> pixels) {
    Tile tile{};
    const auto bytes = data.image(index);
    std::transform(bytes.begin(), bytes.end(), tile.begin(),
                   [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
    const Tile changed = perturb(tile, how, index);
    std::copy(changed.begin(), changed.end(), pixels.begin());
  };
  const Probabilities predictions = predict(program, data.size(), image, scale, threads);
  std::size_t right = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    right += most_probable(predictions[i]) == data.labels[i] ? 1 : 0;
  }
  return predictions.empty() ? 0 : static_cast<double>(right) / static_cast<double>(predictions.size());
}

Robustness measure_robustness(const std::function<double(const Perturbation&)>& accuracy) {
  const auto series = [&accuracy](const auto& settings, auto change) {
    std::vector<RobustnessPoint> points;
    for (const double setting : settings) {
      points.push_back({setting, accuracy(decltype(change){setting})});
    }
    return points;
  };
  Robustness result;
  result.rotation = series(kRotations, Rotation{});
  result.scale = series(kScales, Scaling{});
  result.stroke_width = series(kStrokeWidths, StrokeWidth{});
  result.blur = series(kBlurs, Blurring{});
  result.noise = series(kNoises, Noise{});

  // The curve and the mean share most of their shifts.
  std::map<std::pair<int, int>, double> known;
  const auto mean_over = [&](const std::vector<Shift>& shifts) {
    std::vector<double> values;
    for (const Shift& shift : shifts) {
      const auto [place, is_new] = known.try_emplace({shift.dx, shift.dy}, 0);
      if (is_new) {
        place->second = accuracy(shift);
        result.offsets.push_back({shift, place->second});
      }
      values.push_back(place->second);
    }
    return mean(values);
  };
  for (int distance = 0; distance <= kFarthestShift; ++distance) {
    result.shift.push_back({static_cast<double>(distance), mean_over(directions(distance))});
  }
  result.shift_4_mean = mean_over(shifts_up_to_4());
  result.rotation_15_mean = mean_between(result.rotation, -kRotationLimit, kRotationLimit, 0);
  result.scale_07_13_mean = mean_between(result.scale, kSmallestScale, kLargestScale, 1);
  return result;
}

std::size_t robustness_measurements() {
  std::size_t count = 0;
  measure_robustness([&count](const Perturbation&) {
    ++count;
    return 0.0;
  });
  return count;
}

Json to_json(const Robustness& robustness) {
  Json offsets = Json::array();
  for (const auto& [shift, accuracy] : robustness.offsets) {
    offsets.push_back({{"dx", shift.dx}, {"dy", shift.dy}, {"accuracy", accuracy}});
  }
  return {{"rotation_15_mean", robustness.rotation_15_mean},
          {"shift_4_mean", robustness.shift_4_mean},
          {"scale_0.7_1.3_mean", robustness.scale_07_13_mean},
          {"rotation", points_to_json(robustness.rotation)},
          {"shift", points_to_json(robustness.shift)},
          {"scale", points_to_json(robustness.scale)},
          {"stroke_width", points_to_json(robustness.stroke_width)},
          {"blur", points_to_json(robustness.blur)},
          {"noise", points_to_json(robustness.noise)},
          {"shift_offsets", offsets}};
}

}  // namespace inkread
