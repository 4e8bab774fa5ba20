#include "kiosk/tool/stay_file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "core/encoding/csv.hpp"

namespace paso {
namespace {

constexpr std::array<std::string_view, 4> columns{"entry", "exit", "kind", "place"};
enum Column : std::size_t { entry, exit, kind, place };
using Places = std::array<std::optional<std::size_t>, columns.size()>;  // field of each column

tl::unexpected<Error> wrong(std::string_view code, std::string detail, std::uint32_t line, std::size_t field) {
    return fail(code, std::move(detail), {.line = line, .column = static_cast<std::uint32_t>(field + 1)});
}

Result<Places> find_columns(const CsvRecord& header) {
    Places at;
    for (std::size_t f = 0; f < header.fields.size(); ++f) {
        const auto known = std::find(columns.begin(), columns.end(), header.fields[f]);
        if (known == columns.end()) {
            return wrong("stay.header", "the columns are entry, exit, kind and place", header.line, f);
        }
        auto& seen = at[static_cast<std::size_t>(known - columns.begin())];
        if (seen) return wrong("stay.header", std::string{*known} + " is there twice", header.line, f);
        seen = f;
    }
    for (const Column c : {entry, exit}) {
        if (!at[c]) return wrong("stay.header", std::string{columns[c]} + " is missing", header.line, 0);
    }
    return at;
}

bool is_place(std::string_view text) {
    return text.size() <= 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<Stay> stay_of(const CsvRecord& record, const Places& at) {
    const auto field = [&](Column c) { return at[c] ? std::string_view{record.fields[*at[c]]} : std::string_view{}; };
    const auto bad = [&](Column c, std::string_view code, const std::string& what) {
        return wrong(code, std::string{columns[c]} + " " + what, record.line, at[c].value_or(0));
    };
    Stay stay;
    const auto first = Date::parse(field(entry));
    if (!first) return bad(entry, "stay.date", "is not a day written YYYY-MM-DD");
    stay.entry = *first;
    if (!field(exit).empty()) {
        stay.exit = Date::parse(field(exit));
        if (!stay.exit) return bad(exit, "stay.date", "is not a day written YYYY-MM-DD");
    }
    if (field(kind) == "permit") {
        stay.kind = Stay::Kind::permit;
    } else if (!field(kind).empty() && field(kind) != "visit") {
        return bad(kind, "stay.kind", "is neither visit nor permit");
    }
    if (!is_place(field(place))) return bad(place, "stay.place", "is not a code of one to three letters A to Z");
    stay.place = field(place);
    if (const Status s = check_stay(stay); !s) {
        return wrong(s.error().code, "the stay " + s.error().detail, record.line, at[exit].value_or(0));
    }
    return stay;
}

}  // namespace

Result<StayFile> parse_stay_file(std::string_view csv) {
    while (csv.ends_with('\n') || csv.ends_with('\r')) csv.remove_suffix(1);
    const auto records = parse_csv(csv, {.fields = columns.size()});
    if (!records) return fail(records.error());
    if (records->empty()) return wrong("stay.header", "the file is empty", 1, 0);
    const auto at = find_columns(records->front());
    if (!at) return fail(at.error());
    StayFile file;
    for (const CsvRecord& record : std::span{*records}.subspan(1)) {
        auto stay = stay_of(record, *at);
        if (!stay) return fail(stay.error());
        file.stays.push_back(std::move(*stay));
        file.lines.push_back(record.line);
    }
    return file;
}

}  // namespace paso
