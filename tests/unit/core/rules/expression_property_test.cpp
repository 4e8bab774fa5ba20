// Random expressions against a second evaluator, written here in the plainest way: a tree, walked by recursion, with
// Kleene's tables and sets of causes. It shares nothing with the engine but the calendar.
#include <array>
#include <functional>
#include <optional>
#include <random>
#include <set>

#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"
#include "tests/support/effort.hpp"
#include "tests/unit/core/rules/expression_support.hpp"

using namespace paso;
using namespace paso::test;

namespace {

// A value of the reference: one of these kinds.
struct Ref {
    enum Kind { unknown, error, boolean, integer, text, date } kind = error;
    std::set<Cause> causes{};
    std::int64_t number = 0;
    std::string characters{};

    static Ref of(Kind kind, std::int64_t n) { return {kind, {}, n, {}}; }
    static Ref truth(bool b) { return of(boolean, b ? 1 : 0); }
    bool known() const { return kind > error; }
    bool is(bool b) const { return kind == boolean && number == (b ? 1 : 0); }
    bool operator==(const Ref& o) const {
        return kind == o.kind && causes == o.causes && number == o.number && characters == o.characters;
    }
};

Ref failure(const Ref& a, const Ref& b) {
    Ref out = a.kind == Ref::unknown || b.kind == Ref::unknown ? Ref::of(Ref::unknown, 0) : Ref::of(Ref::error, 0);
    for (const Ref* r : {&a, &b}) {
        if (r->kind == Ref::unknown) out.causes.insert(r->causes.begin(), r->causes.end());
    }
    return out;
}

// The facts of one traveller, one value each, and the member of the loops around.
struct World {
    std::map<std::string, Ref> facts;
    std::optional<std::set<std::string>> kinds;
    Cause kinds_cause = Cause::not_read;
};
using Members = std::map<std::string, std::string>;

struct Node {
    std::string source;
    std::function<Ref(const World&, const Members&)> value;
};

Ref and_of(const Ref& a, const Ref& b) {
    if (a.is(false) || b.is(false)) return Ref::truth(false);
    return a.is(true) && b.is(true) ? Ref::truth(true) : failure(a, b);
}
Ref not_of(const Ref& a) { return a.known() ? Ref::truth(a.number == 0) : a; }
Ref or_of(const Ref& a, const Ref& b) { return not_of(and_of(not_of(a), not_of(b))); }

Ref compare(const std::string& op, const Ref& a, const Ref& b) {
    if (!a.known() || !b.known()) return failure(a, b);
    const int order = a.kind == Ref::text   ? a.characters.compare(b.characters)
                      : a.number < b.number ? -1
                                            : static_cast<int>(a.number > b.number);
    if (op == "==") return Ref::truth(order == 0);
    if (op == "!=") return Ref::truth(order != 0);
    if (op == "<") return Ref::truth(order < 0);
    if (op == "<=") return Ref::truth(order <= 0);
    return Ref::truth(op == ">" ? order > 0 : order >= 0);
}

Ref sum(char op, const Ref& a, const Ref& b) {
    if (!a.known() || !b.known()) return failure(a, b);
    const __int128 x = a.number;
    const __int128 y = b.number;
    if ((op == '/' || op == '%') && y == 0) return Ref::of(Ref::error, 0);
    if (op == '%' && y == -1) return Ref::of(Ref::integer, 0);
    const __int128 r = op == '+' ? x + y : op == '-' ? x - y : op == '*' ? x * y : op == '/' ? x / y : x % y;
    if (r > INT64_MAX || r < INT64_MIN) return Ref::of(Ref::error, 0);
    return Ref::of(Ref::integer, static_cast<std::int64_t>(r));
}

Ref chosen(const Ref& c, const Ref& x, const Ref& y) {
    if (c.is(true)) return x;
    if (c.is(false)) return y;
    if (c.kind == Ref::error) return c;
    if (x.known() && x == y) return x;
    return failure(c, failure(x, y));
}

class Generator {
  public:
    explicit Generator(unsigned seed) : r_(seed) {}

