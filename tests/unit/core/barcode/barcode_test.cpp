#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <random>

#include "core/barcode/boarding_pass.hpp"
#include "tests/support/effort.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");

BoardingPass read(const std::string& text, Date on = today) {
    const auto pass = parse_boarding_pass(as_bytes(text), on);
    if (!pass) FAIL(describe(pass.error()));
    return *pass;
}

std::string_view error_of(const std::string& text) {
    const auto pass = parse_boarding_pass(as_bytes(text), today);
    REQUIRE_FALSE(pass);
    return pass.error().code;
}

bool noted(const BoardingPass& pass, std::string_view code) {
    return std::find(pass.problems.begin(), pass.problems.end(), code) != pass.problems.end();
}

std::string hex2(std::size_t n) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {digits[n / 16], digits[n % 16]};
}

// A leg's 37 characters and its variable field.
std::string leg(const std::string& day, const std::string& field = "", const std::string& from = "UTO") {
    return "ABC123 " + from + "UTQUT 0834 " + day + "J001A0025 1" + hex2(field.size()) + field;
}
std::string head(int legs) { return "M" + std::to_string(legs) + "ERIKSSON/ANNA MARIA E"; }
// The conditional part of a first leg with this date of issue.
std::string issued(const std::string& date) {
    const std::string once = "1WW" + date + "BUT ";
    return ">6" + hex2(once.size()) + once;
}

