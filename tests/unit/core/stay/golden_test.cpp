// Worked examples of 90 days in any 180. "SEM": those that the Swiss State Secretariat for Migration publishes for its
// calculator of days of stay (sem.admin.ch, Aufenthaltsrechner, bsp-1 to bsp-6); its third prints an exit before the
// entry and is left out. The others were counted day by day. The rule: Regulation (EU) No 610/2013.
#include <catch2/catch.hpp>

#include "core/stay/account.hpp"

using namespace paso;

namespace {

Date on(std::string_view iso) {
    const auto date = Date::parse(iso);
    if (!date) FAIL("not a date: " << iso);
    return *date;
}
Stay visit(std::string_view entry, std::string_view exit) { return {on(entry), on(exit), Stay::Kind::visit, ""}; }

StayAccount account(const std::vector<Stay>& stays, std::string_view check) {
    const auto made = StayAccount::of(stays, {RollingRule{}, on(check), {}});
    if (!made) FAIL(describe(made.error()));
    return *made;
}
StayReport report(const std::vector<Stay>& stays, std::string_view check) {
    const auto made = report_stay(stays, {RollingRule{}, on(check), {}});
    if (!made) FAIL(describe(made.error()));
    return *made;
}
// Days that a new entry on the day gives.
std::int32_t days_from(const StayAccount& a, std::string_view entry) {
    const auto last = a.last_legal_day(on(entry));
    return last ? Days{on(entry), *last}.count() : 0;
}

}  // namespace

TEST_CASE("SEM1: after 47 days in summer an entry on New Year's Day gives 90 days") {
    const std::vector<Stay> stays{visit("2014-08-15", "2014-09-30")};
    CHECK(account(stays, "2015-01-01").used(on("2015-01-01")) == 47);
    CHECK(days_from(account(stays, "2015-01-01"), "2015-01-01") == 90);
    CHECK(report(stays, "2015-01-01").standing == StayStanding::within);
}

TEST_CASE("SEM2: 77 used, the last legal day is 13 December") {
    const std::vector<Stay> stays{visit("2014-08-15", "2014-09-30"), visit("2014-11-01", "2014-11-30")};
    const StayReport r = report(stays, "2014-11-30");
    CHECK(r.used == 77);
    CHECK(r.present);
    CHECK(r.last_legal_day == on("2014-12-13"));
    CHECK(account(stays, "2014-11-30").last_legal_day(on("2014-11-01")) == on("2014-12-13"));
}

TEST_CASE("SEM4: the window begins on 4 August, 77 used, the last legal day is 31 March") {
    const std::vector<Stay> stays{visit("2013-06-01", "2013-07-13"), visit("2013-08-15", "2013-09-30"),
                                  visit("2014-01-01", "2014-01-30")};
    const StayReport r = report(stays, "2014-01-30");
    CHECK(r.window.first == on("2013-08-04"));
    CHECK(r.used == 77);
    CHECK(r.last_legal_day == on("2014-03-31"));
}

TEST_CASE("SEM5: 99 used, 9 days over, and 50 days from 30 August although 90 minus used is 2") {
    const std::vector<Stay> stays{visit("2013-09-01", "2013-09-30"), visit("2014-02-21", "2014-04-20"),
                                  visit("2014-05-01", "2014-06-09")};
    const StayReport r = report(stays, "2014-06-09");
    CHECK(r.used == 99);
    CHECK(r.excess == 9);
    CHECK(r.days_over == 9);
    CHECK(r.over == std::vector<Days>{{on("2014-06-01"), on("2014-06-09")}});
    CHECK(r.last_legal_day == on("2014-05-31"));
    CHECK(r.standing == StayStanding::over);
    const StayAccount a = account(stays, "2014-06-09");
    CHECK(a.last_legal_day(on("2014-05-01")) == on("2014-05-31"));
    CHECK(90 - a.used(on("2014-08-30")) == 2);
    CHECK(days_from(a, "2014-08-30") == 50);
}

