#include <sodium.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include "core/encoding/cbor.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/expression.hpp"
#include "core/rules/fact_row.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"
#include "tests/support/effort.hpp"

using namespace paso;

namespace {

std::string sample_pack() {
    std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::string words = R"(
[[reason]]
code = "r"
en = { traveller = "Please see an officer.", officer = "why" }
)";

std::string pack_with(std::string_view rule) { return "id = 'p'\nversion = '1'\n" + std::string{rule} + words; }

std::string rule(std::string_view when, std::string_view unknown = "\"refer\"") {
    return "[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + std::string{when} +
           "\"\nunknown = " + std::string{unknown} + "\n";
}

Error error_of(const std::string& text) {
    const auto pack = parse_draft(as_bytes(text), schema());
    REQUIRE_FALSE(pack);
    return pack.error();
}

Assessment outcome_of(const std::string& text, const Facts& facts) {
    const auto pack = parse_draft(as_bytes(text), schema());
    if (!pack) FAIL(describe(pack.error()));
    return assess(*pack, facts);
}

Truth value(std::string_view expression, const Facts& facts) {
    const Environment environment(schema());
    const auto e = parse_expression(expression, environment);
    if (!e) FAIL(describe(e.error()));
    std::vector<FactSlot> names;
    for (const auto& n : environment.names()) names.push_back({std::string{n.name}, n.slot});
    FactRow row(names);
    row.bind(facts);
    Evaluator evaluator;
    return truth_of(evaluator.evaluate(*e, row.slots()));
}

}  // namespace

TEST_CASE("the shipped pack holds its own tests") {
    const auto pack = parse_draft(as_bytes(sample_pack()), schema());
    if (!pack) FAIL(describe(pack.error()));
    const auto results = run_pack_tests(*pack);
    CHECK(results.size() >= 20);
    for (const auto& r : results) {
        INFO(r.name << ": " << r.explanation);
        CHECK(r.passed);
    }
    for (const std::string_view language : {"en", "es", "ar"}) {
        REQUIRE(pack->reason("minor", language));
        CHECK_FALSE(pack->reason("minor", language)->traveller.empty());
    }
    CHECK(pack->reason("minor", "ar")->officer != pack->reason("minor", "en")->officer);
    CHECK(pack->reason("minor", "zz")->officer == pack->reason("minor", "en")->officer);
    CHECK_FALSE(pack->reason("none", "en"));
}

TEST_CASE("a voice says what is read, or what the pack says for it") {
    const auto with = [](const std::string& more) {
        return parse_draft(
            as_bytes("id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\n"
                     "when = 'document.present'\nunknown = 'refer'\n[[reason]]\ncode = 'r'\n"
                     "en = { traveller = 'See an officer.', officer = '6 months'" +
                     more + " }\n"),
            schema());
    };
    REQUIRE(with(""));
    CHECK(with("")->reason("r", "en") == ReasonText{"See an officer.", "6 months", "See an officer.", "6 months"});
    REQUIRE(with(", officer_spoken = 'six months', traveller_spoken = 'Go'"));
    CHECK(with(", officer_spoken = 'six months'")->reason("r", "es") ==
          ReasonText{"See an officer.", "6 months", "See an officer.", "six months"});
    CHECK(with(", traveller_spoken = 'Go'")->reason("r", "en")->traveller_spoken == "Go");
    CHECK(with(", officer_spoken = ''").error().code == "pack.type");
    CHECK(with(", traveller_spoken = 3").error().code == "pack.type");
    CHECK_FALSE(with(", spoken = 'x'"));
}

TEST_CASE("three values, as Kleene has them") {
    Facts f;
    f.set("trip.demo", true);
    f.set("document.present", false);
    CHECK(value("trip.demo && document.present", f) == Truth::no);
    CHECK(value("trip.demo && list.number", f) == Truth::unknown);
    CHECK(value("document.present && list.number", f) == Truth::no);
    CHECK(value("trip.demo || list.number", f) == Truth::yes);
    CHECK(value("document.present || list.number", f) == Truth::unknown);
    CHECK(value("!list.number", f) == Truth::unknown);
    CHECK(value("known(list.number)", f) == Truth::no);
    CHECK(value("known(trip.demo) && !document.present", f) == Truth::yes);
    CHECK(value("list.number == list.number", f) == Truth::unknown);
}

