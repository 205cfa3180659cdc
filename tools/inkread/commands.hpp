// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace inkread {

/// What a command's callback leaves for main() to return; 0 is success.
struct ExitCode {
  int value = 0;
};

// Each adds its subcommand to the tool. Commands throw Failure.
void add_train_command(CLI::App& tool, ExitCode& exit_code);
void add_evaluate_command(CLI::App& tool);
void add_compare_command(CLI::App& tool);
void add_read_command(CLI::App& tool, ExitCode& exit_code);
void add_inspect_command(CLI::App& tool);
void add_convert_command(CLI::App& tool);
void add_augment_command(CLI::App& tool);
void add_benchmark_command(CLI::App& tool, ExitCode& exit_code);

}  // namespace inkread