    Node condition(int depth) {
        switch (r_() % (depth <= 0 ? 3 : 11)) {
            case 0:
                return fact(pick({"a", "b", "c"}));
            case 1:
                return comparison(depth);
            case 2:
                return known();
            case 3:
            case 4:
            case 5:
                return chain(depth, r_() % 2 == 0);
            case 6: {
                const Node x = condition(depth - 1);
                return {"!(" + x.source + ")", [x](const World& w, const Members& m) { return not_of(x.value(w, m)); }};
            }
            case 7:
                return choice(condition(depth - 1), condition(depth - 1), condition(depth - 1));
            case 8:
                return text_among(depth);
            default:
                return loop(depth);
        }
    }

    World world() {
        World w;
        const auto set = [&](const char* name, Ref value) {
            if (r_() % 4 == 0) {
                value = Ref::of(Ref::unknown, 0);
                value.causes = {static_cast<Cause>(1 + r_() % 8)};
            }
            w.facts[name] = value;
        };
        for (const char* name : {"a", "b", "c"}) set(name, Ref::truth(r_() % 2 == 0));
        const std::array<std::int64_t, 6> numbers{0, 1, 2, -1, INT64_MAX, INT64_MIN};
        for (const char* name : {"n", "m"}) set(name, Ref::of(Ref::integer, numbers[r_() % numbers.size()]));
        for (const char* name : {"today", "doc.expiry"})
            set(name, Ref::of(Ref::date, 20000 + static_cast<int>(r_() % 400)));
        Ref text = Ref::of(Ref::text, 0);
        text.characters = pick({"ARG", "BRA", "CHL"});
        set("text", text);
        w.kinds_cause = static_cast<Cause>(1 + r_() % 8);
        if (r_() % 4 != 0) {
            w.kinds.emplace();
            for (const char* k : {"ARG", "BRA", "x"}) {
                if (r_() % 2 == 0) w.kinds->insert(k);
            }
        }
        return w;
    }

    std::mt19937& random() { return r_; }

  private:
    std::string pick(std::vector<std::string> of) { return of[r_() % of.size()]; }

