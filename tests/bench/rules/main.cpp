// How long rules take: 30 and 1,000 rules over 40 facts, the outcome alone and the full record, loading a pack; and how
// often an assessment allocates. One core; the best of many short
// rounds is printed, which a busy machine disturbs least. Usage: paso-bench-rules [PART OF A ROW'S NAME]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "core/rules/pack.hpp"

namespace {
std::size_t allocations = 0;
}

// NOLINTBEGIN(misc-new-delete-overloads): every allocation of the program passes here and is counted.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
// NOLINTEND(misc-new-delete-overloads)

namespace {

using namespace paso;
using Seconds = std::chrono::duration<double>;

const std::vector<FactDeclaration>& declarations() {
    static const std::vector<FactDeclaration> facts = [] {
        std::vector<FactDeclaration> out{{"trip.today", FactType::date, ""},
                                         {"trip.state", FactType::text, ""},
                                         {"trip.mode", FactType::text, ""},
                                         {"trip.direction", FactType::text, ""},
                                         {"trip.demo", FactType::boolean, ""},
                                         {"document.present", FactType::boolean, ""},
                                         {"document.reading", FactType::text, ""},
                                         {"document.code", FactType::text, ""},
                                         {"document.issuer", FactType::text, ""},
                                         {"document.nationality", FactType::text, ""},
                                         {"document.has_expiry", FactType::boolean, ""},
                                         {"document.expiry", FactType::date, ""},
                                         {"document.issued", FactType::date, ""},
                                         {"document.digits_hold", FactType::boolean, ""},
                                         {"document.specimen", FactType::boolean, ""},
                                         {"person.age", FactType::integer, ""},
                                         {"person.national", FactType::boolean, ""},
                                         {"person.resident", FactType::boolean, ""},
                                         {"party.adults", FactType::integer, ""},
                                         {"party.alone", FactType::boolean, ""},
                                         {"list.number", FactType::boolean, ""},
                                         {"list.age_hours", FactType::integer, ""},
                                         {"stay.days", FactType::integer, ""},
                                         {"stay.last_exit", FactType::date, ""},
                                         {"visa.present", FactType::boolean, ""},
                                         {"visa.until", FactType::date, ""},
                                         {"visa.kinds", FactType::text_set, ""},
                                         {"health.risk_areas", FactType::text_set, ""},
                                         {"health.certificate", FactType::boolean, ""},
                                         {"health.date", FactType::date, ""}};
        static const std::vector<std::string> spare = [] {
            std::vector<std::string> names;
            for (int i = 0; i < 10; ++i) names.push_back("spare.f" + std::to_string(i));
            return names;
        }();
        for (const std::string& name : spare) out.push_back({name, FactType::integer, ""});
        return out;
    }();
    return facts;
}

// Conditions as packs have them, in the shapes that they mostly have.
const std::vector<std::pair<std::string, std::string>>& conditions() {
    static const std::vector<std::pair<std::string, std::string>> all{
        {"!document.present", ""},
        {"document.present && document.reading != 'verified'", ""},
        {"document.present && !document.digits_hold", ""},
        {"document.present && document.has_expiry && document.expiry < trip.today", "person.national"},
        {"document.present && document.has_expiry && trip.direction == 'entry' && document.expiry >= trip.today && "
         "document.expiry < trip.today + months(6)",
         "person.national || person.resident"},
        {"!trip.demo && document.specimen", ""},
        {"person.age < 18 && (party.alone || party.adults < 1)", ""},
        {"list.number", ""},
        {"list.age_hours > 72", ""},
        {"stay.days > 90 && trip.direction == 'exit'", "person.resident"},
        {"!visa.present && document.nationality in ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF']", "person.resident"},
        {"visa.present && visa.until < trip.today", ""},
        {"'transit' in visa.kinds && trip.mode != 'air'", ""},
        {"health.risk_areas.exists(area, area in ['X1', 'X2', 'X3']) && !health.certificate", ""},
        {"health.certificate && health.date + days(10) > trip.today", ""},
        {"document.issued > trip.today", ""},
        {"person.age + party.adults > 150", ""},
        {"known(stay.last_exit) && stay.last_exit > trip.today", ""},
        {"document.issuer == trip.state && !person.national", ""},
        {"trip.direction == 'exit' ? person.age < 14 : party.alone && person.age < 10", ""}};
    return all;
}

std::string pack_text(int rules) {
    std::string out = "id = 'bench'\nversion = '1'\n";
    for (int i = 0; i < rules; ++i) {
        const auto& [when, unless] = conditions()[static_cast<std::size_t>(i) % conditions().size()];
        out += "[[rule]]\nid = 'rule." + std::to_string(i) + "'\ntitle = 'A rule'\nbasis = 'A law, article " +
               std::to_string(i) + "'\nwhen = \"" + when + "\"\n";
        if (!unless.empty()) out += "unless = \"" + unless + "\"\nunless_basis = 'A law'\n";
        out += "unknown = \"refer\"\nreason = 'r'\n";
    }
    return out + "[[reason]]\ncode = 'r'\nen = { traveller = 'Please see an officer.', officer = 'why' }\n";
}

// Somebody whom no rule refers, so that every rule is looked at.
Facts clear_traveller() {
    Facts f;
    const auto day = [](const char* iso) { return *Date::parse(iso); };
    for (const FactDeclaration& d : declarations()) {
        if (d.type == FactType::boolean) f.set(d.name, false);
        if (d.type == FactType::integer) f.set(d.name, std::int64_t{1});
        if (d.type == FactType::text) f.set(d.name, std::string{"UTO"});
        if (d.type == FactType::date) f.set(d.name, day("2026-01-01"));
        if (d.type == FactType::text_set) f.set(d.name, std::set<std::string>{"A", "B", "C"});
    }
    f.set("trip.today", day("2026-11-24"));
    f.set("trip.direction", std::string{"entry"});
    f.set("trip.state", std::string{"BRA"});
    f.set("document.present", true);
    f.set("document.reading", std::string{"verified"});
    f.set("document.digits_hold", true);
    f.set("document.has_expiry", true);
    f.set("document.expiry", day("2031-05-01"));
    f.set("person.age", std::int64_t{41});
    return f;
}

double best_seconds(int rounds, int times, const std::function<void()>& work) {
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < times; ++i) work();
        best = std::min(best, Seconds(std::chrono::steady_clock::now() - begin).count() / times);
    }
    return best;
}

