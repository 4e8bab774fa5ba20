// What a pack holds once it was read and checked.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/pack.hpp"

namespace paso {

// Facts by name, and the slot of each in the expressions.
struct FactSlot {
    std::string name;
    std::uint16_t slot = 0;
};

struct Rule {
    std::string id;
    std::string title;
    std::string basis;
    std::string reason;
    std::optional<Expression> when;  // always there once the pack is read
    std::optional<Expression> unless;
    std::vector<FactSlot> facts;    // that it reads, ascending by name
    std::uint8_t refers_on = 0xFF;  // bit n - 1: an unknown for Cause n refers
    bool refers_on_fault = true;    // so does an unknown without a cause
};

struct PackTest {
    std::string name;
    Facts facts;
    Outcome expected = Outcome::clear;
    std::set<std::string> reasons;
};

struct Pack::Body {
    PackIdentity identity;
    Tables tables;                // the expressions point to them
    std::vector<FactSlot> facts;  // of the schema, ascending by name
    std::uint64_t cost = 0;       // steps that an assessment takes at most, for one value of each fact
    std::vector<Rule> rules;
    std::map<std::string, std::map<std::string, ReasonText>> reasons;  // code -> language -> words
    std::vector<PackTest> tests;
};

}  // namespace paso