    static Node fact(const std::string& name) {
        return {name, [name](const World& w, const Members&) { return w.facts.at(name); }};
    }
    Node known() {
        const std::string name = pick({"a", "c", "n", "text", "doc.expiry"});
        return {"known(" + name + ")",
                [name](const World& w, const Members&) { return Ref::truth(w.facts.at(name).kind != Ref::unknown); }};
    }
    Node chain(int depth, bool both) {
        Node out = condition(depth - 1);
        out.source = "(" + out.source + ")";
        for (std::size_t n = 1 + r_() % 3; n > 0; --n) {
            const Node x = condition(depth - 1);
            const auto before = out.value;
            out.source += (both ? " && (" : " || (") + x.source + ")";
            out.value = [before, x, both](const World& w, const Members& m) {
                return both ? and_of(before(w, m), x.value(w, m)) : or_of(before(w, m), x.value(w, m));
            };
        }
        return out;
    }
    static Node choice(const Node& c, const Node& x, const Node& y) {
        return {"((" + c.source + ") ? (" + x.source + ") : (" + y.source + "))",
                [c, x, y](const World& w, const Members& m) {
                    return chosen(c.value(w, m), x.value(w, m), y.value(w, m));
                }};
    }
    Node comparison(int depth) {
        const std::string op = pick({"==", "!=", "<", "<=", ">", ">="});
        const std::size_t kind = r_() % 3;
        const Node x = kind == 0 ? number(depth) : kind == 1 ? day() : text();
        const Node y = kind == 0 ? number(depth) : kind == 1 ? day() : text();
        return {x.source + " " + op + " " + y.source,
                [x, y, op](const World& w, const Members& m) { return compare(op, x.value(w, m), y.value(w, m)); }};
    }
    Node number(int depth) {
        const std::size_t what = r_() % (depth <= 0 ? 2 : 5);
        if (what == 0) return fact(pick({"n", "m"}));
        if (what == 1) {
            const auto n = static_cast<std::int64_t>(r_() % 5) - 1;
            return {std::to_string(n), [n](const World&, const Members&) { return Ref::of(Ref::integer, n); }};
        }
        if (what == 2) return choice(condition(depth - 1), number(depth - 1), number(depth - 1));
        const char op = "+-*/%"[r_() % 5];
        const Node x = number(depth - 1);
        const Node y = number(depth - 1);
        return {"(" + x.source + " " + op + " " + y.source + ")",
                [x, y, op](const World& w, const Members& m) { return sum(op, x.value(w, m), y.value(w, m)); }};
    }
    Node day() {
        const Node x = fact(pick({"today", "doc.expiry"}));
        if (r_() % 2 == 0) return x;
        const bool months = r_() % 2 == 0;
        const bool later = r_() % 2 == 0;
        const int n = static_cast<int>(r_() % 13);
        return {x.source + (later ? " + " : " - ") + (months ? "months(" : "days(") + std::to_string(n) + ")",
                [=](const World& w, const Members& m) {
                    Ref v = x.value(w, m);
                    if (!v.known()) return v;
                    const Date d = Date::from_days(static_cast<std::int32_t>(v.number));
                    const int k = later ? n : -n;
                    v.number = (months ? d.plus_months(k) : d.plus_days(k)).days_since_1970();
                    return v;
                }};
    }
    Node text() {
        if (!names_.empty() && r_() % 2 == 0) {
            const std::string name = names_[r_() % names_.size()];
            return {name, [name](const World&, const Members& m) {
                        Ref v = Ref::of(Ref::text, 0);
                        v.characters = m.at(name);
                        return v;
                    }};
        }
        if (r_() % 2 == 0) return fact("text");
        const std::string s = pick({"ARG", "BRA", "x"});
        return {"'" + s + "'", [s](const World&, const Members&) {
                    Ref v = Ref::of(Ref::text, 0);
                    v.characters = s;
                    return v;
                }};
    }
    Node text_among(int) {
        const Node x = text();
        if (r_() % 2 == 0) {
            return {x.source + " in kinds", [x](const World& w, const Members& m) {
                        const Ref v = x.value(w, m);
                        if (w.kinds && v.known()) return Ref::truth(w.kinds->contains(v.characters));
                        Ref unknown = Ref::of(Ref::unknown, 0);
                        unknown.causes = {w.kinds_cause};
                        return failure(v, w.kinds ? v : unknown);
                    }};
        }
        return {x.source + " in ['BRA', 'ARG']", [x](const World& w, const Members& m) {
                    const Ref v = x.value(w, m);
                    return v.known() ? Ref::truth(v.characters == "BRA" || v.characters == "ARG") : v;
                }};
    }
    Node loop(int depth) {
        if (names_.size() >= 2) return condition(0);
        const std::string kind = pick({"all", "exists", "exists_one"});
        const bool fixed = r_() % 2 == 0;
        const std::string name = "k" + std::to_string(names_.size());
        names_.push_back(name);
        const Node p = condition(depth - 1);
        names_.pop_back();
        const std::string range = fixed ? "['ARG', 'x', 'ARG']" : "kinds";
        return {range + "." + kind + "(" + name + ", " + p.source + ")", [=](const World& w, const Members& m) {
                    std::vector<std::string> members{"ARG", "x", "ARG"};
                    if (!fixed) {
                        if (!w.kinds) return Ref{Ref::unknown, {w.kinds_cause}, 0, {}};
                        members.assign(w.kinds->begin(), w.kinds->end());
                    }
                    std::vector<Ref> values;
                    for (const std::string& s : members) {
                        Members inner = m;
                        inner[name] = s;
                        values.push_back(p.value(w, inner));
                    }
                    return looped(kind, values);
                }};
    }
    static Ref looped(const std::string& kind, const std::vector<Ref>& values) {
        Ref out = Ref::truth(kind == "all");
        int yes = 0;
        Ref bad = Ref::truth(true);
        for (const Ref& v : values) {
            if (kind == "all") out = and_of(out, v);
            if (kind == "exists") out = or_of(out, v);
            yes += v.is(true) ? 1 : 0;
            if (!v.known()) bad = failure(bad, v);
        }
        if (kind != "exists_one") return out;
        if (bad.kind == Ref::unknown && yes > 1) return Ref::truth(false);
        return bad.known() ? Ref::truth(yes == 1) : bad;
    }

