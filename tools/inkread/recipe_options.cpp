// SPDX-License-Identifier: MIT
#include "tools/inkread/recipe_options.hpp"

#include <charconv>
#include <iterator>
#include <map>

#include <CLI/CLI.hpp>

#include "engine/nn/weight_steps.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

using Json = nlohmann::ordered_json;

const std::map<std::string, OptimizerKind>& optimizers() {
  static const std::map<std::string, OptimizerKind> names{{"adam", OptimizerKind::kAdam},
                                                          {"sgd", OptimizerKind::kSgd}};
  return names;
}
const std::map<std::string, ScheduleKind>& schedules() {
  static const std::map<std::string, ScheduleKind> names{{"constant", ScheduleKind::kConstant},
                                                         {"cosine", ScheduleKind::kCosine},
                                                         {"one-cycle", ScheduleKind::kOneCycle}};
  return names;
}

template <typename Kind>
std::string name_of(const std::map<std::string, Kind>& names, Kind kind) {
  for (const auto& [name, value] : names) {
    if (value == kind) {
      return name;
    }
  }
  return {};
}

/// The shortest decimal that gives the float back: 0.001, not 0.0010000000474974513.
std::string shortest(float value) {
  char text[32]{};
  std::to_chars(std::begin(text), std::end(text) - 1, value);
  return text;
}
Json number(float value) {
  return Json::parse(shortest(value));
}

}  // namespace

