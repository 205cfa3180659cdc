// SPDX-License-Identifier: MIT
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/model/onnx_reader.hpp"
#include "engine/model/onnx_writer.hpp"
#include "engine/nn/weight_steps.hpp"
#include "engine/training/architectures.hpp"
#include "engine/training/augmentation.hpp"
#include "engine/training/calibration.hpp"
#include "engine/training/trainer.hpp"
#include "tools/inkread/calibrate.hpp"
#include "tools/inkread/checkpoint.hpp"
#include "tools/inkread/commands.hpp"
#include "tools/inkread/evaluation.hpp"
#include "tools/inkread/files.hpp"
#include "tools/inkread/mnist.hpp"
#include "tools/inkread/model_card.hpp"
#include "tools/inkread/progress.hpp"
#include "tools/inkread/recipe_options.hpp"
#include "tools/inkread/whole_number.hpp"

namespace inkread {
namespace {

namespace fs = std::filesystem;

struct Options {
  RunOptions run;
  std::string run_folder;
  std::string resume;
  int threads = 0;
};

constexpr int kInterruptedExitCode = 130;      // as shells report Ctrl-C
volatile std::sig_atomic_t g_interrupted = 0;  // NOLINT: a signal handler can reach nothing else

/// While it lives, Ctrl-C and termination only ask training to stop.
class InterruptGuard {
 public:
  InterruptGuard() {
    g_interrupted = 0;
    on_interrupt_ = std::signal(SIGINT, [](int) { g_interrupted = 1; });
    on_terminate_ = std::signal(SIGTERM, [](int) { g_interrupted = 1; });
  }
  ~InterruptGuard() {
    std::signal(SIGINT, on_interrupt_);
    std::signal(SIGTERM, on_terminate_);
  }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  void (*on_interrupt_)(int);
  void (*on_terminate_)(int);
};

/// The network that a name or a list of layers means, its parameters zero. Fails with what is wrong with the
/// list.
Result<TrainableNetwork> named_network(const std::string& name) {
  if (const Architecture* architecture = find_architecture(name)) {
    return architecture->build();
  }
  return network_of_layers(name);
}

/// A run's network before its first epoch.
TrainableNetwork start_network(const RunOptions& run) {
  const Result<TrainableNetwork> named = named_network(run.network);
  if (named.ok()) {
    return with_fresh_parameters(named.value(), run.recipe.seed);
  }
  if (std::error_code ignored; fs::exists(run.network, ignored)) {
    return value_or_fail(read_onnx(read_file(run.network)), run.network);
  }
  std::string known;
  for (const Architecture& architecture : architectures()) {
    known += (known.empty() ? "" : ", ") + std::string(architecture.name);
  }
  throw Failure("--network " + run.network,
                "there is no such network, no such file, and it is no list of layers (" +
                    named.error().detail + "); known networks: " + known);
}

/// The images to train on, to follow training on, and to measure the trained network on.
struct Split {
  Dataset train;
  Dataset held_out;
  Dataset test;

