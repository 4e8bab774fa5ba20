// How long somebody may stay: rules of four shapes, each a few numbers. Which rule a State uses is data of its pack;
// docs/manual/stay.md says in plain words how each counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/date.hpp"
#include "core/base/result.hpp"

namespace paso {

// At most `limit` days present in any `window` consecutive days, looking back from each day of stay. Schengen:
// Regulation (EU) No 610/2013, 90 in 180. 1 <= limit < window <= 3660.
struct RollingRule {
    std::int32_t limit = 90;
    std::int32_t window = 180;
    bool operator==(const RollingRule&) const = default;
};

// At most `limit` days present from 1 January to 31 December. 1 to 364. Andean Community: 180 (Decision 878).
struct CalendarYearRule {
    std::int32_t limit = 90;
    bool operator==(const CalendarYearRule&) const = default;
};

// Days: the day of entry is the first. Months: from date to date (15 January and six months: the last day is 15 July),
// the last day of a month that has no such date. 1 to 3660 days, 1 to 120 months.
struct Period {
    enum class Unit : std::uint8_t { days, months };
    std::int32_t count = 90;
    Unit unit = Unit::days;
    // How many days a stay from `entry` may have.
    [[nodiscard]] std::int32_t days_from(Date entry) const;
    bool operator==(const Period&) const = default;
};

// Each entry begins a new period. CARICOM: six months; MERCOSUR: 90 days (CMC/DEC 10/06).
struct FromEntryRule {
    Period period;
    bool operator==(const FromEntryRule&) const = default;
};

// One clock for several States: it begins with the first entry into the region, goes on while the traveller moves
// inside and ends when the region is left. Central America's CA-4: 90 days.
struct RegionRule {
    Period period;
    bool operator==(const RegionRule&) const = default;
};

using StayRule = std::variant<RollingRule, CalendarYearRule, FromEntryRule, RegionRule>;

// "90/180", "180/year", "90d", "6m", "region:90d" ("region" alone means 90 days). Errors: "stay.rule" (another shape,
// or a number out of its range).
[[nodiscard]] Result<StayRule> parse_stay_rule(std::string_view text);
[[nodiscard]] std::string stay_rule_text(const StayRule& rule);
// "stay.rule" when a number is out of its range.
[[nodiscard]] Status check_stay_rule(const StayRule& rule);

}  // namespace paso
