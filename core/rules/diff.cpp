#include "core/rules/diff.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/rules/fact_row.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/rule_domain.hpp"
#include "core/rules/same_rule.hpp"

namespace paso {
namespace {

Cause first_cause(const Value& unknown) {
    for (int n = 1; n < 8; ++n) {
        if ((unknown.causes & Value::bit(static_cast<Cause>(n))) != 0) return static_cast<Cause>(n);
    }
    return Cause::not_supported;
}

// The rules of one id in one pack, alone.
class Side {
  public:
    Side(const Pack& pack, std::vector<std::size_t> rules)
        : rules_{&pack.body(), std::move(rules)}, alone_(only(pack.body(), rules_.rules)) {}

    [[nodiscard]] const Rule& rule(std::size_t n) const { return rules_.body->rules[rules_.rules[n]]; }

    void add_parts(std::vector<DomainPart>& out) const {
        for (std::size_t n = 0; n < rules_.rules.size(); ++n) {
            for (const auto* e : {&rule(n).when, &rule(n).unless}) {
                if (*e) out.push_back({&**e, rules_.body->tables.get()});
            }
        }
    }

    // Which rules refer, and whether that is decided.
    void look(const Facts& facts) {
        alone_.bind(facts);
        decided_ = true;
        effects_.clear();
        const auto results = alone_.results();
        for (std::size_t n = 0; n < results.size(); ++n) {
            decided_ = decided_ && results[n].value != Truth::unknown;
            if (results[n].refers)
                effects_.emplace_back(rule(n).reason, rule(n).then, rule(n).is_private, rule(n).is_silent);
        }
        std::sort(effects_.begin(), effects_.end());
        effects_.erase(std::unique(effects_.begin(), effects_.end()), effects_.end());
    }
    [[nodiscard]] bool decided() const { return decided_; }
    // Reasons that are given, for whom they ask, and whether privately and silently.
    using Effects = std::vector<std::tuple<std::string_view, Outcome, bool, bool>>;
    [[nodiscard]] const Effects& effects() const { return effects_; }

    // What follows an unknown for this cause, as far as these rules can tell causes apart.
    [[nodiscard]] std::vector<bool> policy(Cause cause) const {
        std::vector<bool> out;
        for (std::size_t n = 0; n < rules_.rules.size(); ++n)
            out.push_back((rule(n).refers_on & Value::bit(cause)) != 0);
        return out;
    }

  private:
    static Pack only(const Pack::Body& all, const std::vector<std::size_t>& rules) {
        auto body = std::make_shared<Pack::Body>(all);
        body->rules.clear();
        body->rule_codes.clear();
        for (const std::size_t r : rules) {
            body->rules.push_back(all.rules[r]);
            body->rule_codes.push_back(all.rule_codes[r]);
        }
        return Pack{std::move(body)};
    }

    RulesOf rules_;
    Assessor alone_;
    bool decided_ = false;
    Effects effects_;
};

// One rule, before and after.
class RuleDiff {
  public:
    RuleDiff(const Pack& old_pack, const Pack& new_pack, const Schema& schema, const DiffLimits& limits, Side old_side,
             Side new_side)
        : schema_(schema),
          limits_(limits),
          old_(std::move(old_side)),
          new_(std::move(new_side)),
          old_whole_(old_pack),
          new_whole_(new_pack),
          slots_(schema.facts().size(), Value::unknown(Cause::not_read)) {
        for (const Pack* p : {&new_pack, &old_pack}) {
            for (const PackTest& t : p->body().tests) tests_.push_back(&t);
        }
    }

    void run(RuleDifference& out) {
        std::vector<DomainPart> parts;
        old_.add_parts(parts);
        new_.add_parts(parts);
        RuleDomain domain = domain_of(parts, schema_);
        search(domain);
        bool all = false;
        if (!found_one_) try_tests();
        if (!found_one_) {
            with_unknowns(domain);
            all = search(domain) && domain.exact;
        }
        out.verdict = found_one_ ? DiffVerdict::differs : all ? DiffVerdict::same : DiffVerdict::undecided;
        if (!found_one_) return;
        if (!found_.slots.empty()) shorten(domain);
        put(out);
    }

