// Conditions as sentences that a lawyer can read: "the document's last day of validity is before the local date at the
// post". English; the words of a fact are its meaning in the schema (core/rules/words.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/facts.hpp"
#include "core/rules/table_set.hpp"

namespace paso {

// A sentence, or several of which all or any must hold.
struct Clause {
    enum class Join : std::uint8_t { none, all, any };
    Join join = Join::none;
    std::string text;           // where `join` is none
    std::vector<Clause> parts;  // else: two at least, none of them joined in the same way
    bool loose = false;         // a text that an "and" behind it might be read into: it stands in parentheses or alone
    bool operator==(const Clause&) const = default;
};

// `skip`: how many of the conditions that the whole expression joins by && are left out at its beginning (the days of a
// version). Never the empty sentence; "this always holds", "this never holds" for constants. Not is said where it
// belongs: "not all of" never stands there.
[[nodiscard]] Clause sentence_of(const Expression& condition, const Schema& schema, const TableSet& tables,
                                 std::size_t skip = 0);

// The whole in one line: "A and B, or C".
[[nodiscard]] std::string one_line(const Clause& clause);

}  // namespace paso
