// Random histories, each figure of each day held against the oracle that counts day by day.
#include <catch2/catch.hpp>
#include <random>

#include "core/stay/account.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/stay_oracle.hpp"

using namespace paso;
using paso::test::StayOracle;

namespace {

class Chance {
  public:
    explicit Chance(std::uint32_t seed) : engine_(seed) {}
    std::int32_t below(std::int32_t n) { return static_cast<std::int32_t>(engine_() % static_cast<std::uint32_t>(n)); }
    bool one_in(std::int32_t n) { return below(n) == 0; }

  private:
    std::mt19937 engine_;
};

constexpr Date origin = *Date::of(2023, 11, 20);
constexpr std::int32_t span_days = 500;

StayRule random_rule(Chance& c, int shape) {
    const bool small = c.one_in(2);  // so that limits are met often
    const std::int32_t limit = small ? 1 + c.below(9) : 60 + c.below(40);
    switch (shape) {
        case 0:
            return RollingRule{limit, limit + 1 + c.below(small ? 10 : 100)};
        case 1:
            return CalendarYearRule{limit};
        case 2:
            if (c.one_in(2)) return FromEntryRule{{1 + c.below(3), Period::Unit::months}};
            return FromEntryRule{{limit, Period::Unit::days}};
        default:
            return RegionRule{{limit, Period::Unit::days}};
    }
}

std::vector<Stay> random_stays(Chance& c) {
    static const std::string places[] = {"GTM", "HND", "MEX"};
    std::vector<Stay> stays;
    const std::int32_t longest = c.one_in(2) ? 6 : 120;
    Date from = origin;
    for (std::int32_t n = c.below(9); n > 0; --n) {
        // Often on the heels of the one before: same day, next day, a day between.
        from = c.one_in(2) ? origin.plus_days(c.below(span_days)) : from.plus_days(c.below(3));
        Stay s{from, from.plus_days(c.below(longest)), Stay::Kind::visit, places[c.below(3)]};
        if (c.one_in(6)) {
            s.kind = Stay::Kind::permit;
            if (c.one_in(2)) s.place = "";
        } else if (c.one_in(8)) {
            s.exit = std::nullopt;
        }
        from = s.exit.value_or(from);
        stays.push_back(s);
    }
    return stays;
}

void compare(const std::vector<Stay>& stays, const StayQuestion& question, OpenStays open, Chance& c) {
    const auto account = StayAccount::of(stays, question, open);
    REQUIRE(account);
    const StayOracle oracle(stays, question, open);
    for (std::int32_t i = -20; i < span_days + 140; i += 1 + c.below(test::sanitized ? 100 : 20)) {
        const Date day = origin.plus_days(i);
        INFO(stay_rule_text(question.rule) << " on " << day.iso() << ", checked " << question.day.iso());
        REQUIRE(account->counted().contains(day) == oracle.present(day));
        REQUIRE(account->used(day) == oracle.used(day));
        REQUIRE(account->limit(day) == oracle.limit(day));
        REQUIRE(account->excess(day) == oracle.used(day) - oracle.limit(day));
        REQUIRE(account->days_over(day) == oracle.days_over(day));
        REQUIRE(account->may_be_present(day) == oracle.may_be_present(day));
        REQUIRE(account->last_legal_day(day) == oracle.last_legal_day(day));
        REQUIRE(account->next_entry(day) == oracle.next_entry(day));
    }
}

void run(int shape, std::uint32_t histories) {
    for (std::uint32_t seed = 1; seed <= test::effort(histories); ++seed) {
        Chance c(seed * 4 + static_cast<std::uint32_t>(shape));
        const std::vector<Stay> stays = random_stays(c);
        StayQuestion question{random_rule(c, shape), origin.plus_days(c.below(span_days)), {}};
        if (shape == 3 || c.one_in(3)) question.places = {"GTM", "HND"};
        std::string listed;
        for (const Stay& s : stays) {
            listed += s.entry.iso() + " " + (s.exit ? s.exit->iso() : "-") + " " + s.place +
                      (s.kind == Stay::Kind::permit ? " permit\n" : "\n");
        }
        INFO("seed " << seed << "\n" << listed);
        compare(stays, question, OpenStays::to_check_day, c);
        compare(stays, question, OpenStays::entry_day_only, c);
    }
}

}  // namespace

TEST_CASE("a rolling window counts as the oracle does") { run(0, 50); }
TEST_CASE("a calendar year counts as the oracle does") { run(1, 50); }
TEST_CASE("a period from each entry counts as the oracle does") { run(2, 50); }
TEST_CASE("a region's clock counts as the oracle does") { run(3, 50); }

TEST_CASE("a set of days is what a list of days says") {
    Chance c(7);
    for (int i = 0; i < test::effort(500); ++i) {
        std::vector<Days> some[2];
        std::set<Date> days[2];
        for (int k = 0; k < 2; ++k) {
            for (std::int32_t n = c.below(12); n > 0; --n) {
                const Date first = origin.plus_days(c.below(80));
                some[k].push_back({first, first.plus_days(c.below(9))});
                for (Date d = first; d <= some[k].back().last; d = d.plus_days(1)) days[k].insert(d);
            }
        }
        const DaySet a(some[0]);
        const DaySet b(some[1]);
        const DaySet left = a.without(b);
        REQUIRE(a.count() == static_cast<std::int32_t>(days[0].size()));
        for (std::size_t r = 1; r < left.runs().size(); ++r) {
            REQUIRE(left.runs()[r - 1].last.plus_days(1) < left.runs()[r].first);
        }
        for (std::int32_t d = -2; d < 92; ++d) {
            const Date day = origin.plus_days(d);
            REQUIRE(a.contains(day) == days[0].contains(day));
            REQUIRE(left.contains(day) == (days[0].contains(day) && !days[1].contains(day)));
            const Date to = day.plus_days(c.below(30) - 5);
            std::int32_t n = 0;
            for (const Date x : days[0]) n += day <= x && x <= to ? 1 : 0;
            REQUIRE(a.count(day, to) == n);
        }
    }
}
