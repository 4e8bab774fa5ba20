// The checks of a pack: a pack for each that it catches, and generated packs against every case tried.
#include "core/rules/checks.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "core/rules/pack_body.hpp"
#include "core/trust/digest.hpp"
#include "tests/support/effort.hpp"
#include "tests/unit/core/rules/generated_packs.hpp"

using namespace paso;
using namespace paso::test;

namespace {

std::vector<CheckFinding> findings(const std::string& rules, const CheckLimits& limits = {}) {
    return check_pack(pack_of(pack_text(rules)), small_schema(), limits);
}

// The findings of all checks but that of tests, as "check rule" or "check rule?".
std::set<std::string> said(const std::string& rules, const CheckLimits& limits = {}) {
    std::set<std::string> out;
    for (const CheckFinding& f : findings(rules, limits)) {
        if (f.check == PackCheck::rule_without_test) continue;
        out.insert(std::string{name(f.check)} + " " + f.rule + (f.certainty == Certainty::undecided ? "?" : ""));
    }
    return out;
}

using Said = std::set<std::string>;

}  // namespace

TEST_CASE("each check has a pack that it catches") {
    CHECK(said(rule("a", "a && !a")) == Said{"never_true a"});
    CHECK(said(rule("a", "n > 3 && n < 4")) == Said{"never_true a"});
    CHECK(said(rule("a", "mode == 'air' && mode in ['land', 'sea']")) == Said{"never_true a"});
    CHECK(said(rule("a", "text == 'ARG' && table.visa(text) == 'needed' && today < date('2024-10-07')")) ==
          Said{"never_true a"});
    CHECK(said(rule("a", "text in group('SOUTH') && text == 'CHL' && today == date('2024-10-05')")) ==
          Said{"never_true a"});
    CHECK(said(rule("a", "known(a) && !known(a)")) == Said{"never_true a"});
    CHECK(said(rule("a", "false")) == Said{"never_true a"});
    CHECK(said(rule("a", "today < doc.expiry && doc.expiry < today")) == Said{"never_true a"});
    CHECK(said(rule("a", "mode in ['air', 'land', 'sea']")) == Said{"always_true a"});
    CHECK(said(rule("a", "n < 5 || n > 3")) == Said{"always_true a"});
    CHECK(said(rule("a", "a && n > 3", "n > 2")) == Said{"exempted a"});
    CHECK(said(rule("a", "a && b") + rule("b", "a")) == Said{"subsumed a"});
    CHECK(said(rule("a", "n == 4") + rule("b", "n > 3 || known(text)")) == Said{"subsumed a"});
    CHECK(said(rule("a", "table.visa('XYZ') == 'free' || a")) == Said{"always_true a", "key_without_row a"});
    CHECK(said(rule("v", "a", "", "until = 2026-01-01\n") + rule("v", "a", "", "from = 2026-01-01\n")) ==
          Said{"version_overlap v"});
    CHECK(said(rule("v", "a", "", "until = 2026-01-01\n") + rule("v", "a", "", "from = 2026-01-03\n")) ==
          Said{"version_gap v"});
    CHECK(said(rule("v", "a", "", "until = 2026-01-01\n") + rule("v", "a", "", "from = 2026-01-02\n")).empty());
    CHECK(said(rule("v", "a", "", "from = 2020-01-01\nuntil = 2030-01-01\n") +
               rule("v", "a", "", "from = 2021-01-01\nuntil = 2021-02-01\n") +
               rule("v", "a", "", "from = 2025-01-01\nuntil = 2025-02-01\n")) == Said{"version_overlap v"});
    CHECK(said(rule("a", "a") + "[[reason]]\ncode = 'idle'\nen = { traveller = 'x', officer = 'y' }\n") ==
          Said{"reason_unused "});
    const std::string spanish = "es = { traveller = 'x', officer = 'y' }\n";
    CHECK(said(rule("a", "a") +
               "[[rule]]\nid = 'b'\ntitle = 't'\nbasis = 'b'\nreason = 's'\nwhen = 'b'\nunknown = "
               "'refer'\n[[reason]]\ncode = 's'\nen = { traveller = 'x', officer = 'y' }\n" +
               spanish) == Said{"words_missing "});
}

TEST_CASE("tests that are missing or say nothing new") {
    const std::string base = pack_text(rule("a", "a") + rule("b", "b")) + "[baseline.x]\na = false\nb = false\n";
    const auto test = [](const std::string& name, const std::string& more) {
        return "[[test]]\nname = '" + name + "'\nbaseline = 'x'\n" + more;
    };
    const std::string yes = test("one", "facts = { a = true }\nexpect = 'officer'\nreasons = ['r']\n");
    const auto all = check_pack(pack_of(base + yes), small_schema());
    REQUIRE(all.size() == 1);
    CHECK(all[0] == CheckFinding{PackCheck::rule_without_test, "b", "no test makes it refer", Certainty::found});
    const auto twice = check_pack(
        pack_of(base + yes + test("two", "facts = { b = true, a = true }\nexpect = 'officer'\nreasons = ['r']\n") +
                test("three", "facts = { a = true }\nexpect = 'officer'\nreasons = ['r']\n")),
        small_schema());
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].check == PackCheck::test_repeated);
    CHECK(twice[0].message == "test 'three' has the facts of 'one'");
    // A test without an assertion cannot be read.
    CHECK(parse_draft(as_bytes(base + test("one", "")), small_schema()).error().code == "pack.syntax");
    CHECK(parse_draft(as_bytes(base + test("one", "expect = 'officer'\n")), small_schema()).error().code ==
          "pack.syntax");
}

