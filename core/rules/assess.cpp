#include <algorithm>
#include <map>
#include <utility>

#include "core/rules/codec.hpp"
#include "core/rules/pack_body.hpp"

namespace paso {
namespace {

constexpr std::size_t max_combinations = 64;
constexpr std::uint64_t max_findings = 4096;

Truth both(Truth a, Truth b) {
    if (a == Truth::no || b == Truth::no) return Truth::no;
    return a == Truth::unknown || b == Truth::unknown ? Truth::unknown : Truth::yes;
}

Truth turned(Truth t) { return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes; }

Truth once(const Rule& rule, const FactLookup& lookup) {
    const Truth when = evaluate(*rule.when, lookup);
    return rule.unless ? both(when, turned(evaluate(*rule.unless, lookup))) : when;
}

// The facts that a rule reads and that may have several values, each with the one that is tried now.
struct Choice {
    const FactEntry* fact;
    std::size_t index = 0;
};

// Steps to the next combination; false after the last.
bool advance(std::vector<Choice>& choices) {
    for (Choice& c : choices) {
        if (++c.index < c.fact->values.size()) return true;
        c.index = 0;
    }
    return false;
}

struct RuleValue {
    Truth value = Truth::unknown;
    bool ambiguous = false;  // possible values lead to different answers
};

RuleValue for_all_values(const Rule& rule, const Facts& facts) {
    std::vector<Choice> choices;
    std::size_t combinations = 1;
    for (const std::string& name : rule.facts) {
        const FactEntry* fact = facts.find(name);
        if (fact == nullptr || fact->values.size() < 2) continue;
        choices.push_back({fact});
        combinations *= fact->values.size();
        if (combinations > max_combinations) return {Truth::unknown, true};
    }
    const FactLookup lookup = [&](std::string_view name) -> const FactValue* {
        const FactEntry* fact = facts.find(name);
        if (fact == nullptr || fact->values.empty()) return nullptr;
        for (const Choice& c : choices) {
            if (c.fact == fact) return &fact->values[c.index];
        }
        return &fact->values.front();
    };
    const Truth first = once(rule, lookup);
    while (advance(choices)) {
        if (once(rule, lookup) != first) return {Truth::unknown, true};
    }
    return {first, false};
}

bool unknown_refers(const Rule& rule, const std::vector<FactUse>& uses, bool ambiguous) {
    const auto says = [&rule](Cause cause) {
        const auto it = rule.unknown_by_cause.find(cause);
        return it == rule.unknown_by_cause.end() ? rule.unknown_refers : it->second;
    };
    if (ambiguous && says(Cause::ambiguous)) return true;
    const bool caused = std::any_of(uses.begin(), uses.end(), [](const FactUse& u) { return u.unknown.has_value(); });
    if (!ambiguous && !caused) return rule.unknown_refers;  // a sum out of range
    return std::any_of(uses.begin(), uses.end(), [&](const FactUse& u) { return u.unknown && says(*u.unknown); });
}

// Reads the parts of an encoded assessment; the first thing that is wrong is kept.
class AssessmentReader {
  public:
    explicit AssessmentReader(ByteView bytes) : r_(bytes) {}

    Result<Assessment> read() {
        Assessment a;
        items(5);
        a.pack.id = text();
        a.pack.version = text();
        a.pack.hash = digest();
        a.outcome = static_cast<Outcome>(number(1));
        const std::uint64_t count = list(max_findings);
        for (std::uint64_t i = 0; i < count && ok_; ++i) a.findings.push_back(finding());
        if (!ok_ || !r_.finish()) return fail("assessment.format", "not an assessment", {.offset = r_.offset()});
        return a;
    }

  private:
    Finding finding() {
        Finding f;
        items(6);
        f.rule = text();
        f.value = static_cast<Truth>(number(2));
        const auto refers = r_.boolean();
        ok_ = ok_ && refers.has_value();
        f.refers = refers.value_or(false);
        f.reason = text();
        f.basis = text();
        const std::uint64_t count = list(max_values);
        for (std::uint64_t i = 0; i < count && ok_; ++i) f.facts.push_back(use());
        return f;
    }
    FactUse use() {
        FactUse u;
        items(3);
        u.name = text();
        const std::uint64_t count = list(max_values);
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            auto value = get_value(r_);
            ok_ = value.has_value();
            if (ok_) u.values.push_back(std::move(*value));
        }
        if (const std::uint64_t cause = number(8); cause != 0) u.unknown = static_cast<Cause>(cause);
        return u;
    }
    void items(std::uint64_t n) { ok_ = list(n) == n && ok_; }
    std::uint64_t list(std::uint64_t most) {
        const auto n = r_.array();
        ok_ = ok_ && n && *n <= most;
        return ok_ ? *n : 0;
    }
    std::uint64_t number(std::uint64_t most) {
        const auto n = r_.unsigned_integer();
        ok_ = ok_ && n && *n <= most;
        return ok_ ? *n : 0;
    }
    std::string text() {
        const auto s = r_.text();
        ok_ = ok_ && s.has_value();
        return ok_ ? std::string{*s} : std::string{};
    }
    Digest digest() {
        const auto b = r_.bytes();
        const auto d = b ? digest_from(*b) : std::nullopt;
        ok_ = ok_ && d.has_value();
        return d.value_or(Digest{});
    }

    CborReader r_;
    bool ok_ = true;
};

}  // namespace

Finding evaluate_rule(const Rule& rule, const Facts& facts) {
    Finding f;
    f.rule = rule.id;
    f.basis = rule.basis;
    for (const std::string& name : rule.facts) {
        const FactEntry* fact = facts.find(name);
        FactUse use{name, {}, std::nullopt};
        if (fact != nullptr && !fact->values.empty()) {
            use.values = fact->values;
        } else {
            use.unknown = fact == nullptr ? Cause::not_read : fact->cause;
        }
        f.facts.push_back(std::move(use));
    }
    const RuleValue v = for_all_values(rule, facts);
    f.value = v.value;
    f.refers = v.value == Truth::yes || (v.value == Truth::unknown && unknown_refers(rule, f.facts, v.ambiguous));
    if (f.refers) f.reason = rule.reason;
    return f;
}

Assessment assess(const Pack& pack, const Facts& facts) {
    Assessment a;
    a.pack = pack.identity();
    a.outcome = Outcome::clear;
    for (const Rule& rule : pack.body().rules) {
        a.findings.push_back(evaluate_rule(rule, facts));
        if (a.findings.back().refers) a.outcome = Outcome::refer;
    }
    return a;
}

Bytes encode_assessment(const Assessment& a) {
    CborWriter w;
    w.array(5).text(a.pack.id).text(a.pack.version).bytes(a.pack.hash);
    w.unsigned_integer(static_cast<std::uint64_t>(a.outcome)).array(a.findings.size());
    for (const Finding& f : a.findings) {
        w.array(6).text(f.rule).unsigned_integer(static_cast<std::uint64_t>(f.value)).boolean(f.refers).text(f.reason);
        w.text(f.basis).array(f.facts.size());
        for (const FactUse& u : f.facts) {
            w.array(3).text(u.name).array(u.values.size());
            for (const FactValue& v : u.values) put_value(w, v);
            w.unsigned_integer(u.unknown ? static_cast<std::uint64_t>(*u.unknown) : 0);
        }
    }
    return w.take();
}

Result<Assessment> decode_assessment(ByteView bytes) { return AssessmentReader(bytes).read(); }

}  // namespace paso
