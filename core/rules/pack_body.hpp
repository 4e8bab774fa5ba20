// What a pack holds once it was read and checked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/rules/expression.hpp"
#include "core/rules/pack.hpp"

namespace paso {

struct Rule {
    std::string id;
    std::string title;
    std::string basis;
    std::string reason;
    ExpressionPtr when;
    ExpressionPtr unless;  // may be empty
    std::set<std::string> facts;
    bool unknown_refers = true;  // for causes not named in `by_cause`
    std::map<Cause, bool> unknown_by_cause;
};

struct PackTest {
    std::string name;
    Facts facts;
    Outcome expected = Outcome::clear;
    std::set<std::string> reasons;
};

struct Pack::Body {
    PackIdentity identity;
    std::vector<Rule> rules;
    std::map<std::string, std::map<std::string, ReasonText>> reasons;  // code -> language -> words
    std::vector<PackTest> tests;
};

// One rule on these facts (assess.cpp).
[[nodiscard]] Finding evaluate_rule(const Rule& rule, const Facts& facts);

}  // namespace paso
