// What every server program of Paso does alike at its start: one configuration file, --check-config, --version, and a
// stop on a signal. `serve` is the program itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace paso {

struct ProgramCall {
    std::string config;  // path of the configuration file
    bool check_only = false;
};

// Runs `serve` with what the command line says. 0: ended well; 1: `serve` gave an error, which is printed to standard
// error as "PROGRAM: code: detail (line, column)"; 2: the command line is wrong.
[[nodiscard]] int run_program(int count, const char* const* arguments, std::string_view program,
                              std::string_view purpose, const std::function<Status(const ProgramCall&)>& serve);

// The text of a configuration file. Errors: "config.missing_file".
class Files;
[[nodiscard]] Result<std::string> read_config(Files& files, const std::string& path);

}  // namespace paso
