#include "kiosk/station/number_list.hpp"

#include <algorithm>
#include <span>

#include "core/document/look_alike.hpp"
#include "core/encoding/csv.hpp"
#include "core/inspection/fact_schema.hpp"
#include "core/trust/signed_text.hpp"

namespace paso {

namespace {

std::string shape_of(std::string number) {
    for (char& c : number) {
        if (const char digit = digit_like(c); digit != 0) c = digit;
    }
    return number;
}

}  // namespace

Result<NumberList> NumberList::open(ByteView file, const std::vector<Ed25519Key>& keys) {
    const auto csv = verify_signed_text(file, keys, 1);
    if (!csv) return fail(csv.error());
    return parse(as_text(*csv));
}

Result<NumberList> NumberList::parse(std::string_view csv) {
    NumberList list;
    const auto bad = [](std::string what, std::uint32_t line) {
        return fail("list.syntax", std::move(what), {.line = line});
    };
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    std::string_view first = csv.substr(0, end);
    if (first.ends_with('\r')) first.remove_suffix(1);
    constexpr std::string_view words = "# as of ";
    const auto date = first.starts_with(words) ? Date::parse(first.substr(words.size())) : std::nullopt;
    if (!date) return bad("the first line is \"# as of YYYY-MM-DD\"", 1);
    list.as_of_ = *date;
    std::string_view rest = csv.substr(std::min(end + 1, csv.size()));
    while (rest.ends_with('\n') || rest.ends_with('\r')) rest.remove_suffix(1);  // empty lines at the end do no harm
    const auto records = parse_csv(rest);
    if (!records) return bad(std::string{records.error().code}, records.error().place.line.value_or(0) + 1);
    if (records->empty() || records->front().fields != std::vector<std::string>{"number"}) {
        return bad("the second line is the header \"number\"", 2);
    }
    for (const CsvRecord& record : std::span{*records}.subspan(1)) {
        const std::string& number = record.fields.front();
        const bool good = !number.empty() && number.size() <= 32 &&
                          std::all_of(number.begin(), number.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
        if (!good) return bad("a number has A to Z and 0 to 9", record.line + 1);
        list.numbers_.insert(number);
        list.shapes_.insert(shape_of(number));
    }
    return list;
}

Facts NumberList::stated(const std::string& number, const std::vector<Date>& today) const {
    const bool exact = numbers_.contains(number);
    const bool near = !exact && shapes_.contains(shape_of(number));
    Facts facts;
    facts.set(fact::list_match, exact ? "exact" : near ? "confusable" : "none");
    std::vector<std::int64_t> ages;
    for (const Date day : today) {
        if (as_of_ <= day.plus_days(1)) ages.push_back(std::max(0, day.days_since_1970() - as_of_.days_since_1970()));
    }
    facts.set_possible(fact::list_age, std::move(ages), Cause::clock_unsure);
    return facts;
}

ListCheck NumberList::check(const std::string& number, Date today, int max_age_days) const {
    if (as_of_ > today.plus_days(1)) return {"number", Known<bool>{Cause::clock_unsure}};
    if (today > as_of_.plus_days(max_age_days)) return {"number", Known<bool>{Cause::list_stale}};
    return {"number", Known<bool>{numbers_.contains(number)}};
}

}  // namespace paso
