#include "core/encoding/c40.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "core/encoding/base32.hpp"

using namespace paso;

namespace {
Bytes hex(std::string_view text) { return from_hex(text).value(); }
}  // namespace

TEST_CASE("C40 as Doc 9303-13 section 2.6.1 shows it") {
    CHECK(to_c40("XK CD").value() == hex("eb0466a9"));  // "XK<CD": a filler is written as a space
    CHECK(to_c40("XKCD").value() == hex("eb11fe45"));
    CHECK(to_c40("XK<CD").error().code == "c40.character");
    CHECK(from_c40(hex("d9c5")) == "UTO");
    CHECK(from_c40(hex("6abc")) == "D  ");
    CHECK(from_c40(hex("3a99")) == "5B");
    CHECK(from_c40(hex("26532081")) == "21614");
    CHECK(to_c40("A").value() == hex("fe42"));
    CHECK(from_c40(hex("fe42")) == "A");
    CHECK(to_c40("AB").value() == hex("59d9"));
    CHECK(to_c40("").value().empty());
    CHECK(to_c40("ab").error().code == "c40.character");
}

TEST_CASE("C40: what no writer writes") {
    for (const std::string_view bad : {"d9", "0000", "ffff", "d9c5d9", "fe42d9c5", "fe62", "fe00", "0001", "fa01"}) {
        INFO(bad);
        CHECK(from_c40(hex(bad)).error().code == "c40.format");
    }
}

TEST_CASE("C40 read and written: each text has one form") {
    std::mt19937 r(1);
    const std::string_view alphabet = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int i = 0; i < 2000; ++i) {
        std::string text(r() % 30, ' ');
        for (char& c : text) c = alphabet[r() % alphabet.size()];
        const auto bytes = to_c40(text);
        REQUIRE(bytes);
        REQUIRE(bytes->size() == c40_size(text.size()));
        REQUIRE(from_c40(*bytes) == text);
    }
    for (unsigned pair = 0; pair < 65'536; ++pair) {
        const Bytes bytes{static_cast<std::byte>(pair >> 8U), static_cast<std::byte>(pair & 255U)};
        if (const auto text = from_c40(bytes)) REQUIRE(to_c40(*text) == bytes);
    }
}

TEST_CASE("base32 as RFC 4648 section 10 shows it, without padding") {
    const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                   {"f", "MY"},
                                                                   {"fo", "MZXQ"},
                                                                   {"foo", "MZXW6"},
                                                                   {"foob", "MZXW6YQ"},
                                                                   {"fooba", "MZXW6YTB"},
                                                                   {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, coded] : cases) {
        CHECK(base32(as_bytes(plain)) == coded);
        CHECK(from_base32(coded) == to_bytes(as_bytes(plain)));
    }
    for (const std::string_view bad : {"M", "MZX", "MZXW6Y", "MZ", "mzxw6", "MY======", "M1", "MZXW6YTB O"})
        CHECK(from_base32(bad).error().code == "base32.format");
    std::mt19937 r(1);
    for (int i = 0; i < 500; ++i) {
        Bytes b(r() % 60);
        for (auto& x : b) x = static_cast<std::byte>(r());
        REQUIRE(from_base32(base32(b)) == b);
    }
}
