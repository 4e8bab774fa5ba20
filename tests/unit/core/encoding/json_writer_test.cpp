#include "core/encoding/json_writer.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>

using namespace paso;

namespace {

std::string written(JsonWriter& w) {
    auto text = w.take();
    if (!text) FAIL(describe(text.error()));
    return *text;
}

std::string one_text(std::string_view value) {
    JsonWriter w;
    w.text(value);
    return written(w);
}

std::string one_number(double value) {
    JsonWriter w;
    w.number(value);
    return written(w);
}

template <class Write>
std::string error_of(Write write) {
    JsonWriter w;
    write(w);
    const auto text = w.take();
    REQUIRE_FALSE(text);
    CHECK(text.error().code == "json.write");
    return text.error().detail;
}

}  // namespace

TEST_CASE("objects and arrays, with commas where they belong") {
    JsonWriter w;
    w.begin_object().key("a").begin_array().integer(-1).unsigned_integer(18446744073709551615U).boolean(true);
    w.null().begin_object().end_object().begin_array().end_array().end_array();
    w.key("b").text("x").key("c").number(0.5).end_object();
    CHECK(written(w) == R"({"a":[-1,18446744073709551615,true,null,{},[]],"b":"x","c":0.5})");
}

TEST_CASE("texts are escaped as RFC 8259 demands, and so that a page may hold them") {
    CHECK(one_text("") == R"("")");
    CHECK(one_text("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(one_text(std::string_view{"\0\x1F\n\x7F", 4}) == R"("\u0000\u001f\u000a\u007f")");
    CHECK(one_text("</script>&") == R"("\u003c/script\u003e\u0026")");
    CHECK(one_text("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA") == "\"\\u2028\\u2029\xE2\x80\xAA\"");
    CHECK(one_text("ñ مرحبا") == "\"ñ مرحبا\"");
    JsonWriter w;
    w.begin_object().key("\"\n").null().end_object();
    CHECK(written(w) == R"({"\"\u000a":null})");
}

TEST_CASE("numbers read back as they were") {
    CHECK(one_number(0.1) == "0.1");
    CHECK(one_number(-2) == "-2");
    for (const double d : {1e300, 5e-324, 1.0 / 3, 123456789.123, 9007199254740993.0})
        CHECK(std::strtod(one_number(d).c_str(), nullptr) == d);
}

TEST_CASE("what would be no JSON is told, whatever comes after") {
    CHECK(error_of([](JsonWriter&) {}) == "the value is not complete");
    CHECK(error_of([](JsonWriter& w) { w.begin_array(); }) == "the value is not complete");
    CHECK(error_of([](JsonWriter& w) { w.begin_object().integer(1); }) == "a value without a key");
    CHECK(error_of([](JsonWriter& w) { w.begin_object().key("a").key("b"); }) == "a key where none belongs");
    CHECK(error_of([](JsonWriter& w) { w.begin_array().key("a"); }) == "a key where none belongs");
    CHECK(error_of([](JsonWriter& w) { w.key("a"); }) == "a key where none belongs");
    CHECK(error_of([](JsonWriter& w) { w.begin_object().key("a").end_object(); }) == "a key without a value");
    CHECK(error_of([](JsonWriter& w) { w.begin_object().end_array(); }) == "an end that does not fit");
    CHECK(error_of([](JsonWriter& w) { w.end_object(); }) == "an end that does not fit");
    CHECK(error_of([](JsonWriter& w) { w.null().null(); }) == "two values at the top");
    CHECK(error_of([](JsonWriter& w) { w.begin_array().end_array().begin_array(); }) == "two values at the top");
    CHECK(error_of([](JsonWriter& w) { w.text("\xC3"); }) == "a text is not UTF-8");
    CHECK(error_of([](JsonWriter& w) { w.begin_object().key("\xFF").null().end_object(); }) == "a text is not UTF-8");
    CHECK(error_of([](JsonWriter& w) { w.number(std::numeric_limits<double>::quiet_NaN()); }) ==
          "a number is not finite");
    CHECK(error_of([](JsonWriter& w) { w.number(std::numeric_limits<double>::infinity()).null(); }) ==
          "a number is not finite");
    const auto nested = [](int levels) {
        return [levels](JsonWriter& w) {
            for (int i = 0; i < levels; ++i) w.begin_array();
            for (int i = 0; i < levels; ++i) w.end_array();
        };
    };
    CHECK(error_of(nested(65)) == "more than 64 levels");
    JsonWriter w;
    nested(64)(w);
    CHECK(written(w) == std::string(64, '[') + std::string(64, ']'));
}
