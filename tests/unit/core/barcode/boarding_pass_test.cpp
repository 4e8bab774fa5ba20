#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/barcode/barcode_content.hpp"

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
    for (int i = 0; i < 20000; ++i) {
        std::string m = whole;
        for (int k = 0; k < 3; ++k) m[r() % m.size()] = static_cast<char>(r());
        (void)parse_boarding_pass(as_bytes(m), today);
    }
}

TEST_CASE("any payload has a digest; what no parser knows is unknown") {
    const Bytes seal{std::byte{0xDC}, std::byte{0x03}, std::byte{0}};
    const BarcodeContent c = parse_barcode(seal, Symbology::data_matrix, today);
    CHECK(std::get<UnknownPayload>(c.what).size == 3);
    CHECK(c.assurance == Assurance::none);
    CHECK(parse_barcode(as_bytes(pass(1, leg("328"))), Symbology::qr, today).assurance == Assurance::structure);
}

TEST_CASE("the examples of Resolution 792 attachment B") {
    const char* folder = std::getenv("PASO_VECTORS");
    const std::filesystem::path path =
        (folder != nullptr ? std::filesystem::path{folder}
                           : std::filesystem::path{PASO_SOURCE_DIR} / "../shared/vectors") /
        "bcbp/iata-792-b.txt";
    std::ifstream in(path);
    if (!in) {
        WARN("skipped: no vectors");
        return;
    }
    std::string line;
    int count = 0;
    while (std::getline(in, line)) {
        if (line.empty() || line[0] == '#') continue;
        const BoardingPass p = read(line);
        CHECK_FALSE(p.legs.empty());
        CHECK_FALSE(p.name.reveal().empty());
        ++count;
    }
    CHECK(count == 6);
}
