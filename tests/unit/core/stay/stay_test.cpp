// The other rules, what is not known, what is wrong, and sizes.
#include <catch2/catch.hpp>

#include "core/stay/account.hpp"
#include "tests/support/effort.hpp"

using namespace paso;

namespace {

Date on(std::string_view iso) {
    const auto date = Date::parse(iso);
    if (!date) FAIL("not a date: " << iso);
    return *date;
}
Stay visit(std::string_view entry, std::string_view exit, std::string place = "") {
    return {on(entry), exit.empty() ? std::nullopt : std::optional{on(exit)}, Stay::Kind::visit, std::move(place)};
}
StayReport report(const std::vector<Stay>& stays, StayRule rule, std::string_view day,
                  std::vector<std::string> places = {}) {
    const auto made = report_stay(stays, {rule, on(day), std::move(places)});
    if (!made) FAIL(describe(made.error()));
    return *made;
}
std::string_view code_of(const std::vector<Stay>& stays, StayRule rule, std::vector<std::string> places = {}) {
    const auto made = StayAccount::of(stays, {rule, on("2025-01-01"), std::move(places)});
    return made ? "" : made.error().code;
}

const std::vector<std::string> ca4{"GTM", "HND", "NIC", "SLV"};
constexpr RegionRule clock90{{90, Period::Unit::days}};

}  // namespace

TEST_CASE("a calendar year begins anew on 1 January") {
    const std::vector<Stay> stays{visit("2024-11-01", "2025-01-31")};
    const StayReport r = report(stays, CalendarYearRule{90}, "2025-01-31");
    CHECK(r.used == 31);
    CHECK(r.window.first == on("2025-01-01"));
    CHECK(r.last_legal_day == on("2025-03-31"));
    CHECK(report(stays, CalendarYearRule{60}, "2024-12-31").excess == 1);
    CHECK(report(stays, CalendarYearRule{60}, "2024-12-31").last_legal_day == on("2024-12-30"));
    CHECK(report(stays, CalendarYearRule{60}, "2024-12-31").next_entry == on("2025-01-01"));
    CHECK(report(stays, CalendarYearRule{60}, "2025-01-31").days_over == 1);
    CHECK(report({visit("2024-01-01", "2024-06-28")}, CalendarYearRule{180}, "2024-06-28").used == 180);
    CHECK(report({visit("2024-01-01", "2024-06-28")}, CalendarYearRule{180}, "2024-06-29").last_legal_day ==
          std::nullopt);
}

TEST_CASE("days from entry: the day of entry is the first") {
    const StayReport r = report({visit("2025-01-01", "")}, FromEntryRule{{90, Period::Unit::days}}, "2025-02-01");
    CHECK(r.used == 32);
    CHECK(r.limit == 90);
    CHECK(r.last_legal_day == on("2025-03-31"));
}

TEST_CASE("months from entry go from date to date") {
    const FromEntryRule six{{6, Period::Unit::months}};
    CHECK(report({visit("2025-01-15", "2025-02-01")}, six, "2025-02-01").last_legal_day == on("2025-07-15"));
    CHECK(report({visit("2025-08-31", "2025-09-01")}, six, "2025-09-01").last_legal_day == on("2026-02-28"));
    const StayReport over = report({visit("2025-01-15", "2025-07-17")}, six, "2025-07-17");
    CHECK(over.excess == 2);
    CHECK(over.days_over == 2);
    CHECK(over.last_legal_day == on("2025-07-15"));
    CHECK(over.next_entry == on("2025-07-18"));  // this rule alone counts each entry by itself
}

TEST_CASE("leaving and entering again begins a new period, also on the same day") {
    const FromEntryRule ten{{10, Period::Unit::days}};
    CHECK(report({visit("2025-01-01", "2025-01-10"), visit("2025-01-10", "2025-01-15")}, ten, "2025-01-15").used == 6);
    CHECK(report({visit("2025-01-01", "2025-01-12"), visit("2025-01-05", "2025-01-08")}, ten, "2025-01-12").used ==
          12);  // no exit lies before the second entry
    CHECK(report({visit("2025-01-01", ""), visit("2025-01-20", "2025-01-22")}, ten, "2025-01-22").used == 3);
}

