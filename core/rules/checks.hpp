// What is wrong with a pack that can be read: rules that say nothing, or the same as another, or that nobody tries.
// What reading itself finds (a fact, column, group or code that is not there, a type, a test that expects nothing, a
// reason without words) is an error of parse_draft() and not said again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules/facts.hpp"
#include "core/rules/pack.hpp"

namespace paso {

enum class PackCheck : std::uint8_t {
    rule_without_test,  // in no test of the pack this rule refers
    test_repeated,      // a test has the facts of an earlier one
    words_missing,      // a reason has no words in a language that others have
    reason_unused,      // no rule gives this reason
    key_without_row,    // a constant asks a table for a key that it never has
    code_unknown,       // a rule or a group names a code that the fact never has
    never_true,         // `when` is yes for nobody
    exempted,           // everybody whom `when` means is exempted by `unless`
    always_true,        // the rule says no to nobody
    subsumed,           // whenever it is yes, another rule is yes too
    version_gap,        // no version of a rule is in force between two others
    version_overlap     // two are, on the same day
};
[[nodiscard]] std::string_view name(PackCheck c);

enum class Certainty : std::uint8_t { found, undecided };
[[nodiscard]] std::string_view name(Certainty c);

struct CheckFinding {
    PackCheck check = PackCheck::never_true;
    std::string rule;  // its id; "" where the finding is about the pack
    std::string message;
    Certainty certainty = Certainty::found;
    bool operator==(const CheckFinding&) const = default;
};

struct CheckLimits {
    std::uint64_t evaluations = 100'000;      // for each rule
    std::uint64_t pairs = 50'000;             // of rules that are compared
    std::uint64_t pair_evaluations = 10'000;  // for each of them
};

// Findings in the order of the checks, then of the pack. never_true, exempted, always_true and subsumed are about all
// travellers whose facts are known (those that the rule asks with known() may be unknown too). They are exact where the
// rule only compares its facts with constants, with each other and with cells, looks them up and asks known(): then
// every case that the rule can tell apart is tried. Where it computes (sums, other days, functions, loops), or where
// the cases are more than the limit, a case that shows the contrary is still searched for; if none is found the finding
// is undecided. `schema`: the one that the pack was read with.
[[nodiscard]] std::vector<CheckFinding> check_pack(const Pack& pack, const Schema& schema,
                                                   const CheckLimits& limits = {});

}  // namespace paso
