// `paso pack test`, `paso pack check`, `paso pack bundle`: a pack as its author has it, with the files of its tables
// beside it.
#pragma once

#include <string>

#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

// A draft and the files that its tables name, from its own folder. Errors: "file.*", those of parse_draft().
[[nodiscard]] Result<Pack> load_draft(Env& env, const std::string& path, const Schema& schema);

// Prints each of the pack's tests that failed, and how many passed. 0: all passed; 1: not, or there are none.
[[nodiscard]] int show_pack_tests(Env& env, const std::string& path, const Schema& schema, const PrintLine& out,
                                  const PrintLine& err);

// Prints what check_pack() finds, a line each, or with `json` one object {"pack", "version", "findings": [{"check",
// "rule", "message", "certainty"}]}. 0: nothing; 3: something, also undecided; 1: the pack could not be read.
[[nodiscard]] int show_pack_checks(Env& env, const std::string& path, const Schema& schema, bool json,
                                   const PrintLine& out, const PrintLine& err);

// Writes the draft with its tables inside to `target`, where it can be signed. 0, or 1 and an error: one that is signed
// already would lose its signatures.
[[nodiscard]] int bundle_pack(Env& env, const std::string& path, const std::string& target, const Schema& schema,
                              const PrintLine& err);

}  // namespace paso
