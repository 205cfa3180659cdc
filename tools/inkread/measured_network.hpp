// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "engine/nn/network.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/model_card.hpp"

namespace inkread {

/// A network from a file, to be measured: one that ends in scores has got a Softmax.
struct MeasuredNetwork {
  std::string file;  ///< its path as given
  Network network;
  NetworkFacts facts;
};

/// Throws Failure.
MeasuredNetwork read_measured_network(const std::string& file);

/// What reports call the images measured on.
std::string test_images_name(bool any_idx);

/// "0..1", "0..255" or "MEAN,DEVIATION" of an option --input. Throws Failure.
InputScale parse_input_scale(const std::string& text);

/// Networks of others, fed with other pixels than they expect, may run out of a float's range: throws a
/// Failure about `file` then.
void check_finite(const Probabilities& predictions, const std::string& file);

}  // namespace inkread