TEST_CASE("CA-4: moving inside the region does not restart the clock, leaving does") {
    const std::vector<Stay> inside{visit("2025-01-01", "2025-01-20", "GTM"), visit("2025-01-20", "2025-02-10", "HND"),
                                   visit("2025-02-11", "2025-03-10", "NIC")};
    const StayReport r = report(inside, clock90, "2025-03-10", ca4);
    CHECK(r.window.first == on("2025-01-01"));
    CHECK(r.used == 69);
    CHECK(r.last_legal_day == on("2025-03-31"));
    // A whole day outside.
    CHECK(report({visit("2025-01-01", "2025-01-20", "GTM"), visit("2025-01-22", "2025-02-10", "HND")}, clock90,
                 "2025-02-10", ca4)
              .used == 20);
    // A day outside that is on record, although no day is missing.
    CHECK(report({visit("2025-01-01", "2025-01-20", "GTM"), visit("2025-01-20", "2025-01-20", "MEX"),
                  visit("2025-01-20", "2025-02-10", "GTM")},
                 clock90, "2025-02-10", ca4)
              .used == 22);
    // Over the limit: a whole day outside is needed.
    const StayReport over = report({visit("2025-01-01", "2025-04-02", "SLV")}, clock90, "2025-04-02", ca4);
    CHECK(over.excess == 2);
    CHECK(over.next_entry == on("2025-04-04"));
}

TEST_CASE("CA-4: a State's own limit stands beside the region's clock") {
    const std::vector<Stay> stays{visit("2025-01-01", "2025-03-20", "GTM"), visit("2025-03-20", "2025-04-20", "SLV")};
    CHECK(report(stays, clock90, "2025-04-20", ca4).standing == StayStanding::over);
    const StayReport own = report(stays, FromEntryRule{{180, Period::Unit::days}}, "2025-04-20", {"SLV"});
    CHECK(own.standing == StayStanding::within);
    CHECK(own.used == 32);
}

TEST_CASE("a stay without exit counts to the check day and is flagged; whether it decides is said") {
    const std::vector<Stay> short_one{visit("2025-01-01", "2025-01-31"), visit("2025-05-01", "")};
    StayReport r = report(short_one, RollingRule{}, "2025-05-10");
    CHECK(r.used == 41);
    CHECK(r.used_at_least == 32);
    CHECK(r.open == std::vector<std::size_t>{1});
    CHECK(r.standing == StayStanding::within);
    // Forgotten exit of last year: at most 180 days, at least 3.
    r = report({visit("2024-03-01", ""), visit("2025-05-01", "2025-05-02")}, RollingRule{}, "2025-05-02");
    CHECK(r.used == 180);
    CHECK(r.used_at_least == 2);
    CHECK(r.standing == StayStanding::unknown);
    r = report({visit("2025-01-01", "2025-04-10"), visit("2025-05-01", "")}, RollingRule{}, "2025-05-10");
    CHECK(r.standing == StayStanding::over);
    // An entry that lies after the check day is a plan.
    r = report({visit("2025-05-01", ""), visit("2025-04-01", "")}, RollingRule{}, "2025-04-10");
    CHECK(r.used == 10);
    CHECK(r.open == std::vector<std::size_t>{1});
    const auto account = StayAccount::of(short_one, {RollingRule{}, on("2025-05-10"), {}});
    CHECK(account->unsure() == DaySet({{on("2025-05-02"), on("2025-05-10")}}));
}

TEST_CASE("what comes after the check day changes nothing on it") {
    const std::vector<Stay> by_then{visit("2025-01-01", "2025-01-31"), visit("2025-05-01", "2025-05-10")};
    const std::vector<Stay> planned{visit("2025-01-01", "2025-01-31"), visit("2025-05-01", "2025-07-20"),
                                    visit("2025-08-01", "2025-12-20"), visit("2026-08-01", "")};
    for (const StayRule& rule : {StayRule{RollingRule{}}, StayRule{CalendarYearRule{}}, StayRule{FromEntryRule{}}}) {
        INFO(stay_rule_text(rule));
        CHECK(report(planned, rule, "2025-05-10") == report(by_then, rule, "2025-05-10"));
    }
    CHECK(report(planned, FromEntryRule{}, "2025-05-10").next_last == on("2025-08-08"));  // a new clock from 11 May
}

TEST_CASE("going forward, a permit's days are free and do not count") {
    const std::vector<Stay> stays{visit("2025-01-01", "2025-01-31"),
                                  {on("2025-02-01"), on("2025-05-31"), Stay::Kind::permit, ""}};
    const StayReport r = report(stays, RollingRule{}, "2025-01-31");
    CHECK(r.last_legal_day == on("2025-08-29"));  // June, July, 29 days of August: January has left the window by then
    const std::vector<Stay> later{visit("2025-01-01", "2025-04-10"),
                                  {on("2025-05-01"), on("2025-05-31"), Stay::Kind::permit, ""}};
    CHECK(report(later, RollingRule{}, "2025-04-10").next_entry == on("2025-05-01"));
    // A permit of another State says nothing here.
    const std::vector<Stay> elsewhere{visit("2025-01-01", "2025-01-31", "GTM"),
                                      {on("2025-01-01"), on("2025-01-31"), Stay::Kind::permit, "MEX"}};
    CHECK(report(elsewhere, clock90, "2025-01-31", ca4).used == 31);
}

