// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

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

/// As CLI11 wants them: the last comes first.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> result(argv + std::min(argc, 1), argv + argc);
  for (std::string& argument : result) {
    // CLI11 would take a name like [1,2] for a list.
    if (argument.size() > 1 && argument.front() == '[' && argument.back() == ']') {
      argument.insert(0, "./");
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
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
  inkread::add_compare_command(tool);
  inkread::add_inspect_command(tool);
  inkread::add_convert_command(tool);
  inkread::add_augment_command(tool);
  inkread::add_benchmark_command(tool, exit_code);
  try {
    tool.parse(arguments(argc, argv));
  } catch (const CLI::Success& help) {
    tool.exit(help);
  } catch (const CLI::ParseError& error) {
    const auto chosen = tool.get_subcommands();
    const std::string command = chosen.empty() ? "inkread" : "inkread " + chosen.front()->get_name();
    const bool unknown = chosen.empty() && !tool.remaining().empty();
    const std::string why =
        unknown ? "there is no subcommand or option " + tool.remaining().front() : error.what();
    std::fprintf(stderr, "inkread: the command line: %s (%s --help tells what there is)\n", why.c_str(),
                 command.c_str());
    return 2;
  } catch (const std::bad_alloc&) {
    std::fputs("inkread: memory: there is not enough of it\n", stderr);
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inkread: %s\n", error.what());
    return 1;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fputs("inkread: standard output: writing failed; the results are not complete\n", stderr);
    return 1;
  }
  return exit_code.value;
}
