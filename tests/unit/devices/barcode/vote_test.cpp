// Voting over frames and payloads in parts: pure functions of readings and times.
#include "devices/barcode/vote.hpp"

#include <catch2/catch.hpp>

#include "devices/barcode/parts.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

MonoTime at(std::int64_t ms) { return {5'000'000'000 + ms * 1'000'000}; }

BarcodeReading seen(std::string_view text, std::uint64_t frame, std::int64_t ms, Symbology s = Symbology::aztec) {
    BarcodeReading r;
    r.symbology = s;
    r.bytes = to_bytes(as_bytes(text));
    r.frame = frame;
    r.captured = at(ms);
    return r;
}

SymbolPart part(std::string_view text, int index, int count, std::string id = "x", Symbology s = Symbology::pdf417) {
    return {s, std::move(id), index, count, to_bytes(as_bytes(text))};
}

std::string parity(std::string_view text) {
    int all = 0;
    for (const char c : text) all ^= static_cast<unsigned char>(c);
    return std::to_string(all);
}

}  // namespace

TEST_CASE("what proves nothing is believed at its second equal read within a second") {
    BarcodeVote vote;
    CHECK_FALSE(vote.add(seen("M1NEBEL", 1, 0)));
    CHECK_FALSE(vote.add(seen("M1NEBEL", 1, 0)));                  // twice in one frame is once
    CHECK_FALSE(vote.add(seen("M1NABEL", 2, 30)));                 // another payload
    CHECK_FALSE(vote.add(seen("M1NEBEL", 2, 30, Symbology::qr)));  // another symbol
    CHECK(vote.add(seen("M1NEBEL", 3, 900)));
    CHECK(vote.add(seen("M1NEBEL", 4, 1800)));  // the second read counts for the third
    CHECK_FALSE(vote.add(seen("M1NEBEL", 5, 2801)));
    CHECK(vote.add(seen("M1NEBEL", 6, 3801)));
}

TEST_CASE("what carries a signature needs one frame") {
    BarcodeVote vote;
    CHECK(vote.add(seen("\xDC\x03seal", 1, 0)));
    CHECK(vote.add(seen("HC1:6BFOXN", 1, 0)));
    CHECK(vote.add(seen("RDB1A", 1, 0)));
    CHECK(vote.add(seen(R"({"data":{},"sig":{}})", 1, 0)));
    CHECK_FALSE(vote.add(seen(R"({"data":{}})", 1, 0)));
    CHECK_FALSE(vote.add(seen("", 1, 0)));
}

TEST_CASE("parts come together in any order, and once") {
    PartCollector parts;
    CHECK_FALSE(parts.add(part("C", 2, 3), at(0)));
    CHECK_FALSE(parts.add(part("A", 0, 3), at(10)));
    CHECK_FALSE(parts.add(part("A", 0, 3), at(20)));
    const auto whole = parts.add(part("B", 1, 3), at(30));
    REQUIRE(whole);
    CHECK(as_text(*whole) == "ABC");
    CHECK_FALSE(parts.add(part("B", 1, 3), at(40)));  // begins anew
}

TEST_CASE("a count that only the last part tells is enough") {
    PartCollector parts;
    CHECK_FALSE(parts.add(part("A", 0, 0), at(0)));
    CHECK(parts.add(part("B", 1, 2), at(0)).has_value());
}

TEST_CASE("parts of different sequences, of long ago and out of range make no payload") {
    PartCollector parts;
    CHECK_FALSE(parts.add(part("A", 0, 2, "x"), at(0)));
    CHECK_FALSE(parts.add(part("B", 1, 2, "y"), at(0)));
    CHECK_FALSE(parts.add(part("B", 1, 2, "x"), at(10'001)));
    CHECK_FALSE(parts.add(part("B", 5, 2, "x"), at(10'001)));  // beyond the count: never whole
    CHECK_FALSE(parts.add(part("B", -1, 2, "x"), at(10'002)));
    CHECK_FALSE(parts.add(part("Z", 1, 2, "z"), at(10'002)));
    CHECK_FALSE(parts.add(part("z", 1, 2, "z"), at(10'003)));  // other bytes at the same place: another set
    CHECK(parts.add(part("A", 0, 2, "z"), at(10'003)).has_value());
}

TEST_CASE("no more than four sequences are kept") {
    PartCollector parts;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(parts.add(part("A", 0, 2, std::to_string(i)), at(i)));
    CHECK_FALSE(parts.add(part("B", 1, 2, "0"), at(10)));
    CHECK(parts.add(part("B", 1, 2, "4"), at(10)).has_value());
}

TEST_CASE("a QR sequence must fit the parity that all its parts carry") {
    PartCollector parts;
    CHECK_FALSE(parts.add(part("AB", 0, 2, parity("ABCD"), Symbology::qr), at(0)));
    CHECK(parts.add(part("CD", 1, 2, parity("ABCD"), Symbology::qr), at(0)).has_value());
    CHECK_FALSE(parts.add(part("AB", 0, 2, parity("ABCD"), Symbology::qr), at(0)));
    CHECK_FALSE(parts.add(part("CE", 1, 2, parity("ABCD"), Symbology::qr), at(0)));
}
