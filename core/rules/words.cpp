#include "core/rules/words.hpp"

#include <algorithm>
#include <array>

namespace paso {

std::string fact_words(const FactDeclaration& fact) {
    constexpr std::string_view whether = "whether ";
    std::string_view words = fact.meaning.substr(0, fact.meaning.find_first_of(",;:"));
    if (words.starts_with(whether)) words.remove_prefix(whether.size());
    return std::string{words.empty() ? fact.name : words};
}

std::string_view clause_words(const FactDeclaration& fact, std::string_view value) {
    const auto at = std::find(fact.values.begin(), fact.values.end(), value);
    if (at == fact.values.end() || fact.clauses.size() != fact.values.size()) return {};
    return fact.clauses[static_cast<std::size_t>(at - fact.values.begin())];
}

std::string negated_words(const std::string& clause) {
    const std::size_t other = std::min({clause.find(" that "), clause.find(" who "), clause.find(" which ")});
    if (clause.starts_with("every ")) return "not " + clause;
    if (clause.starts_with("no ")) return "some " + clause.substr(3);
    const bool some = clause.starts_with("any ") || clause.starts_with("both ") || clause.starts_with("exactly ") ||
                      clause.starts_with("at least ");
    std::size_t first = std::min(other, clause.size());
    std::string negated;
    for (const std::string_view verb : {" is ", " was ", " has been ", " may ", " will ", " are ", " were "}) {
        const std::size_t at = clause.find(verb);
        if (some || at >= first) continue;
        first = at;
        const std::size_t behind = verb == " has been " ? at + 4 : at + verb.size() - 1;
        negated = clause.substr(0, behind) + " not" + clause.substr(behind);
    }
    constexpr std::array<std::array<std::string_view, 2>, 6> verbs{{{" travels ", " travel "},
                                                                    {" lives ", " live "},
                                                                    {" asks ", " ask "},
                                                                    {" stands ", " stand "},
                                                                    {" holds ", " hold "},
                                                                    {" has ", " have "}}};
    for (const auto& [says, plain] : verbs) {
        const std::size_t at = clause.find(says);
        if (some || at >= first || clause.compare(at, 10, " has been ") == 0) continue;
        first = at;
        negated = clause.substr(0, at) + " does not" + std::string{plain} + clause.substr(at + says.size());
    }
    if (!negated.empty()) return negated;
    return "it is not so that " + clause;
}

std::string statement_words(const FactDeclaration& fact, const FactValue& value) {
    const std::string words = fact_words(fact);
    if (const bool* const yes = std::get_if<bool>(&value)) return *yes ? words : negated_words(words);
    const std::string* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return words + ": " + value_words(value);
    const std::string_view clause = clause_words(fact, *text);
    const std::string called = fact.naming == nullptr ? std::string{} : fact.naming(*text);
    return clause.empty() ? words + ": " + (called.empty() ? *text : called) : std::string{clause};
}

std::string date_words(Date day) {
    constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};
    return std::to_string(day.day()) + " " + months[day.month() - 1] + " " + std::to_string(day.year());
}

std::string value_words(const FactValue& value) {
    switch (type_of(value)) {
        case FactType::boolean:
            return std::get<bool>(value) ? "yes" : "no";
        case FactType::integer:
            return std::to_string(std::get<std::int64_t>(value));
        case FactType::text:
            return std::get<std::string>(value);
        case FactType::date:
            return date_words(std::get<Date>(value));
        case FactType::text_set:
            break;
    }
    std::string out;
    for (const std::string& s : std::get<std::set<std::string>>(value)) out += (out.empty() ? "" : ", ") + s;
    return out.empty() ? "none" : out;
}

std::string_view cause_words(Cause cause) {
    switch (cause) {
        case Cause::not_read:
            return "it was not shown or could not be read";
        case Cause::offline:
            return "the source could not be reached";
        case Cause::list_stale:
            return "the list is too old";
        case Cause::history_incomplete:
            return "the history of crossings is not complete";
        case Cause::clock_unsure:
            return "the clock is not sure";
        case Cause::ambiguous:
            return "several values are possible and they lead to different answers";
        case Cause::not_asked:
            return "the question was not asked";
        case Cause::not_supported:
            return "this document, post or table has no answer";
    }
    return "it was not shown or could not be read";
}

}  // namespace paso
