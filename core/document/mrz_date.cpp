#include "core/document/mrz_date.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace paso {
namespace {

constexpr int oldest = 120;        // years of age that a birth date may mean
constexpr int expiry_past = 50;    // years that an expiry may lie behind
constexpr int expiry_future = 49;  // and ahead
constexpr std::string_view blank = "<<<<<<";
constexpr std::string_view no_expiry = "999999";

constexpr int filler = -1;
constexpr int neither = -2;

// Two digits as a number, two fillers, or neither.
int two(std::string_view text, std::size_t at) {
    const char a = text[at];
    const char b = text[at + 1];
    if (a == '<' && b == '<') return filler;
    const bool digits = a >= '0' && a <= '9' && b >= '0' && b <= '9';
    return digits ? (a - '0') * 10 + (b - '0') : neither;
}

struct Parts {
    int year = neither;
    int month = neither;
    int day = neither;
};

// The days that a date of this year may be whose month or day is unknown; nothing when no month has such a day.
std::optional<DateSpan> span_of(int year, const Parts& p) {
    std::optional<DateSpan> out;
    for (int month = p.month == filler ? 1 : p.month; month <= (p.month == filler ? 12 : p.month); ++month) {
        const auto m = static_cast<unsigned>(month);
        const auto first = Date::of(year, m, p.day == filler ? 1U : static_cast<unsigned>(p.day));
        if (!first) continue;
        const Date last = p.day == filler ? first->plus_months(1).plus_days(-1) : *first;
        if (out) {
            out->last = last;
        } else {
            out = DateSpan{*first, last};
        }
    }
    return out;
}

// Which days are possible at all: birth or expiry.
struct Window {
    Date first;
    Date last;
};

// The last day of life of the age before 121 begins one day after the 121st year back.
Window birth_window(Date today) { return {today.plus_months(-12 * (oldest + 1)).plus_days(1), today}; }

Window expiry_window(Date today) {
    const int first = std::max(1, today.year() - expiry_past);
    const int last = std::min(9999, today.year() + expiry_future);
    return {Date::of(first, 1, 1).value_or(today), Date::of(last, 12, 31).value_or(today)};
}

MrzDate date_in(std::string_view raw, Window window) {
    MrzDate out;
    out.raw = raw;
    out.state = DateState::not_calendar;
    if (raw.size() != 6) return out;
    const Parts p{two(raw, 0), two(raw, 2), two(raw, 4)};
    if (p.year == neither || p.month == neither || p.day == neither) return out;
    if (p.year == filler) {
        out.state = DateState::unknown;
        return out;
    }
    const bool partly = p.month == filler || p.day == filler;
    const int last_year = window.last.year();
    const int first_year = window.first.year();
    for (int year = first_year + (p.year - first_year % 100 + 100) % 100; year <= last_year; year += 100) {
        if (partly) {
            const auto span = span_of(year, p);
            if (!span || span->last < window.first || span->first > window.last) continue;
            out.spans.push_back({std::max(span->first, window.first), std::min(span->last, window.last)});
        } else {
            const auto date = Date::of(year, static_cast<unsigned>(p.month), static_cast<unsigned>(p.day));
            if (date && *date >= window.first && *date <= window.last) out.candidates.push_back(*date);
        }
    }
    if (!out.candidates.empty()) out.state = DateState::known;
    if (!out.spans.empty()) out.state = DateState::partly_unknown;
    return out;
}

std::vector<DateSpan> possible(const MrzDate& d) {
    std::vector<DateSpan> out = d.spans;
    for (const Date c : d.candidates) out.push_back({c, c});
    return out;
}

}  // namespace

std::string_view name(DateState s) {
    switch (s) {
        case DateState::absent:
            return "absent";
        case DateState::known:
            return "known";
        case DateState::partly_unknown:
            return "partly_unknown";
        case DateState::unknown:
            return "unknown";
        case DateState::open:
            return "open";
        case DateState::not_calendar:
            return "not_calendar";
    }
    return "absent";
}

MrzDate birth_date(std::string_view raw, Date today) { return date_in(raw, birth_window(today)); }

MrzDate expiry_date(std::string_view raw, Date today) {
    MrzDate out = date_in(raw, expiry_window(today));
    if (raw == blank || raw == no_expiry) out.state = DateState::open;
    return out;
}

bool may_be_equal(const MrzDate& a, const MrzDate& b) {
    const auto whole = [](const MrzDate& d) { return d.candidates.empty() && d.spans.empty(); };
    if (whole(a) || whole(b)) return true;  // nothing is known of one of them
    for (const DateSpan& x : possible(a)) {
        for (const DateSpan& y : possible(b)) {
            if (x.first <= y.last && y.first <= x.last) return true;
        }
    }
    return false;
}

}  // namespace paso
