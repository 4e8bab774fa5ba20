// `paso log facts`: from a journal on disk to a file of facts.
#include "kiosk/tool/log_facts_command.hpp"

#include <catch2/catch.hpp>

#include "core/crossing/crossing.hpp"
#include "core/inspection/fact_schema.hpp"
#include "core/inspection/inspection.hpp"
#include "core/rules/facts_file.hpp"
#include "sync/keys/key_ring.hpp"
#include "tests/support/manual_env.hpp"
#include "tests/unit/kiosk/tool/journals.hpp"

using namespace paso;

namespace {

Finding refers(const char* rule, Outcome then, bool is_private = false) {
    Finding f;
    f.rule = rule;
    f.value = Truth::yes;
    f.refers = true;
    f.reason = "r";
    f.basis = "a law";
    f.then = then;
    f.is_private = is_private;
    return f;
}

InspectionRecord inspection(const char* nationality, std::vector<Finding> findings) {
    InspectionRecord r;
    r.facts.set(fact::trip_today, *Date::of(2026, 11, 24));
    r.facts.set(fact::document_nationality, nationality);
    r.facts.set(fact::document_number, "L898902C3");
    r.facts.set(fact::answer_protection, true);
    r.assessment.findings = std::move(findings);
    r.language = "en";
    r.state = "done";
    return r;
}

InspectionRecord of_another_program() {
    InspectionRecord r = inspection("UTO", {});
    r.facts.set("person.age", true);
    return r;
}

}  // namespace

TEST_CASE("the facts of every inspection of two journals are written, without those about protection") {
    const test::Folder folder;
    test::ManualEnv env;
    const std::string first = folder.path / "k1.db";
    const std::string second = folder.path / "k2.db";
    test::write_journal(
        first, env, "uto-001-k1",
        {{EventKind::inspection, encode_inspection(inspection("UTO", {}))},
         {EventKind::inspection,
          encode_inspection(inspection(
              "BRA", {refers("six_months", Outcome::officer), refers("talk", Outcome::officer, true),
                      refers("needles", Outcome::health), refers("protection", Outcome::protection, true)}))},
         {EventKind::restart, {}}});
    test::write_journal(second, env, "uto-001-k2",
                        {{EventKind::inspection, encode_inspection(inspection("ARG", {}))},
                         {EventKind::inspection, to_bytes(as_bytes("no body of ours"))},
                         {EventKind::inspection, encode_inspection(of_another_program())}});

    std::vector<std::string> lines;
    std::string error;
    const int code = write_log_facts(
        env.env, {{first, second, first}, "out", open_unsealed_body}, schema(),
        [&](const std::string& l) { lines.push_back(l); }, [&](const std::string& e) { error = e; });
    INFO(error);
    REQUIRE(code == 0);
    CHECK(lines == std::vector<std::string>{"3 crossings written, 2 bodies could not be read"});

    const Bytes& written = env.files.content.at("out");
    const auto contains = [&](std::string_view text) { return as_text(written).find(text) != std::string_view::npos; };
    CHECK_FALSE(contains("L898902C3"));
    CHECK_FALSE(contains("protection"));
    CHECK_FALSE(contains("talk"));
    CHECK_FALSE(contains("needles"));
    auto file = FactsFile::open(written, schema());
    REQUIRE(file);
    const auto& facts = schema().facts();
    const auto slot = static_cast<std::size_t>(schema().find(fact::document_nationality.name()) - facts.data());
    std::vector<std::string> nationalities;
    std::vector<std::string> rules;
    RecordedCrossing crossing;
    while (*file->next(crossing)) {
        nationalities.emplace_back(crossing.slots[slot].view());
        for (const std::uint32_t r : crossing.rules) rules.emplace_back(file->rules()[r]);
    }
    CHECK(nationalities == std::vector<std::string>{"UTO", "BRA", "ARG"});
    CHECK(rules == std::vector<std::string>{"six_months"});
}
