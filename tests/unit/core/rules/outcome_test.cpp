// For whom a rule asks, how quietly, why it does not, and what it says of each cause.
#include <catch2/catch.hpp>

#include "core/encoding/cbor.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"

using namespace paso;

namespace {

const std::string words = "[[reason]]\ncode = 'r'\nen = { traveller = 'Please see an officer.', officer = 'why' }\n";

std::string rule(const std::string& id, const std::string& when, const std::string& more = "",
                 const std::string& unknown = "'ignore'") {
    return "[[rule]]\nid = '" + id + "'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
           "\"\nunknown = " + unknown + "\n" + more;
}

std::string pack_text(const std::string& rules) { return "id = 'p'\nversion = '1'\n" + rules + words; }

Pack pack_of(const std::string& rules) {
    const auto pack = parse_draft(as_bytes(pack_text(rules)), schema());
    if (!pack) FAIL(describe(pack.error()));
    return *pack;
}

Error error_of(const std::string& rules) {
    const auto pack = parse_draft(as_bytes(pack_text(rules)), schema());
    REQUIRE_FALSE(pack);
    return pack.error();
}

Facts adult() {
    Facts f;
    f.set("trip.today", *Date::parse("2026-11-24"));
    f.set("trip.demo", true);
    f.set("person.age", std::int64_t{30});
    f.set("answer.protection", false);
    return f;
}

}  // namespace

TEST_CASE("of several rules the highest says for whom they ask: protection, officer, health") {
    const Pack pack = pack_of(rule("o", "trip.demo") + rule("h", "person.age > 20", "then = 'health'\n") +
                              rule("p", "answer.protection", "then = 'protection'\nprivate = true\n"));
    for (int i = 0; i < 8; ++i) {
        Facts f = adult();
        f.set("trip.demo", (i & 1) != 0);
        f.set("person.age", std::int64_t{(i & 2) != 0 ? 30 : 10});
        f.set("answer.protection", (i & 4) != 0);
        const Outcome expected = (i & 4) != 0   ? Outcome::protection
                                 : (i & 1) != 0 ? Outcome::officer
                                 : (i & 2) != 0 ? Outcome::health
                                                : Outcome::clear;
        CHECK(assess(pack, f).outcome == expected);
        Assessor assessor(pack);
        assessor.bind(f);
        CHECK(assessor.outcome() == expected);
    }
    CHECK(rank(Outcome::protection) > rank(Outcome::officer));
    CHECK(rank(Outcome::officer) > rank(Outcome::health));
    CHECK(rank(Outcome::health) > rank(Outcome::clear));
    for (const std::string_view none : {"refused", "refer", "denied", ""}) CHECK_FALSE(outcome_named(none));
}

TEST_CASE("a finding says for whom, how quietly, and by what it exempts") {
    const Pack pack = pack_of(rule("a", "person.age > 20",
                                   "unless = 'trip.demo'\nunless_basis = 'Article 2'\nthen = 'health'\nprivate = true\n"
                                   "silent = true\n"));
    Facts f = adult();
    Assessment a = assess(pack, f);
    CHECK(a.outcome == Outcome::clear);
    CHECK(a.findings[0].exempted_by == "Article 2");
    f.set("trip.demo", false);
    a = assess(pack, f);
    CHECK(a.outcome == Outcome::health);
    CHECK(a.findings[0].then == Outcome::health);
    CHECK(a.findings[0].is_private);
    CHECK(a.findings[0].is_silent);
    CHECK(a.findings[0].exempted_by.empty());
    f.set("person.age", std::int64_t{3});
    f.set("trip.demo", true);
    CHECK(assess(pack, f).findings[0].exempted_by.empty());  // it never spoke
    f.set_possible("trip.demo", {false, true});
    f.set("person.age", std::int64_t{30});
    CHECK(assess(pack, f).findings[0].exempted_by.empty());  // nobody can tell
}

TEST_CASE("what an older program wrote reads, and is written the same") {
    CborWriter w;
    w.array(5).text("p").text("1").bytes(Digest{}).unsigned_integer(1).array(1);
    w.array(6).text("rule").unsigned_integer(1).boolean(true).text("r").text("b").array(0);
    const Bytes old{w.view()};
    const auto back = decode_assessment(old);
    REQUIRE(back);
    CHECK(back->outcome == Outcome::officer);
    CHECK(back->findings[0].then == Outcome::officer);
    CHECK_FALSE(back->findings[0].is_private);
    CHECK(encode_assessment(*back) == old);
}

TEST_CASE("every manner of a finding is written in one form, and in no other") {
    for (const Outcome then : {Outcome::officer, Outcome::health, Outcome::protection}) {
        for (int i = 0; i < 8; ++i) {
            Assessment a;
            a.outcome = then;
            Finding f{.rule = "r", .basis = "b"};
            f.then = then;
            f.is_private = (i & 1) != 0;
            f.is_silent = (i & 2) != 0;
            if ((i & 4) != 0) f.exempted_by = "e";
            a.findings.push_back(f);
            const auto back = decode_assessment(encode_assessment(a));
            REQUIRE(back);
            CHECK(*back == a);
        }
    }
    const auto coded = [](std::uint64_t outcome, std::uint64_t manner, std::string_view exempted_by) {
        CborWriter w;
        w.array(5).text("p").text("1").bytes(Digest{}).unsigned_integer(outcome).array(1);
        w.array(8).text("rule").unsigned_integer(1).boolean(true).text("r").text("b").array(0);
        w.unsigned_integer(manner).text(exempted_by);
        return Bytes{w.view()};
    };
    CHECK(decode_assessment(coded(3, 7, "")));
    CHECK_FALSE(decode_assessment(coded(4, 7, "")));
    CHECK_FALSE(decode_assessment(coded(3, 4, "")));  // for nobody
    CHECK_FALSE(decode_assessment(coded(3, 16, "")));
    CHECK_FALSE(decode_assessment(coded(1, 1, "")));  // has six items
    CHECK(decode_assessment(coded(1, 1, "e")));
}