std::vector<std::string> vectors() {
    const char* named = std::getenv("PASO_VECTORS");
    const std::string folder = named != nullptr ? named : std::string{PASO_SOURCE_DIR} + "/../shared/vectors";
    std::ifstream file(folder + "/bcbp/iata-792-b.txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_CASE("a boarding pass of one leg") {
    const BoardingPass p = read(head(1) + leg("328"));
    CHECK(p.name.reveal() == "ERIKSSON/ANNA MARIA");
    CHECK(p.electronic_ticket);
    CHECK(p.version == 0);
    CHECK_FALSE(p.security_data_present);
    CHECK(p.problems.empty());
    REQUIRE(p.legs.size() == 1);
    const FlightLeg& l = p.legs.front();
    CHECK(l.record_locator == "ABC123");
    CHECK(l.from == "UTO");
    CHECK(l.to == "UTQ");
    CHECK(l.carrier == "UT");
    CHECK(l.flight == "0834");
    CHECK(l.date == InferredDate{328, today});
    CHECK(l.compartment == 'J');
    CHECK(l.seat == "001A");
    CHECK(l.sequence == "0025");
    CHECK(l.passenger_status == '1');
}

TEST_CASE("conditional items, airline data and security are stepped over by their sizes") {
    const std::string own = "0C0141234567890";  // 2 + 13 characters, of which 12 are the leg's
    const BoardingPass p =
        read(head(2) + leg("328", issued("6327") + own) + leg("329", "12AIRLINE DATA OF ANY KIND") + "^104ABCD");
    CHECK(p.version == 6);
    CHECK(p.legs.size() == 2);
    CHECK(p.legs[1].date.day_of_year == 329);
    CHECK(p.security_data_present);
    CHECK(p.problems.empty());
    CHECK(read(head(1) + leg("328", "DATA OF THE AIRLINE")).version == 0);
    CHECK(read(head(1) + leg("328", ">800")).version == 8);
    CHECK(noted(read(head(1) + leg("328", ">900")), "bcbp.newer_version"));
    CHECK(noted(read(head(1) + leg("328", ">6F0")), "bcbp.conditional"));
    CHECK(noted(read(head(1) + leg("328", ">6")), "bcbp.conditional"));
    CHECK(noted(read(head(1) + leg("328") + "^104ABC"), "bcbp.security_size"));
    CHECK(noted(read(head(1) + leg("328") + "more"), "bcbp.trailing"));
}

TEST_CASE("the day of the year finds its year") {
    const auto date = [](const std::string& day, const std::string& on, const std::string& field = "") {
        const auto found = read(head(1) + leg(day, field), *Date::parse(on)).legs.front().date.date;
        return found ? found->iso() : "none";
    };
    CHECK(date("001", "2026-12-31") == "2027-01-01");
    CHECK(date("365", "2027-01-01") == "2026-12-31");
    CHECK(date("180", "2026-07-01") == "2026-06-29");
    CHECK(date("060", "2028-03-01") == "2028-02-29");
    CHECK(date("366", "2028-12-30") == "2028-12-31");
    CHECK(date("366", "2029-01-02") == "2028-12-31");
    CHECK(date("366", "2026-06-01") == "none");  // no leap year is near
    CHECK(date("010", "2026-11-24", issued("6320")) == "2027-01-10");
    CHECK(date("300", "2026-11-24", issued("6320")) == "2027-10-27");  // issued after day 300 of this year
    CHECK(date("319", "2026-11-24", issued("6320")) == "2026-11-15");  // the day before its issue: the date line
    CHECK(date("320", "2026-11-24", issued("7320")) == "2017-11-16");  // ten years repeat: never in the future
    CHECK(date("329", "2026-11-24", issued("6329")) == "2026-11-25");  // tomorrow already at the airport
    CHECK(noted(read(head(1) + leg("300", issued("X320"))), "bcbp.issue_date"));
    CHECK(noted(read(head(1) + leg("366")), "bcbp.day"));
    for (const auto* day : {"000", "367", "999", "   ", "1A2"}) {
        const BoardingPass p = read(head(1) + leg(day));
        CHECK(p.legs.front().date == InferredDate{});
        CHECK(noted(p, "bcbp.day"));
    }
}

TEST_CASE("later legs follow the one before, across New Year") {
    BoardingPass p = read(head(2) + leg("365") + leg("001"), *Date::parse("2026-12-30"));
    CHECK(p.legs[0].date.date->iso() == "2026-12-31");
    CHECK(p.legs[1].date.date->iso() == "2027-01-01");
    p = read(head(2) + leg("010") + leg("250"), *Date::parse("2026-01-10"));
    CHECK(p.legs[1].date.date->iso() == "2026-09-07");
}

TEST_CASE("what real passes get wrong is accepted and noted") {
    const std::string good = head(1) + leg("328");
    CHECK(read(good + "\r\n") == read(good));
    std::string text = good;
    text[22] = ' ';
    CHECK_FALSE(read(text).electronic_ticket);
    CHECK(read(text).problems.empty());
    text[22] = 'L';
    CHECK(noted(read(text), "bcbp.ticket_indicator"));
    text = good;
    text.erase(22, 1);
    CHECK(noted(read(text), "bcbp.no_ticket_indicator"));
    CHECK(read(text).legs.front().seat == "001A");
    const BoardingPass early = read(good.substr(0, 23 + 24));  // check-in stage: to the date alone
    CHECK(noted(early, "bcbp.short_leg"));
    CHECK(early.legs.front().date.date == today);
    CHECK(early.legs.front().seat.empty());
    CHECK(noted(read(head(1) + leg("328", "AIRLINE DATA      ").substr(0, 52)), "bcbp.cut"));
    const BoardingPass separated = read(head(2) + leg("328") + "\x1D" + leg("329"));
    CHECK(noted(separated, "bcbp.separator"));
    CHECK(separated.legs.size() == 2);
    CHECK(noted(read(head(2) + leg("328") + "E" + leg("329")), "bcbp.shifted_leg"));
    CHECK(noted(read(head(5) + leg("328") + leg("329") + leg("330") + leg("331") + leg("332")), "bcbp.many_legs"));
}

TEST_CASE("errors have a code and a place") {
    CHECK(error_of("") == "bcbp.format");
    CHECK(error_of("S1") == "bcbp.format");
    CHECK(error_of("M1") == "bcbp.short");
    CHECK(error_of("M0" + head(1).substr(2) + leg("328")) == "bcbp.legs");
    CHECK(error_of(head(2) + leg("328")) == "bcbp.short");
    CHECK(error_of(head(1) + leg("328", "", "U1O")) == "bcbp.airport");
    CHECK(error_of(head(1) + leg("328") + "\x01") == "bcbp.character");
    CHECK(error_of(std::string(4001, 'M')) == "bcbp.too_long");
    std::string text = head(1) + leg("328");
    text[58] = 'G';
    const auto pass = parse_boarding_pass(as_bytes(text), today);
    REQUIRE_FALSE(pass);
    CHECK(pass.error().code == "bcbp.size");
    CHECK(pass.error().place.offset == 58U);
}

TEST_CASE("the examples of IATA Resolution 792 attachment B") {
    const auto lines = vectors();
    if (lines.empty()) {
        WARN("skipped: no vectors");
        return;
    }
    REQUIRE(lines.size() == 6);
    const BoardingPass one = read(lines[0]);
    CHECK(one.name.reveal() == "DESMARAIS/LUC");
    CHECK(one.legs.front().seat == "001A");
    CHECK(one.security_data_present);
    CHECK(one.problems.empty());
    const BoardingPass two = read(lines[1]);
    REQUIRE(two.legs.size() == 2);
    CHECK(two.version == 6);
    CHECK(two.legs[1].record_locator == "DEF456");
    CHECK(two.legs[1].to == "GVA");
    CHECK(two.legs[1].seat == "012C");
    CHECK(two.legs[0].date.date->iso() == "2026-08-14");  // issued on day 225 of a year that ends in 6
    CHECK(two.security_data_present);
    CHECK(two.problems.empty());
    const std::vector<int> versions{0, 6, 2, 5, 3, 2};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const BoardingPass p = read(lines[i]);
        CHECK(p.version == versions[i]);
        for (const FlightLeg& l : p.legs) CHECK(l.date.day_of_year != 0);
    }
    CHECK(read(lines[3]).problems.empty());
}

