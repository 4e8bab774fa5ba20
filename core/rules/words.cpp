#include "core/rules/words.hpp"

#include <array>

namespace paso {

std::string fact_words(const FactDeclaration& fact) {
    constexpr std::string_view whether = "whether ";
    std::string_view words = fact.meaning.substr(0, fact.meaning.find_first_of(",;:"));
    if (words.starts_with(whether)) words.remove_prefix(whether.size());
    return std::string{words.empty() ? fact.name : words};
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
            return "it was not asked";
        case Cause::not_supported:
            return "this document or post cannot tell";
    }
    return "it was not shown or could not be read";
}

}  // namespace paso
