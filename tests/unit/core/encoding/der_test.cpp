#include "core/encoding/der.hpp"

#include <catch2/catch.hpp>

using namespace paso;

namespace {
Bytes hex(std::string_view text) { return from_hex(text).value(); }
}  // namespace

TEST_CASE("DER items one after the other (X.690 section 8)") {
    const Bytes bytes =
        hex("0201053003020106"
            "0500");
    DerReader r(bytes);
    const auto number = r.next(0x02);
    REQUIRE(number);
    CHECK(to_hex(number->content) == "05");
    CHECK(to_hex(number->whole) == "020105");
    CHECK(r.next(0x02).error().code == "der.tag");  // and stays where it is
    const auto sequence = r.next();
    REQUIRE(sequence);
    CHECK(sequence->tag == 0x30);
    CHECK(DerReader(sequence->content).next(0x02));
    CHECK(r.next(0x05)->content.empty());
    CHECK(r.at_end());
    CHECK(r.next().error().code == "der.truncated");
}

TEST_CASE("DER lengths: short, long, and none but the shortest") {
    Bytes long_form = hex("048180");
    long_form.resize(3 + 128);
    CHECK(DerReader(long_form).next()->content.size() == 128);
    long_form[2] = std::byte{0x7F};
    CHECK(DerReader(long_form).next().error().code == "der.length");
    CHECK(DerReader(hex("0480")).next().error().code == "der.length");
    CHECK(DerReader(hex("04820001ff")).next().error().code == "der.length");
    CHECK(DerReader(hex("04850000000001ff")).next().error().code == "der.length");
    CHECK(DerReader(hex("0484ffffffff00")).next().error().code == "der.truncated");
    CHECK(DerReader(hex("0482ff")).next().error().code == "der.truncated");
    CHECK(DerReader(hex("0402ff")).next().error().code == "der.truncated");
    CHECK(DerReader(hex("04")).next().error().code == "der.truncated");
    CHECK(DerReader(hex("1f8101ff")).next().error().code == "der.tag");
}
