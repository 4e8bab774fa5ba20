// StayAccount: one traveller's days of stay under one rule. All days are calendar days at the post. The day of entry
// and the day of exit count; days under a residence permit or long-stay visa do not; a day in two stays is one day.
// Nothing is estimated from what is left of a limit: what is still possible is found by going forward day for day (in
// jumps), because old days leave the window while new ones enter it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.hpp"
#include "core/base/result.hpp"
#include "core/stay/days.hpp"
#include "core/stay/rule.hpp"

namespace paso {

struct Stay {
    // `permit`: not a presence but the days that a residence permit or long-stay visa covers.
    enum class Kind : std::uint8_t { visit, permit };
    Date entry;
    std::optional<Date> exit;  // none: no exit is known
    Kind kind = Kind::visit;
    std::string place;  // the State, or empty; of a permit, empty means everywhere
    bool operator==(const Stay&) const = default;
};

// Errors, which name no date: "stay.reversed" (exit before entry), "stay.range" (outside of years 1 to 9999),
// "stay.permit_open" (nobody can say how long a permit without an end lasts).
[[nodiscard]] Status check_stay(const Stay& stay);

// What an entry without an exit counts as: nobody knows how long the traveller was there, so both ends are computed.
enum class OpenStays : std::uint8_t { to_check_day, entry_day_only };

struct StayQuestion {
    StayRule rule;
    Date day;                         // the check day
    std::vector<std::string> places;  // only visits and permits of these States; empty: of all
};

class StayAccount {
  public:
    // O(n log n). Errors: those of check_stay ("stay 3" in the detail counts from 1), "stay.rule", "stay.place" (a
    // visit says no place where places are asked for), "stay.too_many" (over a million).
    [[nodiscard]] static Result<StayAccount> of(std::span<const Stay> stays, const StayQuestion& question,
                                                OpenStays open = OpenStays::to_check_day);

    // The days that count on `day`: from the begin of its window, calendar year or clock to the day itself. O(log n).
    // Days outside of years 1 to 9999 are taken as the nearest of them, here and below.
    [[nodiscard]] std::int32_t used(Date day) const;
    [[nodiscard]] std::int32_t limit(Date day) const;   // differs by day only where a period is in months
    [[nodiscard]] std::int32_t excess(Date day) const;  // used - limit: negative below the limit
    [[nodiscard]] Days window(Date day) const;          // the days that are looked at
    // How many days of stay up to `day` had more used than the limit. Another figure than excess(): never mix. O(log
    // n).
    [[nodiscard]] std::int32_t days_over(Date day) const;
    // Whether somebody present on `day`, with the history before it, is within the limit that day. O(log n).
    [[nodiscard]] bool may_be_present(Date day) const;
    // The last day of a stay from `entry` without leaving, each day of it within the limit; what the history says of
    // later days is not looked at. None when not even `entry` is possible. O(log n), times the permits and calendar
    // years that the stay crosses.
    [[nodiscard]] std::optional<Date> last_legal_day(Date entry) const;
    // The first day from `from` on on which somebody could enter. O(log n), times the stays after `from`.
    [[nodiscard]] Date next_entry(Date from) const;

    [[nodiscard]] const DaySet& counted() const { return counted_; }  // days that count
    [[nodiscard]] const DaySet& permits() const { return permits_; }  // days under a permit
    [[nodiscard]] const DaySet& over() const { return over_; }        // days of stay with more used than the limit
    [[nodiscard]] const DaySet& unsure() const { return unsure_; }    // days that count only because no exit is known
    [[nodiscard]] const std::vector<std::size_t>& open() const { return open_; }  // stays without exit, from 0

  private:
    struct Clock {  // days `begin` to `last` are counted from `begin`
        Date begin;
        Date last;
        std::int32_t limit = 0;
    };
    struct Window {
        Date begin;
        std::int32_t limit = 0;
        Date last;  // up to here `used` does not fall while the traveller stays
    };
    StayAccount() = default;
    void start_clocks(std::span<const Stay> stays, const StayQuestion& question, OpenStays open);
    void find_days_over();
    [[nodiscard]] const Clock* clock_at(Date day) const;
    [[nodiscard]] const Period* period() const;
    [[nodiscard]] Window window_at(Date day) const;
    [[nodiscard]] Window window_from(Date entry, Date day) const;
    [[nodiscard]] bool within(Date entry, Date day) const;
    [[nodiscard]] Date not_possible_until(Date day) const;

    StayRule rule_;
    DaySet counted_;
    DaySet permits_;
    DaySet over_;
    DaySet unsure_;
    std::vector<std::size_t> open_;
    std::vector<Clock> clocks_;  // ascending; of rules with a period only
    std::int32_t reach_ = 0;     // days after `last` on which a clock still holds: 1 for a region
};

// `unknown`: a stay without exit decides it, so somebody has to look for evidence.
enum class StayStanding : std::uint8_t { within, over, unknown };
[[nodiscard]] std::string_view name(StayStanding s);

// All that a desk wants to know on one day, from what had happened by then: visits after the day are plans and left
// out.
struct StayReport {
    StayStanding standing = StayStanding::within;
    bool present = false;  // the day is one of the days that count
    bool permit = false;   // the day is under a permit
    Days window;
    std::int32_t used = 0;
    std::int32_t used_at_least = 0;  // stays without exit counted with their entry day alone
    std::int32_t limit = 0;
    std::int32_t excess = 0;
    std::int32_t days_over = 0;
    std::vector<Days> over;              // which days those are
    std::optional<Date> last_legal_day;  // of the present stay, or of one that begins on the day; none: no day of it
    Date next_entry;                     // first day of a next stay: after the day if present on it, else from it on
    Date next_last;                      // and the last legal day of that stay
    std::vector<std::size_t> open;       // stays without exit, from 0
    bool operator==(const StayReport&) const = default;
};
// Errors: those of StayAccount::of.
[[nodiscard]] Result<StayReport> report_stay(std::span<const Stay> stays, const StayQuestion& question);

}  // namespace paso
