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
#include "tests/unit/core/rules/expression_support.hpp"

using namespace paso;
using namespace paso::test;

namespace {

const std::string words = "[[reason]]\ncode = 'r'\nen = { traveller = 'Please see an officer.', officer = 'why' }\n";

std::string rule(const std::string& id, const std::string& when, const std::string& unless = "",
                 const std::string& more = "") {
    return "[[rule]]\nid = '" + id + "'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when + "\"\n" +
           (unless.empty() ? "" : "unless = \"" + unless + "\"\n") + "unknown = 'refer'\n" + more;
}

// Columns of the one table: text -> cell, by day; and a group that changes.
std::string tables_text() {
    const auto table = [](const std::string& name, const std::string& csv, const std::string& declaration) {
        return "[[table]]\nname = '" + name + "'\nfile = '" + name + ".csv'\nsha256 = '" +
               to_hex(sha256(as_bytes(csv))) + "'\n" + declaration + "[[file]]\nname = '" + name +
               ".csv'\ntext = '''\n" + csv + "'''\n";
    };
    return table(
               "visa", "s,v,from,until\nARG,free,,2024-10-06\nARG,needed,2024-10-07,\nBRA,free,,\n",
               "key = ['s']\ncolumns = [{ name = 's', kind = 'state' }, { name = 'v', kind = 'text', values = ['free', "
               "'needed'] }, { name = 'from', kind = 'from' }, { name = 'until', kind = 'until' }]\n") +
           table("groups", "g,m,from,until\nSOUTH,ARG,,\nSOUTH,CHL,2024-10-06,\n",
                 "groups = true\nkey = ['g', 'm']\ncolumns = [{ name = 'g', kind = 'text' }, { name = 'm', kind = "
                 "'state' }, { name = 'from', kind = 'from' }, { name = 'until', kind = 'until' }]\n");
}

std::string pack_text(const std::string& rules) { return "id = 'p'\nversion = '1'\n" + rules + words + tables_text(); }

Pack pack_of(const std::string& text) {
    const auto pack = parse_draft(as_bytes(text), small_schema());
    INFO(text);
    if (!pack) FAIL(describe(pack.error()));
    return *pack;
}

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
    const std::string yes = test("one", "facts = { a = true }\nexpect = 'refer'\nreasons = ['r']\n");
    const auto all = check_pack(pack_of(base + yes), small_schema());
    REQUIRE(all.size() == 1);
    CHECK(all[0] == CheckFinding{PackCheck::rule_without_test, "b", "no test makes it refer", Certainty::found});
    const auto twice = check_pack(
        pack_of(base + yes + test("two", "facts = { b = true, a = true }\nexpect = 'refer'\nreasons = ['r']\n") +
                test("three", "facts = { a = true }\nexpect = 'refer'\nreasons = ['r']\n")),
        small_schema());
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].check == PackCheck::test_repeated);
    CHECK(twice[0].message == "test 'three' has the facts of 'one'");
    // A test without an assertion cannot be read.
    CHECK(parse_draft(as_bytes(base + test("one", "")), small_schema()).error().code == "pack.syntax");
    CHECK(parse_draft(as_bytes(base + test("one", "expect = 'refer'\n")), small_schema()).error().code ==
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

// One fact of the generated packs: what a traveller may have there.
struct Choice {
    std::string name;
    std::vector<FactValue> values;
};

std::vector<Choice> choices() {
    std::vector<Choice> out{{"a", {false, true}},
                            {"b", {false, true}},
                            {"n", {}},
                            {"m", {}},
                            {"text", {}},
                            {"mode", {std::string{"air"}, std::string{"land"}, std::string{"sea"}}},
                            {"today", {}},
                            {"kinds", {}}};
    for (std::int64_t i = -3; i <= 6; ++i) {
        out[2].values.emplace_back(i);
        out[3].values.emplace_back(i);
    }
    for (const char* s : {"ARG", "BRA", "CHL", "x", "z"}) out[4].values.emplace_back(std::string{s});
    for (int d = 19'999; d <= 20'006; ++d) out[6].values.emplace_back(Date::from_days(d));  // 2024-10-03 and on
    for (unsigned mask = 0; mask < 16; ++mask) {
        std::set<std::string> set;
        for (unsigned i = 0; i < 4; ++i) {
            if ((mask >> i & 1U) != 0) set.insert(std::array{"ARG", "BRA", "CHL", "z"}[i]);
        }
        out[7].values.emplace_back(set);
    }
    return out;
}

class RuleGenerator {
  public:
    explicit RuleGenerator(unsigned seed) : r_(seed) {}
    std::mt19937& random() { return r_; }

    // Three facts that the rules of one pack are about.
    std::set<std::string> facts() {
        const auto all = choices();
        std::set<std::string> out;
        while (out.size() < 3) out.insert(all[r_() % all.size()].name);
        return out;
    }

    std::string condition(const std::set<std::string>& facts, int depth) {
        if (depth <= 0 || r_() % 4 == 0) return atom(facts);
        const std::string x = condition(facts, depth - 1);
        const std::string y = condition(facts, depth - 1);
        switch (r_() % 6) {
            case 0:
                return "!(" + x + ")";
            case 1:
                return "((" + x + ") ? (" + y + ") : (" + condition(facts, depth - 1) + "))";
            case 2:
            case 3:
                return "(" + x + ") || (" + y + ")";
            default:
                return "(" + x + ") && (" + y + ")";
        }
    }

  private:
    std::string pick(std::vector<std::string> of) { return of[r_() % of.size()]; }

    std::string atom(const std::set<std::string>& facts) {
        for (;;) {
            const std::string f = *std::next(facts.begin(), static_cast<std::ptrdiff_t>(r_() % facts.size()));
            const std::string op = pick({" == ", " != ", " < ", " <= ", " > ", " >= "});
            if (r_() % 8 == 0) return "known(" + f + ")";
            if (f == "a" || f == "b") return f;
            if (f == "mode") return pick({"mode == 'air'", "mode in ['air', 'sea']", "mode != 'land'"});
            if (f == "n" || f == "m") {
                if (facts.contains("n") && facts.contains("m") && r_() % 3 == 0) return "n" + op + "m";
                return r_() % 4 == 0 ? f + " in [0, 2, 3]" : f + op + std::to_string(r_() % 4);
            }
            if (f == "today") return "today" + op + "date('" + Date::from_days(20'001 + int(r_() % 4)).iso() + "')";
            if (f == "kinds") {
                if (facts.contains("text") && r_() % 2 == 0) return "text in kinds";
                return pick({"'ARG' in kinds", "'CHL' in kinds"});
            }
            if (!facts.contains("today") || r_() % 2 == 0)
                return pick({"text == 'ARG'", "text in ['ARG', 'CHL']", "text != 'CHL'"});
            return pick({"table.visa(text) == 'needed'", "table.visa(text) != 'free'", "text in group('SOUTH')"});
        }
    }

    std::mt19937 r_;
};

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
