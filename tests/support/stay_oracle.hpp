// The rules of stay once more, day by day and as slowly as they read: what core/stay is held against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/stay/account.hpp"

namespace paso::test {

class StayOracle {
  public:
    StayOracle(std::span<const Stay> stays, const StayQuestion& question, OpenStays open)
        : stays_(stays.begin(), stays.end()), question_(question), open_(open) {
        for (const Stay& s : stays_) {
            if (!inside(s)) continue;
            for (Date d = s.entry; d <= last(s); d = d.plus_days(1)) (permit(s) ? permits_ : present_).insert(d);
        }
        for (const Date d : permits_) present_.erase(d);
        if (clocked()) find_clock_begins();
        for (const Date d : present_) {
            if (used(d) > limit(d)) over_.insert(d);
        }
    }

    [[nodiscard]] bool present(Date day) const { return present_.contains(day); }
    [[nodiscard]] std::int32_t used(Date day) const { return used_of(present_, begin(day), day); }
    [[nodiscard]] std::int32_t limit(Date day) const { return limit_from(begin(day)); }
    [[nodiscard]] std::int32_t days_over(Date day) const { return used_of(over_, first_day, day); }
    [[nodiscard]] bool may_be_present(Date day) const { return legal(day, day, staying(day, day)); }
    [[nodiscard]] std::optional<Date> last_legal_day(Date entry) const {
        std::set<Date> days = staying(entry, entry);
        Date d = entry;
        while (legal(entry, d, days)) {
            d = d.plus_days(1);
            if (!permits_.contains(d)) days.insert(d);
        }
        return d == entry ? std::nullopt : std::optional{d.plus_days(-1)};
    }
    [[nodiscard]] Date next_entry(Date from) const {
        while (!may_be_present(from)) from = from.plus_days(1);
        return from;
    }

  private:
    static bool permit(const Stay& s) { return s.kind == Stay::Kind::permit; }
    [[nodiscard]] bool inside(const Stay& s) const {
        const auto& p = question_.places;
        return p.empty() || (permit(s) && s.place.empty()) || std::find(p.begin(), p.end(), s.place) != p.end();
    }
    [[nodiscard]] Date last(const Stay& s) const {
        if (s.exit) return *s.exit;
        return open_ == OpenStays::to_check_day ? std::max(s.entry, question_.day) : s.entry;
    }
    [[nodiscard]] bool region() const { return std::holds_alternative<RegionRule>(question_.rule); }
    [[nodiscard]] bool clocked() const { return region() || std::holds_alternative<FromEntryRule>(question_.rule); }

    // Whether the traveller was gone when he entered on `s.entry`, whose clock would otherwise be the one begun on `b`.
    [[nodiscard]] bool had_left(const Stay& s, Date b) const {
        Date known = b;
        bool day_before = false;
        for (const Stay& o : stays_) {
            if (permit(o) || !inside(o) || o.entry < b || rank(o) >= rank(s)) continue;
            known = std::max(known, o.exit.value_or(o.entry));
        }
        for (const Stay& o : stays_) {
            if (permit(o) || !inside(o) || rank(o) >= rank(s)) continue;
            day_before = day_before || last(o).plus_days(1) >= s.entry;
        }
        if (!region()) return s.entry >= known && s.entry != b;
        const bool elsewhere = std::any_of(stays_.begin(), stays_.end(), [&](const Stay& o) {
            return !permit(o) && !inside(o) && o.entry >= known && o.exit.value_or(o.entry) <= s.entry;
        });
        return !day_before || elsewhere;
    }
    static std::pair<Date, Date> rank(const Stay& s) { return {s.entry, s.exit.value_or(s.entry)}; }
    void find_clock_begins() {
        std::vector<Stay> visits;
        for (const Stay& s : stays_) {
            if (!permit(s) && inside(s)) visits.push_back(s);
        }
        std::sort(visits.begin(), visits.end(), [](const Stay& a, const Stay& b) { return rank(a) < rank(b); });
        for (const Stay& s : visits) {
            if (begins_.empty() || had_left(s, *begins_.rbegin())) begins_.insert(s.entry);
        }
    }

    // The first day that counts for `day`; of a clock, the day itself when none runs.
    [[nodiscard]] Date begin(Date day) const {
        if (const auto* r = std::get_if<RollingRule>(&question_.rule)) return day.plus_days(1 - r->window);
        if (!clocked()) return *Date::of(day.year(), 1, 1);
        const auto after = begins_.upper_bound(day);
        if (after == begins_.begin()) return day;
        const Date b = *std::prev(after);
        const bool runs = std::any_of(stays_.begin(), stays_.end(), [&](const Stay& s) {
            const bool of_clock = after == begins_.end() || s.entry < *after;
            return !permit(s) && inside(s) && of_clock && last(s).plus_days(region() ? 1 : 0) >= day;
        });
        return runs ? b : day;
    }
    [[nodiscard]] std::int32_t limit_from(Date begin_day) const {
        if (const auto* r = std::get_if<RollingRule>(&question_.rule)) return r->limit;
        if (const auto* r = std::get_if<CalendarYearRule>(&question_.rule)) return r->limit;
        const auto* r = std::get_if<FromEntryRule>(&question_.rule);
        return (r != nullptr ? r->period : std::get<RegionRule>(question_.rule).period).days_from(begin_day);
    }
    static std::int32_t used_of(const std::set<Date>& days, Date first, Date day) {
        return static_cast<std::int32_t>(std::distance(days.lower_bound(first), days.upper_bound(day)));
    }
    // The days before `entry` as they were, and `day`.
    [[nodiscard]] std::set<Date> staying(Date entry, Date day) const {
        std::set<Date> days(present_.begin(), present_.lower_bound(entry));
        if (!permits_.contains(day)) days.insert(day);
        return days;
    }
    [[nodiscard]] bool legal(Date entry, Date day, const std::set<Date>& days) const {
        if (permits_.contains(day)) return true;
        const Date b = clocked() ? begin(entry) : begin(day);
        return used_of(days, b, day) <= limit_from(b);
    }

    std::vector<Stay> stays_;
    StayQuestion question_;
    OpenStays open_;
    std::set<Date> present_;
    std::set<Date> permits_;
    std::set<Date> over_;
    std::set<Date> begins_;
};

}  // namespace paso::test