TEST_CASE("SEM6: 164 used on the day of exit, 117 days over, the first 5 November") {
    const std::vector<Stay> stays{visit("2013-06-28", "2013-08-09"), visit("2013-09-19", "2014-03-01")};
    const StayReport r = report(stays, "2014-03-01");
    CHECK(r.window.first == on("2013-09-03"));
    CHECK(r.used == 164);
    CHECK(r.excess == 74);
    CHECK(r.days_over == 117);
    CHECK(r.over.front().first == on("2013-11-05"));
    CHECK(r.last_legal_day == on("2013-11-04"));
}

TEST_CASE("90 days at once are given back on the 181st day, all of them") {
    const StayAccount a = account({visit("2025-01-01", "2025-03-31")}, "2025-03-31");
    CHECK(days_from(a, "2025-06-28") == 0);
    CHECK(days_from(a, "2025-06-29") == 0);
    CHECK(days_from(a, "2025-06-30") == 90);
    CHECK(a.last_legal_day(on("2025-06-30")) == on("2025-09-27"));
    CHECK(a.next_entry(on("2025-04-01")) == on("2025-06-30"));
}

TEST_CASE("two stays of 45 days are given back one after the other") {
    const StayAccount a = account({visit("2025-01-01", "2025-02-14"), visit("2025-04-01", "2025-05-15")}, "2025-05-15");
    CHECK(a.next_entry(on("2025-05-16")) == on("2025-06-30"));
    CHECK(days_from(a, "2025-06-30") == 45);
    CHECK(days_from(a, "2025-08-14") == 90);
}

TEST_CASE("a day counts for 180 days, itself among them") {
    const StayAccount a = account({visit("2025-01-01", "2025-01-01")}, "2025-06-30");
    CHECK(a.used(on("2025-06-29")) == 1);
    CHECK(a.used(on("2025-06-30")) == 0);
}

TEST_CASE("a day in two stays is one day") {
    CHECK(account({visit("2025-03-01", "2025-03-10"), visit("2025-03-10", "2025-03-12")}, "2025-03-12")
              .used(on("2025-03-12")) == 12);
    CHECK(account({visit("2025-03-01", "2025-03-10"), visit("2025-03-05", "2025-03-12")}, "2025-03-12")
              .used(on("2025-03-12")) == 12);
}

TEST_CASE("the leap day counts") {
    CHECK(report({visit("2023-12-01", "2024-02-28")}, "2024-02-28").used == 90);
    CHECK(report({visit("2023-12-01", "2024-02-28")}, "2024-02-28").standing == StayStanding::within);
    CHECK(report({visit("2023-12-01", "2024-02-29")}, "2024-02-29").used == 91);
    CHECK(report({visit("2023-12-01", "2024-02-29")}, "2024-02-29").standing == StayStanding::over);
}

TEST_CASE("four days a week: the limit is met in the 23rd week") {
    std::vector<Stay> stays;
    for (std::int32_t week = 0; week < 24; ++week) {
        const Date monday = on("2025-01-06").plus_days(7 * week);
        stays.push_back({monday, monday.plus_days(3), Stay::Kind::visit, ""});
    }
    const StayAccount a = account(stays, "2025-06-22");
    CHECK(a.used(on("2025-01-06").plus_days(7 * 22 - 1)) == 88);
    CHECK(a.used(on("2025-01-06").plus_days(7 * 23 - 1)) == 92);
    CHECK(a.used(on("2025-01-06").plus_days(7 * 24 - 1)) == 96);
    CHECK(a.days_over(on("2025-06-22")) == 6);
}

TEST_CASE("days under a residence permit do not count") {
    const std::vector<Stay> stays{visit("2025-01-01", "2025-04-30"),
                                  {on("2025-02-01"), on("2025-03-31"), Stay::Kind::permit, ""}};
    CHECK(report(stays, "2025-04-30").used == 61);
    CHECK(report(stays, "2025-04-30").standing == StayStanding::within);
    CHECK(report(stays, "2025-03-01").permit);
}