TEST_CASE("dates, numbers and texts") {
    Facts f;
    f.set("document.expiry", *Date::parse("2027-05-24"));
    f.set("trip.today", *Date::parse("2026-11-24"));
    f.set("person.age", std::int64_t{17});
    f.set("trip.mode", std::string{"air"});
    CHECK(value("document.expiry < trip.today + months(6)", f) == Truth::no);
    CHECK(value("document.expiry <= trip.today + months(6)", f) == Truth::yes);
    CHECK(value("document.expiry - days(1) < trip.today + months(6)", f) == Truth::yes);
    CHECK(value("document.expiry > date('2027-05-23')", f) == Truth::yes);
    CHECK(value("person.age + 1 >= 18 && person.age < 18", f) == Truth::yes);
    CHECK(value("person.age in [16, 17]", f) == Truth::yes);
    CHECK(value("trip.mode in ['land', 'sea']", f) == Truth::no);
    CHECK(value("trip.mode != 'air' || (trip.mode == 'air')", f) == Truth::yes);
}

TEST_CASE("what an author gets wrong is named with its place") {
    CHECK(error_of("id = \n").code == "pack.syntax");
    for (const char* text : {"[[=", "[=", "[[ #", "[[\x01", "[[\xc3\xa9", "[[.", "[["})
        CHECK(error_of(text).code == "pack.syntax");
    const Error lines = error_of(
        "id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\n"
        "when = \"\"\"\ntrip.demo\n  && nobody\"\"\"\nunknown = 'refer'\n" +
        words);
    CHECK(lines.code == "pack.fact");
    CHECK(lines.place.line == 10U);
    CHECK(lines.place.column == 6U);
    CHECK(error_of("id = 'x'\nversion = = 1").place.line == 2U);
    const Error fact = error_of(pack_with(rule("documnet.expiry < trip.today")));
    CHECK(fact.code == "pack.fact");
    CHECK(fact.place.line == 8U);
    CHECK(fact.place.column == 9U);  // of the name inside the text
    CHECK(error_of(pack_with(rule("person.age < trip.today"))).code == "pack.type");
    CHECK(error_of(pack_with(rule("person.age"))).code == "pack.type");
    CHECK(error_of(pack_with(rule("trip.demo &&"))).code == "pack.syntax");
    CHECK(error_of(pack_with(rule("trip.demo trip.demo"))).code == "pack.syntax");
    CHECK(error_of(pack_with(rule("trip.demo < true"))).code == "pack.type");
    CHECK(error_of(pack_with(rule("trip.today + 3 < trip.today"))).code == "pack.type");
    CHECK(error_of(pack_with(rule("trip.mode in [1]"))).code == "pack.type");
    CHECK(error_of(pack_with(rule("now() == 3"))).code == "pack.unsupported");
    CHECK(error_of(pack_with(rule("trip.demo", "\"clear\""))).code == "pack.type");
    CHECK(error_of(pack_with(rule("trip.demo", "{ sometimes = \"refer\" }"))).code == "pack.syntax");
    CHECK(error_of(pack_with(rule("trip.demo") + rule("trip.demo"))).code == "pack.duplicate");
    CHECK(error_of("id = 'p'\nversion = '1'\n" + rule("trip.demo")).code == "pack.text_missing");
    CHECK(error_of(pack_with("")).code == "pack.syntax");
    CHECK(error_of(pack_with(rule("trip.demo") + "colour = 1\n")).code == "pack.syntax");
    CHECK(error_of(std::string((1U << 20U) + 1, ' ')).code == "pack.too_large");
    std::string deep = std::string(500, '(') + "trip.demo" + std::string(500, ')');
    CHECK(error_of(pack_with(rule(deep))).code == "pack.syntax");
    CHECK(error_of(pack_with(rule(std::string(500, '!') + "trip.demo"))).code == "pack.syntax");
}