TEST_CASE("what computes is undecided, unless a case shows the contrary") {
    CHECK(said(rule("a", "n + 1 > n + 2")) == Said{"never_true a?"});
    CHECK(said(rule("a", "doc.expiry >= today && doc.expiry < today + months(6)")).empty());
    CHECK(said(rule("a", "doc.expiry < today - months(6) && doc.expiry > today")) == Said{"never_true a?"});
    CHECK(said(rule("a", "text.startsWith('A') || !text.startsWith('A')")) == Said{"always_true a?"});
    CHECK(said(rule("a", "kinds.exists(k, k == 'x')")).empty());
    CHECK(said(rule("a", "text < 'B' && text > 'C'")) == Said{"never_true a?"});
    CHECK(said(rule("a", "n == m && m != n"), {.evaluations = 5}) == Said{"never_true a?"});
    CHECK(said(rule("a", "n == m && m != n")) == Said{"never_true a"});
    CHECK(said(rule("a", "a && b") + rule("b", "a"), {.pairs = 0}) == Said{"subsumed ?"});
}

namespace {

// What every traveller that there can be shows of the rules of a pack.
struct Brute {
    std::vector<bool> yes;
    std::vector<bool> no;
    std::vector<std::vector<bool>> apart;  // [a][b]: a is yes and b is not
};

// `asked[i]`: facts that rule i asks with known(); a case in which another one is unknown is none of its cases.
Brute try_all(const Pack& pack, const std::set<std::string>& facts, const std::vector<std::set<std::string>>& asked) {
    const std::size_t rules = asked.size();
    Brute out{std::vector<bool>(rules), std::vector<bool>(rules),
              std::vector<std::vector<bool>>(rules, std::vector<bool>(rules))};
    std::vector<Choice> mine;
    for (const Choice& c : choices()) {
        if (facts.contains(c.name)) mine.push_back(c);
    }
    Assessor assessor(pack);
    for (std::size_t n = 0;; ++n) {
        Facts f;
        std::set<std::string> unknown;
        std::size_t left = n;
        for (const Choice& c : mine) {
            const std::size_t i = left % (c.values.size() + 1);
            left /= c.values.size() + 1;
            if (i < c.values.size()) {
                f.set(c.name, c.values[i]);
            } else {
                f.set_unknown(c.name, Cause::offline);
                unknown.insert(c.name);
            }
        }
        if (left > 0) return out;
        assessor.bind(f);
        const auto results = assessor.results();
        const auto is_case = [&](std::size_t a, std::size_t b) {
            return std::all_of(unknown.begin(), unknown.end(),
                               [&](const auto& u) { return asked[a].contains(u) || asked[b].contains(u); });
        };
        for (std::size_t a = 0; a < rules; ++a) {
            if (is_case(a, a)) {
                out.yes[a] = out.yes[a] || results[a].value == Truth::yes;
                out.no[a] = out.no[a] || results[a].value == Truth::no;
            }
            for (std::size_t b = 0; b < rules; ++b) {
                if (results[a].value == Truth::yes && results[b].value != Truth::yes && is_case(a, b))
                    out.apart[a][b] = true;
            }
        }
    }
}

void agree(unsigned seed, int packs, std::array<int, 4>& seen) {
    RuleGenerator generator(seed);
    for (int i = 0; i < packs; ++i) {
        const auto facts = generator.facts();
        constexpr std::size_t rules = 3;
        std::string text;
        std::string bare;
        std::vector<std::set<std::string>> asked(rules);
        for (std::size_t k = 0; k < rules; ++k) {
            const std::string when = generator.condition(facts, 2);
            const std::string unless = generator.random()() % 3 == 0 ? generator.condition(facts, 1) : "";
            text += rule("r" + std::to_string(k), when, unless);
            bare += rule("r" + std::to_string(k), when);
            for (const std::string& f : facts) {
                if ((when + unless).find("known(" + f + ")") != std::string::npos) asked[k].insert(f);
            }
        }
        INFO(text);
        const Brute all = try_all(pack_of(pack_text(text)), facts, asked);
        const Brute whens = try_all(pack_of(pack_text(bare)), facts, asked);
        Said expected;
        for (std::size_t a = 0; a < rules; ++a) {
            const std::string id = "r" + std::to_string(a);
            if (!all.yes[a]) expected.insert((whens.yes[a] ? "exempted " : "never_true ") + id);
            if (all.yes[a] && !all.no[a]) expected.insert("always_true " + id);
            seen[all.yes[a] ? (all.no[a] ? 0 : 1) : 2] += 1;
            for (std::size_t b = 0; b < rules; ++b) {
                const bool said_before = b < a && all.yes[b] && all.no[a] && !all.apart[b][a];
                if (a == b || said_before || !all.yes[a] || !all.no[b] || all.apart[a][b] || !all.yes[b]) continue;
                expected.insert("subsumed " + id);
                ++seen[3];
            }
        }
        REQUIRE(said(text) == expected);
    }
}

}  // namespace

TEST_CASE("the checks find what trying every case finds") {
    std::array<int, 4> seen{};
    agree(31, test::effort(300), seen);
    for (const int n : seen) CHECK(n > test::effort(10));
}

TEST_CASE("the checks find what trying every case finds, in 10,000 packs", "[.][long]") {
    std::array<int, 4> seen{};
    agree(32, 10'000, seen);
    for (const int n : seen) CHECK(n > 300);
}
