#include "sync/config/settings.hpp"

#include <catch2/catch.hpp>

using namespace paso;

namespace {
constexpr std::string_view sample = R"(
name = "centre"
limit = 12
[pages]
listen = "tcp:127.0.0.1:0"
open = true
languages = ["en", "es"]
[[station]]
id = "uto-001-k1"
log_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
[[station]]
id = "uto-001-d1"
log_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
)";
}

TEST_CASE("settings are read by name") {
    auto s = Settings::parse(sample);
    REQUIRE(s);
    CHECK(s->text("name") == "centre");
    CHECK(s->number_or("limit", 3) == 12);
    CHECK(s->number_or("other", 3) == 3);
    CHECK(s->text("pages.listen") == "tcp:127.0.0.1:0");
    CHECK(s->flag_or("pages.open", false));
    CHECK(s->texts_or_none("pages.languages") == std::vector<std::string>{"en", "es"});
    std::vector<std::string> ids;
    s->tables("station", [&](Settings& t) {
        ids.push_back(t.station("id").text());
        CHECK(t.public_key("log_key")[0] == std::byte{0xd7});
    });
    CHECK(ids == std::vector<std::string>{"uto-001-k1", "uto-001-d1"});
    CHECK(s->finish());
}

TEST_CASE("what is wrong is named with its key and line") {
    const auto error = [](std::string_view text, auto read) {
        auto s = Settings::parse(text);
        if (!s) return s.error();
        read(*s);
        const Status status = s->finish();
        REQUIRE_FALSE(status);
        return status.error();
    };
    const auto nothing = [](Settings&) {};
    CHECK(error("a = \n", nothing).code == "config.syntax");
    CHECK(error("\nb = = 2", nothing).place.line == 2U);
    CHECK(error("a = 1\nnmae = 'x'", [](Settings& s) { (void)s.number_or("a", 0); }).code == "config.unknown");
    CHECK(error("a = 1\nnmae = 'x'", [](Settings& s) { (void)s.number_or("a", 0); }).place.line == 2U);
    CHECK(error("", [](Settings& s) { (void)s.text("name"); }).detail == "name: is needed");
    CHECK(error("[p]\nname = 3", [](Settings& s) { (void)s.text("p.name"); }).code == "config.type");
    CHECK(error("id = 'No Such'", [](Settings& s) { (void)s.station("id"); }).code == "config.value");
    CHECK(error("k = 'abcd'", [](Settings& s) { (void)s.public_key("k"); }).code == "config.value");
    const Error inner = error("[[station]]\nid = 'a'\n[[station]]\nid = 5\n",
                              [](Settings& s) { s.tables("station", [](Settings& t) { (void)t.station("id"); }); });
    CHECK(inner.code == "config.type");
    CHECK(inner.detail == "station[1].id: must be a text");
    CHECK(inner.place.line == 4U);
    const Error sign = error("a = 1\nb \xEF\xAD\x90 = 1", [](Settings&) {});  // toml++ must not see it
    CHECK(sign.code == "config.syntax");
    CHECK(sign.place == Place{{}, 2, 3});
    CHECK(error("station = 3", [](Settings& s) { s.tables("station", [](Settings&) {}); }).code == "config.type");
}