TEST_CASE("a test that an author wrote wrong is an error, not another test") {
    const std::string base = pack_with(rule("trip.demo")) + "\n[baseline.b]\n\"trip.demo\" = false\n";
    const auto test = [&](std::string_view more) {
        return base + "[[test]]\nname = 't'\nbaseline = 'b'\nexpect = 'clear'\n" + std::string{more};
    };
    REQUIRE(parse_draft(as_bytes(test("")), schema()));
    CHECK(error_of(test("facts = 3")).code == "pack.type");
    CHECK(error_of(test("unknown = ['trip.demo']")).code == "pack.type");
    CHECK(error_of(test("reasons = 'r'")).code == "pack.type");
    CHECK(error_of(test("facts = { \"person.age\" = [] }")).code == "pack.type");
    CHECK(error_of(test("facts = { \"person.age\" = [1, 'x'] }")).code == "pack.type");
    CHECK(error_of(test("facts = { \"person.agee\" = 1 }")).code == "pack.fact");
    CHECK(error_of(test("unknown = { \"trip.demo\" = \"sometimes\" }")).code == "pack.type");
    const Error placed = error_of(test("facts = 3"));
    CHECK(placed.place.line);
    CHECK(placed.place.column);
    std::string many = "facts = { \"person.age\" = [0";
    for (int i = 0; i < 256; ++i) many += ", 1";
    CHECK(error_of(test(many + "] }")).code == "pack.too_large");
    CHECK(error_of("title = 3\n" + base).code == "pack.type");
    CHECK(error_of("sample = 'yes'\n" + base).code == "pack.type");
}

TEST_CASE("a sum out of range is unknown, and unknown without a cause does what the rule says of unknowns") {
    Facts f;
    f.set("person.age", std::numeric_limits<std::int64_t>::max());
    f.set("party.adults", std::numeric_limits<std::int64_t>::min());
    f.set("trip.today", *Date::parse("9999-12-31"));
    f.set("document.expiry", *Date::parse("0001-01-01"));
    CHECK(value("person.age + 1 > 0", f) == Truth::unknown);
    CHECK(value("party.adults - 1 < 0", f) == Truth::unknown);
    CHECK(value("person.age - 1 > 0", f) == Truth::yes);
    CHECK(value("trip.today + days(1) > trip.today", f) == Truth::unknown);
    CHECK(value("document.expiry - months(1) < trip.today", f) == Truth::unknown);
    CHECK(value("document.expiry + months(100000) < trip.today", f) == Truth::yes);
    CHECK(value("document.expiry + months(100000) + months(100000) < trip.today", f) == Truth::unknown);
    CHECK(value("document.expiry + days(100000) < trip.today", f) == Truth::yes);
    CHECK(outcome_of(pack_with(rule("person.age + 1 > 0")), f).outcome == Outcome::officer);
    CHECK(outcome_of(pack_with(rule("person.age + 1 > 0", "\"ignore\"")), f).outcome == Outcome::clear);
}

TEST_CASE("outside of its time a pack refers everybody") {
    const auto pack = [](std::string_view valid) {
        return "valid = " + std::string{valid} + "\n" + pack_with(rule("!trip.demo"));
    };
    const std::string text = pack("{ from = 2026-01-01, until = 2026-12-31, reason = \"r\" }");
    Facts f;
    f.set("trip.demo", true);
    const auto on = [&](std::vector<std::string_view> days) {
        std::vector<FactValue> dates;
        for (const auto day : days) dates.emplace_back(*Date::parse(day));
        f.set_possible("trip.today", dates);
        return outcome_of(text, f);
    };
    CHECK(on({"2026-01-01"}).outcome == Outcome::clear);
    CHECK(on({"2026-12-31"}).outcome == Outcome::clear);
    CHECK(on({"2025-12-31"}).outcome == Outcome::officer);
    CHECK(on({"2027-01-01"}).outcome == Outcome::officer);
    CHECK(on({"2026-12-31", "2027-01-01"}).findings.at(0).value == Truth::unknown);
    CHECK(on({"2026-12-31", "2027-01-01"}).outcome == Outcome::officer);
    CHECK(on({"2027-01-01"}).findings.at(0).rule == "pack.validity");
    CHECK(on({"2027-01-01"}).findings.at(0).reason == "r");
    f.set_unknown("trip.today", Cause::clock_unsure);
    CHECK(outcome_of(text, f).outcome == Outcome::officer);
    CHECK(error_of(pack("3")).code == "pack.type");
    CHECK(error_of(pack("{ from = 2026-01-01, reason = \"r\" }")).code == "pack.type");
    CHECK(error_of(pack("{ from = 2026-01-02, until = 2026-01-01, reason = \"r\" }")).code == "pack.type");
    CHECK(error_of(pack("{ from = 2026-01-01, until = 'x', reason = \"r\" }")).code == "pack.type");
    CHECK(error_of(pack("{ from = 2026-01-01, until = 2026-12-31 }")).code == "pack.syntax");
    CHECK(error_of(pack("{ from = 2026-01-01, until = 2026-12-31, reason = \"x\" }")).code == "pack.text_missing");
    CHECK(error_of("valid = { from = 2026-01-01, until = 2026-12-31, reason = \"r\" }\n" + pack_with("")).code ==
          "pack.syntax");  // validity alone is no pack
    const Schema timeless(schema().facts());
    const auto none = parse_draft(as_bytes(text), timeless);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "pack.fact");
}

