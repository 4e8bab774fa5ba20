#include "core/rules/checks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/rules/pack_body.hpp"
#include "core/rules/rule_domain.hpp"
#include "core/rules/tree.hpp"

namespace paso {
namespace {

class Checker {
  public:
    Checker(const Pack& pack, const Schema& schema, const CheckLimits& limits)
        : pack_(pack),
          body_(pack.body()),
          schema_(schema),
          limits_(limits),
          slots_(body_.facts.size(), Value::unknown(Cause::not_read)),
          states_(body_.rules.size()) {}

    std::vector<CheckFinding> run() {
        tests();
        words();
        for (std::size_t i = 0; i < body_.rules.size(); ++i) rule(i);
        pairs();
        versions();
        std::stable_sort(out_.begin(), out_.end(),
                         [](const CheckFinding& a, const CheckFinding& b) { return a.check < b.check; });
        return std::move(out_);
    }

  private:
    struct State {
        bool never = false;               // yes for nobody, or that is undecided
        bool always = false;              // no to nobody, or that is undecided
        std::vector<Value> yes;           // slots of a case in which it is yes
        std::optional<RuleDomain> owner;  // keeps what `yes` views
    };

    void add(PackCheck check, std::string_view rule, std::string message, bool exact = true) {
        out_.push_back({check, std::string{rule}, std::move(message), exact ? Certainty::found : Certainty::undecided});
    }

    static bool made_by_pack(const Rule& r) { return r.id == "pack.validity"; }

    void tests() {
        std::vector<bool> refers(body_.rules.size(), false);
        std::map<Bytes, std::string> seen;
        Assessor assessor(pack_);
        for (const PackTest& t : body_.tests) {
            assessor.bind(t.facts);
            const auto results = assessor.results();
            std::vector<Truth>& said = told_.emplace_back();
            for (std::size_t i = 0; i < results.size(); ++i) {
                refers[i] = refers[i] || results[i].refers;
                said.push_back(results[i].value);
            }
            const auto [first, fresh] = seen.emplace(encode_facts(t.facts), t.name);
            if (!fresh)
                add(PackCheck::test_repeated, "", "test '" + t.name + "' has the facts of '" + first->second + "'");
        }
        for (std::size_t i = 0; i < body_.rules.size(); ++i) {
            const Rule& r = body_.rules[i];
            if (!refers[i] && !made_by_pack(r)) add(PackCheck::rule_without_test, r.id, "no test makes it refer");
        }
    }

    void words() {
        std::set<std::string> languages;
        std::set<std::string> used;
        for (const auto& [code, words] : body_.reasons) {
            for (const auto& [language, text] : words) languages.insert(language);
        }
        for (const Rule& r : body_.rules) used.insert(r.reason);
        for (const auto& [code, words] : body_.reasons) {
            for (const std::string& l : languages) {
                if (words.contains(l)) continue;
                add(PackCheck::words_missing, "",
                    std::string{"reason "}.append(code).append(" has no words in ").append(l));
            }
            if (!used.contains(code)) add(PackCheck::reason_unused, "", "no rule gives the reason " + code);
        }
    }

    // What a test shows holds for everybody of its facts, whatever is unknown in it.
    bool said_by_a_test(std::size_t rule, Truth value) const {
        return std::any_of(told_.begin(), told_.end(), [&](const auto& said) { return said[rule] == value; });
    }
    bool told_apart(std::size_t a, std::size_t b) const {
        return std::any_of(told_.begin(), told_.end(),
                           [&](const auto& said) { return said[a] == Truth::yes && said[b] == Truth::no; });
    }

    std::vector<DomainPart> parts(const Rule& r) const {
        std::vector<DomainPart> out;
        if (r.when) out.push_back({&*r.when, body_.tables.get()});
        if (r.unless) out.push_back({&*r.unless, body_.tables.get()});
        return out;
    }

