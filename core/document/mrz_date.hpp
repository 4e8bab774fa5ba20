// Dates of an MRZ: six characters YYMMDD without a century, parts of which may be unknown. Nothing is guessed: every
// date that the characters can mean on the reading date is kept. Doc 9303-3 section 4.8; Doc 9303 gives no century
// rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.hpp"

namespace paso {

enum class DateState : std::uint8_t {
    absent,          // the format has no such field
    known,           // a calendar date; `candidates` has one or, for a birth, up to two centuries
    partly_unknown,  // the year is known, month or day are fillers: `spans` has the days that it may be
    unknown,         // all fillers, or fillers in the place of the year: nothing is known
    open,            // an expiry that says that there is none: all fillers, or 999999
    not_calendar,    // no date: letters, month 13, 30 February, or no possible century
};
[[nodiscard]] std::string_view name(DateState s);

// Both days included.
struct DateSpan {
    Date first;
    Date last;
    bool operator==(const DateSpan&) const = default;
};

struct MrzDate {
    std::string raw;  // six characters, or empty
    DateState state = DateState::absent;
    std::vector<Date> candidates;  // ascending; filled when `known`
    std::vector<DateSpan> spans;   // ascending, one a century; filled when `partly_unknown`
    bool operator==(const MrzDate&) const = default;
};

// Every birth date with age 0 to 120 that is not in the future of `today`.
[[nodiscard]] MrzDate birth_date(std::string_view raw, Date today);
// Every expiry whose year is within -50 and +49 of today's.
[[nodiscard]] MrzDate expiry_date(std::string_view raw, Date today);

// Whether the two can be one and the same date.
[[nodiscard]] bool may_be_equal(const MrzDate& a, const MrzDate& b);

}  // namespace paso
