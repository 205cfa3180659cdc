// SPDX-License-Identifier: MIT
#include "engine/recognizer/digit_style.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace inkread {
namespace {

/// The degrees by which a digit is measured to lean although it stands upright: a 9's stem is to the right
/// of its foot's middle, a 6's to the left of its head's. 0, 1, 3 and 8 are their own mirror images and have
/// none. Of the others it is the mean of MNIST's training images, less 9.3, the mean of those four, which is
/// how MNIST's writers lean.
constexpr std::array<std::int8_t, 10> kLeanOfForm{0, 0, -4, 0, -6, 2, -8, -8, 0, -9};

}  // namespace

void allow_for_form(Digit& digit) {
  digit.style.slant -= static_cast<float>(kLeanOfForm[static_cast<std::size_t>(digit.label)]);
}

float climb_of(std::span<const Digit> digits) {
  const auto foot = [](const Digit& digit) { return digit.box.y + digit.box.height; };
  const auto middle = [](const Digit& digit) { return digit.box.x + digit.box.width / 2; };
  const auto count = static_cast<float>(digits.size());
  float mean_x = 0;
  float mean_y = 0;
  for (const Digit& digit : digits) {
    mean_x += middle(digit) / count;
    mean_y += foot(digit) / count;
  }
  float squares = 0;
  float products = 0;
  for (const Digit& digit : digits) {
    squares += (middle(digit) - mean_x) * (middle(digit) - mean_x);
    products += (middle(digit) - mean_x) * (mean_y - foot(digit));
  }
  if (products == 0) return 0;
  const double climb = static_cast<double>(products) / static_cast<double>(squares);  // straight up: infinite
  return static_cast<float>(std::atan(climb) * 180 / std::numbers::pi);
}

}  // namespace inkread
