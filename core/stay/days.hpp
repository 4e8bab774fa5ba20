// Sets of calendar days. A stay is a set of days, not a number: a day on which two stays meet or overlap is one day.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/date.hpp"

namespace paso {

// The days of years 1 to 9999, from `first` to `last`, both included; never empty.
struct Days {
    Date first;
    Date last;
    [[nodiscard]] constexpr std::int32_t count() const { return last.days_since_1970() - first.days_since_1970() + 1; }
    bool operator==(const Days&) const = default;
};

// Sorted runs of days that neither meet nor overlap, with sums, so that counting is two binary searches.
class DaySet {
  public:
    DaySet() = default;
    // The union, in any order.
    explicit DaySet(std::vector<Days> days);

    // Days of the set from `first` to `last`; none when last < first. O(log n).
    [[nodiscard]] std::int32_t count(Date first, Date last) const {
        return last < first ? 0 : count_to(last) - count_to(first.plus_days(-1));
    }
    [[nodiscard]] std::int32_t count() const;
    [[nodiscard]] bool contains(Date day) const;
    // The first run that ends on or after the day, or null. O(log n).
    [[nodiscard]] const Days* run_from(Date day) const;
    [[nodiscard]] const std::vector<Days>& runs() const { return runs_; }  // ascending
    [[nodiscard]] DaySet without(const DaySet& other) const;
    bool operator==(const DaySet&) const = default;

  private:
    [[nodiscard]] std::int32_t count_to(Date day) const;

    std::vector<Days> runs_;
    std::vector<std::int32_t> before_;  // days in all earlier runs
};

}  // namespace paso