TEST_CASE("unknown refers or not, as the rule says for its cause") {
    Facts f;
    f.set_unknown("list.number", Cause::offline);
    const std::string text = pack_with(rule("list.number", "{ default = \"ignore\", offline = \"refer\" }"));
    CHECK(outcome_of(text, f).outcome == Outcome::officer);
    CHECK(outcome_of(text, f).findings.at(0).value == Truth::unknown);
    f.set_unknown("list.number", Cause::list_stale);
    CHECK(outcome_of(text, f).outcome == Outcome::clear);
    CHECK(outcome_of(text, f).findings.at(0).reason.empty());
}

TEST_CASE("possible values are all tried, and only a difference is ambiguous") {
    Facts f;
    f.set_possible("person.age", {std::int64_t{12}, std::int64_t{112}});
    const Assessment differ = outcome_of(pack_with(rule("person.age < 18", "\"refer\"")), f);
    CHECK(differ.findings.at(0).value == Truth::unknown);
    CHECK(differ.outcome == Outcome::officer);
    CHECK(outcome_of(pack_with(rule("person.age < 10")), f).outcome == Outcome::clear);
    CHECK(outcome_of(pack_with(rule("person.age > 10")), f).findings.at(0).value == Truth::yes);
    std::vector<FactValue> many;
    for (std::int64_t i = 0; i < 65; ++i) many.emplace_back(i);
    f.set_possible("person.age", many);
    CHECK(outcome_of(pack_with(rule("person.age < 100")), f).findings.at(0).value == Truth::unknown);
}

TEST_CASE("an exception of a rule has three values too") {
    Facts f;
    f.set("trip.demo", true);
    const std::string text = pack_with(rule("trip.demo") + "unless = \"answer.resident\"\nunless_basis = 'u'\n");
    CHECK(outcome_of(text, f).findings.at(0).value == Truth::unknown);
    f.set("answer.resident", true);
    CHECK(outcome_of(text, f).outcome == Outcome::clear);
    f.set("answer.resident", false);
    CHECK(outcome_of(text, f).outcome == Outcome::officer);
}

namespace {

FactValue some_value(std::mt19937& r, FactType type) {
    switch (type) {
        case FactType::boolean:
            return r() % 2 == 0;
        case FactType::integer:
            return static_cast<std::int64_t>(r() % 120);
        case FactType::text:
            return std::string{std::array{"UTO", "BRA", "verified", "entry"}[r() % 4]};
        case FactType::date:
            return Date::from_days(20000 + static_cast<int>(r() % 2000));
        case FactType::text_set:
            return std::set<std::string>{"A", "B"};
    }
    return false;
}

Facts some_facts(std::mt19937& r) {
    Facts f;
    for (const FactDeclaration& d : schema().facts()) {
        if (r() % 4 == 0) {
            f.set_unknown(d.name, static_cast<Cause>(1 + r() % 8));
        } else if (r() % 6 == 0) {
            f.set_possible(d.name, {some_value(r, d.type), some_value(r, d.type)});
        } else {
            f.set(d.name, some_value(r, d.type));
        }
    }
    return f;
}

}  // namespace

