// `paso pack print`: the reading copy of the shipped pack.
#include "kiosk/tool/pack_page.hpp"

#include <catch2/catch.hpp>

#include "core/inspection/inspection.hpp"
#include "kiosk/tool/pack_print_command.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/unit/kiosk/tool/shipped_pack.hpp"

using namespace paso;

namespace {

std::size_t count(const std::string& text, std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("the reading copy of the shipped pack has every rule, its basis, exemption, tests and tables") {
    test::ManualEnv env;
    env.files.content["a.toml"] = to_bytes(as_bytes(test::shipped_pack()));
    std::vector<std::string> errors;
    const auto print = [&](const PackPrintOptions& options) {
        return print_pack(
            env.env, options, schema(), [](const std::string&) {}, [&](const std::string& e) { errors.push_back(e); });
    };
    REQUIRE(print({"a.toml", "es", "a.html"}) == 0);
    const std::string page{as_text(env.files.content.at("a.html"))};
    CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"));
    CHECK(count(page, "<article ") == 11);
    CHECK(page.find("Sample. Not for a real border.") != page.npos);
    CHECK(page.find("before the day six months after the local date at the post") != page.npos);
    CHECK(page.find("This is not so if the nationality is that of the State of the post") != page.npos);
    CHECK(page.find("Sample agreement of Utopia and AAB, 2026") != page.npos);
    CHECK(page.find("until 31 December 2026") != page.npos);
    CHECK(page.find("whatever the cause") != page.npos);
    CHECK(page.find("This rule asks for nobody where the cause is that this document, post or table has no answer.") !=
          page.npos);
    CHECK(page.find("<span lang=\"es\" dir=\"ltr\">“Hable con un oficial.") != page.npos);
    CHECK(page.find("<script") == page.npos);
    CHECK(page.find("&&") == page.npos);
    CHECK(page.find("==") == page.npos);
    CHECK(print({"a.toml", "ar", "b.html"}) == 0);
    CHECK(as_text(env.files.content.at("b.html")).find("<span lang=\"ar\" dir=\"rtl\">") != page.npos);
    CHECK(print({"a.toml", "xx", ""}) == 1);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0] == "a.toml: no reason has words in xx; there are: ar en es");
}

TEST_CASE("what a pack says is text on the page, never elements") {
    std::string pack = test::shipped_pack();
    const std::string title = "title = \"Every check digit holds\"";
    pack.replace(pack.find(title), title.size(), "title = \"<b>&amp; 'all' \\\"hold\\\"\"");
    test::ManualEnv env;
    env.files.content["a.toml"] = to_bytes(as_bytes(pack));
    std::string page;
    CHECK(print_pack(
              env.env, {"a.toml", "en", ""}, schema(), [&](const std::string& p) { page = p; },
              [](const std::string&) {}) == 0);
    CHECK(page.find("<b>") == page.npos);
    CHECK(page.find("&lt;b&gt;&amp;amp; 'all' &quot;hold&quot;") != page.npos);
}

TEST_CASE("the meaning of every fact of the schema makes a name or a clause") {
    for (const FactDeclaration& f : schema().facts()) {
        INFO(f.name);
        CHECK_FALSE(f.meaning.empty());
        CHECK((f.type == FactType::boolean) == f.meaning.starts_with("whether "));
    }
}
