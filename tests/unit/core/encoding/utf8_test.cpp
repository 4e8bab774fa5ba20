#include "core/encoding/utf8.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace paso;

namespace {

std::string utf8(char32_t c) {
    const auto byte = [](char32_t v) { return static_cast<char>(static_cast<unsigned char>(v)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0 | c >> 6U), byte(0x80 | (c & 63U))};
    if (c < 0x10000) return {byte(0xE0 | c >> 12U), byte(0x80 | (c >> 6U & 63U)), byte(0x80 | (c & 63U))};
    return {byte(0xF0 | c >> 18U), byte(0x80 | (c >> 12U & 63U)), byte(0x80 | (c >> 6U & 63U)), byte(0x80 | (c & 63U))};
}

}  // namespace

TEST_CASE("every code point but the surrogates is UTF-8, and cut off it is not") {
    int wrong = 0;
    for (char32_t c = 0; c < 0x120000; ++c) {
        const bool right = c < 0x110000 && (c < 0xD800 || c > 0xDFFF);
        const std::string s = utf8(c);
        wrong += is_utf8(s) == right ? 0 : 1;
        for (std::size_t n = 1; n < s.size(); ++n) wrong += is_utf8(s.substr(0, n)) ? 1 : 0;
    }
    CHECK(wrong == 0);
}

TEST_CASE("overlong forms, lone tails and other bytes are not UTF-8") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("señal إشارة 🛂"));
    for (const std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF5\x80\x80\x80",
          "\xFF", "a\xC3", "\xC3\x28", "\xED\xA0\x80"}) {
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("what is not UTF-8 is read as Latin-1, what is stays as it stands") {
    CHECK(to_utf8("señal") == "señal");
    CHECK(to_utf8("") == "");
    CHECK(to_utf8("NU\xD1"
                  "EZ") ==
          "NU\xC3\x91"
          "EZ");
    for (int c = 0; c < 256; ++c) CHECK(is_utf8(to_utf8(std::string{static_cast<char>(c), '\xFF'})));
}