void row(const std::string& what, double seconds, const char* unit, double scale, double goal, double counted) {
    const std::string wanted = goal > 0 ? "<= " + std::to_string(goal).substr(0, 4) : "";
    std::printf("%-46s %10.3f %-3s %-10s %8.1f\n", what.c_str(), seconds * scale, unit, wanted.c_str(), counted);
}

double allocations_of(const std::function<void()>& work) {
    work();
    const std::size_t before = allocations;
    for (int i = 0; i < 100; ++i) work();
    return static_cast<double>(allocations - before) / 100;
}

void measure(int rules, double outcome_goal, double record_goal, const Schema& schema, const std::string& only) {
    const std::string text = pack_text(rules);
    const auto pack = parse_draft(as_bytes(text), schema);
    if (!pack) {
        std::printf("%s\n", describe(pack.error()).c_str());
        std::exit(1);
    }
    const Facts facts = clear_traveller();
    Assessor assessor(*pack);
    assessor.bind(facts);
    if (assessor.outcome() != Outcome::clear) {
        for (const Finding& f : assessor.assessment().findings) {
            if (f.refers) std::printf("%s refers\n", f.rule.c_str());
        }
        std::exit(1);
    }
    const std::string name = std::to_string(rules) + " rules over 40 facts, ";
    const int times = 10'000 / rules + 1;
    const auto put = [&](const char* what, double goal, const std::function<void()>& work) {
        if ((name + what).find(only) == std::string::npos) return;
        row(name + what, best_seconds(400, times, work), "us", 1e6, goal, allocations_of(work));
    };
    std::size_t sink = 0;
    put("outcome", outcome_goal, [&] { sink += assessor.outcome() == Outcome::clear ? 1U : 0U; });
    put("full record", record_goal, [&] { sink += assessor.results().size(); });
    put("facts bound, outcome", 0, [&] {
        assessor.bind(facts);
        sink += assessor.outcome() == Outcome::clear ? 1U : 0U;
    });
    put("facts bound, full record", 0, [&] {
        assessor.bind(facts);
        sink += assessor.results().size();
    });
    put("record in words", 0, [&] { sink += assessor.assessment().findings.size(); });
    put("record as bytes", 0, [&] { sink += encode_assessment(assessor.assessment()).size(); });
    if (sink == 0 && only.empty()) std::exit(1);
}

void measure_load(const Schema& schema) {
    const std::string text = pack_text(1000);
    const auto load = [&] {
        if (!parse_draft(as_bytes(text), schema)) std::exit(1);
    };
    row("1000 rules, loaded and checked", best_seconds(20, 1, load), "ms", 1e3, 20, allocations_of(load));
}

}  // namespace

int main(int count, char** arguments) {
    const std::string only = count > 1 ? arguments[1] : "";
    const Schema schema(declarations(), "trip.today");
    std::printf("%-46s %14s %-10s %8s\n", "", "best", "goal", "allocs");
    measure(30, 0.5, 1.5, schema, only);
    measure(1000, 20, 0, schema, only);
    if (std::string{"1000 rules, loaded and checked"}.find(only) != std::string::npos) measure_load(schema);
    return 0;
}
