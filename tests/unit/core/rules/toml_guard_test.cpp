// The guard before toml++ and the parser itself: whatever the guard lets through, the parser must never reach the hole
// in its table of blanks. With a sanitizer that ends the program; without one this shows that the two come to an end.
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "core/encoding/toml_guard.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"
#include "tests/support/effort.hpp"

using namespace paso;

namespace {

// What decides what is a string. The last one is U+FB50, which the parser stumbles over.
constexpr std::array<std::string_view, 16> words{"a", "1", "=", "\"", "'", "\\", "\n", " ",
                                                 "#", "[", "]", ",",  ".", "{",  "}",  "\xEF\xAD\x90"};
constexpr std::string_view letter = words.back();

// 1: the parser was asked.
int ask(const std::string& text) {
    if (text.find(letter) == std::string::npos || !check_toml_characters(text)) return 0;
    const auto pack = parse_draft(as_bytes(text), schema());
    REQUIRE_FALSE(pack);
    return 1;
}

}  // namespace

TEST_CASE("no short text leads the parser into the hole") {
    int asked = 0;
    for (const char* begin : {"a=", "a=[", "a=\"\"\"", "a=1979-05-27 ", "a=1979-05-2\x19 ", "a=1_979-05-2x ", "'"}) {
        for (std::size_t n = 0; n < words.size() * words.size() * words.size() * words.size(); ++n) {
            std::string text{begin};
            for (std::size_t left = n, i = 0; i < 4; ++i, left /= words.size()) text += words[left % words.size()];
            asked += ask(text);
        }
    }
    CHECK(asked > 10'000);
}

TEST_CASE("no longer text leads the parser into the hole") {
    std::mt19937 r(3);
    int asked = 0;
    for (int i = 0; i < test::effort(200'000); ++i) {
        std::string text;
        for (std::size_t n = 3 + r() % 20; n > 0; --n) {
            const std::size_t kind = r() % 8;
            text += kind == 0 ? letter : kind == 1 ? "\"\"\"" : kind == 2 ? "a = " : words[r() % words.size()];
        }
        asked += ask(text);
    }
    CHECK(asked > test::effort(10'000));
}

TEST_CASE("such a character in a pack is an error with its place, and good in its texts") {
    const auto error = [](std::string_view text) { return parse_draft(as_bytes(text), schema()).error(); };
    CHECK(error("id = 'p'\nversion \xEF\xAD\x90 = 1").code == "pack.syntax");
    CHECK(error("id = 'p'\nversion \xEF\xAD\x90 = 1").place == Place{{}, 2, 9});
    CHECK(error("id = 'p' # \xEF\xAD\x90\nversion = '\xEF\xAD\x90'").detail == "a pack has at least one rule");
}
