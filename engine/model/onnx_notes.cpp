// SPDX-License-Identifier: MIT
#include "engine/model/onnx_notes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "engine/base/message.hpp"
#include "engine/model/decimal.hpp"
#include "engine/model/onnx_subset.hpp"

namespace inkread::onnx {
namespace {

struct NumberRule {
  std::string_view key;
  float Calibration::*number;
  float least;
  float most;
  std::string_view range;  ///< the two as text
};
constexpr std::array kCalibration = {
    NumberRule{MetadataKey::kAcceptConfidence, &Calibration::accept_confidence, 0.0F, 1.0F, "0..1"},
    NumberRule{MetadataKey::kAcceptRisk, &Calibration::accept_risk, 0.0F, 1.0F, "0..1"},
    NumberRule{MetadataKey::kTemperature, &Calibration::temperature, 0.001F, 1000.0F, "0.001..1000"}};

bool in_range(const NumberRule& rule, float number) {
  return number >= rule.least && number <= rule.most;
}

std::optional<Error> take_number(const PropertyMessage& property, const NumberRule& rule,
                                 Calibration& calibration) {
  const std::optional<float> number = parse_decimal(property.value);
  if (!number) {
    return Error{ErrorCode::kMalformed, message("the metadata's {} is {}, which is no number",
                                                {quote(property.key), quote(property.value)})};
  }
  if (!in_range(rule, *number)) {
    return Error{ErrorCode::kInvalidArgument,
                 message("the metadata's {} is {}, which is not in {}",
                         {quote(property.key), quote(property.value), rule.range})};
  }
  calibration.*rule.number = *number;
  return std::nullopt;
}

}  // namespace

Result<ModelNotes> read_notes(std::span<const PropertyMessage> properties) {
  Calibration calibration;
  std::string_view missing;
  std::size_t found = 0;
  for (const NumberRule& rule : kCalibration) {
    const auto has_key = [&](const PropertyMessage& property) { return property.key == rule.key; };
    const auto property = std::find_if(properties.begin(), properties.end(), has_key);
    if (property == properties.end()) {
      missing = rule.key;
      continue;
    }
    if (std::find_if(property + 1, properties.end(), has_key) != properties.end()) {
      return Error{ErrorCode::kMalformed, message("the metadata has {} twice", {quote(rule.key)})};
    }
    if (const auto error = take_number(*property, rule, calibration)) return *error;
    ++found;
  }
  if (found == 0) return ModelNotes{};
  if (found < kCalibration.size()) {
    return Error{ErrorCode::kMalformed,
                 message("the metadata has a part of a calibration, but no {}", {quote(missing)})};
  }
  return ModelNotes{.calibration = calibration};
}

std::vector<Property> write_notes(const ModelNotes& notes) {
  std::vector<Property> properties;
  if (!notes.calibration) return properties;
  for (const NumberRule& rule : kCalibration) {
    const float number = *notes.calibration.*rule.number;
    assert(in_range(rule, number));
    properties.push_back({rule.key, format_decimal(number)});
  }
  return properties;
}

}  // namespace inkread::onnx