    std::mt19937 r_;
    std::vector<std::string> names_;
};

FactValue fact_value(const Ref& r) {
    switch (r.kind) {
        case Ref::boolean:
            return r.number == 1;
        case Ref::integer:
            return r.number;
        case Ref::date:
            return Date::from_days(static_cast<std::int32_t>(r.number));
        default:
            return r.characters;
    }
}

Facts facts_of(const World& w) {
    Facts f;
    for (const auto& [name, ref] : w.facts) {
        if (ref.kind == Ref::unknown) {
            f.set_unknown(name, *ref.causes.begin());
        } else {
            f.set(name, fact_value(ref));
        }
    }
    if (w.kinds) {
        f.set("kinds", *w.kinds);
    } else {
        f.set_unknown("kinds", w.kinds_cause);
    }
    return f;
}

std::uint8_t bits(const std::set<Cause>& causes) {
    std::uint8_t out = 0;
    for (const Cause c : causes) out |= Value::bit(c);
    return out;
}

Ref as_ref(const Value& v) {
    if (v.is(Kind::boolean)) return Ref::truth(v.yes());
    Ref out = Ref::of(v.is(Kind::unknown) ? Ref::unknown : Ref::error, 0);
    for (int c = 1; c <= 8; ++c) {
        if (v.is(Kind::unknown) && (v.causes & Value::bit(static_cast<Cause>(c))) != 0)
            out.causes.insert(static_cast<Cause>(c));
    }
    return out;
}

// `code` as it was written, run without the shorter forms.
Value run_as_written(const Expression& e, std::span<const Value> slots, Evaluator& evaluator) {
    const Program& p = e.program();
    return evaluator.evaluate(Code{p.code, p.constants.data(), p.tables}, slots);
}

std::string one_rule(const std::string& when, const std::string& unless) {
    return "id = 'p'\nversion = '1'\n[[rule]]\nid = 'r'\ntitle = 't'\nbasis = 'b'\nreason = 'r'\nwhen = \"" + when +
           "\"\nunless = \"" + unless +
           "\"\nunless_basis = 'u'\nunknown = { default = 'refer', offline = 'ignore', not_read = 'ignore' "
           "}\n[[reason]]\ncode = 'r'\n"
           "en = { traveller = 'Please see an officer.', officer = 'why' }\n";
}

}  // namespace

TEST_CASE("the engine says what the plainest evaluator says, and all its ways say the same") {
    Generator generator(11);
    std::array<int, 3> seen{};
    int quickly_decided = 0;
    Evaluator evaluator;
    for (int i = 0; i < test::effort(4000); ++i) {
        const Node node = generator.condition(4);
        if (node.source.size() > max_expression) continue;
        const auto e = parse_expression(node.source, strict());
        INFO(node.source);
        if (!e && e.error().code == "pack.cost") continue;
        REQUIRE(e);
        for (int k = 0; k < 8; ++k) {
            const World w = generator.world();
            Bound bound(facts_of(w));
            const auto slots = bound.row().slots();
            const Ref expected = node.value(w, {});
            const Value value = evaluator.evaluate(*e, slots);
            REQUIRE(as_ref(value) == expected);
            REQUIRE(as_ref(run_as_written(*e, slots, evaluator)) == expected);
            const Truth quick = quickly(*e, slots);
            REQUIRE((quick == Truth::unknown || expected.is(quick == Truth::yes)));
            quickly_decided += quick == Truth::unknown ? 0 : 1;
            ++seen[static_cast<std::size_t>(expected.kind == Ref::boolean ? 2 : expected.kind)];
        }
    }
    CHECK(seen[Ref::unknown] > test::effort(1000));
    CHECK(seen[Ref::error] > test::effort(100));
    CHECK(seen[2] > test::effort(5000));
    CHECK(quickly_decided > test::effort(1000));
}

TEST_CASE("what is decided while facts are unknown stays so whatever they turn out to be") {
    Generator generator(12);
    int decided = 0;
    for (int i = 0; i < test::effort(1500); ++i) {
        const Node node = generator.condition(3);
        const World w = generator.world();
        const Ref before = node.value(w, {});
        const auto e = parse_expression(node.source, strict());
        // known() and errors are not of this kind: they ask about the knowing, and for more than truth.
        if (!before.known() || !e || node.source.find("known(") != std::string::npos) continue;
        const World other = generator.world();
        World resolved = w;
        for (auto& [name, ref] : resolved.facts) {
            if (ref.kind == Ref::unknown && other.facts.at(name).known()) ref = other.facts.at(name);
        }
        if (!resolved.kinds) resolved.kinds = other.kinds;
        Bound bound(facts_of(resolved));
        INFO(node.source);
        const Truth after = bound.truth(node.source);
        REQUIRE((after == (before.is(true) ? Truth::yes : Truth::no)));
        ++decided;
    }
    CHECK(decided > test::effort(300));
}

