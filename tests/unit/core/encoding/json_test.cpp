#include "core/encoding/json.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <random>

using namespace paso;

namespace {

std::string canonical(std::string_view text) {
    const auto v = parse_json(text);
    return v ? canonical_json(*v) : std::string{v.error().code};
}

}  // namespace

TEST_CASE("canonical form as RFC 8785 section 3.2.2 shows it") {
    CHECK(canonical(R"({
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    })") == "json.number");  // 333333333.33333329 is no double: here it is an error, never rounded
    CHECK(canonical(R"({
        "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    })") == R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
            "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("members in the order of RFC 8785 section 3.2.3: by UTF-16") {
    CHECK(canonical(R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",)"
                    R"("1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small"})") ==
          "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small\","
          "\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\","
          "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("numbers as RFC 8785 appendix B gives them") {
    const std::pair<std::uint64_t, std::string_view> cases[] = {{0x0000000000000000, "0"},
                                                                {0x8000000000000000, "0"},
                                                                {0x0000000000000001, "5e-324"},
                                                                {0x8000000000000001, "-5e-324"},
                                                                {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                                {0x4340000000000000, "9007199254740992"},
                                                                {0xc340000000000000, "-9007199254740992"},
                                                                {0x4430000000000000, "295147905179352830000"},
                                                                {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                                {0x44b52d02c7e14af6, "1e+23"},
                                                                {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                                {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                                {0x444b1ae4d6e2ef50, "1e+21"},
                                                                {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                                {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                                {0x41b3de4355555553, "333333333.3333332"},
                                                                {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                                {0x43143ff3c1cb0959, "1424953923781206.2"}};
    for (const auto& [bits, text] : cases) {
        INFO(text);
        CHECK(canonical(text) == text);
        CHECK(std::strtod(std::string{text}.c_str(), nullptr) == std::bit_cast<double>(bits));
    }
    CHECK(canonical("-0") == "0");
    CHECK(canonical("1.10") == "1.1");
    CHECK(canonical("100e-2") == "1");
    CHECK(canonical("0e999999999999") == "json.number");
    for (const std::string_view bad : {"12345678901234567890", "0.1000000000000000055", "1e400", "1e-400"})
        CHECK(canonical(bad) == "json.number");
}

TEST_CASE("a name that stands twice is an error, however it is written") {
    CHECK(canonical(R"({"a":1,"a":1})") == "json.duplicate");
    CHECK(canonical(R"({"a":1,"\u0061":2})") == "json.duplicate");
    CHECK(canonical(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})") == R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})");
}

TEST_CASE("no JSON") {
    for (const std::string_view bad : {"",
                                       " ",
                                       "{",
                                       "[",
                                       "]",
                                       "[1,]",
                                       "[,1]",
                                       "[1 2]",
                                       "{\"a\"}",
                                       "{\"a\":}",
                                       "{\"a\":1,}",
                                       "{a:1}",
                                       "01",
                                       "1.",
                                       ".5",
                                       "+1",
                                       "1e",
                                       "--1",
                                       "tru",
                                       "nul",
                                       "\"",
                                       "\"\n\"",
                                       "1 1",
                                       "[1]]",
                                       "{\"a\" 1}",
                                       "'a'",
                                       "NaN",
                                       "\xEF\xBB\xBF"
                                       "1"}) {
        INFO(bad);
        CHECK(canonical(bad) == "json.syntax");
    }
    for (const std::string_view bad :
         {R"("\x")", R"("\u12")", R"("\ud800")", R"("\ud800\u0041")", R"("\udc00")", R"("\u+123")", "\"\\"}) {
        INFO(bad);
        CHECK(canonical(bad) == "json.escape");
    }
    CHECK(canonical("\"\xFF\"") == "json.utf8");
    CHECK(canonical("\"\xED\xA0\x80\"") == "json.utf8");
    CHECK(canonical(std::string_view("\"\0\"", 3)) == "json.syntax");
    CHECK(canonical(std::string_view("1\0", 2)) == "json.syntax");
}

TEST_CASE("bounded: depth, values, bytes") {
    const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    CHECK(canonical(nested(16)) == nested(16));
    CHECK(canonical(nested(17)) == "json.depth");
    CHECK(canonical(std::string(60'000, '[')) == "json.depth");
    CHECK(parse_json("[1,2,3]", {.values = 3}).error().code == "json.too_large");
    CHECK(parse_json("[1,2,3]", {.values = 4}));
    CHECK(parse_json(std::string(70'000, ' ')).error().code == "json.too_large");
}

TEST_CASE("what is canonical stays as it is, and places are told") {
    const auto v = parse_json(R"( {"b" : [1, "x"], "a/~": null} )");
    REQUIRE(v);
    CHECK(v->offset == 1);
    CHECK(v->find("b")->items[1].offset == 12);
    CHECK(v->find("b")->items[1].size == 3);
    CHECK(v->find("c") == nullptr);
    CHECK(pointer_step("a/~") == "/a~1~0");
    std::mt19937 r(1);
    for (int i = 0; i < 3000; ++i) {
        const double d = std::bit_cast<double>(std::uint64_t{r()} << 32U | r());
        if (!(d - d == 0)) continue;  // infinite or no number
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", d);
        const double back = std::strtod(text, nullptr);
        REQUIRE(back == d);
        const std::string once = canonical(text);
        if (once == "json.number") continue;  // 17 digits where fewer say the same double
        REQUIRE(canonical(once) == once);
        REQUIRE(std::strtod(once.c_str(), nullptr) == d);
    }
}