TEST_CASE("what is protected is read by private rules of protection alone") {
    CHECK(error_of(rule("p", "answer.protection")).code == "pack.protection");
    CHECK(error_of(rule("p", "answer.protection", "then = 'protection'\n")).code == "pack.protection");
    CHECK(error_of(rule("p", "answer.protection", "private = true\n")).code == "pack.protection");
    CHECK(error_of(rule("p", "trip.demo", "unless = 'answer.talk_alone'\nunless_basis = 'u'\n")).code ==
          "pack.protection");
    CHECK(error_of(rule("p", "trip.demo", "then = 'protection'\n")).code == "pack.protection");
    CHECK(pack_of(rule("p", "answer.protection", "then = 'protection'\nprivate = true\n")).body().rules.size() == 1);
}

TEST_CASE("unknown is stated for every cause, or there is a default that is stated") {
    const std::string all =
        "{ not_read = 'refer', offline = 'ignore', list_stale = 'refer', history_incomplete = 'refer', clock_unsure = "
        "'refer', ambiguous = 'refer', not_asked = 'ignore', not_supported = 'refer', error = 'ignore' }";
    const Pack pack = pack_of(rule("a", "list.number", "", all));
    Facts f = adult();
    for (int i = 1; i <= 8; ++i) {
        const auto cause = static_cast<Cause>(i);
        f.set_unknown("list.number", cause);
        const bool ignored = cause == Cause::offline || cause == Cause::not_asked;
        CHECK(assess(pack, f).outcome == (ignored ? Outcome::clear : Outcome::officer));
    }
    const Pack sums = pack_of(rule("a", "person.age + 9223372036854775807 > 0", "", all));
    CHECK(assess(sums, adult()).outcome == Outcome::clear);
    std::string without = all;
    without.erase(without.find("ambiguous"), std::string{"ambiguous = 'refer', "}.size());
    CHECK(error_of(rule("a", "list.number", "", without)).code == "pack.syntax");
    CHECK(error_of(rule("a", "list.number", "", "{ offline = 'ignore' }")).code == "pack.syntax");
    CHECK(error_of(rule("a", "list.number", "", "{ default = 'sometimes' }")).code == "pack.type");
}

TEST_CASE("an exemption has its own basis, and words have their types") {
    CHECK(error_of(rule("a", "trip.demo", "unless = 'answer.resident'\n")).code == "pack.syntax");
    CHECK(error_of(rule("a", "trip.demo", "unless_basis = 'u'\n")).code == "pack.syntax");
    CHECK(error_of(rule("a", "trip.demo", "then = 'clear'\n")).code == "pack.type");
    CHECK(error_of(rule("a", "trip.demo", "then = 'refused'\n")).code == "pack.type");
    CHECK(error_of(rule("a", "trip.demo", "private = 1\n")).code == "pack.type");
    CHECK(error_of(rule("a", "trip.demo", "silent = 'yes'\n")).code == "pack.type");
}

TEST_CASE("units are not mixed, and values stay in their domain") {
    CHECK(error_of(rule("a", "list.age > person.age")).code == "pack.type");
    CHECK(error_of(rule("a", "party.adults + party.children == stay.used")).code == "pack.type");
    CHECK(pack_of(rule("a", "party.adults + party.children > 3 && list.age > 2 && stay.used > stay.planned"))
              .body()
              .rules.size() == 1);
    const auto test = [](const std::string& facts) {
        return rule("a", "trip.demo") + "[baseline.b]\n" + facts +
               "\n[[test]]\nname = 't'\nbaseline = 'b'\nexpect = 'clear'\n";
    };
    CHECK(error_of(test("'person.age' = 201")).code == "pack.code");
    CHECK(error_of(test("'person.age' = [-1, 3]")).code == "pack.code");
    CHECK(error_of(test("'trip.mode' = 'foot'")).code == "pack.code");
    CHECK(parse_draft(as_bytes(pack_text(test("'person.age' = 200"))), schema()));
}

TEST_CASE("columns count characters, also in what is not ASCII") {
    const auto at = [](const std::string& line) {
        return error_of("[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nunknown = 'refer'\n" + line + "\n")
            .place;
    };
    // 0         1         2
    // 123456789012345678901234
    CHECK(at("when = \"'ñandú' == nobody\"") == Place{.line = 9, .column = 20});
    CHECK(at("when = \"'nandu' == nobody\"") == Place{.line = 9, .column = 20});
    CHECK(at("when = \"\"\"\n'ñ' == nobody\"\"\"") == Place{.line = 10, .column = 8});
    const Place inline_table = error_of("# ñññ\n" + rule("ñandú", "nobody")).place;
    CHECK(inline_table == Place{.line = 9, .column = 9});
    // Behind other characters on the same line: the quotes are found all the same.
    CHECK(parse_draft(
              as_bytes("id = 'p'\nversion = '1'\nrule = [{ title = 'ñññññ', when = \"\"\"nobody\"\"\", id = 'a', basis "
                       "= 'b', reason = 'r', unknown = 'refer' }]\n" +
                       words),
              schema())
              .error()
              .place == Place{.line = 3, .column = 38});
}
