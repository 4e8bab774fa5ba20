// What another version of a pack changes: examples, and generated packs against every traveller tried.
#include "core/rules/diff.hpp"

#include <map>

#include "core/rules/pack_body.hpp"
#include "tests/support/effort.hpp"
#include "tests/unit/core/rules/generated_packs.hpp"

using namespace paso;
using namespace paso::test;

namespace {

std::vector<RuleDifference> diff(const std::string& before, const std::string& after, const DiffLimits& limits = {}) {
    return diff_packs(pack_of(before), pack_of(after), small_schema(), limits);
}

std::string test_like(const std::string& facts) {
    return "[baseline.x]\n" + facts + "[[test]]\nname = 'somebody'\nbaseline = 'x'\nexpect = 'clear'\n";
}

// Which rules refer a traveller, by id, with their reasons.
class Effects {
  public:
    explicit Effects(const Pack& pack) : pack_(pack), assessor_(pack) {}
    std::map<std::string, std::set<std::string>> of(const Facts& facts) {
        std::map<std::string, std::set<std::string>> out;
        assessor_.bind(facts);
        const auto results = assessor_.results();
        for (std::size_t i = 0; i < results.size(); ++i) {
            const Rule& r = pack_.body().rules[i];
            if (results[i].refers) out[r.id].insert(r.reason);
        }
        return out;
    }

  private:
    Pack pack_;
    Assessor assessor_;
};

}  // namespace

TEST_CASE("nothing is said of what stands as before") {
    const std::string text = pack_text(rule("x", "table.visa(text) == 'needed'") + rule("y", "text in group('SOUTH')"));
    CHECK(diff(text, text).empty());
    CHECK(
        diff(text, pack_text(rule("y", "text in group('SOUTH')") + rule("x", "table.visa(text) == 'needed'"))).empty());
}

TEST_CASE("a rule that is added, removed or changed is shown by a traveller") {
    const std::string before = pack_text(rule("x", "n < 18 && a") + rule("y", "b"));
    const std::string after = pack_text(rule("x", "n < 16 && a") + rule("z", "mode == 'sea'")) +
                              test_like("a = false\nb = false\nn = 40\nmode = 'air'\n");
    const auto all = diff(before, after);
    REQUIRE(all.size() == 3);
    CHECK(all[0].change == RuleChange::changed);
    CHECK(all[0].verdict == DiffVerdict::differs);
    Facts young;
    young.set("n", std::int64_t{16});
    young.set("a", true);
    CHECK(all[0].traveller == young);
    CHECK(all[0].like == "somebody");
    CHECK(all[0].before == DiffSide{Outcome::officer, Outcome::officer, {"r"}});
    CHECK(all[0].after == DiffSide{Outcome::clear, Outcome::clear, {}});
    CHECK(all[0].outcome_differs());
    CHECK(all[1].rule == "z");
    CHECK(all[1].change == RuleChange::added);
    CHECK(all[2].rule == "y");
    CHECK(all[2].change == RuleChange::removed);
}

TEST_CASE("the rows of a table and the policy for what is unknown are part of a rule") {
    const std::string x = rule("x", "table.visa(text) == 'needed'", "", "", "'ignore'");
    const auto rows = diff(pack_text(x), pack_text(x, visa_rows + "CHL,needed,,\n"));
    REQUIRE(rows.size() == 1);
    REQUIRE(rows[0].verdict == DiffVerdict::differs);
    CHECK(rows[0].traveller.find("text")->values.front() == FactValue{std::string{"CHL"}});
    const auto policy = diff(pack_text(rule("x", "a && b")),
                             pack_text(rule("x", "a && b", "", "", "{ default = 'refer', offline = 'ignore' }")));
    REQUIRE(policy.size() == 1);
    REQUIRE(policy[0].verdict == DiffVerdict::differs);
    bool offline = false;
    for (const FactEntry& e : policy[0].traveller.entries()) offline = offline || e.cause == Cause::offline;
    CHECK(offline);
}

