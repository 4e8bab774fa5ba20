// Facts and their values in words, for officials and lawyers. Texts are English, as the schema's meanings are.
#pragma once

#include <string>
#include <string_view>

#include "core/rules/facts.hpp"

namespace paso {

// What a sentence calls a fact: its meaning up to the first comma, colon or semicolon. Of a condition the clause
// without "whether": "every check digit of the MRZ holds".
[[nodiscard]] std::string fact_words(const FactDeclaration& fact);

// The schema's clause for one of the values of a text: "the person is leaving"; empty where it has none.
[[nodiscard]] std::string_view clause_words(const FactDeclaration& fact, std::string_view value);

// "was read" -> "was not read", where the first verb is plain to see; else the clause is negated as a whole.
[[nodiscard]] std::string negated_words(const std::string& clause);

// That a fact has this value: "a travel document was not read", "the person is leaving", "last day of validity: 3 May
// 2031", "nationality: Brazil".
[[nodiscard]] std::string statement_words(const FactDeclaration& fact, const FactValue& value);

// "24 November 2026", "yes", "18", "UTO", "ARG, BRA".
[[nodiscard]] std::string value_words(const FactValue& value);
[[nodiscard]] std::string date_words(Date day);

// "could not be read", "the source was not reachable": why a fact is unknown.
[[nodiscard]] std::string_view cause_words(Cause cause);

}  // namespace paso
