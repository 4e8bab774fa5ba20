// `paso log facts` and `paso pack simulate`: from a journal on disk to the three forms of a report.
#include "kiosk/tool/pack_simulate_command.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/inspection/inspection.hpp"
#include "core/rules/facts_file.hpp"
#include "kiosk/tool/log_facts_command.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/unit/kiosk/tool/shipped_pack.hpp"

using namespace paso;

namespace {

// 600 adults with sound documents, 300 of them with three months of validity left, and 4 who are 17.
Bytes recorded() {
    FactsFileWriter writer(schema());
    for (int i = 0; i < 600; ++i) {
        Facts f;
        f.set("trip.today", *Date::of(2026, 11, 24));
        f.set("trip.post", std::string{"Bridge"});
        f.set("trip.direction", std::string{i % 3 == 0 ? "exit" : "entry"});
        f.set("trip.demo", true);
        f.set("document.present", true);
        f.set("document.reading", std::string{"verified"});
        f.set("document.format", std::string{"TD3"});
        f.set("document.check_digits_hold", true);
        f.set("document.issuer_standing", std::string{"state"});
        f.set("document.specimen", false);
        f.set("document.has_expiry", true);
        f.set("document.expiry", *Date::of(2027, i % 2 == 0 ? 2U : 12U, 24));
        f.set("document.nationality", std::string{i % 5 == 0 ? "ARG" : "BRA"});
        f.set("person.age", std::int64_t{i < 4 ? 17 : 30});
        f.set("person.national", false);
        f.set("party.alone", true);
        f.set("party.adults", std::int64_t{1});
        f.set("list.number", false);
        f.set("answer.resident", false);
        std::vector<std::string> referred;
        if (i % 2 == 0 && i % 3 != 0) referred.emplace_back("document.six_months");
        if (i < 4) referred.emplace_back("minor.alone");
        writer.add(f, referred);
    }
    return writer.take();
}

struct Printed {
    int code = -1;
    std::vector<std::string> lines;
    std::string error;
};

Printed simulate(const std::string& draft, ReportForm form, const std::string& against = "") {
    test::ManualEnv env;
    env.files.content["draft.toml"] = to_bytes(as_bytes(draft));
    env.files.content["old.toml"] = to_bytes(as_bytes(test::shipped_pack()));
    env.files.content["events"] = recorded();
    Printed p;
    p.code = simulate_pack(
        env.env, {"draft.toml", "events", against, form}, schema(), [&](const std::string& l) { p.lines.push_back(l); },
        [&](const std::string& e) { p.error = e; });
    return p;
}

std::string three_months() {
    std::string pack = test::shipped_pack();
    const std::string rule = "document.expiry < trip.today + months(6)";
    return pack.replace(pack.find(rule), rule.size(), "document.expiry < trip.today + months(2)");
}

}  // namespace

TEST_CASE("a draft that asks for less validity clears whom the six months referred") {
    const Printed csv = simulate(three_months(), ReportForm::csv);
    REQUIRE(csv.code == 0);
    const auto has = [&](const std::string& begin) {
        return std::any_of(csv.lines.begin(), csv.lines.end(), [&](const auto& l) { return l.starts_with(begin); });
    };
    CHECK(csv.lines[0] == "dimension,category,crossings,changed,share,low,high");
    CHECK(has("all,all,600,199,0.331667,"));  // of 200 who entered with three months left, one is 17
    CHECK(has("nationality,ARG,120,"));
    CHECK(has("direction,entry,400,,,,"));  // nobody who left changed: hidden, and so is the other one
    CHECK(has("direction,exit,200,,,,"));
    CHECK(has("age,others,,,,,"));
    CHECK_FALSE(has("age,12-17"));
    const Printed against = simulate(three_months(), ReportForm::csv, "old.toml");
    CHECK(against.lines == csv.lines);
    const Printed json = simulate(three_months(), ReportForm::json);
    REQUIRE(json.lines.size() == 1);
    const auto report = boost::json::parse(json.lines[0]);
    CHECK(report.at("total").at("changed") == 199);
    CHECK_FALSE(report.as_object().contains("newly_referred"));
    CHECK(report.at("by").at("age").at("others_hidden") == true);
    const Printed text = simulate(three_months(), ReportForm::text);
    CHECK(text.code == 0);
    CHECK(std::count(text.lines.begin(), text.lines.end(), "by nationality") == 1);
}

TEST_CASE("the same pack changes nothing, and that is hidden too") {
    const Printed same = simulate(test::shipped_pack(), ReportForm::csv);
    REQUIRE(same.code == 0);
    CHECK(std::find(same.lines.begin(), same.lines.end(), "all,all,600,,,,") != same.lines.end());
    for (const std::string& l : std::span{same.lines}.subspan(1)) CHECK(l.ends_with(",,,"));
}

TEST_CASE("what cannot be read is an error") {
    test::ManualEnv env;
    env.files.content["draft.toml"] = to_bytes(as_bytes(test::shipped_pack()));
    env.files.content["events"] = to_bytes(as_bytes("no facts"));
    std::string error;
    CHECK(simulate_pack(
              env.env, {"draft.toml", "events", "", ReportForm::text}, schema(), [](const std::string&) {},
              [&](const std::string& e) { error = e; }) == 1);
    CHECK(error.starts_with("events: facts_file.format"));
    CHECK(write_log_facts(
              env.env, {{"/nowhere/journal.db"}, "out", {}}, schema(), [](const std::string&) {},
              [&](const std::string& e) { error = e; }) == 1);
    CHECK(error.starts_with("/nowhere/journal.db: journal."));
}