TEST_CASE("another way to write the same is proven to be the same, or undecided where it computes") {
    const auto verdict = [](const std::string& x, const std::string& y, const DiffLimits& limits = {}) {
        const auto all = diff(pack_text(rule("x", x)), pack_text(rule("x", y)), limits);
        REQUIRE(all.size() == 1);
        return all[0].verdict;
    };
    CHECK(verdict("a && b", "b && a") == DiffVerdict::same);
    CHECK(verdict("!(n < 3)", "n >= 3") == DiffVerdict::same);
    CHECK(verdict("mode == 'air' || mode == 'sea'", "mode != 'land'") == DiffVerdict::same);
    CHECK(verdict("known(a) && a", "a") == DiffVerdict::differs);
    CHECK(verdict("n + 1 > m", "n > m - 1") == DiffVerdict::undecided);
    CHECK(verdict("doc.expiry < today + months(6)", "doc.expiry < today + months(3)") == DiffVerdict::differs);
    CHECK(verdict("a && b", "b && a", {.cases = 3}) == DiffVerdict::undecided);
}

TEST_CASE("another desk for the same reason is a change") {
    const auto all = diff(pack_text(rule("x", "a")), pack_text(rule("x", "a", "", "then = 'health'\n")));
    REQUIRE(all.size() == 1);
    CHECK(all[0].before == DiffSide{Outcome::officer, Outcome::officer, {"r"}});
    CHECK(all[0].after == DiffSide{Outcome::health, Outcome::health, {"r"}});
}

TEST_CASE("who is to know of it is a change, though the desk is the same") {
    const std::string open = pack_text(rule("x", "a"));
    const auto closed = diff(open, pack_text(rule("x", "a", "", "private = true\n")));
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].verdict == DiffVerdict::differs);
    CHECK_FALSE(closed[0].before.is_private);
    CHECK(closed[0].after.is_private);
    CHECK_FALSE(closed[0].after.is_silent);
    const auto silent = diff(pack_text(rule("x", "a", "", "silent = true\n")), open);
    REQUIRE(silent.size() == 1);
    CHECK(silent[0].before.is_silent);
    CHECK_FALSE(silent[0].after.is_silent);
}

TEST_CASE("where the whole outcome stays, that is said") {
    const auto all = diff(pack_text(rule("x", "a")), pack_text(rule("x", "a") + rule("y", "a && b")));
    REQUIRE(all.size() == 1);
    CHECK(all[0].verdict == DiffVerdict::differs);
    CHECK_FALSE(all[0].outcome_differs());
    CHECK(all[0].after == DiffSide{Outcome::officer, Outcome::officer, {"r"}});
}

TEST_CASE("the packs' own tests are tried where the cases are not exact") {
    const std::string before = pack_text(rule("x", "n * n == 1369 && m > 5"));
    const auto all = diff(before, pack_text(rule("x", "n * n == 1369 && m > 6")) + test_like("n = 37\nm = 6\n"));
    REQUIRE(all.size() == 1);
    CHECK(all[0].verdict == DiffVerdict::differs);
    CHECK(all[0].like == "somebody");
    CHECK(all[0].traveller == Facts{});
}

namespace {

class PackPairs {
  public:
    explicit PackPairs(unsigned seed) : generator_(seed) {}

