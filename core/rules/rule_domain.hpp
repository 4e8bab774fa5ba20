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

// `expressions` were read with this schema and these tables, and must outlive the domain.
[[nodiscard]] RuleDomain domain_of(std::span<const Expression* const> expressions, const Schema& schema,
                                   const TableSet& tables);

}  // namespace paso
