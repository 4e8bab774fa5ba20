// Facts and their values in words, for officials and lawyers. Texts are English, as the schema's meanings are.
#pragma once

#include <string>

#include "core/rules/facts.hpp"

namespace paso {

// What a sentence calls a fact: its meaning up to the first comma, colon or semicolon. Of a condition the clause
// without "whether": "every check digit of the MRZ holds".
[[nodiscard]] std::string fact_words(const FactDeclaration& fact);

// "24 November 2026", "yes", "18", "UTO", "ARG, BRA".
[[nodiscard]] std::string value_words(const FactValue& value);
[[nodiscard]] std::string date_words(Date day);

// "could not be read", "the source was not reachable": why a fact is unknown.
[[nodiscard]] std::string_view cause_words(Cause cause);

}  // namespace paso
