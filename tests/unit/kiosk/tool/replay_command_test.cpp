// `paso replay`: the same bytes while nothing was touched, and every difference by its rule.
#include "kiosk/tool/replay_command.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "core/crossing/crossing.hpp"
#include "core/inspection/fact_schema.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/pack.hpp"
#include "sync/keys/key_ring.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/unit/kiosk/tool/journals.hpp"
#include "tests/unit/kiosk/tool/shipped_pack.hpp"

using namespace paso;

namespace {

Pack pack_of(const std::string& text) { return *parse_draft(as_bytes(text), schema()); }

InspectionRecord inspection(const Pack& pack, std::int64_t age) {
    InspectionRecord r;
    r.facts.set(fact::trip_today, *Date::of(2026, 11, 24));
    r.facts.set(fact::document_present, true);
    r.facts.set(fact::person_age, age);
    r.facts.set(fact::party_alone, true);
    r.facts.set_unknown(fact::list_number, Cause::offline);
    r.assessment = assess(pack, r.facts);
    r.language = "en";
    r.state = "done";
    return r;
}

struct Replays {
    test::Folder folder;
    test::ManualEnv env;
    std::string journal = folder.path / "k1.db";
    std::vector<std::string> lines;
    std::string error;

    explicit Replays(const std::vector<Bytes>& bodies) {
        env.files.content["a.toml"] = to_bytes(as_bytes(test::shipped_pack()));
        std::vector<std::pair<EventKind, Bytes>> events;
        for (const Bytes& b : bodies) events.emplace_back(EventKind::inspection, b);
        events.emplace_back(EventKind::restart, Bytes{});
        test::write_journal(journal, env, "uto-001-k1", std::move(events));
    }
    int run(ReplayOptions options) {
        lines.clear();
        options.open_body = open_unsealed_body;
        if (options.packs.empty()) options.packs = {"a.toml"};
        if (options.journals.empty()) options.journals = {journal};
        return replay_journals(
            env.env, options, schema(), [&](const std::string& l) { lines.push_back(l); },
            [&](const std::string& e) { error = e; });
    }
    [[nodiscard]] bool says(const std::string& text) const {
        return std::any_of(lines.begin(), lines.end(), [&](const auto& l) { return l.find(text) != l.npos; });
    }
};

std::string crossing(char last) { return std::string(31, '0') + last; }

}  // namespace

TEST_CASE("what was recorded comes again, byte by byte") {
    const Pack pack = pack_of(test::shipped_pack());
    Replays r({encode_inspection(inspection(pack, 30)), encode_inspection(inspection(pack, 9))});
    CHECK(r.run({}) == 0);
    REQUIRE(r.lines.size() == 3);
    CHECK(r.lines[0].starts_with("uto-001-k1 "));
    CHECK(r.says("/1 " + crossing('1') + ": the same, a person by uto-demo "));
    CHECK(r.lines[2] == "2 inspections: 2 the same, 0 differ, 0 without their pack, 0 not read");

    CHECK(r.run({.crossing = crossing('2'), .explain = true}) == 0);
    CHECK(r.lines.front().find(crossing('2')) != std::string::npos);
    CHECK(r.says("minor.alone (Nobody under 18 travels past the kiosk alone): yes, asks for officer"));
    CHECK(r.says("    age today: 9"));
    CHECK(r.says("    the person travels alone"));
    CHECK(r.says("the document number stands on the post's list: not known, the source could not be reached"));
    CHECK(r.run({.crossing = crossing('9')}) == 1);
    CHECK(r.error.starts_with(crossing('9')));
}

TEST_CASE("a record that was changed, and one of another program, are told by their rules") {
    const Pack pack = pack_of(test::shipped_pack());
    InspectionRecord kinder = inspection(pack, 9);
    for (Finding& f : kinder.assessment.findings) {
        if (f.rule == "minor.alone") f.value = Truth::no, f.refers = false;
    }
    InspectionRecord gone = inspection(pack, 30);
    gone.assessment.findings.pop_back();
    Replays r({encode_inspection(kinder), encode_inspection(gone), to_bytes(as_bytes("no body of ours"))});
    CHECK(r.run({}) == 3);
    CHECK(r.lines[0].find(": differs: recorded a person, now a person by uto-demo") != std::string::npos);
    CHECK(r.lines[1] == "  minor.alone: recorded no; now yes, asks for a person");
    CHECK(r.says(": recorded no such rule; now "));
    CHECK(r.says("no record that this program reads: body."));
    CHECK(r.lines.back() == "3 inspections: 0 the same, 2 differ, 0 without their pack, 1 not read");
}

