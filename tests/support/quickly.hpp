// One condition through the quick tests alone.
#pragma once

#include <span>
#include <vector>

#include "core/rules/pack_body.hpp"
#include "core/rules/quick.hpp"

namespace paso::test {

// What the quick tests of one condition say; unknown: they leave it to the machine.
inline Truth quickly(const Expression& e, std::span<const Value> slots) {
    Rule rule;
    rule.when = e;
    const QuickRules quick({&rule, 1}, slots.size());
    std::vector<Value> values(slots.begin(), slots.end());
    values.insert(values.end(), quick.constants().begin(), quick.constants().end());
    const QuickEnd end = quick_kind(quick.run(quick.begin(0), values.data()));
    return end == QuickEnd::yes ? Truth::yes : end == QuickEnd::all ? Truth::no : Truth::unknown;
}

}  // namespace paso::test
