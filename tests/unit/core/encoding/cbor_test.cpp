#include "core/encoding/cbor.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace paso;

namespace {

std::string hex(CborWriter& w) { return to_hex(w.view()); }

Bytes bytes_of(std::string_view text) { return *from_hex(text); }

}  // namespace

TEST_CASE("the examples of RFC 8949 appendix A that canonical CBOR has") {
    const std::pair<std::uint64_t, std::string_view> numbers[] = {{0, "00"},
                                                                  {1, "01"},
                                                                  {10, "0a"},
                                                                  {23, "17"},
                                                                  {24, "1818"},
                                                                  {25, "1819"},
                                                                  {100, "1864"},
                                                                  {1000, "1903e8"},
                                                                  {1000000, "1a000f4240"},
                                                                  {1000000000000, "1b000000e8d4a51000"},
                                                                  {18446744073709551615U, "1bffffffffffffffff"}};
    for (const auto& [value, text] : numbers) {
        CborWriter w;
        w.unsigned_integer(value);
        CHECK(hex(w) == text);
        const Bytes encoded = bytes_of(text);
        CborReader r(encoded);
        CHECK(r.unsigned_integer() == value);
        CHECK(r.finish());
    }
    const std::pair<std::int64_t, std::string_view> negatives[] = {
        {-1, "20"}, {-10, "29"}, {-100, "3863"}, {-1000, "3903e7"}};
    for (const auto& [value, text] : negatives) {
        CborWriter w;
        w.integer(value);
        CHECK(hex(w) == text);
        const Bytes encoded = bytes_of(text);
        CHECK(CborReader(encoded).integer() == value);
    }
    CborWriter w;
    w.array(2).text("IETF").bytes(bytes_of("01020304"));
    CHECK(hex(w) == "8264494554464401020304");
    CborWriter m;
    m.map(2).key(1).integer(2).key(3).integer(4);
    CHECK(hex(m) == "a201020304");
    CborWriter s;
    s.array(3).boolean(false).boolean(true).null();
    CHECK(hex(s) == "83f4f5f6");
}

TEST_CASE("what is not canonical, cut off or of another kind is an error with its place") {
    const std::pair<std::string_view, std::string_view> cases[] = {{"", "cbor.truncated"},
                                                                   {"1817", "cbor.not_canonical"},
                                                                   {"190017", "cbor.not_canonical"},
                                                                   {"18", "cbor.truncated"},
                                                                   {"5f", "cbor.not_canonical"},
                                                                   {"43aabb", "cbor.truncated"},
                                                                   {"62c328", "cbor.utf8"},
                                                                   {"9bffffffffffffffff", "cbor.truncated"},
                                                                   {"a2010102ff", "cbor.kind"},
                                                                   {"a202010101", "cbor.not_canonical"},
                                                                   {"a201010101", "cbor.not_canonical"},
                                                                   {"f97c00", "cbor.kind"},
                                                                   {"c11a514b67b0", "cbor.kind"},
                                                                   {"0000", "cbor.trailing"}};
    for (const auto& [text, code] : cases) {
        const Bytes encoded = bytes_of(text);
        const Status s = check_canonical(encoded);
        INFO(text);
        REQUIRE_FALSE(s);
        CHECK(s.error().code == code);
        CHECK(s.error().place.offset);
    }
}

TEST_CASE("depth is bounded") {
    Bytes deep(17, std::byte{0x81});
    deep.push_back(std::byte{0});
    CHECK(check_canonical(deep).error().code == "cbor.depth");
    CHECK(check_canonical(ByteView{deep}.subspan(1)));
    CHECK_FALSE(check_canonical(Bytes(100000, std::byte{0x81})));
}

TEST_CASE("after the first error every call fails with it") {
    const Bytes encoded = bytes_of("0162");
    CborReader r(encoded);
    CHECK_FALSE(r.text());
    CHECK(r.unsigned_integer().error().code == "cbor.kind");
    CHECK(r.finish().error().code == "cbor.kind");
}

namespace {

void put_some(CborWriter& w, std::mt19937_64& r, int depth) {
    switch (r() % (depth > 0 ? 8 : 6)) {
        case 0:
            w.unsigned_integer(r() >> (r() % 64));
            return;
        case 1:
            w.integer(-static_cast<std::int64_t>(r() >> (1 + r() % 60)) - 1);
            return;
        case 2:
            w.bytes(Bytes(r() % 300, static_cast<std::byte>(r())));
            return;
        case 3:
            w.text(std::string(r() % 30, 'x') + "\xC3\xA9");
            return;
        case 4:
            w.boolean(r() % 2 == 0);
            return;
        case 5:
            w.null();
            return;
        case 6: {
            const std::uint64_t n = r() % 5;
            w.array(n);
            for (std::uint64_t i = 0; i < n; ++i) put_some(w, r, depth - 1);
            return;
        }
        default: {
            const std::uint64_t n = r() % 30;
            w.map(n);
            for (std::uint64_t i = 0; i < n; ++i) {
                w.key(static_cast<std::int64_t>(i));
                put_some(w, r, depth - 1);
            }
        }
    }
}

}  // namespace

TEST_CASE("everything written is canonical; every mutation is accepted as canonical or refused") {
    std::mt19937_64 r(1);
    for (int i = 0; i < 3000; ++i) {
        CborWriter w;
        put_some(w, r, 4);
        Bytes b = w.view();
        REQUIRE(check_canonical(b));
        CborReader whole(b);
        const auto item = whole.item();
        REQUIRE(item);
        REQUIRE(item->size() == b.size());
        REQUIRE_FALSE(check_canonical(ByteView{b}.first(b.size() - 1)));
        b[r() % b.size()] = static_cast<std::byte>(r());
        (void)check_canonical(b);
    }
}
