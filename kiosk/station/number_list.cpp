#include "kiosk/station/number_list.hpp"

#include <algorithm>

namespace paso {

Result<NumberList> NumberList::parse(std::string_view csv) {
    NumberList list;
    std::uint32_t line_number = 0;
    const auto bad = [&](std::string what) { return fail("list.syntax", std::move(what), {.line = line_number}); };
    while (!csv.empty()) {
        ++line_number;
        const std::size_t end = std::min(csv.find('\n'), csv.size());
        std::string_view line = csv.substr(0, end);
        csv.remove_prefix(std::min(end + 1, csv.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (line_number == 1) {
            constexpr std::string_view words = "# as of ";
            const auto date = line.starts_with(words) ? Date::parse(line.substr(words.size())) : std::nullopt;
            if (!date) return bad("the first line is \"# as of YYYY-MM-DD\"");
            list.as_of_ = *date;
        } else if (line_number == 2) {
            if (line != "number") return bad("the second line is the header \"number\"");
        } else if (!line.empty()) {
            const bool good = line.size() <= 32 && std::all_of(line.begin(), line.end(), [](char c) {
                                  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                              });
            if (!good) return bad("a number has A to Z and 0 to 9");
            list.numbers_.emplace(line);
        }
    }
    if (line_number < 2) return bad("the header is missing");
    return list;
}

ListCheck NumberList::check(const std::string& number, Date today, int max_age_days) const {
    if (today > as_of_.plus_days(max_age_days)) return {"number", Known<bool>{Cause::list_stale}};
    return {"number", Known<bool>{numbers_.contains(number)}};
}

}  // namespace paso
