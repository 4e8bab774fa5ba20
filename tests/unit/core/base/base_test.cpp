#include <catch2/catch.hpp>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/base/date.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

using namespace paso;

TEST_CASE("dates are of the calendar and of nothing else") {
    CHECK(Date::parse("2024-02-29"));
    CHECK_FALSE(Date::parse("2025-02-29"));
    CHECK_FALSE(Date::parse("2025-2-9"));
    CHECK_FALSE(Date::parse("2025-13-01"));
    CHECK_FALSE(Date::parse("20a5-01-01"));
    CHECK_FALSE(Date::parse("2025-01-0-"));
    for (int d = -200000; d < 200000; d += 37) {
        const Date date = Date::from_days(d);
        REQUIRE(Date::parse(date.iso()) == date);
    }
}

TEST_CASE("months are added to the end of the month at most") {
    CHECK(Date::parse("2026-08-31")->plus_months(6).iso() == "2027-02-28");
    CHECK(Date::parse("2023-08-31")->plus_months(6).iso() == "2024-02-29");
    CHECK(Date::parse("2026-01-15")->plus_months(-13).iso() == "2024-12-15");
}

TEST_CASE("ages are completed years") {
    const Date birth = *Date::parse("2008-02-29");
    CHECK(age_on(birth, *Date::parse("2026-02-28")) == 17);
    CHECK(age_on(birth, *Date::parse("2026-03-01")) == 18);
    CHECK(age_on(*Date::parse("2008-11-24"), *Date::parse("2026-11-24")) == 18);
    CHECK(age_on(*Date::parse("2008-11-25"), *Date::parse("2026-11-24")) == 17);
}

TEST_CASE("wall time is written in UTC") {
    CHECK(WallTime{0}.iso() == "1970-01-01T00:00:00.000Z");
    CHECK(WallTime{1795512600123}.iso() == "2026-11-24T09:30:00.123Z");
    CHECK(WallTime{-1}.utc_date().iso() == "1969-12-31");
}

TEST_CASE("ids and hexadecimal") {
    CHECK(StationId::parse("uto-001-k1"));
    CHECK_FALSE(StationId::parse(""));
    CHECK_FALSE(StationId::parse("Uto"));
    CHECK_FALSE(StationId::parse("../x"));
    CHECK_FALSE(StationId::parse(std::string(33, 'a')));
    CHECK(from_hex("00fF") == Bytes{std::byte{0}, std::byte{255}});
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
}

TEST_CASE("unknown is a value with a cause") {
    const Known<bool> unknown{Cause::offline};
    CHECK_FALSE(unknown.known());
    CHECK(unknown.cause() == Cause::offline);
    CHECK(Known<bool>{false}.known());
}

TEST_CASE("errors say what and where") {
    CHECK(describe(Error{"a.b", "why", {.line = 3U, .column = 7U}}) == "a.b: why (line 3, column 7)");
    CHECK(describe(Error{"a.b", ""}) == "a.b");
}
