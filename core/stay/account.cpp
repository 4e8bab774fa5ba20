#include "core/stay/account.hpp"

#include <algorithm>
#include <utility>

namespace paso {
namespace {

constexpr std::size_t most_stays = 1'000'000;
constexpr Date never = last_day.plus_days(4000);

Date in_years(Date day) { return std::clamp(day, first_day, last_day); }
// Not by Date::of: a stay may be followed past year 9999.
Date year_begin(Date day) {
    return day.plus_days(1 - static_cast<std::int32_t>(day.day())).plus_months(1 - static_cast<int>(day.month()));
}
Date year_end(Date day) { return year_begin(day).plus_months(12).plus_days(-1); }
std::int32_t days_between(Date from, Date to) { return to.days_since_1970() - from.days_since_1970(); }

// The first day from `low` to `high` for which `holds`, which holds from some day on and on `high`.
template <class Holds>
Date first_that(Date low, Date high, Holds holds) {
    while (low < high) {
        const Date middle = low.plus_days(days_between(low, high) / 2);
        if (holds(middle)) {
            high = middle;
        } else {
            low = middle.plus_days(1);
        }
    }
    return low;
}

bool in_places(const Stay& stay, const std::vector<std::string>& places) {
    if (places.empty() || (stay.kind == Stay::Kind::permit && stay.place.empty())) return true;
    return std::find(places.begin(), places.end(), stay.place) != places.end();
}

// The last day of a stay as far as it is counted; an entry after the check day has that day alone.
Date last_counted(const Stay& stay, Date check_day, OpenStays open) {
    if (stay.exit) return *stay.exit;
    return open == OpenStays::to_check_day ? std::max(stay.entry, check_day) : stay.entry;
}

Status check_all(std::span<const Stay> stays, const StayQuestion& question) {
    if (stays.size() > most_stays) return fail("stay.too_many", "more than a million stays");
    if (const Status s = check_stay_rule(question.rule); !s) return fail(s.error());
    for (std::size_t i = 0; i < stays.size(); ++i) {
        const std::string which = "stay " + std::to_string(i + 1);
        if (const Status s = check_stay(stays[i]); !s) return fail(s.error().code, which + " " + s.error().detail);
        if (!question.places.empty() && stays[i].kind == Stay::Kind::visit && stays[i].place.empty()) {
            return fail("stay.place", which + " says no place");
        }
    }
    return {};
}

// Stays outside of the region, to be asked whether one of them lies between two days.
class Outside {
  public:
    Outside(std::span<const Stay> stays, const std::vector<std::string>& places) {
        for (const Stay& s : stays) {
            if (s.kind == Stay::Kind::visit && !in_places(s, places)) {
                stays_.push_back({s.entry, s.exit.value_or(s.entry)});
            }
        }
        std::sort(stays_.begin(), stays_.end(), [](const Days& a, const Days& b) { return a.last < b.last; });
        for (const Days& d : stays_) {
            latest_.push_back(latest_.empty() ? d.first : std::max(latest_.back(), d.first));
        }
    }
    [[nodiscard]] bool between(Date first, Date last) const {
        const auto after =
            std::upper_bound(stays_.begin(), stays_.end(), last, [](Date d, const Days& s) { return d < s.last; });
        return after != stays_.begin() && latest_[static_cast<std::size_t>(after - stays_.begin()) - 1] >= first;
    }

