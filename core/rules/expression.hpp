// The expressions of a pack, first version: three-valued (Kleene), typed, bounded. Literals true, false, 12, 'text',
// date('2026-01-01'), months(6), days(3); names of facts; == != < <= > >= ; && || ! ; date + months()/days(); `x in
// ['A', 'B']`; known(fact), true also of a fact with several possible values. A sum that leaves 64 bits or the years 1
// to 9999 is unknown. No loops, no clock, no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules/facts.hpp"
#include "core/rules/pack.hpp"

namespace paso {

struct Expression;  // a checked tree
using ExpressionPtr = std::shared_ptr<const Expression>;

// Errors: "pack.syntax", "pack.fact", "pack.type"; the place's column counts from 1 within `text`.
[[nodiscard]] Result<ExpressionPtr> parse_expression(std::string_view text, const Schema& schema);

// The facts that an expression reads, ascending.
[[nodiscard]] const std::set<std::string>& facts_of(const Expression& expression);

// One value for each fact, or none: then it is unknown.
using FactLookup = std::function<const FactValue*(std::string_view name)>;
[[nodiscard]] Truth evaluate(const Expression& expression, const FactLookup& lookup);

}  // namespace paso
