// `paso pack diff`: the shipped pack against what an author might make of it.
#include "kiosk/tool/pack_diff_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <vector>

#include "core/inspection/inspection.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/unit/kiosk/tool/shipped_pack.hpp"

using namespace paso;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), by);
}

struct Printed {
    int code = -1;
    std::vector<std::string> lines;
    std::vector<std::string> errors;
    [[nodiscard]] bool has(const std::string& line) const {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
};

Printed ask(const std::string& before, const std::string& after, bool json = false) {
    test::ManualEnv env;
    env.files.content["old.toml"] = to_bytes(as_bytes(before));
    env.files.content["new.toml"] = to_bytes(as_bytes(after));
    Printed a;
    a.code = show_pack_diff(
        env.env, {"old.toml", "new.toml", json}, schema(), [&](const std::string& l) { a.lines.push_back(l); },
        [&](const std::string& l) { a.errors.push_back(l); });
    return a;
}

}  // namespace

TEST_CASE("a younger age is shown by a traveller of sixteen, in words and as JSON") {
    const std::string younger = replaced(test::shipped_pack(), "person.age < 18", "person.age < 16");
    const Printed a = ask(test::shipped_pack(), younger);
    CHECK(a.code == 3);
    CHECK(a.has("changed: minor.alone"));
    CHECK(a.has("  now:    clear, and the rule says nothing"));
    CHECK(std::any_of(a.lines.begin(), a.lines.end(),
                      [](const auto& l) { return l.ends_with("age today: 16 (person.age)"); }));
    const Printed j = ask(test::shipped_pack(), younger, true);
    REQUIRE(j.lines.size() == 1);
    const auto changes = boost::json::parse(j.lines[0]).at("changes").as_array();
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].at("rule") == "minor.alone");
    CHECK(changes[0].at("verdict") == "differs");
    CHECK(changes[0].at("new").at("outcome") == "clear");
    CHECK(changes[0].at("new").at("reasons").as_array().empty());
}

TEST_CASE("nothing changed, something cannot be told, something cannot be read") {
    CHECK(ask(test::shipped_pack(), test::shipped_pack()).code == 0);
    const Printed same = ask(test::shipped_pack(), replaced(test::shipped_pack(), "when = \"!document.present\"",
                                                            "when = \"document.present == false\""));
    CHECK(same.code == 0);
    CHECK(same.has("changed: document.read: written in another way, says the same of everybody"));
    const Printed moved =
        ask(test::shipped_pack(), replaced(test::shipped_pack(), "document.expiry < trip.today + months(6)",
                                           "document.expiry - months(6) < trip.today"));
    CHECK(moved.code == 3);
    const Printed none = ask(test::shipped_pack(), "id = 1");
    CHECK(none.code == 1);
    REQUIRE(none.errors.size() == 1);
    CHECK(none.errors[0].starts_with("new.toml: "));
}