TEST_CASE("what is wrong names the stay and no date") {
    const RollingRule rule;
    CHECK(code_of({visit("2025-01-02", "2025-01-01")}, rule) == "stay.reversed");
    CHECK(code_of({{Date::from_days(-800'000), std::nullopt, Stay::Kind::visit, ""}}, rule) == "stay.range");
    CHECK(code_of({{on("2025-01-01"), Date::from_days(3'000'000), Stay::Kind::visit, ""}}, rule) == "stay.range");
    CHECK(code_of({{on("2025-01-01"), std::nullopt, Stay::Kind::permit, ""}}, rule) == "stay.permit_open");
    CHECK(code_of({visit("2025-01-01", "")}, clock90, ca4) == "stay.place");
    CHECK(code_of({}, RollingRule{180, 180}) == "stay.rule");
    const auto made = StayAccount::of(std::vector<Stay>{visit("2025-01-01", ""), visit("2025-01-02", "2025-01-01")},
                                      {rule, on("2025-01-01"), {}});
    REQUIRE_FALSE(made);
    CHECK(made.error().detail == "stay 2 ends before it begins");
}

TEST_CASE("rules are read and written") {
    for (const std::string_view good :
         {"90/180", "90/year", "180/year", "90d", "6m", "region:90d", "region:3m", "1/2"}) {
        const auto rule = parse_stay_rule(good);
        INFO(good);
        REQUIRE(rule);
        CHECK(stay_rule_text(*rule) == good);
    }
    CHECK(parse_stay_rule("region") == StayRule{clock90});
    for (const std::string_view bad :
         {"",      "/",      "90",      "90/",          "/180",     "90/180/", "180/180",
          "0/180", "-1/180", "+90/180", " 90/180",      "365/year", "0d",      "d",
          "m",     "121m",   "3661d",   "99999999999d", "90/3661",  "region:", "region:90/180",
          "90x"}) {
        INFO(bad);
        const auto rule = parse_stay_rule(bad);
        REQUIRE_FALSE(rule);
        CHECK(rule.error().code == "stay.rule");
    }
}

TEST_CASE("the ends of the calendar and a lifetime of commuting are bounded") {
    const StayRule rules[] = {RollingRule{}, RollingRule{3659, 3660}, CalendarYearRule{90},
                              FromEntryRule{{120, Period::Unit::months}}, clock90};
    for (const StayRule& rule : rules) {
        INFO(stay_rule_text(rule));
        const StayReport all = report({{first_day, last_day, Stay::Kind::visit, "GTM"}}, rule, "9999-12-31", ca4);
        CHECK(all.present);
        CHECK(all.standing == StayStanding::over);
        CHECK(report({{first_day, std::nullopt, Stay::Kind::visit, "GTM"}}, rule, "9999-12-31", ca4).present);
        CHECK(report({{first_day, last_day, Stay::Kind::permit, ""}}, rule, "0001-01-01").last_legal_day > last_day);
        CHECK(report({}, rule, "0001-01-01").window.first == first_day);
        CHECK(report({}, rule, "9999-12-31").standing == StayStanding::within);
        const auto none = StayAccount::of({}, {rule, Date::from_days(INT32_MAX), {}});
        REQUIRE(none);
        CHECK(none->used(Date::from_days(INT32_MAX)) == 0);
        CHECK(none->last_legal_day(Date::from_days(INT32_MIN)) >= first_day);
        std::vector<Stay> often;
        const auto visits = test::effort(50'000);
        for (std::int32_t i = 0; i < visits; ++i) {
            const Date day = on("1950-01-01").plus_days(i * 3 / 2);
            often.push_back({day, day.plus_days(i % 2), Stay::Kind::visit, i % 7 == 0 ? "MEX" : "HND"});
        }
        CHECK(report(often, rule, "2100-01-01", ca4).days_over >= 0);
        for (Stay& s : often) s.exit = std::nullopt;
        const auto in_mexico = (visits + 6) / 7;
        CHECK(report(often, rule, "2156-01-01", ca4).open.size() == static_cast<std::size_t>(visits - in_mexico));
    }
}
