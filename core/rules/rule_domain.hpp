// The cases that expressions can tell apart: for each fact they read, the values that matter. Inside core/rules only.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/facts.hpp"
#include "core/rules/table_set.hpp"

namespace paso {

struct FactDomain {
    std::uint16_t slot = 0;
    std::vector<Value> values;  // one of them at least
};

struct RuleDomain {
    // First the facts that known() asks, whose last value is unknown; then the others, small ones first.
    std::vector<FactDomain> facts;
    std::size_t asked = 0;  // how many known() asks
    bool exact = true;      // whatever values the facts have, the expressions say what they say for some of these
    std::vector<std::string> missing_keys;
    std::deque<std::string> texts;           // views of the values go here
    std::deque<std::vector<Value>> members;  // and here
};

// An expression and the tables that it was read with.
struct DomainPart {
    const Expression* expression = nullptr;
    const TableSet* tables = nullptr;
};

// The parts were read with this schema, and must outlive the domain.
[[nodiscard]] RuleDomain domain_of(std::span<const DomainPart> parts, const Schema& schema);

// What to do after a look at the cases that are left.
enum class Next : std::uint8_t { deeper, skip, stop };

// Walks over the cases of a domain, fact by fact; a fact whose turn has not come is unknown. What is decided then stays
// decided, so that whole branches can be skipped; but known() asks about the knowing, and its facts come first. `look`
// is told how many of the facts have their value. False: more than `most` looks would have been needed.
template <class Look>
bool all_cases(const RuleDomain& domain, std::vector<Value>& slots, std::uint64_t most, Look look) {
    const auto& facts = domain.facts;
    std::vector<std::size_t> at(facts.size(), 0);
    std::size_t depth = 0;
    const auto set = [&](std::size_t d) { slots[facts[d].slot] = facts[d].values[at[d]]; };
    const auto begin = [&](std::size_t d) {
        at[d] = 0;
        set(d);
    };
    while (depth < domain.asked) begin(depth++);
    for (; most > 0; --most) {
        const Next next = look(depth);
        if (next == Next::stop) return true;
        if (next == Next::deeper && depth < facts.size()) {
            begin(depth++);
            continue;
        }
        while (depth > 0 && ++at[depth - 1] == facts[depth - 1].values.size())
            slots[facts[--depth].slot] = Value::unknown(Cause::not_read);
        if (depth == 0) return true;
        set(depth - 1);
        while (depth < domain.asked) begin(depth++);
    }
    return false;
}

}  // namespace paso
