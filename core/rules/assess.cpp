#include <algorithm>
#include <utility>

#include "core/rules/fact_row.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/quick.hpp"

namespace paso {
namespace {

constexpr std::size_t max_combinations = 64;

// When and not unless. Who is not known to be exempted from what is known to hold meets a person: no policy lets that
// unknown count as an exemption.
RuleResult combined(const Value& when, const Value& unless) {
    RuleResult r;
    r.exempted = !when.no() && unless.yes();
    r.holds = when.yes();
    if (when.no() || unless.yes()) return r;
    r.value = when.yes() && unless.no() ? Truth::yes : Truth::unknown;
    for (const Value* v : {&when, &unless}) {
        if (v->is(Kind::boolean)) continue;
        r.causes |= v->is(Kind::unknown) ? v->causes : std::uint8_t{0};
        r.fault = r.fault || !v->is(Kind::unknown) || v->size != 0;
    }
    return r;
}

// `entry`: the fact of a slot as it stands, or null.
template <class Entry>
Finding finding(const Rule& rule, const RuleResult& result, const Entry& entry) {
    Finding f{rule.id,   result.value,    result.refers,  result.refers ? rule.reason : "",        rule.basis, {},
              rule.then, rule.is_private, rule.is_silent, result.exempted ? rule.unless_basis : ""};
    f.facts.reserve(rule.facts.size());
    for (const FactSlot& fact : rule.facts) {
        const FactEntry* const there = entry(fact);
        FactUse use{fact.name, {}, std::nullopt};
        if (there != nullptr && !there->values.empty()) {
            use.values = there->values;
        } else {
            use.unknown = there == nullptr ? Cause::not_read : there->cause;
        }
        f.facts.push_back(std::move(use));
    }
    return f;
}

template <class Entry>
Assessment told(const Pack& pack, std::span<const RuleResult> results, const Entry& entry) {
    Assessment a;
    a.pack = pack.identity();
    a.outcome = Outcome::clear;
    const auto& rules = pack.body().rules;
    a.findings.reserve(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        a.findings.push_back(finding(rules[i], results[i], entry));
        if (results[i].refers && rank(rules[i].then) > rank(a.outcome)) a.outcome = rules[i].then;
    }
    return a;
}

// A fact of a rule with several possible values, and the one that is tried now.
struct Choice {
    std::uint16_t slot = 0;
    std::size_t index = 0;
};

}  // namespace

struct Assessor::Work {
    explicit Work(Pack p) : pack(std::move(p)), row(pack.body().facts) {}

    // The quick tests are made for the second traveller: who asks about one alone does without.
    void another() {
        if (quick_is_there || ++travellers < 2) return;
        quick = QuickRules(pack.body().rules, pack.body().facts.size());
        row.keep_behind(quick.constants());
        quick_is_there = true;
    }
    [[nodiscard]] bool is_quick() const { return quick_is_there && !row.ambiguous(); }

    // The next rule from `number` on that says more than no, as QuickRules::run().
    [[nodiscard]] std::uint32_t next(std::size_t number) const { return quick.run(quick.begin(number), row.values()); }

    Outcome quick_outcome() {
        const Pack::Body& body = pack.body();
        Outcome out = Outcome::clear;
        std::uint32_t end = next(0);
        while (quick_kind(end) != QuickEnd::all && rank(out) < rank(body.highest)) {
            const std::size_t number = end & quick_number;
            const Outcome then = body.rule_codes[number].then;
            const bool yes = quick_kind(end) == QuickEnd::yes;
            const bool open = quick_kind(end) == QuickEnd::unsure && rank(then) > rank(out);
            if (rank(then) > rank(out) && (yes || (open && evaluate(number).refers))) out = then;
            end = next(number + 1);
        }
        return out;
    }

    void quick_results() {
        std::fill(results.begin(), results.end(), RuleResult{});
        for (std::uint32_t end = next(0); quick_kind(end) != QuickEnd::all;) {
            const std::size_t number = end & quick_number;
            RuleResult& r = results[number];
            switch (quick_kind(end)) {
                case QuickEnd::yes:
                    r.value = Truth::yes;
                    r.holds = true;
                    r.refers = true;
                    break;
                case QuickEnd::exempted:
                    r.exempted = true;
                    r.holds = true;
                    break;
                default:
                    r = evaluate(number);
            }
            end = next(number + 1);
        }
    }

    Code code(std::uint32_t begin, std::uint32_t end, std::uint32_t constants) const {
        const Pack::Body& body = pack.body();
        return {{body.code.data() + begin, end - begin}, body.constants.data() + constants, body.tables.get()};
    }