TEST_CASE("facts with several possible values: only answers that differ are ambiguous") {
    Generator generator(13);
    int ambiguous = 0;
    int agreed = 0;
    for (int i = 0; i < test::effort(2500); ++i) {
        const Node when = generator.condition(2);
        const Node unless = generator.condition(1);
        const auto pack = parse_draft(as_bytes(one_rule(when.source, unless.source)), small_schema());
        if (!pack && pack.error().code == "pack.cost") continue;
        INFO(when.source << " unless " << unless.source);
        if (!pack) FAIL(describe(pack.error()));
        const World w = generator.world();
        const World other = generator.world();
        // Two or three facts may be as in either world.
        Facts facts = facts_of(w);
        std::vector<std::string> open;
        for (const char* name : {"a", "n", "text", "doc.expiry"}) {
            const Ref& x = w.facts.at(name);
            const Ref& y = other.facts.at(name);
            if (!x.known() || !y.known() || generator.random()() % 3 == 0) continue;
            facts.set_possible(name, {fact_value(x), fact_value(y)});
            open.emplace_back(name);
        }
        std::set<int> answers;
        std::set<Cause> causes;
        bool holds = true;
        for (std::size_t mask = 0; mask < std::size_t{1} << open.size(); ++mask) {
            World one = w;
            for (std::size_t k = 0; k < open.size(); ++k) {
                if ((mask >> k & 1U) != 0) one.facts[open[k]] = other.facts.at(open[k]);
            }
            const Ref x = when.value(one, {});
            const Ref v = x.is(false) ? x : and_of(x, not_of(unless.value(one, {})));
            holds = holds && x.is(true);
            answers.insert(v.is(true) ? 1 : v.is(false) ? 0 : 2);
            if (v.kind == Ref::unknown) causes.insert(v.causes.begin(), v.causes.end());
        }
        if (answers.size() > 1) causes.insert(Cause::ambiguous);
        const int expected = answers.size() == 1 ? *answers.begin() : 2;
        Assessor assessor(*pack);
        assessor.bind(facts);
        const RuleResult result = assessor.results()[0];
        REQUIRE(static_cast<int>(result.value) == expected);
        REQUIRE(result.causes == (expected == 2 ? bits(causes) : 0));
        REQUIRE((assessor.outcome() == Outcome::officer) == result.refers);
        const bool named = std::any_of(causes.begin(), causes.end(),
                                       [](Cause c) { return c != Cause::offline && c != Cause::not_read; });
        if (expected == 1 || (expected == 2 && (holds || named))) REQUIRE(result.refers);
        if (expected == 0 || (expected == 2 && !holds && !named && !result.fault)) REQUIRE_FALSE(result.refers);
        ambiguous += answers.size() > 1 ? 1 : 0;
        agreed += answers.size() == 1 && !open.empty() ? 1 : 0;
    }
    CHECK(ambiguous > test::effort(50));
    CHECK(agreed > test::effort(500));
}

TEST_CASE("more combinations than the bound are ambiguous, within it they are all tried") {
    const auto value = [](std::size_t values, const std::string& when) {
        const auto pack = parse_draft(as_bytes(one_rule(when, "false")), small_schema());
        if (!pack) FAIL(describe(pack.error()));
        Facts f;
        std::vector<FactValue> numbers;
        for (std::size_t i = 0; i < values; ++i) numbers.emplace_back(static_cast<std::int64_t>(i));
        f.set_possible("n", numbers);
        f.set_possible("m", numbers);
        Assessor assessor(*pack);
        assessor.bind(f);
        return assessor.results()[0];
    };
    CHECK(value(8, "n + m < 14").value == Truth::unknown);
    CHECK(value(8, "n + m < 14").causes == Value::bit(Cause::ambiguous));
    CHECK(value(8, "n + m < 15").value == Truth::yes);
    CHECK(value(9, "n + m < 100").value == Truth::unknown);
    CHECK(value(9, "n < 100").value == Truth::yes);
    CHECK(value(9, "known(n)").value == Truth::yes);
    CHECK(value(9, "n + m < 100").refers);
}