TEST_CASE("generated passes are read back") {
    std::mt19937 r(26);
    for (int i = 0; i < test::effort(3000); ++i) {
        const int legs = 1 + static_cast<int>(r() % 4);
        std::string text = head(legs);
        std::vector<unsigned> days;
        for (int k = 0; k < legs; ++k) {
            days.push_back(1 + static_cast<unsigned>(r() % 365));
            std::string day = std::to_string(days.back());
            day.insert(0, 3 - day.size(), '0');
            std::string field;
            if (r() % 2 == 0) field = k == 0 ? issued("6" + std::to_string(100 + r() % 200)) : "00";
            field += std::string(r() % 60, 'x');
            if (k == 0 && !field.starts_with('>')) field.insert(0, "AIRLINE");
            text += leg(day, field);
        }
        const bool sealed = r() % 2 == 0;
        if (sealed) text += "^103abc";
        const BoardingPass p = read(text);
        REQUIRE(p.legs.size() == days.size());
        for (std::size_t k = 0; k < days.size(); ++k) {
            REQUIRE(p.legs[k].date.day_of_year == days[k]);
            REQUIRE(p.legs[k].date.date);
            if (k > 0) REQUIRE(*p.legs[k].date.date >= p.legs[k - 1].date.date->plus_days(-1));
        }
        REQUIRE(p.security_data_present == sealed);
    }
}

TEST_CASE("no bytes crash the reader") {
    std::mt19937 r(5);
    for (int i = 0; i < test::effort(20000); ++i) {
        std::string text = head(1 + static_cast<int>(r() % 9)) + leg("328", issued("6327")) + leg("001") + "^103abc";
        for (int k = 0; k < 4; ++k) text[r() % text.size()] = static_cast<char>(r() % (k == 0 ? 256 : 128));
        text.resize(r() % (text.size() + 1));
        const auto pass = parse_boarding_pass(as_bytes(text), today);
        if (pass) REQUIRE(pass->legs.size() <= 9);
    }
}