    RuleResult once(const RuleCode& rule) {
        const Value when = evaluator.evaluate(code(rule.when, rule.unless, rule.when_constants), row.slots());
        if (when.no()) return {};
        if (rule.end == rule.unless) return combined(when, Value::boolean(false));
        const Value unless = evaluator.evaluate(code(rule.unless, rule.end, rule.unless_constants), row.slots());
        return combined(when, unless);
    }

    // Steps to the next combination; false after the last, with everything as it was.
    bool advance() {
        for (Choice& c : choices) {
            const bool more = ++c.index < row.possible(c.slot).size();
            if (!more) c.index = 0;
            row.choose(c.slot, c.index);
            if (more) return true;
        }
        return false;
    }

    // Possible values that lead to different answers.
    RuleResult for_all_values(const Rule& rule, const RuleCode& code) {
        choices.clear();
        std::size_t combinations = 1;
        for (const FactSlot& fact : rule.facts) {
            const std::size_t values = row.possible(fact.slot).size();
            if (values < 2) continue;
            choices.push_back({fact.slot, 0});
            combinations *= values;
            if (combinations > max_combinations) return too_many(rule);
        }
        RuleResult sum = once(code);
        bool differ = false;
        while (advance()) {
            const RuleResult next = once(code);
            differ = differ || next.value != sum.value;
            sum.causes |= next.causes;
            sum.fault = sum.fault || next.fault;
            sum.exempted = sum.exempted || next.exempted;
            sum.holds = sum.holds && next.holds;
        }
        if (differ) {
            sum.value = Truth::unknown;
            sum.causes |= Value::bit(Cause::ambiguous);
        }
        sum.exempted = sum.exempted && sum.value == Truth::no;
        return sum;
    }

    // More combinations than the bound: nobody can tell, and what is not known besides might matter.
    RuleResult too_many(const Rule& rule) const {
        RuleResult r;
        r.value = Truth::unknown;
        r.causes = Value::bit(Cause::ambiguous);
        for (const FactSlot& fact : rule.facts) {
            const Value& v = row.slots()[fact.slot];
            if (v.is(Kind::unknown)) r.causes |= v.causes;
        }
        return r;
    }

    bool reads_several(const Rule& rule) const {
        return std::any_of(rule.facts.begin(), rule.facts.end(),
                           [&](const FactSlot& f) { return row.possible(f.slot).size() > 1; });
    }

    RuleResult evaluate(std::size_t number) {
        const Pack::Body& body = pack.body();
        const RuleCode& code = body.rule_codes[number];
        const bool several = row.ambiguous() && reads_several(body.rules[number]);
        RuleResult r = several ? for_all_values(body.rules[number], code) : once(code);
        r.refers = r.value == Truth::yes ||
                   (r.value == Truth::unknown &&
                    (r.holds || (r.causes & code.refers_on) != 0 || (r.fault && code.refers_on_fault)));
        return r;
    }

    Pack pack;
    FactRow row;
    Evaluator evaluator;
    std::vector<RuleResult> results;
    std::vector<Choice> choices;
    QuickRules quick;
    bool quick_is_there = false;
    unsigned travellers = 0;
};

Assessor::Assessor(Pack pack) : work_(std::make_unique<Work>(std::move(pack))) {}
Assessor::Assessor(Assessor&&) noexcept = default;
Assessor& Assessor::operator=(Assessor&&) noexcept = default;
Assessor::~Assessor() = default;

void Assessor::bind(const Facts& facts) {
    work_->another();
    work_->row.bind(facts);
}

void Assessor::bind(std::span<const Value> facts) {
    work_->another();
    work_->row.bind(facts);
}

Outcome Assessor::outcome() {
    if (work_->is_quick()) return work_->quick_outcome();
    const Pack::Body& body = work_->pack.body();
    Outcome out = Outcome::clear;
    for (std::size_t i = 0; i < body.rule_codes.size() && rank(out) < rank(body.highest); ++i) {
        const Outcome then = body.rule_codes[i].then;
        if (rank(then) > rank(out) && work_->evaluate(i).refers) out = then;
    }
    return out;
}

std::span<const RuleResult> Assessor::results() {
    const std::size_t rules = work_->pack.body().rules.size();
    work_->results.resize(rules);
    if (work_->is_quick()) {
        work_->quick_results();
        return work_->results;
    }
    for (std::size_t i = 0; i < rules; ++i) work_->results[i] = work_->evaluate(i);
    return work_->results;
}

Assessment Assessor::assessment() {
    return told(work_->pack, results(), [this](const FactSlot& f) { return work_->row.entry(f.slot); });
}

Assessment in_words(const Pack& pack, const Facts& facts, std::span<const RuleResult> results) {
    return told(pack, results, [&](const FactSlot& f) { return facts.find(f.name); });
}

Assessment assess(const Pack& pack, const Facts& facts) {
    Assessor assessor(pack);
    assessor.bind(facts);
    return assessor.assessment();
}

}  // namespace paso