    // The texts that are compared with a fact that holds codes, and are none.
    void unknown_codes(const Node& n, std::set<std::string>& out) const {
        for (const Node& p : n.parts) unknown_codes(p, out);
        if (n.op != Op::equal && n.op != Op::unequal && n.op != Op::in) return;
        const bool first = n.parts[0].op == Op::fact;
        const Node& fact = n.parts[first ? 0 : 1];
        const Node& with = n.parts[first ? 1 : 0];
        if (fact.op != Op::fact || schema_.facts()[fact.a].naming == nullptr) return;
        const auto look = [&](std::string_view code) {
            if (schema_.facts()[fact.a].naming(code).empty()) out.emplace(code);
        };
        if (with.op == Op::group) {
            for (const std::string_view code : body_.tables->ever_members(with.a)) look(code);
        }
        if (with.op != Op::constant) return;
        if (with.constant.is(Kind::text)) look(with.constant.view());
        if (!with.constant.is(Kind::list) && !with.constant.is(Kind::set)) return;
        for (const Value& v : with.constant.members()) {
            if (v.is(Kind::text)) look(v.view());
        }
    }

    Truth truth(const Expression& e) { return truth_of(evaluator_.evaluate(e, slots_)); }

    Truth when_of(const Rule& r) { return r.when ? truth(*r.when) : Truth::no; }

    // When and not unless, as an assessment says it.
    Truth value(const Rule& r) {
        const Truth when = when_of(r);
        if (when == Truth::no || !r.unless) return when;
        const Truth unless = truth(*r.unless);
        if (unless == Truth::yes) return Truth::no;
        return when == Truth::yes && unless == Truth::no ? Truth::yes : Truth::unknown;
    }

    template <class Look>
    bool search(const RuleDomain& domain, std::uint64_t most, Look look) {
        std::fill(slots_.begin(), slots_.end(), Value::unknown(Cause::not_read));
        return all_cases(domain, slots_, most, look);
    }

    void rule(std::size_t number) {
        const Rule& r = body_.rules[number];
        State& state = states_[number];
        RuleDomain& domain = state.owner.emplace(domain_of(parts(r), schema_));
        for (const std::string& key : domain.missing_keys)
            add(PackCheck::key_without_row, r.id, "no row of the table has the key " + key);
        std::set<std::string> unknown;
        for (const auto* e : {&r.when, &r.unless}) {
            if (*e) unknown_codes(read_tree((*e)->program()), unknown);
        }
        for (const std::string& code : unknown)
            add(PackCheck::code_unknown, r.id, "nobody has the code '" + code + "', or a document writes another one");
        if (made_by_pack(r)) return;
        bool no = false;
        const bool all = search(domain, limits_.evaluations, [&](std::size_t) {
            const Truth v = value(r);
            if (v == Truth::yes && state.yes.empty()) state.yes = slots_;
            no = no || v == Truth::no;
            if (no && !state.yes.empty()) return Next::stop;
            return v == Truth::unknown ? Next::deeper : Next::skip;
        });
        const bool exact = all && domain.exact;
        no = no || said_by_a_test(number, Truth::no);
        state.never = state.yes.empty() && !said_by_a_test(number, Truth::yes);
        state.always = !no;
        if (state.never) return never(r, domain, exact);
        if (state.always) add(PackCheck::always_true, r.id, "it says no to nobody", exact);
    }

    // A rule that was yes in no case: is it its `when`, or its `unless`?
    void never(const Rule& r, const RuleDomain& domain, bool exact) {
        bool when = false;
        const bool all = !r.unless || search(domain, limits_.evaluations, [&](std::size_t) {
            const Truth v = when_of(r);
            when = v == Truth::yes;
            return when ? Next::stop : v == Truth::unknown ? Next::deeper : Next::skip;
        });
        if (when) return add(PackCheck::exempted, r.id, "unless exempts everybody whom when means", exact);
        add(PackCheck::never_true, r.id, "when is yes for nobody", exact && all);
    }

    static bool share(const Rule& a, const Rule& b) {
        auto x = a.facts.begin();
        auto y = b.facts.begin();
        while (x != a.facts.end() && y != b.facts.end()) {
            if (x->name == y->name) return true;
            x->name < y->name ? ++x : ++y;
        }
        return false;
    }

    void pairs() {
        std::uint64_t left = limits_.pairs;
        std::set<std::pair<std::size_t, std::size_t>> found;
        for (std::size_t a = 0; a < body_.rules.size(); ++a) {
            for (std::size_t b = 0; b < body_.rules.size(); ++b) {
                if (!comparable(a, b) || found.contains({b, a})) continue;
                if (left-- == 0) return add(PackCheck::subsumed, "", "too many rules to compare each with each", false);
                if (told_apart(a, b)) continue;
                const auto exact = subsumes(body_.rules[a], body_.rules[b]);
                if (!exact) continue;
                found.insert({a, b});
                add(PackCheck::subsumed, body_.rules[a].id, "whenever it is yes, " + body_.rules[b].id + " is yes too",
                    *exact);
            }
        }
    }