TEST_CASE("for whom protection asks, and by which rule, is told by --explain alone") {
    const std::string text =
        "id = 'p'\nversion = '1'\n[[rule]]\nid = 'talk.alone'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\n"
        "when = 'answer.talk_alone'\nthen = 'protection'\nprivate = true\nunknown = 'ignore'\n"
        "[[reason]]\ncode = 'r'\nen = { traveller = 'x', officer = 'y' }\n";
    InspectionRecord asks;
    asks.facts.set(fact::answer_talk_alone, true);
    asks.assessment = assess(pack_of(text), asks.facts);
    InspectionRecord changed = asks;
    changed.assessment.findings[0].basis = "c";
    Replays r({encode_inspection(asks), encode_inspection(changed)});
    r.env.files.content["p.toml"] = to_bytes(as_bytes(text));
    for (const bool json : {false, true}) {
        CHECK(r.run({.packs = {"p.toml"}, .json = json}) == 3);
        CHECK_FALSE(r.says("protection"));
        CHECK_FALSE(r.says("talk"));
        CHECK(r.says("a private rule"));
        CHECK(r.run({.packs = {"p.toml"}, .explain = true, .json = json}) == 3);
        CHECK(r.says("protection"));
        CHECK(r.says("talk.alone"));
    }
}

TEST_CASE("versions of a rule are told apart, and nothing that a record says writes over a line") {
    const std::string text =
        "id = 'p'\nversion = '1'\n"
        "[[rule]]\nid = 'm'\ntitle = 'of 2025'\nbasis = 'b'\nreason = 'r'\nuntil = 2025-12-31\n"
        "when = 'person.age < 16'\nunknown = 'ignore'\n"
        "[[rule]]\nid = 'm'\ntitle = 'of 2026'\nbasis = 'b'\nreason = 'r'\nfrom = 2026-01-01\n"
        "when = 'person.age < 18'\nunknown = 'ignore'\n"
        "[[reason]]\ncode = 'r'\nen = { traveller = 'x', officer = 'y' }\n";
    InspectionRecord record = inspection(pack_of(text), 17);
    record.assessment.findings[1].value = Truth::no;
    record.assessment.pack.version = "1\n9 inspections: 9 the same\x1b[8m";
    Replays r({encode_inspection(record)});
    r.env.files.content["p.toml"] = to_bytes(as_bytes(text));
    CHECK(r.run({.packs = {"p.toml"}, .explain = true}) == 3);
    CHECK(r.says("  m: recorded no, asks for officer; now yes, asks for officer"));
    CHECK(r.says("  m (of 2025): no"));
    CHECK(r.says("  m (of 2026): no, asks for officer"));
    CHECK_FALSE(r.says("\n"));
    CHECK_FALSE(r.says("\x1b"));
}

TEST_CASE("each record takes the pack that it names") {
    std::string changed = test::shipped_pack();
    changed.replace(changed.find("person.age < 18"), 15, "person.age < 16");
    Replays r({encode_inspection(inspection(pack_of(test::shipped_pack()), 17)),
               encode_inspection(inspection(pack_of(changed), 17))});
    CHECK(r.run({}) == 3);
    CHECK(r.lines.back() == "2 inspections: 1 the same, 0 differ, 1 without their pack, 0 not read");
    CHECK(r.says("its pack is not among those given: uto-demo "));
    r.env.files.content["b.toml"] = to_bytes(as_bytes(changed));
    CHECK(r.run({.packs = {"b.toml", "a.toml"}}) == 0);
}

TEST_CASE("as JSON, a line each") {
    const Pack pack = pack_of(test::shipped_pack());
    InspectionRecord changed = inspection(pack, 9);
    changed.assessment.outcome = Outcome::clear;
    Replays r({encode_inspection(inspection(pack, 9)), encode_inspection(changed)});
    CHECK(r.run({.explain = true, .json = true}) == 3);
    REQUIRE(r.lines.size() == 2);
    const auto first = boost::json::parse(r.lines[0]).as_object();
    CHECK(first.at("verdict") == "same");
    CHECK(first.at("sequence") == 1);
    CHECK(first.at("pack").as_object().at("sha256").as_string().size() == 64);
    CHECK(first.at("findings").as_array().size() == changed.assessment.findings.size());
    const auto second = boost::json::parse(r.lines[1]).as_object();
    CHECK(second.at("verdict") == "differs");
    CHECK(second.at("outcome") == "clear");
    CHECK(second.at("now") == "officer");
    CHECK(first.at("epoch").is_string());
    CHECK(second.at("rules").as_array().empty());
}

TEST_CASE("what cannot be read is an error of replay") {
    Replays r({});
    CHECK(r.run({.packs = {"none.toml"}}) == 1);
    CHECK(r.error.starts_with("none.toml: "));
    CHECK(r.run({.journals = {"/nowhere/j.db"}}) == 1);
    CHECK(r.error.starts_with("/nowhere/j.db: journal."));
    CHECK(r.run({.crossing = "ZZ"}) == 1);
    CHECK(r.error == "a crossing has 32 hexadecimal digits: ZZ");
    CHECK(r.run({}) == 3);
    CHECK(r.lines.back() == "0 inspections: 0 the same, 0 differ, 0 without their pack, 0 not read");
}
