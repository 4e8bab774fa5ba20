// The completion of a command line for bash, made from the command line itself so that they cannot disagree.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace paso {

[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace paso