std::vector<CLI::Option*> add_recipe_options(CLI::App& command, Recipe& recipe) {
  OptimizerOptions& optimizer = recipe.optimizer;
  return {
      command.add_option("--epochs", recipe.epochs, "How often every image is shown")
          ->check(CLI::Range(1, 100'000))
          ->capture_default_str(),
      command.add_option("--batch", recipe.batch, "Images a step")
          ->check(CLI::Range(1, 60'000))
          ->capture_default_str(),
      command.add_option("--seed", recipe.seed, "Of all random numbers")
          ->check(whole_number(0))
          ->capture_default_str(),
      command.add_option("--optimizer", optimizer.kind, "adam or sgd (with momentum)")
          ->transform(CLI::CheckedTransformer(optimizers()))
          ->type_name("NAME")
          ->default_str("adam"),
      command.add_option("--learning-rate", optimizer.learning_rate, "At its highest")
          ->check(CLI::PositiveNumber)
          ->default_str(shortest(optimizer.learning_rate)),
      command
          .add_option("--weight-decay", optimizer.weight_decay,
                      "Taken off the weights, times the learning rate")
          ->check(CLI::Range(0.0, 100.0))
          ->type_name("NUMBER")
          ->capture_default_str(),
      command
          .add_option("--schedule", recipe.schedule.kind,
                      "Of the learning rate: constant, cosine or one-cycle")
          ->transform(CLI::CheckedTransformer(schedules()))
          ->type_name("NAME")
          ->default_str("constant"),
      command
          .add_option("--warm-up", recipe.schedule.warm_up, "The share of all steps in which the rate climbs")
          ->check(CLI::Range(0.0, 1.0))
          ->type_name("SHARE")
          ->capture_default_str(),
      command
          .add_option("--label-smoothing", recipe.label_smoothing,
                      "The share of a target that goes to all digits")
          ->check(CLI::Range(0.0, 1.0))
          ->type_name("SHARE")
          ->capture_default_str(),
      command
          .add_option("--gradient-limit", recipe.gradient_limit, "The gradient's greatest length; 0 is none")
          ->check(CLI::NonNegativeNumber)
          ->capture_default_str(),
      command
          .add_option("--average-decay", recipe.average_decay,
                      "Of the moving average that is the result; 0 is none")
          ->check(CLI::Range(0.0, 0.999999))
          ->type_name("SHARE")
          ->capture_default_str(),
      command
          .add_option(
              "--negatives", recipe.negatives,
              "The share of showings of what is no digit (letters, scribbles, two digits, ...), to be "
              "refused")
          ->check(CLI::Range(0.0, 1.0))
          ->type_name("SHARE")
          ->capture_default_str(),
      command
          .add_option(
              "--touching", recipe.touching,
              "The share of showings in which the digit stands in a line, between others that may touch it")
          ->check(CLI::Range(0.0, 1.0))
          ->type_name("SHARE")
          ->capture_default_str(),
      command
          .add_option("--weight-steps", recipe.weight_steps,
                      "Train with weights rounded to so many steps each side of zero, of 1 to 127; with "
                      "--weights int8 fewer make a file that compresses better. 0 rounds nothing")
          ->check(CLI::Range(0, kMostWeightSteps))
          ->type_name("NUMBER")
          ->capture_default_str(),
      command
          .add_option("--plain-epochs", recipe.plain_epochs,
                      "The last of them, which show the images as they are")
          ->check(whole_number(0))
          ->capture_default_str(),
      command.add_option("--teaching", recipe.teaching, "The teachers' share of the loss")
          ->check(CLI::Range(0.001, 1.0))
          ->type_name("SHARE")
          ->default_str(shortest(kUsualTeaching)),
      command.add_option("--temperature", recipe.temperature, "At which the teachers' answers are compared")
          ->check(CLI::Range(0.1, 100.0))
          ->type_name("NUMBER")
          ->capture_default_str(),
  };
}

std::string recipe_arguments(const Recipe& recipe) {
  const Recipe usual;
  std::string text = " --epochs " + std::to_string(recipe.epochs) + " --batch " +
                     std::to_string(recipe.batch) + " --seed " + std::to_string(recipe.seed);
  const auto add = [&](bool unusual, const char* option, const std::string& value) {
    if (unusual) {
      text += " " + std::string(option) + " " + value;
    }
  };
  const auto add_number = [&](const char* option, float value, float usual_value) {
    add(value != usual_value, option, shortest(value));
  };
  add(recipe.optimizer.kind != usual.optimizer.kind, "--optimizer",
      name_of(optimizers(), recipe.optimizer.kind));
  add_number("--learning-rate", recipe.optimizer.learning_rate, usual.optimizer.learning_rate);
  add_number("--weight-decay", recipe.optimizer.weight_decay, usual.optimizer.weight_decay);
  add(recipe.schedule.kind != usual.schedule.kind, "--schedule", name_of(schedules(), recipe.schedule.kind));
  add_number("--warm-up", static_cast<float>(recipe.schedule.warm_up),
             static_cast<float>(usual.schedule.warm_up));
  add_number("--label-smoothing", recipe.label_smoothing, usual.label_smoothing);
  add_number("--gradient-limit", recipe.gradient_limit, usual.gradient_limit);
  add_number("--average-decay", recipe.average_decay, usual.average_decay);
  add(recipe.plain_epochs != usual.plain_epochs, "--plain-epochs", std::to_string(recipe.plain_epochs));
  add_number("--negatives", recipe.negatives, usual.negatives);
  add_number("--touching", recipe.touching, usual.touching);
  add(recipe.weight_steps != usual.weight_steps, "--weight-steps", std::to_string(recipe.weight_steps));
  add_number("--teaching", recipe.teaching, usual.teaching);
  add_number("--temperature", recipe.temperature, usual.temperature);
  return text;
}

Json to_json(const Recipe& recipe) {
  const OptimizerOptions& optimizer = recipe.optimizer;
  const bool adam = optimizer.kind == OptimizerKind::kAdam;
  Json json{{"optimizer", adam ? "Adam" : "SGD"},
            {"learning rate", number(optimizer.learning_rate)},
            {adam ? "beta1" : "momentum", number(optimizer.beta1)}};
  if (adam) {
    json["beta2"] = number(optimizer.beta2);
    json["epsilon"] = number(optimizer.epsilon);
  }
  json["batch"] = recipe.batch;
  json["epochs"] = recipe.epochs;
  if (recipe.plain_epochs > 0) {
    json["plain epochs"] = recipe.plain_epochs;
  }
  json["seed"] = recipe.seed;
  if (recipe.schedule.kind != ScheduleKind::kConstant) {
    json["schedule"] = name_of(schedules(), recipe.schedule.kind);
    json["warm-up"] = recipe.schedule.warm_up;
  }
  const auto add = [&](const char* key, float value) {
    if (value > 0) {
      json[key] = number(value);
    }
  };
  add("weight decay", optimizer.weight_decay);
  add("label smoothing", recipe.label_smoothing);
  add("gradient limit", recipe.gradient_limit);
  add("average decay", recipe.average_decay);
  add("negatives", recipe.negatives);
  add("touching", recipe.touching);
  if (recipe.weight_steps > 0) {
    json["weight steps"] = recipe.weight_steps;
  }
  if (recipe.teaching > 0) {
    add("teaching", recipe.teaching);
    add("temperature", recipe.temperature);
  }
  return json;
}

Recipe recipe_from_json(const Json& json) {
  Recipe recipe;
  OptimizerOptions& optimizer = recipe.optimizer;
  optimizer.kind = json.at("optimizer") == "SGD" ? OptimizerKind::kSgd : OptimizerKind::kAdam;
  optimizer.learning_rate = json.at("learning rate");
  recipe.batch = json.at("batch");
  recipe.epochs = json.at("epochs");
  recipe.plain_epochs = json.value("plain epochs", 0);
  recipe.seed = json.at("seed");
  recipe.schedule.kind = schedules().at(json.value("schedule", "constant"));
  recipe.schedule.warm_up = json.value("warm-up", recipe.schedule.warm_up);
  optimizer.weight_decay = json.value("weight decay", 0.0F);
  recipe.label_smoothing = json.value("label smoothing", 0.0F);
  recipe.gradient_limit = json.value("gradient limit", 0.0F);
  recipe.average_decay = json.value("average decay", 0.0F);
  recipe.negatives = json.value("negatives", 0.0F);
  recipe.touching = json.value("touching", 0.0F);
  recipe.weight_steps = json.value("weight steps", 0);
  recipe.teaching = json.value("teaching", 0.0F);
  recipe.temperature = json.value("temperature", recipe.temperature);
  return recipe;
}

}  // namespace inkread
