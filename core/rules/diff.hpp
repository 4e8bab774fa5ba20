// What another version of a pack changes: for each rule that was added, removed or changed a traveller to whom it
// shows. docs/manual/pack-diff.md is the manual.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules/facts.hpp"
#include "core/rules/pack.hpp"

namespace paso {

// Rules are the same by their id; versions of a rule are one rule.
enum class RuleChange : std::uint8_t { added, removed, changed };
[[nodiscard]] std::string_view name(RuleChange c);

enum class DiffVerdict : std::uint8_t {
    differs,   // the traveller shows it
    same,      // written in another way, but it says the same of everybody
    undecided  // no such traveller was found, and not every case could be tried
};
[[nodiscard]] std::string_view name(DiffVerdict v);

// What a pack says of the traveller, and what the rule in question says, with the reasons that it gives.
struct DiffSide {
    Outcome outcome = Outcome::clear;  // of the whole pack
    Outcome of_rule = Outcome::clear;
    std::vector<std::string> reasons;  // ascending
    bool is_private = false;           // of the rule that refers: what it is about stays with the official of the case
    bool is_silent = false;            // and: the traveller's screen stays as it is
    bool operator==(const DiffSide&) const = default;
};

struct RuleDifference {
    RuleChange change = RuleChange::changed;
    std::string rule;
    DiffVerdict verdict = DiffVerdict::undecided;
    // Of `differs`: the facts that matter. The others stand as in the test `like` of one of the packs, the new one
    // first; where it is "", none of them was read.
    Facts traveller;
    std::string like;
    DiffSide before;
    DiffSide after;
    // Whether the outcome of the whole pack differs too, and not only what this rule says. False: in none of the cases
    // that were looked at.
    [[nodiscard]] bool outcome_differs() const { return before.outcome != after.outcome; }
    bool operator==(const RuleDifference&) const = default;
};

struct DiffLimits {
    std::uint64_t cases = 100'000;  // for each rule, twice: with facts that are known, then with unknown ones too
    std::uint64_t differing = 200;  // cases in which the rule differs that are tried for one whose outcome differs too
};

// In the order of the new pack, then what it has no more. Rules that stand there as before, with the same cells behind
// them, are not told of. `same` is proven for all travellers each of whose facts has one value or is unknown for one
// cause: exact where check_pack() is. The packs' own tests are tried too. Words are no matter of this.
// `schema`: the one that both packs were read with.
[[nodiscard]] std::vector<RuleDifference> diff_packs(const Pack& before, const Pack& after, const Schema& schema,
                                                     const DiffLimits& limits = {});

// A text that stands for every text that no rule and no table names.
[[nodiscard]] inline bool stands_for_others(std::string_view text) { return text.starts_with('~'); }

}  // namespace paso