  private:
    std::vector<Days> stays_;   // by last day
    std::vector<Date> latest_;  // the latest first day of this and all earlier ones
};

}  // namespace

Status check_stay(const Stay& stay) {
    if (stay.kind == Stay::Kind::permit && !stay.exit) return fail("stay.permit_open", "is a permit without an end");
    const Date exit = stay.exit.value_or(stay.entry);
    if (in_years(stay.entry) != stay.entry || in_years(exit) != exit) {
        return fail("stay.range", "is outside of years 1 to 9999");
    }
    if (exit < stay.entry) return fail("stay.reversed", "ends before it begins");
    return {};
}

Result<StayAccount> StayAccount::of(std::span<const Stay> stays, const StayQuestion& question, OpenStays open) {
    if (const Status s = check_all(stays, question); !s) return fail(s.error());
    StayAccount account;
    account.rule_ = question.rule;
    const Date check_day = in_years(question.day);
    std::vector<Days> visits;
    std::vector<Days> known;
    std::vector<Days> permits;
    for (std::size_t i = 0; i < stays.size(); ++i) {
        const Stay& s = stays[i];
        if (!in_places(s, question.places)) continue;
        if (!s.exit) account.open_.push_back(i);
        const Days days{s.entry, last_counted(s, check_day, open)};
        (s.kind == Stay::Kind::permit ? permits : visits).push_back(days);
        if (s.kind == Stay::Kind::visit) known.push_back({s.entry, s.exit.value_or(s.entry)});
    }
    account.permits_ = DaySet(std::move(permits));
    account.counted_ = DaySet(std::move(visits)).without(account.permits_);
    account.unsure_ = account.counted_.without(DaySet(std::move(known)));
    if (account.period() != nullptr) account.start_clocks(stays, question, open);
    account.find_days_over();
    return account;
}

const Period* StayAccount::period() const {
    if (const auto* r = std::get_if<FromEntryRule>(&rule_)) return &r->period;
    if (const auto* r = std::get_if<RegionRule>(&rule_)) return &r->period;
    return nullptr;
}

// An entry starts a clock of its own if the traveller had left before it. Leaving a State is a recorded exit by the day
// of the new entry, or a new entry where no exit was recorded. Leaving a region is a whole day between, or a recorded
// stay elsewhere between.
void StayAccount::start_clocks(std::span<const Stay> stays, const StayQuestion& question, OpenStays open) {
    const bool region = std::holds_alternative<RegionRule>(rule_);
    reach_ = region ? 1 : 0;
    std::vector<const Stay*> visits;
    for (const Stay& s : stays) {
        if (s.kind == Stay::Kind::visit && in_places(s, question.places)) visits.push_back(&s);
    }
    std::sort(visits.begin(), visits.end(), [](const Stay* a, const Stay* b) {
        return std::pair{a->entry, a->exit.value_or(a->entry)} < std::pair{b->entry, b->exit.value_or(b->entry)};
    });
    const Outside outside(region ? stays : std::span<const Stay>{}, question.places);
    const Date check_day = in_years(question.day);
    Date known_last = first_day;  // of the newest clock, as far as exits are known
    for (const Stay* s : visits) {
        const Date last = last_counted(*s, check_day, open);
        const Date known = s->exit.value_or(s->entry);
        bool goes_on = !clocks_.empty();
        if (goes_on && region) {
            goes_on = s->entry <= clocks_.back().last.plus_days(1) && !outside.between(known_last, s->entry);
        } else if (goes_on) {
            goes_on = s->entry < known_last || s->entry == clocks_.back().begin;
        }
        if (goes_on) {
            clocks_.back().last = std::max(clocks_.back().last, last);
            known_last = std::max(known_last, known);
            continue;
        }
        // A stay without exit may reach over the next entry: its days then belong to the newer clock.
        const Date carried = clocks_.empty() ? last : std::max(clocks_.back().last, last);
        clocks_.push_back({s->entry, carried, period()->days_from(s->entry)});
        known_last = known;
    }
}

// Within a run of days and one clock or year, used() never falls: the days over are the end of it.
void StayAccount::find_days_over() {
    std::vector<Days> over;
    for (const Days& run : counted_.runs()) {
        Date from = run.first;
        while (from <= run.last) {
            const Date last = std::min(run.last, window_at(from).last);
            const auto too_many = [this](Date d) { return excess(d) > 0; };
            if (too_many(last)) over.push_back({first_that(from, last, too_many), last});
            from = last.plus_days(1);
        }
    }
    over_ = DaySet(std::move(over));
}

// The newest clock that began by `day`, if it still holds.
const StayAccount::Clock* StayAccount::clock_at(Date day) const {
    const auto after =
        std::upper_bound(clocks_.begin(), clocks_.end(), day, [](Date d, const Clock& c) { return d < c.begin; });
    if (after == clocks_.begin()) return nullptr;
    const Clock& clock = *(after - 1);
    return day <= clock.last.plus_days(reach_) ? &clock : nullptr;
}

StayAccount::Window StayAccount::window_at(Date day) const {
    if (const auto* r = std::get_if<RollingRule>(&rule_)) return {day.plus_days(1 - r->window), r->limit, never};
    if (const auto* r = std::get_if<CalendarYearRule>(&rule_)) return {year_begin(day), r->limit, year_end(day)};
    const auto next =
        std::upper_bound(clocks_.begin(), clocks_.end(), day, [](Date d, const Clock& c) { return d < c.begin; });
    const Date last = next == clocks_.end() ? never : next->begin.plus_days(-1);
    if (const Clock* clock = clock_at(day)) return {clock->begin, clock->limit, last};
    return {day, period()->days_from(day), last};
}

// The window of `day` for somebody who stays from `entry` on: a clock is that of the entry.
StayAccount::Window StayAccount::window_from(Date entry, Date day) const {
    if (period() == nullptr) return window_at(day);
    Window w = window_at(entry);
    w.last = never;
    return w;
}

// Whether somebody who stays from `entry` on is within the limit on `day`.
bool StayAccount::within(Date entry, Date day) const {
    if (permits_.contains(day)) return true;
    const Window w = window_from(entry, day);
    const Date from = std::max(w.begin, entry);
    const std::int32_t stayed = days_between(from, day) + 1 - permits_.count(from, day);
    return counted_.count(w.begin, entry.plus_days(-1)) + stayed <= w.limit;
}

std::int32_t StayAccount::used(Date day) const {
    day = in_years(day);
    return counted_.count(window_at(day).begin, day);
}
std::int32_t StayAccount::limit(Date day) const { return window_at(in_years(day)).limit; }
std::int32_t StayAccount::excess(Date day) const {
    day = in_years(day);
    const Window w = window_at(day);
    return counted_.count(w.begin, day) - w.limit;
}
Days StayAccount::window(Date day) const {
    day = in_years(day);
    return {in_years(window_at(day).begin), day};
}
std::int32_t StayAccount::days_over(Date day) const { return over_.count(first_day, in_years(day)); }
bool StayAccount::may_be_present(Date day) const { return within(in_years(day), in_years(day)); }

std::optional<Date> StayAccount::last_legal_day(Date entry) const {
    entry = in_years(entry);
    Date day = entry;
    while (true) {
        const Days* permit = permits_.run_from(day);
        if (permit != nullptr && permit->first <= day) {
            day = permit->last.plus_days(1);
            continue;
        }
        // Until here no day leaves the window faster than one enters it, and `limit` days more are too many in any
        // case.
        const Window w = window_from(entry, day);
        Date last = std::min(w.last, day.plus_days(w.limit));
        if (permit != nullptr) last = std::min(last, permit->first.plus_days(-1));
        const auto too_many = [&](Date d) { return !within(entry, d); };
        if (too_many(last)) {
            const Date first = first_that(day, last, too_many);
            return first == entry ? std::nullopt : std::optional{first.plus_days(-1)};
        }
        day = last.plus_days(1);
    }
}

// `day` is not possible as a day of entry: the last of the days after it of which that is certain without a search.
Date StayAccount::not_possible_until(Date day) const {
    if (std::holds_alternative<CalendarYearRule>(rule_)) return year_end(day);
    if (const Clock* clock = clock_at(day)) return std::min(clock->last.plus_days(reach_), window_at(day).last);
    const Days* run = counted_.run_from(day);
    return run != nullptr && run->first <= day ? run->last : day;
}

Date StayAccount::next_entry(Date from) const {
    Date day = in_years(from);
    const auto possible = [this](Date d) { return within(d, d); };
    while (!possible(day)) {
        const Days* permit = permits_.run_from(day);
        const Date permit_begin = permit == nullptr ? never : permit->first;
        const Date skipped = not_possible_until(day).plus_days(1);
        if (permit_begin <= skipped) return permit_begin;
        day = skipped;
        const auto* rolling = std::get_if<RollingRule>(&rule_);
        if (rolling == nullptr || possible(day)) continue;
        // Days only leave the window until the next day of stay.
        const Days* run = counted_.run_from(day);
        Date last = std::min(permit_begin, day.plus_days(rolling->window));
        if (run != nullptr) last = std::min(last, run->first);
        if (possible(last)) return first_that(day, last, possible);
        day = last;
    }
    return day;
}

std::string_view name(StayStanding s) {
    switch (s) {
        case StayStanding::within:
            return "within";
        case StayStanding::over:
            return "over";
        case StayStanding::unknown:
            return "unknown";
    }
    return "unknown";
}

namespace {

// What had happened by the check day: later visits are plans, and one that goes on ends with the day.
struct Known {
    std::vector<Stay> stays;
    std::vector<std::size_t> from;  // index of each in the whole list
};
Known known_on(std::span<const Stay> stays, Date day) {
    Known known;
    for (std::size_t i = 0; i < stays.size(); ++i) {
        Stay s = stays[i];
        if (s.kind == Stay::Kind::visit && s.entry > day) continue;
        if (s.kind == Stay::Kind::visit && s.exit) s.exit = std::min(*s.exit, day);
        known.stays.push_back(std::move(s));
        known.from.push_back(i);
    }
    return known;
}

StayReport report_of(const StayAccount& account, const StayAccount& least, Date day) {
    StayReport r;
    r.present = account.counted().contains(day);
    r.permit = account.permits().contains(day);
    r.window = account.window(day);
    r.used = account.used(day);
    r.used_at_least = least.used(day);
    r.limit = account.limit(day);
    r.excess = account.excess(day);
    r.days_over = account.days_over(day);
    r.over = account.over().runs();
    r.last_legal_day = account.last_legal_day(day);
    if (r.present && r.excess > 0) {
        const Date before = r.over.back().first.plus_days(-1);
        const bool was_there = account.counted().contains(before) || account.permits().contains(before);
        if (was_there) r.last_legal_day = before;
    }
    r.next_entry = account.next_entry(r.present ? day.plus_days(1) : day);
    r.next_last = account.last_legal_day(r.next_entry).value_or(r.next_entry);
    const bool at_most = account.may_be_present(day);
    const bool at_least = least.may_be_present(day);
    r.standing = at_most == at_least ? (at_most ? StayStanding::within : StayStanding::over) : StayStanding::unknown;
    return r;
}

}  // namespace

Result<StayReport> report_stay(std::span<const Stay> stays, const StayQuestion& question) {
    if (const Status s = check_all(stays, question); !s) return fail(s.error());
    const Date day = in_years(question.day);
    const Known known = known_on(stays, day);
    const auto account = StayAccount::of(known.stays, question);
    if (!account) return fail(account.error());
    const auto least = StayAccount::of(known.stays, question, OpenStays::entry_day_only);
    if (!least) return fail(least.error());
    StayReport r = report_of(*account, *least, day);
    for (const std::size_t i : account->open()) r.open.push_back(known.from[i]);
    return r;
}

}  // namespace paso
