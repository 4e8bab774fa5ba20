#include "core/encoding/base64.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace paso;

TEST_CASE("base64 as RFC 4648 section 10 shows it, and back") {
    const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : cases) {
        CHECK(base64(as_bytes(plain)) == coded);
        CHECK(from_base64(coded) == to_bytes(as_bytes(plain)));
    }
    std::mt19937 r(1);
    for (int i = 0; i < 500; ++i) {
        Bytes b(r() % 60);
        for (auto& x : b) x = static_cast<std::byte>(r());
        REQUIRE(from_base64(base64(b)) == b);
    }
    for (const std::string_view bad : {"Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Z g=", "Zm9v!A=="})
        CHECK_FALSE(from_base64(bad));
}

TEST_CASE("base64url: no padding, other characters for 62 and 63") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}};
    for (const auto& [plain, coded] : cases) {
        CHECK(base64url(as_bytes(plain)) == coded);
        CHECK(from_base64url(coded) == to_bytes(as_bytes(plain)));
    }
    const Bytes high{std::byte{0xFB}, std::byte{0xFF}, std::byte{0xFE}};
    CHECK(base64(high) == "+//+");
    CHECK(base64url(high) == "-__-");
    CHECK(from_base64url("-__-") == high);
    CHECK_FALSE(from_base64("-__-"));
    CHECK_FALSE(from_base64url("+//+"));
    for (const std::string_view bad : {"Z", "Zh", "Zm9", "Zg==", "Zg=", "Z g", "Zm9vZ", "Zm9v\n"}) {
        INFO(bad);
        const auto decoded = from_base64url(bad);
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().code == "base64.format");
        CHECK(decoded.error().place.offset);
    }
    std::mt19937 r(2);
    for (int i = 0; i < 500; ++i) {
        Bytes b(r() % 60);
        for (auto& x : b) x = static_cast<std::byte>(r());
        REQUIRE(from_base64url(base64url(b)) == b);
    }
}

TEST_CASE("each byte string has one base64: what is accepted is written the same again") {
    std::mt19937 r(3);
    const std::string_view alphabet = "AQgwZz+/-_=09!\n";
    int accepted = 0;
    for (int i = 0; i < 200000; ++i) {
        std::string text(r() % 9, 'A');
        for (char& c : text) c = alphabet[r() % alphabet.size()];
        if (const auto b = from_base64(text)) {
            ++accepted;
            REQUIRE(base64(*b) == text);
        }
        if (const auto b = from_base64url(text)) {
            ++accepted;
            REQUIRE(base64url(*b) == text);
        }
    }
    CHECK(accepted > 100);
}
