// How long rules take: 30 and 1,000 rules over 40 facts, the outcome alone and the full record, loading a pack, a draft
// over recorded crossings; and how often an assessment allocates. One core; the best of many short rounds is printed,
// which a busy machine disturbs least. Usage: paso-bench-rules [PART OF A ROW'S NAME], or paso-bench-rules --travellers
// COUNT: the pack, that many travellers and what we say of them as JSON, a line each (peers.mjs reads it).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "core/rules/backtest.hpp"
#include "core/rules/facts_file.hpp"
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
    for (int warm = 0; warm < 2; ++warm) assessor.bind(facts);
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

// Somebody as they come: most have nothing that a rule looks for.
Facts traveller(std::mt19937& random) {
    Facts f = clear_traveller();
    const auto day = [](int n) { return Date::from_days(20'780 + n); };  // 2026-11-23
    const auto one_of = [&](unsigned n) { return random() % n == 0; };
    const auto text = [&](std::vector<std::string> of) { return of[random() % of.size()]; };
    f.set("trip.direction", text({"entry", "exit"}));
    f.set("trip.mode", text({"air", "land", "sea"}));
    f.set("document.nationality", text({"AAA", "BBB", "GGG", "HHH", "III", "UTO", "BRA"}));
    f.set("document.expiry", day(static_cast<int>(random() % 3000) - 20));
    f.set("person.age", static_cast<std::int64_t>(random() % 95));
    f.set("party.alone", one_of(2));
    f.set("party.adults", static_cast<std::int64_t>(1 + random() % 3));
    f.set("person.national", one_of(3));
    f.set("person.resident", one_of(8));
    f.set("visa.present", one_of(2));
    f.set("visa.until", day(static_cast<int>(random() % 400) - 20));
    f.set("stay.days", static_cast<std::int64_t>(random() % 120));
    f.set("stay.last_exit", day(-1 - static_cast<int>(random() % 900)));
    f.set("health.certificate", one_of(3));
    f.set("health.date", day(1 - static_cast<int>(random() % 900)));
    f.set("list.age_hours", static_cast<std::int64_t>(random() % 80));
    f.set("health.risk_areas", std::set<std::string>{"A", one_of(12) ? "X2" : "B"});
    if (one_of(50)) f.set("document.digits_hold", false);
    if (one_of(50)) f.set("document.reading", std::string{"single_frame"});
    if (one_of(200)) f.set("list.number", true);
    return f;
}

void measure_backtest(const Schema& schema) {
    constexpr int crossings = 10'000;
    const std::string text = pack_text(30);
    const auto draft = parse_draft(as_bytes(text), schema);
    if (!draft) std::exit(1);
    std::mt19937 random(5);
    FactsFileWriter writer(schema);
    Assessor recorded(*draft);
    for (int i = 0; i < crossings; ++i) {
        const Facts f = traveller(random);
        recorded.bind(f);
        std::vector<std::string> referred;
        if (i % 20 != 0 && recorded.outcome() != Outcome::clear) referred.push_back("rule.0");
        writer.add(f, referred);
    }
    const Bytes bytes = writer.take();
    const auto run = [&] {
        auto file = FactsFile::open(bytes, schema);
        auto backtest = Backtest::begin(*draft, schema, *file,
                                        {"document.nationality", "person.age", "trip.state", "trip.direction"});
        if (!backtest) std::exit(1);
        RecordedCrossing crossing;
        while (file->next(crossing).value()) backtest->add(crossing);
        const auto report = backtest->report();
        if (!report.total || report.total->all != crossings) std::exit(1);
    };
    const double reading = best_seconds(100, 1, [&] {
        auto file = FactsFile::open(bytes, schema);
        RecordedCrossing crossing;
        while (file->next(crossing).value()) {
        }
    });
    row("recorded crossing, read alone", reading / crossings, "us", 1e6, 0, 0);
    const double each = best_seconds(100, 1, run) / crossings;
    std::printf("%-46s %10.3f M/s >= 2.00 (%zu bytes a crossing)\n", "backtest, 30 rules, crossings", 1e-6 / each,
                bytes.size() / crossings);
}

std::string json_text(const std::string& s) {
    std::string out = "\"";
    for (const char c : s) out += c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
    return out + "\"";
}

std::string json_value(const FactValue& v) {
    switch (type_of(v)) {
        case FactType::boolean:
            return std::get<bool>(v) ? "true" : "false";
        case FactType::integer:
            return std::to_string(std::get<std::int64_t>(v));
        case FactType::text:
            return json_text(std::get<std::string>(v));
        case FactType::date:
            return std::to_string(std::get<Date>(v).days_since_1970());
        case FactType::text_set:
            break;
    }
    std::string out;
    for (const std::string& s : std::get<std::set<std::string>>(v)) out += (out.empty() ? "" : ",") + json_text(s);
    return "[" + out + "]";
}

// {"rules": [{"when", "unless"}], "us": time for one traveller}, then {"facts": {...}, "yes": [numbers of rules]}.
void dump(int count, const Schema& schema) {
    constexpr int rules = 30;
    const std::string text = pack_text(rules);
    const auto pack = parse_draft(as_bytes(text), schema);
    if (!pack) std::exit(1);
    std::mt19937 random(9);
    std::vector<Facts> all;
    for (int i = 0; i < count; ++i) all.push_back(traveller(random));
    Assessor assessor(*pack);
    std::size_t sink = 0;
    const double seconds = best_seconds(50, 1, [&] {
        for (const Facts& f : all) {
            assessor.bind(f);
            sink += assessor.results().size();
        }
    });
    std::string head;
    for (int i = 0; i < rules; ++i) {
        const auto& [when, unless] = conditions()[static_cast<std::size_t>(i) % conditions().size()];
        head +=
            (head.empty() ? "{\"when\":" : ",{\"when\":") + json_text(when) + ",\"unless\":" + json_text(unless) + "}";
    }
    std::printf("{\"rules\":[%s],\"us\":%.4f}\n", head.c_str(), sink == 0 ? 0.0 : seconds / count * 1e6);
    for (const Facts& f : all) {
        std::string facts;
        for (const FactEntry& e : f.entries())
            facts += (facts.empty() ? "" : ",") + json_text(e.name) + ":" + json_value(e.values.front());
        std::string yes;
        assessor.bind(f);
        const auto results = assessor.results();
        for (std::size_t n = 0; n < results.size(); ++n) {
            if (results[n].value == Truth::yes) yes += (yes.empty() ? "" : ",") + std::to_string(n);
        }
        std::printf("{\"facts\":{%s},\"yes\":[%s]}\n", facts.c_str(), yes.c_str());
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 3 && std::string{arguments[1]} == "--travellers") {
        dump(std::max(1, std::atoi(arguments[2])), Schema(declarations(), "trip.today"));
        return 0;
    }
    const std::string only = count > 1 ? arguments[1] : "";
    const Schema schema(declarations(), "trip.today");
    std::printf("%-46s %14s %-10s %8s\n", "", "best", "goal", "allocs");
    measure(30, 0.5, 1.5, schema, only);
    measure(1000, 20, 0, schema, only);
    if (std::string{"1000 rules, loaded and checked"}.find(only) != std::string::npos) measure_load(schema);
    if (std::string{"backtest, 30 rules, crossings"}.find(only) != std::string::npos) measure_backtest(schema);
    return 0;
}
