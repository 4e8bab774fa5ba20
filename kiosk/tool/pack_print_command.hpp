// `paso pack print PACK`: the reading copy of a pack for lawyers.
#pragma once

#include <string>

#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

struct PackPrintOptions {
    std::string file;
    std::string language = "en";
    std::string target;  // "": standard output
};

// 0; 1 and an error: the pack could not be read, it has no words in that language, or the page could not be written.
[[nodiscard]] int print_pack(Env& env, const PackPrintOptions& options, const Schema& schema, const PrintLine& out,
                             const PrintLine& err);

}  // namespace paso
