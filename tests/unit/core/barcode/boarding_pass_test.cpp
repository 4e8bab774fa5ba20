#include <catch2/catch.hpp>
#include <random>
#include <sstream>

#include "core/barcode/boarding_pass.hpp"
#include "tests/support/boarding_passes.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/vectors.hpp"

using namespace paso;

namespace {

const Date today = *Date::parse("2026-11-24");  // day 328

std::string leg(std::string_view day, std::string_view variable = "") {
    char size[3];
    std::snprintf(size, sizeof size, "%02X", static_cast<unsigned>(variable.size()));
    return "ABC123 UTAUTBUT 0834 " + std::string{day} + "Y012A0042 1" + size + std::string{variable};
}
std::string pass(int legs, const std::string& rest) {
    return "M" + std::to_string(legs) + "ERIKSSON/ANNA       E" + rest;
}

// The six examples, or none and a line that says so.
std::vector<std::string> examples() {
    const auto file = test::vector_file("bcbp/iata-792-b.txt");
    std::istringstream in(file ? std::string{as_text(*file)} : std::string{});
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

BoardingPass read(const std::string& text, Date on = today) {
    const auto p = parse_boarding_pass(as_bytes(text), on);
    if (!p) FAIL(describe(p.error()));
    return *p;
}

}  // namespace

TEST_CASE("one leg, nothing else") {
    const BoardingPass p = read(pass(1, leg("328")));
    CHECK(p.name.reveal() == "ERIKSSON/ANNA");
    CHECK(p.electronic_ticket);
    CHECK(p.version == 0);
    REQUIRE(p.legs.size() == 1);
    CHECK(p.legs[0].record_locator == "ABC123");
    CHECK(p.legs[0].from == "UTA");
    CHECK(p.legs[0].to == "UTB");
    CHECK(p.legs[0].carrier == "UT");
    CHECK(p.legs[0].flight == "0834");
    CHECK(p.legs[0].seat == "012A");
    CHECK(p.legs[0].sequence == "0042");
    CHECK(p.legs[0].date.date == today);
    CHECK_FALSE(p.security_data_present);
    CHECK(p.problems.empty());
}

TEST_CASE("several legs, versions, airline data, security data") {
    const std::string conditional = ">6180WW6327BUT 00000000000002A0000000000000 0";
    const BoardingPass p = read(pass(2, leg("328", conditional) + leg("329", "AIRLINE") + "^108ABCDEFGH"));
    CHECK(p.legs.size() == 2);
    CHECK(p.version == 6);
    CHECK(p.security_data_present);
    CHECK(p.legs[1].date.date == today.plus_days(1));
    CHECK(read(pass(2, leg("328") + "\x1D" + leg("329"))).legs.size() == 2);
    CHECK(read(pass(5, leg("328") + leg("328") + leg("328") + leg("328") + leg("328"))).problems ==
          std::vector<std::string_view>{"bcbp.many_legs"});
    CHECK(read(pass(1, leg("328", "free words"))).version == 0);
    CHECK(read(pass(1, leg("328")) + "\r\n").problems.empty());
}

TEST_CASE("the year of a day is the nearest one") {
    const auto date = [](std::string_view day, std::string_view on) {
        return read(pass(1, leg(day)), *Date::parse(on)).legs[0].date.date;
    };
    CHECK(date("002", "2026-12-30") == Date::of(2027, 1, 2));
    CHECK(date("365", "2027-01-02") == Date::of(2026, 12, 31));
    CHECK(date("366", "2025-01-02") == Date::of(2024, 12, 31));
    CHECK_FALSE(date("366", "2026-06-01"));
    CHECK_FALSE(date("000", "2026-06-01"));
    CHECK_FALSE(date("3 1", "2026-06-01"));
}

TEST_CASE("what is cut off or no text is an error with its place") {
    const std::string whole = pass(2, leg("328", ">60000") + leg("329"));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const auto cut = parse_boarding_pass(as_bytes(whole.substr(0, n)), today);
        if (cut) REQUIRE(cut->problems == std::vector<std::string_view>{"bcbp.short_leg"});  // to the date of leg 2
        REQUIRE(cut.has_value() == (n >= 23 + 37 + 6 + 24));
    }
    CHECK_FALSE(parse_boarding_pass(as_bytes("X" + whole.substr(1)), today));
    std::string zero = whole;
    zero[30] = '\0';
    CHECK(parse_boarding_pass(as_bytes(zero), today).error().code == "bcbp.character");
    std::mt19937 r(1);
    for (int i = 0; i < test::effort(20000); ++i) {
        std::string m = whole;
        for (int k = 0; k < 3; ++k) m[r() % m.size()] = static_cast<char>(r());
        (void)parse_boarding_pass(as_bytes(m), today);
    }
}

// Without what only a reader knows: where things stood and which year was meant.
BoardingPass as_written(BoardingPass p) {
    p.items.issue_date.reset();
    for (FlightLeg& l : p.legs) {
        l.offset = 0;
        l.date.date.reset();
    }
    return p;
}

