// SPDX-License-Identifier: MIT
#include "tools/inkread/measured_network.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>
#include <vector>

#include "engine/model/onnx_reader.hpp"
#include "tools/inkread/files.hpp"

namespace inkread {
namespace {

/// Many networks of other people leave the Softmax to the loss; they get one here.
Network with_softmax(const Network& network) {
  if (std::holds_alternative<Softmax>(network.nodes().back().op)) {
    return network;
  }
  std::vector<Node> nodes(network.nodes().begin(), network.nodes().end());
  nodes.push_back({"softmax_added", Softmax{}, {static_cast<ValueId>(nodes.size())}});
  const auto parameters = network.parameters();
  return value_or_fail(
      Network::create(network.input_shape(), std::move(nodes), {parameters.begin(), parameters.end()}),
      "a Softmax behind the network");
}

}  // namespace

MeasuredNetwork read_measured_network(const std::string& file) {
  const Bytes bytes = read_file(file);
  Network network = with_softmax(value_or_fail(read_onnx(bytes), file));
  NetworkFacts facts = network_facts(network, bytes);
  return {file, std::move(network), std::move(facts)};
}

std::string test_images_name(bool any_idx) {
  return any_idx ? "the test images of a set in MNIST's format" : "MNIST's test images";
}

InputScale parse_input_scale(const std::string& text) {
  if (text == "0..1") {
    return {};
  }
  if (text == "0..255") {
    return {0.0F, 1.0F / 255.0F};
  }
  InputScale scale;
  char comma = 0;
  std::istringstream stream(text);
  if (!(stream >> scale.mean >> comma >> scale.deviation) || comma != ',' || !stream.eof() ||
      scale.deviation == 0) {
    throw Failure("--input " + text, "it must be 0..1, 0..255 or MEAN,DEVIATION (of pixels from 0 to 1)");
  }
  return scale;
}

void check_finite(const Probabilities& predictions, const std::string& file) {
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    if (!std::all_of(predictions[i].begin(), predictions[i].end(),
                     [](float p) { return std::isfinite(p); })) {
      throw Failure(file, "its answer to image " + std::to_string(i) +
                              " is no number; does it expect other pixels (--input)?");
    }
  }
}

}  // namespace inkread
