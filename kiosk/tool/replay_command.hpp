// `paso replay`: recorded inspections are assessed once more, and what comes must be what was recorded, byte by byte.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "core/rules/facts.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

struct ReplayOptions {
    std::vector<std::string> packs;  // files of packs, signed or drafts; a record takes the one whose hash it names
    std::vector<std::string> journals;
    std::function<Result<Bytes>(ByteView)> open_body;  // of an event, as it lies in a journal
    std::string crossing;                              // hexadecimal: this one alone; "": all
    bool explain = false;                              // every rule with the facts that it read: personal data
    bool json = false;                                 // one object a line instead of text
};

// A line for each inspection whose body is still there: whether the pack gives the same bytes of encode_assessment from
// the recorded facts, and where not, in which rules. Without `explain` nobody reads for whom a private rule asks, nor
// its name. 0: all the same; 3: some differ, have no pack here or are no records of ours, or there is none; 1: a file
// could not be read, or there is no such crossing.
[[nodiscard]] int replay_journals(Env& env, const ReplayOptions& options, const Schema& schema, const PrintLine& out,
                                  const PrintLine& err);

}  // namespace paso
