#include "core/document/mrz_date.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/effort.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");

Date day(std::string_view iso) { return *Date::parse(iso); }
using Days = std::vector<Date>;
using Spans = std::vector<DateSpan>;

}  // namespace

TEST_CASE("a birth date is every century with age 0 to 120 that is not in the future") {
    CHECK(birth_date("740812", today).candidates == Days{day("1974-08-12")});
    CHECK(birth_date("140203", today).candidates == Days{day("1914-02-03"), day("2014-02-03")});
    CHECK(birth_date("261124", today).candidates == Days{day("1926-11-24"), day("2026-11-24")});
    CHECK(birth_date("261125", today).candidates == Days{day("1926-11-25")});
    CHECK(birth_date("051124", today).candidates == Days{day("2005-11-24")});  // the other would be 121 today
    CHECK(birth_date("051125", today).candidates == Days{day("1905-11-25"), day("2005-11-25")});
    CHECK(birth_date("000229", today).candidates ==
          Days{day("2000-02-29")});  // 1900 had no such day, and is too long ago
    CHECK(birth_date("740812", today).state == DateState::known);
}

TEST_CASE("an expiry lies within 50 years back and 49 ahead") {
    CHECK(expiry_date("760101", today).candidates == Days{day("1976-01-01")});
    CHECK(expiry_date("751231", today).candidates == Days{day("2075-12-31")});
    CHECK(expiry_date("120415", today).candidates == Days{day("2012-04-15")});
    for (int year = 0; year < 100; ++year) {
        const std::string text = std::string{static_cast<char>('0' + year / 10), static_cast<char>('0' + year % 10)};
        CHECK(expiry_date(text + "0615", today).candidates.size() == 1);
    }
}

TEST_CASE("what is unknown stays so: as the days that are possible") {
    const MrzDate no_day = birth_date("7408<<", today);
    CHECK(no_day.state == DateState::partly_unknown);
    CHECK(no_day.candidates.empty());
    CHECK(no_day.spans == Spans{{day("1974-08-01"), day("1974-08-31")}});
    CHECK(birth_date("74<<<<", today).spans == Spans{{day("1974-01-01"), day("1974-12-31")}});
    CHECK(birth_date("74<<31", today).spans == Spans{{day("1974-01-31"), day("1974-12-31")}});
    CHECK(birth_date("26<<<<", today).spans ==
          Spans{{day("1926-01-01"), day("1926-12-31")}, {day("2026-01-01"), today}});
    CHECK(birth_date("05<<<<", today).spans ==
          Spans{{day("1905-11-25"), day("1905-12-31")}, {day("2005-01-01"), day("2005-12-31")}});
    CHECK(birth_date("0012<<", today).spans == Spans{{day("2000-12-01"), day("2000-12-31")}});
    for (const char* text : {"<<<<<<", "<<0812", "<<<<12"}) CHECK(birth_date(text, today).state == DateState::unknown);
    CHECK(expiry_date("3004<<", today).spans == Spans{{day("2030-04-01"), day("2030-04-30")}});
}

TEST_CASE("no expiry is told from one that cannot be read") {
    CHECK(expiry_date("<<<<<<", today).state == DateState::open);
    CHECK(expiry_date("999999", today).state == DateState::open);
    CHECK(birth_date("999999", today).state == DateState::not_calendar);
    for (const char* text : {"311340", "300230", "3O0415", "30041<", "3<0415", "", "30041"}) {
        const MrzDate d = expiry_date(text, today);
        CHECK(d.state == DateState::not_calendar);
        CHECK(d.raw == text);
        CHECK(d.candidates.empty());
        CHECK(d.spans.empty());
    }
}

TEST_CASE("every day of 121 years is among the meanings of its own six characters, and every meaning has them") {
    std::mt19937 r(3);
    for (int i = 0; i < test::effort(20000); ++i) {
        const Date now = Date::from_days(10000 + static_cast<int>(r() % 30000));
        const Date born = now.plus_days(-static_cast<int>(r() % 44194));  // less than 121 years
        if (age_on(born, now) > 120) continue;
        const std::string iso = born.iso();
        std::string raw = iso.substr(2, 2) + iso.substr(5, 2) + iso.substr(8, 2);
        const MrzDate d = birth_date(raw, now);
        REQUIRE(std::find(d.candidates.begin(), d.candidates.end(), born) != d.candidates.end());
        for (const Date c : d.candidates) REQUIRE((c <= now && age_on(c, now) <= 120));
        raw.replace(r() % 2 == 0 ? 2 : 4, 2, "<<");
        const MrzDate partly = birth_date(raw, now);
        REQUIRE(std::any_of(partly.spans.begin(), partly.spans.end(),
                            [&](const DateSpan& s) { return s.first <= born && born <= s.last; }));
        REQUIRE(may_be_equal(d, partly));
    }
}

TEST_CASE("two dates may be equal unless they contradict each other") {
    const MrzDate whole = birth_date("740812", today);
    CHECK(may_be_equal(whole, whole));
    CHECK(may_be_equal(whole, birth_date("7408<<", today)));
    CHECK(may_be_equal(whole, birth_date("<<<<<<", today)));
    CHECK_FALSE(may_be_equal(whole, birth_date("7409<<", today)));
    CHECK_FALSE(may_be_equal(whole, birth_date("740813", today)));
}