TEST_CASE("never clear while a rule that refers is yes or unknown; the same facts give the same bytes") {
    const auto pack = parse_draft(as_bytes(sample_pack()), schema());
    REQUIRE(pack);
    std::mt19937 r(5);
    int clear = 0;
    for (int i = 0; i < test::effort(3000); ++i) {
        const Facts f = some_facts(r);
        const Assessment a = assess(*pack, f);
        bool refers = false;
        for (const Finding& finding : a.findings) refers = refers || finding.value != Truth::no;
        REQUIRE((a.outcome == Outcome::officer) == refers);  // in this pack every unknown refers
        clear += a.outcome == Outcome::clear ? 1 : 0;
        const Bytes bytes = encode_assessment(a);
        REQUIRE(bytes == encode_assessment(assess(*pack, f)));
        const auto back = decode_assessment(bytes);
        REQUIRE(back);
        REQUIRE(*back == a);
        const auto facts = decode_facts(encode_facts(f));
        REQUIRE(facts);
        REQUIRE(*facts == f);
    }
    CHECK(clear < 3000);
}

TEST_CASE("what holds refers unless an exemption is known, whatever the policy of unknown says") {
    const auto outcome = [](const char* policy, Facts f) {
        const auto pack = parse_draft(
            as_bytes("id = 'p'\nversion = '1'\n[[rule]]\nid = 'a'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\n"
                     "when = 'stay.planned > 90'\nunless = 'answer.resident'\nunless_basis = 'u'\nunknown = " +
                     std::string{policy} + "\n" + words),
            schema());
        if (!pack) FAIL(describe(pack.error()));
        return assess(*pack, f).outcome;
    };
    Facts f;
    f.set("stay.planned", std::int64_t{4000});
    f.set_unknown("answer.resident", Cause::not_asked);
    CHECK(outcome("'ignore'", f) == Outcome::officer);
    CHECK(outcome("{ not_asked = 'ignore', default = 'refer' }", f) == Outcome::officer);
    f.set("answer.resident", true);
    CHECK(outcome("'refer'", f) == Outcome::clear);
    f.set_unknown("stay.planned", Cause::not_asked);
    f.set_unknown("answer.resident", Cause::not_asked);
    CHECK(outcome("'ignore'", f) == Outcome::clear);
    f.set_possible("stay.planned", {std::int64_t{100}, std::int64_t{200}});
    CHECK(outcome("'ignore'", f) == Outcome::officer);
    f.set_possible("stay.planned", {std::int64_t{10}, std::int64_t{200}});
    CHECK(outcome("'ignore'", f) == Outcome::clear);
}

TEST_CASE("no pack clears while a rule that refers on unknown is unknown") {
    const std::array atoms{"trip.demo",
                           "list.number",
                           "answer.resident",
                           "person.age < 18",
                           "party.children + party.adults > 20",
                           "document.expiry < trip.today",
                           "document.expiry < trip.today + months(6)",
                           "trip.mode in ['air', 'sea']",
                           "known(list.number)"};
    std::mt19937 r(7);
    const auto some = [&] { return std::string{atoms[r() % atoms.size()]}; };
    int unknown = 0;
    for (int i = 0; i < test::effort(400); ++i) {
        std::string text = "id = 'p'\nversion = '1'\n";
        std::string without_unless = text;
        std::vector<bool> refers;
        for (int n = 0; n < 3; ++n) {
            const std::string when =
                "(" + some() + (r() % 2 == 0 ? " && " : " || ") + some() + ") && !(" + some() + ")";
            refers.push_back(r() % 2 == 0);
            const std::string rule = "[[rule]]\nid = 'r" + std::to_string(n) +
                                     "'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
                                     "\"\nunknown = \"" + (refers.back() ? "refer" : "ignore") + "\"\n";
            text += rule;
            without_unless += rule;
            if (r() % 3 == 0) text += "unless = \"" + some() + "\"\nunless_basis = 'u'\n";
        }
        const auto pack = parse_draft(as_bytes(text + words), schema());
        if (!pack) FAIL(describe(pack.error()));
        const Pack strict = *parse_draft(as_bytes(without_unless + words), schema());
        for (int k = 0; k < 20; ++k) {
            const Facts facts = some_facts(r);
            const Assessment a = assess(*pack, facts);
            const Assessment unexempted = assess(strict, facts);
            Assessor assessor(*pack);
            assessor.bind(facts);
            const auto told = assessor.results();
            const std::vector<RuleResult> kept(told.begin(), told.end());
            REQUIRE(in_words(*pack, facts, kept) == a);  // the results are the full record
            REQUIRE(a.findings.size() == refers.size());
            bool expected = false;
            for (std::size_t n = 0; n < refers.size(); ++n) {
                const Truth v = a.findings[n].value;
                unknown += v == Truth::unknown ? 1 : 0;
                const bool holds = unexempted.findings[n].value == Truth::yes && v != Truth::no;
                expected = expected || holds || (v == Truth::unknown && refers[n]);
            }
            REQUIRE((a.outcome == Outcome::officer) == expected);
        }
    }
    CHECK(unknown > test::effort(1000));
}

