// `paso pack diff OLD NEW`: what another version of a pack changes, with a traveller to whom it shows.
#pragma once

#include <string>

#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "kiosk/tool/print_line.hpp"

namespace paso {

struct PackDiffOptions {
    std::string before;  // paths of two drafts
    std::string after;
    bool json = false;
};

// Prints what diff_packs() finds, or with `json` one object {"old", "new": {"pack", "version"}, "changes": [{"rule",
// "change", "verdict", "traveller": [{"fact", "values" or "unknown"}], "like", "old", "new": {"outcome", "rule",
// "reasons"}}]}. 0: no rule says anything else; 3: one does, or that is undecided; 1: a pack could not be read.
[[nodiscard]] int show_pack_diff(Env& env, const PackDiffOptions& options, const Schema& schema, const PrintLine& out,
                                 const PrintLine& err);

}  // namespace paso