  private:
    struct Traveller {
        std::vector<Value> slots;        // of the facts of the domain; empty: it is a test of a pack
        std::vector<bool> given;         // of the same facts, in the order of the domain: whether it matters
        Facts facts;                     // those that matter
        const PackTest* like = nullptr;  // the rest stands as in it
        bool outcome_differs = false;
    };

    Facts facts_of(const RuleDomain& domain, std::span<const Value> slots, const std::vector<bool>& given) const {
        Facts out;
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (!given[i]) continue;
            const Value& v = slots[domain.facts[i].slot];
            const std::string_view name = schema_.facts()[domain.facts[i].slot].name;
            v.is(Kind::unknown) ? out.set_unknown(name, first_cause(v)) : out.set(name, fact_value(v));
        }
        return out;
    }

    bool differs(const Facts& facts) {
        old_.look(facts);
        new_.look(facts);
        return old_.effects() != new_.effects();
    }

    // Every case, until one shows the difference in the outcome of the whole pack, or enough show it in the rule.
    bool search(const RuleDomain& domain) {
        std::fill(slots_.begin(), slots_.end(), Value::unknown(Cause::not_read));
        std::uint64_t left = limits_.differing;
        const std::size_t count = domain.facts.size();
        return all_cases(domain, slots_, limits_.cases, [&](std::size_t first) {
            std::vector<bool> given(count, false);
            std::fill_n(given.begin(), first, true);
            const Facts facts = facts_of(domain, slots_, given);
            const bool differ = differs(facts);
            if (first < count && !(old_.decided() && new_.decided())) return Next::deeper;
            if (!differ) return Next::skip;
            keep({slots_, std::move(given), facts, nullptr, false});
            return found_.outcome_differs || --left == 0 ? Next::stop : Next::skip;
        });
    }

    // With the rest of their facts as a test has them: one that makes the outcome differ, else one that is clear.
    void keep(Traveller t) {
        for (const PackTest* test : tests_) {
            t.outcome_differs = outcomes_differ(over(test->facts, t.facts));
            if (t.outcome_differs || (t.like == nullptr && test->expected == Outcome::clear)) t.like = test;
            if (t.outcome_differs) break;
        }
        if (t.like == nullptr) t.outcome_differs = outcomes_differ(t.facts);
        if (!found_one_ || t.outcome_differs) found_ = std::move(t);
        found_one_ = true;
    }

    static Facts over(Facts rest, const Facts& facts) {
        for (const FactEntry& e : facts.entries())
            e.values.empty() ? rest.set_unknown(e.name, e.cause) : rest.set_possible(e.name, e.values);
        return rest;
    }
    static Facts whole(const Traveller& t) { return t.like == nullptr ? t.facts : over(t.like->facts, t.facts); }

    bool outcomes_differ(const Facts& facts) {
        old_whole_.bind(facts);
        new_whole_.bind(facts);
        return old_whole_.outcome() != new_whole_.outcome();
    }

    // An unknown for each cause that some policy treats in its own way is a value too.
    void with_unknowns(RuleDomain& domain) const {
        std::map<std::pair<std::vector<bool>, std::vector<bool>>, Cause> kinds;
        for (int n = 1; n <= 8; ++n) {
            const auto cause = static_cast<Cause>(n);
            kinds.emplace(std::pair{old_.policy(cause), new_.policy(cause)}, cause);
        }
        for (std::size_t i = 0; i < domain.facts.size(); ++i) {
            auto& values = domain.facts[i].values;
            if (i < domain.asked) values.pop_back();
            for (const auto& [policies, cause] : kinds) values.push_back(Value::unknown(cause));
        }
    }

    void try_tests() {
        for (const PackTest* t : tests_) {
            if (!differs(t->facts)) continue;
            found_ = Traveller{{}, {}, {}, t, outcomes_differ(t->facts)};
            found_one_ = true;
            if (found_.outcome_differs) return;
        }
    }