TEST_CASE("what was written is read again: every version, 1 to 4 legs, every conditional item") {
    std::mt19937 r(792);
    for (int i = 0; i < test::effort(5000); ++i) {
        const BoardingPass p = made_up::some_pass(r);
        const auto text = write_boarding_pass(p);
        REQUIRE(text);
        const BoardingPass again = read(*text);
        INFO(*text);
        REQUIRE(as_written(again) == p);
        REQUIRE(*write_boarding_pass(again) == *text);
        for (const FlightLeg& l : again.legs) REQUIRE(text->substr(l.offset + 7U, 3) == l.from);
    }
}

TEST_CASE("what fits no field is not written") {
    std::mt19937 r(1);
    const BoardingPass good = made_up::some_pass(r);
    REQUIRE(write_boarding_pass(good));
    const auto error = [&good](auto change) {
        BoardingPass p = good;
        change(p);
        const auto text = write_boarding_pass(p);
        return text ? std::string_view{"written"} : text.error().code;
    };
    CHECK(error([](BoardingPass& p) { p.name = Personal{std::string(21, 'A')}; }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.name = Personal{std::string{"A\n"}}; }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.legs.clear(); }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.legs.resize(10, p.legs.front()); }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.legs[0].from = "U1A"; }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.items.bag_tags.assign(4, "0014123456003"); }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.version = 9; }) == "bcbp.write");
    CHECK(error([](BoardingPass& p) { p.legs[0].items.airline_use = std::string(256, 'A'); }) == "bcbp.write");
}

TEST_CASE("the examples of Resolution 792 attachment B") {
    const auto lines = examples();
    if (lines.empty()) return;
    int count = 0;
    for (const std::string& line : lines) {
        const BoardingPass p = read(line);
        CHECK_FALSE(p.legs.empty());
        CHECK_FALSE(p.name.reveal().empty());
        ++count;
    }
    CHECK(count == 6);
}

TEST_CASE("the conditional items of attachment B's example of two legs") {
    const auto lines = examples();
    if (lines.empty()) return;
    REQUIRE(lines.size() == 6);
    const BoardingPass p = read(lines[1]);
    CHECK(p.items.passenger_description == '1');
    CHECK(p.items.check_in_source == 'W');
    CHECK(p.items.issuance_source == 'W');
    CHECK(p.items.issued == "6225");
    CHECK(p.items.issue_date->iso() == "2026-08-13");
    CHECK(p.items.document_type == 'B');
    CHECK(p.items.issuer == "AC");
    CHECK(p.items.bag_tags == std::vector<std::string>{"0014123456003"});
    const LegItems& one = p.legs[0].items;
    CHECK(one.airline_number == "014");
    CHECK(one.document_number.reveal() == "1234567890");
    CHECK(one.selectee == ' ');
    CHECK(one.documents_verification == '1');
    CHECK(one.marketing_carrier == "AC");
    CHECK(one.frequent_flyer_airline == "AC");
    CHECK(one.frequent_flyer_number.reveal() == "1234567890123");
    CHECK(one.id_ad == ' ');
    CHECK(one.free_bags == "20K");
    CHECK(one.fast_track == 'Y');
    CHECK(one.airline_use == "LX58Z");
    const LegItems& two = p.legs[1].items;
    CHECK(two.document_number.reveal() == "0987654321");
    CHECK(two.documents_verification == '1');
    CHECK(two.free_bags == "2PC");
    CHECK(two.fast_track == 'N');
    CHECK(two.airline_use == "WQ");
    CHECK(p.security_type == '1');
    CHECK(p.security_data.size() == 100);
}

TEST_CASE("the other examples of attachment B: older versions end before the fast track") {
    const auto lines = examples();
    if (lines.empty()) return;
    const BoardingPass two = read(lines[2]);
    CHECK(two.items.check_in_source == 'W');
    CHECK(two.items.issuer == "LH");
    CHECK(two.items.bag_tags.empty());
    CHECK(two.legs[0].items.airline_number == "220");
    CHECK(two.legs[0].items.document_number.reveal() == "2364224106");
    CHECK(two.legs[0].items.selectee == '0');
    CHECK(two.legs[0].items.fast_track == ' ');
    CHECK(two.legs[0].items.airline_use == "*30600000K09         ");
    const BoardingPass five = read(lines[3]);
    CHECK(five.version == 5);
    CHECK(five.items.issuance_source == 'W');
    CHECK(five.items.issued.empty());
    CHECK(five.legs[0].items.airline_number == "074");
    CHECK(five.legs[0].items.document_number.reveal() == "2497067621");
    CHECK(five.legs[0].items.selectee == ' ');
    CHECK(five.legs[0].items.airline_use == "");
    const BoardingPass three = read(lines[4]);
    CHECK(three.items.passenger_description == '0');
    CHECK(three.items.issuance_source == 'K');
    CHECK(three.items.issued == "6007");
    CHECK(three.legs[0].items.frequent_flyer_number.reveal() == "EY975897");
    for (const std::string& line : lines) {
        const BoardingPass p = read(line);
        const auto text = write_boarding_pass(p);
        if (p.problems.empty()) CHECK(as_written(read(*text)) == as_written(p));
    }
}
