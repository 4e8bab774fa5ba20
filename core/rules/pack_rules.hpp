// The rules, words and tests of a pack as its TOML has them. Inside core/rules only.
#pragma once

#include <toml++/toml.h>

#include <string_view>

#include "core/rules/pack_body.hpp"

namespace paso {

inline constexpr std::size_t max_entries = 1000;  // rules, reasons, tests

// A pack that TOML could read, and its text, in which places are found.
struct PackSource {
    const toml::table& table;
    std::string_view source;
    const Schema& schema;
};

// [[reason]], valid and [[rule]]; the tables must be there. Errors as parse_draft().
[[nodiscard]] Status read_rules(const PackSource& pack, Pack::Body& body);

// [baseline] and [[test]]; the rules must be there. Errors as parse_draft().
[[nodiscard]] Status read_tests(const PackSource& pack, Pack::Body& body);

}  // namespace paso
