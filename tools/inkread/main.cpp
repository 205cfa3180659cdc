// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "tools/inkread/commands.hpp"
#include "tools/inkread/files.hpp"

namespace {

bool processor_suffices() {
#if defined(__AVX2__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return true;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (!processor_suffices()) {
    std::fputs(
        "inkread: this processor: it lacks AVX2, which this build needs; build with -DINKREAD_CPU=x86-64\n",
        stderr);
    return 1;
  }
  inkread::ExitCode exit_code;
  CLI::App tool("Reads handwritten digits; trains and measures the network that does it.", "inkread");
  tool.set_version_flag("--version", "inkread " INKREAD_VERSION);
  tool.require_subcommand(1);
  inkread::add_read_command(tool, exit_code);
  inkread::add_train_command(tool, exit_code);
  inkread::add_evaluate_command(tool);
  inkread::add_inspect_command(tool);
  try {
    tool.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return tool.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "inkread: the command line: %s (inkread --help tells what there is)\n",
                 error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inkread: %s\n", error.what());
    return 1;
  }
  return exit_code.value;
}