    struct Pair {
        std::set<std::string> facts;
        std::string before;
        std::string after;
    };
    Pair next() {
        Pair out{generator_.facts(), {}, {}};
        for (int k = 0; k < 3; ++k) {
            const std::string id = "r" + std::to_string(k);
            const Parts old = parts(out.facts);
            Parts fresh = old;
            if (one_of(2)) fresh.when = one_of(2) ? "!(!(" + old.when + "))" : parts(out.facts).when;
            if (one_of(3)) fresh.unless = parts(out.facts).unless;
            if (one_of(3)) fresh.unknown = parts(out.facts).unknown;
            if (!one_of(8)) out.before += rule(id, old.when, old.unless, "", old.unknown);
            if (!one_of(8)) out.after += rule(id, fresh.when, fresh.unless, "", fresh.unknown);
        }
        const std::string more = one_of(2) ? "CHL,needed,2024-10-05,\n" : "";
        out.before = pack_text(out.before.empty() ? rule("r9", "false") : out.before);
        out.after = pack_text(out.after.empty() ? rule("r9", "false") : out.after, visa_rows + more);
        return out;
    }

  private:
    struct Parts {
        std::string when;
        std::string unless;
        std::string unknown;
    };
    bool one_of(unsigned n) { return generator_.random()() % n == 0; }
    Parts parts(const std::set<std::string>& facts) {
        const std::array policies{"'refer'", "'ignore'", "{ default = 'refer', offline = 'ignore' }"};
        return {generator_.condition(facts, 2), one_of(3) ? generator_.condition(facts, 1) : "",
                policies[generator_.random()() % policies.size()]};
    }
    RuleGenerator generator_;
};

// The rules that refer some traveller in one pack and not in the other, of all whose facts are known or unknown for one
// of two causes.
std::set<std::string> all_that_differ(Effects& before, Effects& after, const std::set<std::string>& facts) {
    std::vector<Choice> mine;
    for (const Choice& c : choices()) {
        if (facts.contains(c.name)) mine.push_back(c);
    }
    std::set<std::string> out;
    for (std::size_t n = 0;; ++n) {
        Facts f;
        std::size_t left = n;
        for (const Choice& c : mine) {
            const std::size_t i = left % (c.values.size() + 2);
            left /= c.values.size() + 2;
            if (i < c.values.size()) {
                f.set(c.name, c.values[i]);
            } else {
                f.set_unknown(c.name, i == c.values.size() ? Cause::offline : Cause::not_asked);
            }
        }
        if (left > 0) return out;
        const auto x = before.of(f);
        const auto y = after.of(f);
        for (const auto* one : {&x, &y}) {
            for (const auto& [rule, reasons] : *one) {
                const auto a = x.find(rule);
                const auto b = y.find(rule);
                if (a == x.end() || b == y.end() || a->second != b->second) out.insert(rule);
            }
        }
    }
}

void agree(unsigned seed, int pairs, std::array<int, 3>& seen) {
    PackPairs generator(seed);
    for (int i = 0; i < pairs; ++i) {
        const auto [facts, old_text, new_text] = generator.next();
        INFO(old_text << "\n" << new_text);
        const Pack before = pack_of(old_text);
        const Pack after = pack_of(new_text);
        Effects old_effects(before);
        Effects new_effects(after);
        const std::set<std::string> wanted = all_that_differ(old_effects, new_effects, facts);
        std::set<std::string> found;
        for (const RuleDifference& d : diff_packs(before, after, small_schema())) {
            ++seen[static_cast<std::size_t>(d.verdict)];
            REQUIRE(d.verdict != DiffVerdict::undecided);
            if (d.verdict == DiffVerdict::same) continue;
            found.insert(d.rule);
            REQUIRE(old_effects.of(d.traveller)[d.rule] != new_effects.of(d.traveller)[d.rule]);
        }
        REQUIRE(found == wanted);
    }
}

}  // namespace

TEST_CASE("the difference of two packs is what trying every traveller finds") {
    std::array<int, 3> seen{};
    agree(51, test::effort(60), seen);
    CHECK(seen[0] > test::effort(20));
    CHECK(seen[1] > test::effort(5));
}

TEST_CASE("the difference of two packs is what trying every traveller finds, in 1,000 pairs", "[.][long]") {
    std::array<int, 3> seen{};
    agree(52, 1'000, seen);
    CHECK(seen[1] > 100);
}
