// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/image.hpp"
#include "engine/base/result.hpp"
#include "engine/nn/network.hpp"
#include "engine/nn/program.hpp"
#include "engine/recognizer/explanation.hpp"
#include "engine/recognizer/reading.hpp"
#include "engine/vision/picture_part.hpp"
#include "engine/vision/strokes.hpp"

namespace inkread {

/// The engine's facade: picture or strokes in, Reading out. Holds the network and its
/// working memory: use one a thread.
class Recognizer {
 public:
  /// From the bytes of a weights file, with the confidence that it accepts from (Calibration) or else 0.5.
  /// Refuses a network that does not take 1x28x28 and end in a Softmax of ten.
  static Result<Recognizer> create(std::span<const std::byte> weights);

  /// The bare network: `tiles` holds n x 784 grey values (0..1, ink = 1), `probabilities` takes n x 10.
  /// Errors: kShapeMismatch, kNotFinite.
  Status probabilities(std::span<const float> tiles, std::span<float> probabilities);

  /// Reads an encoded picture (see decode_image), or a part of it (see cut_out), which the Reading is then
  /// of.
  Result<Reading> read_file(std::span<const std::byte> file, Layout layout = Layout::kAuto,
                            const PicturePart& part = {});
  /// The same of a decoded picture with 4 channels.
  Result<Reading> read_picture(RgbaView picture, Layout layout = Layout::kAuto, const PicturePart& part = {});
  /// Reads pen strokes. No point at all is a Reading of nothing, not an error.
  Result<Reading> read_strokes(std::span<const Stroke> strokes, Layout layout = Layout::kAuto);

  /// How the network comes to its answer on a tile (see explain_tile).
  [[nodiscard]] Result<Explanation> explain(const Tile& tile, int label) const {
    return explain_tile(network_, tile, label);
  }

  /// From now on readings hold the ink that they were read from, or not.
  void keep_ink(bool keep) { keeps_ink_ = keep; }

 private:
  Recognizer(Network network, float accept_confidence);
  Result<Reading> read_whole(RgbaView picture, Layout layout);
  /// `strokes` as find_parts() takes them.
  Result<Reading> read_ink(GrayImage ink, Image<std::int16_t> strokes, Layout layout);
  Result<Reading> read_layout(GrayImage ink, Image<std::int16_t> strokes, Layout layout);
  Result<Reading> read_single(const GrayImage& ink);
  Result<Reading> read_lines(GrayImage ink, Image<std::int16_t> strokes, Layout layout);
  Result<Digit> read_digit(const GrayImage& ink, const Box& box);
  [[nodiscard]] Reason judge(const Digit& digit) const;
  [[nodiscard]] Reason judge(const Reading& reading, float left_out) const;

  Network network_;
  Program program_;
  Workspace workspace_;
  bool keeps_ink_ = false;
  float accept_confidence_;  ///< 0..1
};

}  // namespace inkread