  /// Where every training image trains, the curve can only be followed on the test images. Nothing is chosen
  /// by it.
  [[nodiscard]] const Dataset& validation() const { return held_out.size() > 0 ? held_out : test; }
  [[nodiscard]] std::string validation_name() const {
    return held_out.size() > 0 ? "the last " + format_count(held_out.size()) + " training images, held out"
                               : "the test images, followed and never used to choose";
  }
};

Split load_split(const RunOptions& run) {
  const MnistCheck check = run.any_idx ? MnistCheck::kAnyIdx : MnistCheck::kPublished;
  Dataset train = load_mnist(run.mnist, MnistPart::kTrain, check);
  Dataset test = load_mnist(run.mnist, MnistPart::kTest, check);
  if (train.size() == 0 || test.size() == 0) {
    throw Failure(run.mnist, train.size() == 0 ? "there are no training images" : "there are no test images");
  }
  if (run.validation == 0) {
    return {std::move(train), {}, std::move(test)};
  }
  if (run.validation >= train.size()) {
    throw Failure("--validation " + std::to_string(run.validation),
                  "the training set has only " + std::to_string(train.size()) + " images");
  }
  const std::size_t kept = train.size() - run.validation;
  return {train.slice(0, kept), train.slice(kept, train.size()), std::move(test)};
}

std::string teacher_arguments(const RunOptions& run) {
  std::string text = run.teachers.empty() ? "" : " --teacher";
  for (const std::string& file : run.teachers) {
    text += " " + shell_word(fs::path(file).filename().string());
  }
  return text;
}

std::vector<Teacher> read_teachers(const RunOptions& run) {
  std::vector<Teacher> teachers;
  for (const std::string& name : run.teachers) {
    teachers.push_back({name, read_file(name)});
  }
  return teachers;
}

std::vector<Program> prepare(const std::vector<Teacher>& teachers, const Dataset& data) {
  std::vector<Program> programs;
  for (const Teacher& teacher : teachers) {
    const Network network = value_or_fail(read_onnx(teacher.file), teacher.name);
    check_fits(network, data, teacher.name);
    programs.push_back(Program::prepare(network));
  }
  return programs;
}

std::string command_line(const RunOptions& run) {
  return "inkread train --network " + shell_word(run.network) + recipe_arguments(run.recipe) +
         (run.validation == 0 ? "" : " --validation " + std::to_string(run.validation)) +
         (run.augment == "none" ? "" : " --augment " + shell_word(run.augment)) + teacher_arguments(run) +
         (run.weights == WeightStorage::kFloat32 ? ""
                                                 : " --weights " + std::string(storage_name(run.weights))) +
         (run.any_idx ? " --any-idx" : "") + " --mnist DIR --out " +
         shell_word(fs::path(run.out).filename().string());
}

nlohmann::ordered_json describe_recipe(const RunOptions& run, const std::vector<Teacher>& teachers) {
  nlohmann::ordered_json json = to_json(run.recipe);
  json["initialisation"] =
      named_network(run.network).ok() ? "Glorot uniform, biases 0" : "the parameters of that file";
  json["augmentation"] = run.augment;
  for (const Teacher& teacher : teachers) {
    json["teachers"].push_back(
        {{"file", fs::path(teacher.name).filename().string()}, {"sha256", sha256(teacher.file)}});
  }
  return json;
}

ModelCard make_card(const RunOptions& run, const std::vector<Teacher>& teachers, const Split& data,
                    std::vector<EpochRecord> curve, const Bytes& file, int threads) {
  const OnnxModel model = value_or_fail(read_onnx_model(file), run.out);
  const Architecture* architecture = find_architecture(run.network);
  ModelCard card;
  card.file = fs::path(run.out).filename().string();
  const bool is_named = named_network(run.network).ok();
  card.architecture = is_named ? run.network : fs::path(run.network).filename().string();
  card.summary = architecture != nullptr ? std::string(architecture->summary)
                 : is_named              ? "these layers, a dense layer and a Softmax"
                                         : "trained further from that file";
  card.command = command_line(run);
  card.compiler = INKREAD_COMPILER;
  card.recipe = describe_recipe(run, teachers);
  card.data = (run.any_idx ? "a set of its own in MNIST's format, " : "MNIST, ") +
              format_count(data.train.size()) + " training images";
  card.validation = data.validation_name();
  card.curve = std::move(curve);
  card.facts = network_facts(model.network, file);
  card.weights = model.weights;
  card.calibration = model.notes.calibration;
  card.test = evaluate(predict(Program::prepare(model.network), data.test, {}, threads), data.test);
  return card;
}

Recipe recipe_of(const RunOptions& run) {
  const auto augmentation = find_augmentation(run.augment);
  if (!augmentation) {
    throw Failure("--augment " + run.augment, "there is no such augmentation; there are none and standard");
  }
  Recipe recipe = run.recipe;
  recipe.augmentation = *augmentation;
  return recipe;
}

/// The trained network as a file: quantised if asked, and calibrated where enough images were held out.
Bytes weights_file(const Network& trained, const RunOptions& run, const Split& data, int threads) {
  OnnxOptions options{run.weights};
  Bytes file = write_onnx(trained, options);
  if (!can_be_calibrated(trained) || data.held_out.size() < kLeastCalibrationImages) {
    return file;
  }
  // What is calibrated are the weights as the file holds them; dividing the last layer's leaves their int8 as
  // they are.
  const Network stored = value_or_fail(read_onnx(file), run.out);
  const Calibrated calibrated =
      value_or_fail(calibrate(stored, data.held_out, recipe_of(run), threads), run.out);
  options.notes.calibration = calibrated.calibration;
  // After the division multiples of a step are so only nearly.
  const int steps = run.recipe.weight_steps;
  return write_onnx(steps > 0 ? with_rounded_weights(calibrated.network, steps) : calibrated.network,
                    options);
}

/// Trains until the last epoch; false when interrupted.
bool train_epochs(Trainer& trainer, const RunOptions& run, const Split& data, const RunFolder& folder,
                  RunFolder::Checkpoint& checkpoint, int threads) {
  const InterruptGuard guard;
  const auto done_before = static_cast<std::size_t>(checkpoint.state.epochs) * data.train.size();
  ProgressBar bar(static_cast<std::size_t>(run.recipe.epochs) * data.train.size() - done_before, "images");
  for (int epoch = checkpoint.state.epochs + 1; epoch <= run.recipe.epochs; ++epoch) {
    const std::size_t earlier = static_cast<std::size_t>(epoch - 1) * data.train.size() - done_before;
    const std::string name = "epoch " + std::to_string(epoch) + "/" + std::to_string(run.recipe.epochs);
    const auto report = value_or_fail(trainer.run_epoch(data.train,
                                                        [&](std::size_t images) {
                                                          bar.show(earlier + images, name);
                                                          return g_interrupted == 0;
                                                        }),
                                      "training");
    bar.clear();
    if (!report) {
      return false;
    }
    const Network network = value_or_fail(trainer.network(), "training");
    const Evaluation validation =
        evaluate(predict(Program::prepare(network), data.validation(), {}, threads), data.validation());
    checkpoint.state = trainer.state();
    checkpoint.curve.push_back(
        {epoch, report->loss, report->accuracy, validation.log_loss, validation.accuracy});
    folder.save(checkpoint);
    std::printf("%s  training loss %.4f, accuracy %s  validation loss %.4f, accuracy %s  %s images/s\n",
                name.c_str(), report->loss, format_share(report->accuracy).c_str(), validation.log_loss,
                format_share(validation.accuracy).c_str(),
                format_count(static_cast<std::size_t>(bar.rate(earlier + data.train.size()))).c_str());
    std::fflush(stdout);
  }
  return true;
}

fs::path beside(const RunOptions& run, const char* extension) {
  return fs::path(run.out).replace_extension(extension);
}

/// Refuses now what could not be written after hours of training.
void check_outputs(const RunOptions& run) {
  if (fs::path(run.out).extension() != ".onnx") {
    throw Failure("--out " + run.out, "its name must end in .onnx; the card beside it ends in .json and .md");
  }
  check_writable(run.out);
  check_writable(beside(run, ".json"));
  check_writable(beside(run, ".md"));
}

/// What to do: as asked, or as the run to go on with was asked. Its data and output may be elsewhere now.
RunOptions choose_run(const Options& options, const RunFolder& folder) {
  if (options.resume.empty()) {
    return options.run;
  }
  RunOptions run = folder.load_options();
  run.mnist = options.run.mnist.empty() ? run.mnist : options.run.mnist;
  run.out = options.run.out.empty() ? run.out : options.run.out;
  return run;
}

int run(const Options& options) {
  const bool resumes = !options.resume.empty();
  const RunFolder folder(resumes                      ? options.resume
                         : options.run_folder.empty() ? options.run.out + ".run"
                                                      : options.run_folder);
  const RunOptions run = choose_run(options, folder);
  const Recipe recipe = recipe_of(run);
  const TrainableNetwork start =
      resumes && !named_network(run.network).ok() ? folder.load_start() : start_network(run);
  check_outputs(run);
  const Split data = load_split(run);
  check_fits(start.network(), data.train, run.network);
  check_fits(start.network(), data.test, run.network);

  const std::vector<Teacher> teachers = resumes ? folder.load_teachers(run) : read_teachers(run);
  Trainer trainer = value_or_fail(
      Trainer::create(start, recipe, options.threads, prepare(teachers, data.train)), run.network);
  RunFolder::Checkpoint checkpoint;
  if (resumes) {
    checkpoint = folder.load();
    folder.save_options(run);
  } else {
    folder.begin(run, start.network(), teachers);
  }
  if (checkpoint.state.epochs > 0) {
    value_or_fail(trainer.restore(checkpoint.state), folder.path().string());
  }
  std::printf("training %s: %s parameters, %s images, validation on %s\n", run.network.c_str(),
              format_count(start.network().parameters().size()).c_str(),
              format_count(data.train.size()).c_str(), data.validation_name().c_str());
  if (!train_epochs(trainer, run, data, folder, checkpoint, options.threads)) {
    std::printf("stopped; %d of %d epochs are saved. Go on with: inkread train --resume %s\n",
                checkpoint.state.epochs, run.recipe.epochs, shell_word(folder.path().string()).c_str());
    return kInterruptedExitCode;
  }

  const Bytes file = weights_file(value_or_fail(trainer.network(), "training"), run, data, options.threads);
  const ModelCard card = make_card(run, teachers, data, checkpoint.curve, file, options.threads);
  write_file(run.out, file);
  write_file(beside(run, ".json"), to_json(card).dump(2) + "\n");
  write_file(beside(run, ".md"), to_markdown(card));
  std::printf("test accuracy %s (95 %% interval %s to %s); wrote %s and its card\n",
              format_share(card.test.accuracy).c_str(), format_share(card.test.interval.low).c_str(),
              format_share(card.test.interval.high).c_str(), run.out.c_str());
  return 0;
}

}  // namespace

void add_train_command(CLI::App& tool, ExitCode& exit_code) {
  const auto options = std::make_shared<Options>();
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  RunOptions& run_options = options->run;
  run_options.network = "seed";
  std::map<std::string, WeightStorage> storages;
  for (const WeightStorage storage : {WeightStorage::kFloat32, WeightStorage::kInt8}) {
    storages.emplace(storage_name(storage), storage);
  }
  CLI::App* command = tool.add_subcommand("train", "Train a network on MNIST");
  const auto* mnist =
      command->add_option("--mnist", run_options.mnist, "The folder with MNIST's files, plain or .gz")
          ->type_name("DIR");
  const auto* out =
      command->add_option("--out", run_options.out, "The .onnx file to write; its card goes beside it")
          ->type_name("FILE");
  // What a run was begun with, which going on with it cannot change.
  std::vector<CLI::Option*> fixed{
      command
          ->add_option("--network", run_options.network,
                       "A network's name, a list of layers (24,24,pool,48,48,pool,64), or an .onnx file to "
                       "train further")
          ->type_name("NAME")
          ->capture_default_str(),
      command
          ->add_option("--validation", run_options.validation,
                       "Training images to hold out (from the end) and validate on; from 1000 on the network "
                       "is calibrated on them")
          ->check(whole_number(0))
          ->capture_default_str(),
      command
          ->add_option("--augment", run_options.augment,
                       "How images are varied as they are shown: none or standard (turned, bent, thicker, "
                       "thinner, blurred, off-centre, ...)")
          ->type_name("NAME")
          ->capture_default_str(),
      command
          ->add_option("--teacher", run_options.teachers,
                       "Networks whose answers to the images as they are shown teach this one")
          ->type_name("FILE"),
      command->add_option("--weights", run_options.weights, "How the file stores weights: float32 or int8")
          ->transform(CLI::CheckedTransformer(storages))
          ->type_name("NAME")
          ->default_str("float32"),
      command->add_flag("--any-idx", run_options.any_idx, "Accept a set of your own in MNIST's format"),
      command
          ->add_option("--run", options->run_folder,
                       "The folder for checkpoints and log (OUT.run unless given)")
          ->type_name("DIR")};
  for (CLI::Option* option : add_recipe_options(*command, run_options.recipe)) {
    fixed.push_back(option);
  }
  auto* teacher = command->get_option("--teacher");
  auto* teaching = command->get_option("--teaching")->needs(teacher);
  command->get_option("--temperature")->needs(teacher);
  command->add_option("--threads", options->threads, "Threads to use; the result does not depend on it")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  auto* resume = command
                     ->add_option("--resume", options->resume,
                                  "Go on with the run in this folder, as it was begun; only --mnist, --out "
                                  "and --threads may differ")
                     ->type_name("DIR");
  for (CLI::Option* option : fixed) {
    resume->excludes(option);
  }
  command->callback([options, mnist, out, resume, teaching, &exit_code] {
    if (resume->count() == 0 && (mnist->count() == 0 || out->count() == 0)) {
      throw CLI::RequiredError("--mnist and --out (or --resume)");
    }
    if (!options->run.teachers.empty() && teaching->count() == 0) {
      options->run.recipe.teaching = kUsualTeaching;
    }
    exit_code.value = run(*options);
  });
}

}  // namespace inkread
