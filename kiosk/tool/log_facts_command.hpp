// `paso log facts JOURNAL`: the facts of the inspections of a station's journal, for `paso pack simulate`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "core/rules/facts.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

struct LogFactsOptions {
    std::vector<std::string> journals;
    std::string target;
    std::function<Result<Bytes>(ByteView)> open_body;  // of an event, as it lies in a journal
};

// Writes one file of facts (core/rules/facts_file.hpp) of all inspections whose body is still there: no names, no
// numbers of documents, nothing about protection, and of the rules that referred only public ones for an officer. A
// place in a station's log counts once, however many copies of the journal are given; an inspection with a fact that is
// none of the schema's counts as not read. 0; 1 and an error.
[[nodiscard]] int write_log_facts(Env& env, const LogFactsOptions& options, const Schema& schema, const PrintLine& out,
                                  const PrintLine& err);

}  // namespace paso