TEST_CASE("facts have one form each") {
    const auto coded = [](std::uint64_t cause) {
        CborWriter w;
        w.array(1).array(3).text("a").array(1).array(2).unsigned_integer(0).boolean(true).unsigned_integer(cause);
        return Bytes{w.view()};
    };
    REQUIRE(decode_facts(coded(static_cast<std::uint64_t>(Cause::not_read))));
    for (const std::uint64_t cause : {0U, 2U, 5U, 9U}) CHECK(decode_facts(coded(cause)).error().code == "facts.format");
}

TEST_CASE("damaged facts and assessments are errors") {
    std::mt19937 r(6);
    const auto pack = parse_draft(as_bytes(sample_pack()), schema());
    REQUIRE(pack);
    const Facts f = some_facts(r);
    const Bytes a = encode_assessment(assess(*pack, f));
    const Bytes b = encode_facts(f);
    for (std::size_t cut = 0; cut < a.size(); cut += 7) REQUIRE_FALSE(decode_assessment(ByteView{a}.first(cut)));
    for (std::size_t cut = 0; cut < b.size(); cut += 7) REQUIRE_FALSE(decode_facts(ByteView{b}.first(cut)));
    for (int i = 0; i < test::effort(3000); ++i) {
        Bytes m = a;
        m[r() % m.size()] = static_cast<std::byte>(r());
        if (const auto back = decode_assessment(m)) CHECK(encode_assessment(*back) == m);
        m = b;
        m[r() % m.size()] = static_cast<std::byte>(r());
        if (const auto back = decode_facts(m)) CHECK(encode_facts(*back) == m);
    }
}

TEST_CASE("only signed packs open") {
    REQUIRE(sodium_init() >= 0);
    std::array<unsigned char, 32> public_key{};
    std::array<unsigned char, 64> secret_key{};
    crypto_sign_keypair(public_key.data(), secret_key.data());
    const std::string text = sample_pack();
    Ed25519Signature signature{};
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret_key.data());
    Ed25519Key key{};
    std::copy_n(reinterpret_cast<const std::byte*>(public_key.data()), key.size(), key.begin());
    const Bytes file = with_signature(as_bytes(text), key, signature);
    const auto pack = open_pack(file, {{key}, 1}, schema());
    REQUIRE(pack);
    CHECK(pack->identity().id == "uto-demo");
    CHECK(pack->identity().hash == parse_draft(as_bytes(text), schema())->identity().hash);
    CHECK(open_pack(as_bytes(text), {{key}, 1}, schema()).error().code == "signature.missing");
    CHECK(open_pack(file, {{key}, 2}, schema()).error().code == "signature.threshold");
    CHECK(open_pack(file, {{Ed25519Key{}}, 1}, schema()).error().code == "signature.threshold");
    Bytes changed = file;
    changed[100] ^= std::byte{1};
    CHECK(open_pack(changed, {{key}, 1}, schema()).error().code == "signature.threshold");
}

TEST_CASE(
    "the shipped pack has words in three languages for each reason, and tests where each rule is yes, no and unknown") {
    const auto pack = parse_draft(as_bytes(sample_pack()), schema());
    REQUIRE(pack);
    for (const auto& [code, words_of] : pack->body().reasons) {
        INFO(code);
        CHECK(words_of.size() == 3);
        for (const char* language : {"en", "es", "ar"}) CHECK(words_of.contains(language));
    }
    for (const Rule& rule : pack->body().rules) {
        const auto at = static_cast<std::size_t>(&rule - pack->body().rules.data());
        std::set<Truth> seen;
        for (const PackTest& test : pack->body().tests) seen.insert(assess(*pack, test.facts).findings.at(at).value);
        INFO(rule.id);
        CHECK(seen == std::set<Truth>{Truth::no, Truth::yes, Truth::unknown});
    }
}