    // Leaves out the facts whose every value gives the same difference.
    void shorten(const RuleDomain& domain) {
        std::vector<Value> slots = found_.slots;
        std::vector<bool> given = found_.given;
        const auto says = [&] {
            static_cast<void>(differs(facts_of(domain, slots, given)));
            return std::pair{old_.effects(), new_.effects()};
        };
        const auto wanted = says();
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (!given[i]) continue;
            Value& slot = slots[domain.facts[i].slot];
            const Value kept = slot;
            bool matters = false;
            for (const Value& v : domain.facts[i].values) {
                slot = v;
                matters = matters || says() != wanted;
            }
            given[i] = false;
            matters = matters || says() != wanted;
            given[i] = matters;
            slot = kept;
        }
        replace_with(facts_of(domain, slots, given));
        if (found_.like != nullptr) plainer();
    }

    // Takes the values of the test, where they show the same: they are somebody's.
    void plainer() {
        const Facts facts = found_.facts;
        for (const FactEntry& e : facts.entries()) {
            const FactEntry* there = found_.like->facts.find(e.name);
            if (there == nullptr || there->values.size() != 1 || e.values.empty()) continue;
            Facts closer = found_.facts;
            closer.set(e.name, there->values.front());
            replace_with(std::move(closer));
        }
    }

    void replace_with(Facts facts) {
        Traveller t = found_;
        t.facts = std::move(facts);
        t.outcome_differs = outcomes_differ(whole(t));
        if (differs(whole(t)) && t.outcome_differs == found_.outcome_differs) found_ = std::move(t);
    }

    static DiffSide side(Assessor& pack, const Facts& facts, const Side::Effects& effects) {
        pack.bind(facts);
        DiffSide out;
        out.outcome = pack.outcome();
        for (const auto& [reason, then, is_private, is_silent] : effects) {
            out.reasons.emplace_back(reason);
            if (rank(then) > rank(out.of_rule)) out.of_rule = then;
            out.is_private = out.is_private || is_private;
            out.is_silent = out.is_silent || is_silent;
        }
        return out;
    }

    void put(RuleDifference& out) {
        const Facts all = whole(found_);
        static_cast<void>(differs(all));
        out.before = side(old_whole_, all, old_.effects());
        out.after = side(new_whole_, all, new_.effects());
        out.traveller = std::move(found_.facts);
        if (found_.like != nullptr) out.like = found_.like->name;
    }

    const Schema& schema_;
    DiffLimits limits_;
    Side old_;
    Side new_;
    Assessor old_whole_;
    Assessor new_whole_;
    std::vector<const PackTest*> tests_;
    std::vector<Value> slots_;
    Traveller found_;
    bool found_one_ = false;
};

std::map<std::string, std::vector<std::size_t>> by_id(const Pack& pack) {
    std::map<std::string, std::vector<std::size_t>> out;
    const auto& rules = pack.body().rules;
    for (std::size_t n = 0; n < rules.size(); ++n) out[rules[n].id].push_back(n);
    return out;
}

// Each id once: those of the new pack as they stand there, then what only the old one has.
std::vector<std::string> ids(const Pack& before, const Pack& after) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const Pack* p : {&after, &before}) {
        for (const Rule& r : p->body().rules) {
            if (seen.insert(r.id).second) out.push_back(r.id);
        }
    }
    return out;
}

}  // namespace

std::string_view name(RuleChange c) {
    switch (c) {
        case RuleChange::added:
            return "added";
        case RuleChange::removed:
            return "removed";
        case RuleChange::changed:
            return "changed";
    }
    return "changed";
}

std::string_view name(DiffVerdict v) {
    switch (v) {
        case DiffVerdict::differs:
            return "differs";
        case DiffVerdict::same:
            return "same";
        case DiffVerdict::undecided:
            return "undecided";
    }
    return "undecided";
}

std::vector<RuleDifference> diff_packs(const Pack& before, const Pack& after, const Schema& schema,
                                       const DiffLimits& limits) {
    auto old_rules = by_id(before);
    auto new_rules = by_id(after);
    std::vector<RuleDifference> out;
    for (const std::string& id : ids(before, after)) {
        const auto& was = old_rules[id];
        const auto& is = new_rules[id];
        if (written_alike({&before.body(), was}, {&after.body(), is})) continue;
        RuleDifference d;
        d.rule = id;
        d.change = was.empty() ? RuleChange::added : is.empty() ? RuleChange::removed : RuleChange::changed;
        RuleDiff(before, after, schema, limits, Side(before, was), Side(after, is)).run(d);
        out.push_back(std::move(d));
    }
    return out;
}

}  // namespace paso
