// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/training/trainer.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace inkread {

/// The teachers' share of the loss unless told.
inline constexpr float kUsualTeaching = 0.9F;

/// Adds an option to `command` for everything in a recipe, with the recipe's present values as defaults.
std::vector<CLI::Option*> add_recipe_options(CLI::App& command, Recipe& recipe);

/// The options that give this recipe again: " --epochs 5 --batch 120 --seed 1", and what is not as usual.
std::string recipe_arguments(const Recipe& recipe);

/// For run folders and cards. What a recipe does not make use of is left out.
nlohmann::ordered_json to_json(const Recipe& recipe);
/// Throws nlohmann::json::exception where the JSON is none of to_json()'s.
Recipe recipe_from_json(const nlohmann::ordered_json& json);

}  // namespace inkread