    // Whether a is worth comparing with b: both say something, about a fact in common, and the case in which a is yes
    // does not already tell them apart.
    bool comparable(std::size_t a, std::size_t b) {
        const Rule& x = body_.rules[a];
        const Rule& y = body_.rules[b];
        if (a == b || x.id == y.id || made_by_pack(x) || made_by_pack(y) || !share(x, y)) return false;
        if (states_[a].never || states_[b].never || states_[b].always) return false;
        if (states_[a].yes.empty()) return true;
        slots_ = states_[a].yes;
        return value(y) != Truth::no;
    }

    // Nothing: there is a case in which a is yes and b is not. Else whether that is certain.
    std::optional<bool> subsumes(const Rule& a, const Rule& b) {
        std::vector<DomainPart> both = parts(a);
        for (const DomainPart& p : parts(b)) both.push_back(p);
        const RuleDomain domain = domain_of(both, schema_);
        bool apart = false;
        const bool all = search(domain, limits_.pair_evaluations, [&](std::size_t given) {
            const Truth x = value(a);
            if (x == Truth::no) return Next::skip;
            const Truth y = value(b);
            if (y == Truth::yes) return Next::skip;
            apart = x == Truth::yes && (y == Truth::no || given == domain.facts.size());
            return apart ? Next::stop : Next::deeper;
        });
        if (apart) return std::nullopt;
        return all && domain.exact;
    }

    void versions() {
        std::map<std::string, std::vector<const Rule*>> all;
        for (const Rule& r : body_.rules) all[r.id].push_back(&r);
        for (auto& [id, rules] : all) {
            std::stable_sort(rules.begin(), rules.end(),
                             [](const Rule* a, const Rule* b) { return a->from < b->from; });
            const Rule* latest = rules.front();  // of those so far, the one that is in force longest
            for (std::size_t i = 1; i < rules.size(); ++i) {
                between(*latest, *rules[i]);
                if (end_of(*rules[i]) > end_of(*latest)) latest = rules[i];
            }
        }
    }

    static Date end_of(const Rule& r) { return r.until.value_or(last_day); }

    void between(const Rule& before, const Rule& after) {
        const Date ended = end_of(before);
        const Date begins = after.from.value_or(ended);
        if (begins <= ended) {
            add(PackCheck::version_overlap, after.id, "two versions are in force on " + begins.iso());
        } else if (const Date first = ended.plus_days(1); first < begins) {
            add(PackCheck::version_gap, after.id,
                "no version is in force from " + first.iso() + " to " + begins.plus_days(-1).iso());
        }
    }

    const Pack& pack_;
    const Pack::Body& body_;
    const Schema& schema_;
    CheckLimits limits_;
    Evaluator evaluator_;
    std::vector<Value> slots_;
    std::vector<State> states_;
    std::vector<std::vector<Truth>> told_;  // by each test, of each rule
    std::vector<CheckFinding> out_;
};

}  // namespace

std::string_view name(PackCheck c) {
    switch (c) {
        case PackCheck::rule_without_test:
            return "rule_without_test";
        case PackCheck::test_repeated:
            return "test_repeated";
        case PackCheck::words_missing:
            return "words_missing";
        case PackCheck::reason_unused:
            return "reason_unused";
        case PackCheck::key_without_row:
            return "key_without_row";
        case PackCheck::code_unknown:
            return "code_unknown";
        case PackCheck::never_true:
            return "never_true";
        case PackCheck::exempted:
            return "exempted";
        case PackCheck::always_true:
            return "always_true";
        case PackCheck::subsumed:
            return "subsumed";
        case PackCheck::version_gap:
            return "version_gap";
        case PackCheck::version_overlap:
            return "version_overlap";
    }
    return "never_true";
}

std::string_view name(Certainty c) {
    switch (c) {
        case Certainty::found:
            return "found";
        case Certainty::undecided:
            return "undecided";
    }
    return "undecided";
}

std::vector<CheckFinding> check_pack(const Pack& pack, const Schema& schema, const CheckLimits& limits) {
    return Checker(pack, schema, limits).run();
}

}  // namespace paso
