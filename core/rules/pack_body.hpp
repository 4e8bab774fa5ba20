// What a pack holds once it was read and checked.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/program.hpp"
#include "core/rules/table_set.hpp"

namespace paso {

// Facts by name, and the slot of each in the expressions.
struct FactSlot {
    std::string name;
    std::uint16_t slot = 0;
};

struct Rule {
    std::string id;
    std::string title;
    std::string basis;   // law and article
    std::string source;  // where its authors read that; "" where they do not say
    std::string reason;
    std::optional<Date> from;  // of this version; nothing: since ever
    std::optional<Date> until;
    std::optional<Expression> when;  // and in force; always there once the pack is read
    std::optional<Expression> unless;
    std::string unless_basis;  // law and article of the exemption
    Outcome then = Outcome::officer;
    bool is_private = false;
    bool is_silent = false;
    std::vector<FactSlot> facts;    // that it reads, ascending by name
    std::uint8_t refers_on = 0xFF;  // bit n - 1: an unknown for Cause n refers
    bool refers_on_fault = true;    // so does an unknown without a cause
};

// The same rule as it is run: parts of the code and constants of the whole pack, which lie side by side.
struct RuleCode {
    std::uint32_t when = 0;    // first instruction
    std::uint32_t unless = 0;  // first instruction, where the code of `when` ends
    std::uint32_t end = 0;     // the same as `unless` where there is none
    std::uint32_t when_constants = 0;
    std::uint32_t unless_constants = 0;
    std::uint8_t refers_on = 0xFF;
    bool refers_on_fault = true;
    Outcome then = Outcome::officer;
};

struct PackTest {
    std::string name;
    Facts facts;
    Outcome expected = Outcome::clear;
    std::set<std::string> reasons;
};

struct Pack::Body {
    PackIdentity identity;
    std::string title;
    bool sample = false;                     // not for a real border
    std::shared_ptr<const TableSet> tables;  // the expressions point to them
    std::vector<FactSlot> facts;             // of the schema, ascending by name
    std::uint64_t cost = 0;                  // steps that an assessment takes at most, for one value of each fact
    std::vector<Rule> rules;
    Outcome highest = Outcome::clear;  // that a rule asks for
    std::vector<RuleCode> rule_codes;  // of each of `rules`
    std::vector<Instruction> code;
    std::vector<Value> constants;
    std::map<std::string, std::map<std::string, ReasonText>> reasons;  // code -> language -> words
    std::vector<PackTest> tests;
};

}  // namespace paso
