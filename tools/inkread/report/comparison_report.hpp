// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/model_card.hpp"

namespace inkread {

/// Several networks measured on the same images.
struct Comparison {
  struct Entry {
    std::string file;  ///< its path as given
    std::string name;  ///< the file's name without .onnx
    NetworkFacts facts;
    Evaluation evaluation;
    double microseconds = 0;  ///< an image on one thread, median
  };
  std::string data;  ///< what they were measured on, after "on": "MNIST's test images"
  std::size_t images = 0;
  std::vector<Entry> networks;
};

nlohmann::ordered_json to_json(const Comparison& comparison);

/// A page for people.
std::string to_html(const Comparison& comparison);

}  // namespace inkread
