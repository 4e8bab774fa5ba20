#include "core/encoding/csv.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace paso;

namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> read(std::string_view text) {
    const auto records = parse_csv(text);
    if (!records) FAIL(describe(records.error()));
    std::vector<Fields> out;
    for (const CsvRecord& r : *records) out.push_back(r.fields);
    return out;
}

}  // namespace

TEST_CASE("records as RFC 4180 section 2 has them") {
    CHECK(read("").empty());
    CHECK(read("aaa,bbb\r\nzzz,yyy\r\n") == std::vector<Fields>{{"aaa", "bbb"}, {"zzz", "yyy"}});
    CHECK(read("aaa,bbb\nzzz,yyy") == std::vector<Fields>{{"aaa", "bbb"}, {"zzz", "yyy"}});
    CHECK(read("\"aaa\",\"b \r\nbb\",\"c\"\r\n") == std::vector<Fields>{{"aaa", "b \r\nbb", "c"}});
    CHECK(read("\"a\"\"b\",\"\"\"\"") == std::vector<Fields>{{"a\"b", "\""}});
    CHECK(read(" a , b\n,\n") == std::vector<Fields>{{" a ", " b"}, {"", ""}});
    CHECK(read("\"\",x\n") == std::vector<Fields>{{"", "x"}});
    CHECK(read("a,") == std::vector<Fields>{{"a", ""}});
    CHECK(read("\xEF\xBB\xBFnumber\nñ\n") == std::vector<Fields>{{"number"}, {"ñ"}});
}

TEST_CASE("each record knows the line where it begins") {
    const auto records = parse_csv("a\n\"b\nc\n\"\nd\n");
    REQUIRE(records);
    REQUIRE(records->size() == 3);
    CHECK((*records)[0].line == 1);
    CHECK((*records)[1].line == 2);
    CHECK((*records)[2].line == 5);
}

TEST_CASE("what is wrong is named with line and column, never with what stands there") {
    struct Case {
        std::string_view text;
        std::string_view code;
        std::uint32_t line;
        std::uint32_t column;
    };
    const Case cases[] = {
        {"a,b\nSECRET\n", "csv.fields", 2, 1},   {"a\n\nb\n", "csv.fields", 2, 1},
        {"a\nSECRET\"x\n", "csv.quote", 2, 7},   {"a\n\"SECRET\"x\n", "csv.quote", 2, 9},
        {"a\n\"SECRET", "csv.quote", 2, 8},      {"a\rb\n", "csv.character", 1, 2},
        {"SECRET\x01\n", "csv.character", 1, 7}, {"a\nSECRET\xFF\n", "csv.utf8", 2, 7},
        {"\xEF\xBB\xBFñ\xC3", "csv.utf8", 1, 3},
    };
    for (const Case& c : cases) {
        const auto records = parse_csv(c.text);
        INFO(c.text);
        REQUIRE_FALSE(records);
        CHECK(records.error().code == c.code);
        CHECK(records.error().place.line == c.line);
        CHECK(records.error().place.column == c.column);
        CHECK(describe(records.error()).find("SECRET") == std::string::npos);
    }
    CHECK(parse_csv(std::string_view{"\"a\0\"", 4}).error().code == "csv.character");
}

TEST_CASE("records and fields are bounded") {
    CHECK(parse_csv("a\nb\n", {.records = 2}));
    CHECK(parse_csv("a\nb\nc\n", {.records = 2}).error().code == "csv.too_large");
    CHECK(parse_csv("a,b\n", {.fields = 2}));
    CHECK(parse_csv("a,b,c\n", {.fields = 2}).error().code == "csv.too_large");
}

TEST_CASE("whatever fields are written with quotes are read back") {
    std::mt19937 r(1);
    const std::string_view some = "ab,\"\r\n\t ";
    for (int i = 0; i < 3000; ++i) {
        const std::size_t width = 1 + r() % 4;
        std::vector<Fields> table(1 + r() % 5, Fields(width));
        std::string text;
        for (Fields& row : table) {
            for (std::size_t f = 0; f < width; ++f) {
                row[f].resize(r() % 6, 'x');
                for (char& c : row[f]) c = some[r() % some.size()];
                std::string quoted = "\"";
                for (const char c : row[f]) quoted += c == '"' ? std::string{"\"\""} : std::string(1, c);
                text += (f == 0 ? "" : ",") + quoted + "\"";
            }
            text += r() % 2 == 0 ? "\n" : "\r\n";
        }
        REQUIRE(read(text) == table);
        text[r() % text.size()] = static_cast<char>(r());
        (void)parse_csv(text);
    }
}
