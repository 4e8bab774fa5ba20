#include "core/encoding/toml_guard.hpp"

#include <catch2/catch.hpp>

using namespace paso;

namespace {

bool passes(std::string_view text) { return check_toml_characters(text).has_value(); }

Place place(std::string_view text) {
    const Status s = check_toml_characters(text);
    INFO(text);
    REQUIRE_FALSE(s);
    return s.error().place;
}

}  // namespace

// TOML 1.0.0: "Comment", "Keys" and "String".
TEST_CASE("characters outside of ASCII stand in strings and comments") {
    for (const char* text : {"",
                             "a = 1",
                             "a = 'é'",
                             "a = \"é\"",
                             "'é' = 1",
                             "\"é\".b = 1 # é",
                             "# é\na = 1",
                             "a = [\"é\", # é\n 'é']",
                             "a = { b = 'é', c = \"é\" }",
                             "a = '''é\n'é''é''''",
                             "[a.'é']",
                             "a = \"\"\"é\n\"é\"\"é\"\"\"\"\"",
                             "a = \"\\\"é\"",
                             "a = '\\'\nb = 'é'",
                             "a = \"\"\nb='é'",
                             "a = \"\"\"\\\n   x é\"\"\"",
                             "\xEF\xBB\xBF# é",
                             "a1='é'",
                             "a = \"\\u00E9é\"",
                             "k = [[1, 2], ['é']]",
                             "d = 1979-05-27 07:32:00 # é",
                             "a = ''''é'''"}) {
        INFO(text);
        CHECK(passes(text));
    }
}

TEST_CASE("a key of more parts than the parser's stack bears is named") {
    const auto dotted = [](std::size_t parts) {
        std::string out = "a = 1\n'a'";
        for (std::size_t n = 1; n < parts; ++n) out += " .a";
        return out + " = 1\n";
    };
    CHECK(passes(dotted(max_key_depth)));
    CHECK(check_toml_characters(dotted(max_key_depth + 2)).error().code == "toml.depth");
    CHECK(place(dotted(100'000)).line == 2U);
    CHECK(check_toml_characters("[" + dotted(100'000) + "]").error().code == "toml.depth");
    CHECK(passes("a = [" + std::string(10'000, '1') + ".5, 1.5, 1.5]\nb = '...'"));
    std::string many;
    for (int n = 0; n < 300; ++n) many += "1.5, ";
    CHECK(passes("a = [" + many + "]"));
}

TEST_CASE("anywhere else they are named with line and column in characters") {
    CHECK(place("é = 1") == Place{{}, 1, 1});
    CHECK(place("a = 1\nb = 'é' \xEF\xAD\x90") == Place{{}, 2, 9});
    CHECK(place("a = 1'\xEF\xAD\x90'").column == 6U);  // of the quote
    CHECK(place("a = 1979-05-27 1#\xEF\xAD\x90").column == 18U);
    CHECK(place("a = 1='\xEF\xAD\x90'").column == 7U);
    CHECK(place("1=\"\"\"'a = ' \"\"\"\xEF\xAD\x90'").column == 3U);
    CHECK(passes("1='x'"));
    CHECK(place("a = \"\"\"\"\"\"\xEF\xAD\x90").column == 11U);
    CHECK(place("a = \"\"\"\\\n \xEF\xAD\x90\"\"\"") == Place{{}, 2, 2});
    CHECK(place("a = \"\"\"\\\xEF\xAD\x90\"\"\"").column == 9U);
    CHECK(place("a = ''''''\xEF\xAD\x90'''").column == 11U);
    CHECK(place("a = 'x\n\xEF\xAD\x90'") == Place{{}, 2, 1});  // the string ended with its line
    CHECK(place(" \xEF\xBB\xBF") == Place{{}, 1, 2});
    CHECK(check_toml_characters("é").error().code == "toml.character");
    CHECK(check_toml_characters("a = 'é\xC3'").error().code == "toml.utf8");
    CHECK(place("a = 1\n'\xC3'") == Place{{}, 2, 2});
}
