#include "kiosk/tool/replay_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <utility>

#include "core/crossing/crossing.hpp"
#include "core/rules/pack.hpp"
#include "core/rules/pack_body.hpp"
#include "core/rules/words.hpp"
#include "kiosk/tool/fact_json.hpp"
#include "kiosk/tool/pack_command.hpp"
#include "sync/journal/verify.hpp"

namespace paso {
namespace {

namespace json = boost::json;

enum class Verdict : std::uint8_t { same, differs, no_pack, unread };

std::string_view name(Verdict v) {
    switch (v) {
        case Verdict::same:
            return "same";
        case Verdict::differs:
            return "differs";
        case Verdict::no_pack:
            return "no_pack";
        case Verdict::unread:
            return "unread";
    }
    return "unread";
}

struct Replayed {
    Verdict verdict = Verdict::unread;
    std::string why;           // of unread
    Assessment recorded;       // but for unread
    std::optional<Pack> pack;  // of same and differs
    Assessment again;          // of same and differs
};

using Packs = std::map<Digest, Pack>;

Replayed replay(const Result<Bytes>& body, const Packs& packs) {
    Replayed out;
    auto record = body ? decode_inspection(*body) : fail(body.error());
    if (!record) {
        out.why = describe(record.error());
        return out;
    }
    out.recorded = std::move(record->assessment);
    const auto pack = packs.find(out.recorded.pack.hash);
    if (pack == packs.end()) {
        out.verdict = Verdict::no_pack;
        return out;
    }
    out.pack = pack->second;
    out.again = assess(*out.pack, record->facts);
    const bool same = encode_assessment(out.again) == encode_assessment(out.recorded);
    out.verdict = same ? Verdict::same : Verdict::differs;
    return out;
}

// The same rule in both: the n-th finding of an id, for the versions of a rule by date share theirs. Null: not there.
struct Pair {
    const Finding* recorded = nullptr;
    const Finding* again = nullptr;
    [[nodiscard]] const Finding& either() const { return recorded != nullptr ? *recorded : *again; }
    [[nodiscard]] bool same() const { return recorded != nullptr && again != nullptr && *recorded == *again; }
};

std::vector<Pair> pairs(const Replayed& r) {
    std::vector<Pair> out;
    std::map<std::pair<std::string, std::size_t>, std::size_t> place;
    std::map<std::string, std::size_t> seen;
    for (const Finding& f : r.recorded.findings) {
        place[{f.rule, seen[f.rule]++}] = out.size();
        out.push_back({&f, nullptr});
    }
    seen.clear();
    for (const Finding& f : r.again.findings) {
        const auto at = place.find({f.rule, seen[f.rule]++});
        at == place.end() ? out.push_back({nullptr, &f}) : static_cast<void>(out[at->second].again = &f);
    }
    return out;
}

// A record comes from a file: what it calls itself is shown without the controls that would write over other lines.
std::string shown(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return text;
}

std::string rule_name(const Finding& f, bool explain) {
    return f.is_private && !explain ? "a private rule" : shown(f.rule);
}

// For whom protection asks is seen by nobody else.
std::string_view outcome_words(Outcome o, bool explain) {
    return o == Outcome::clear ? "clear" : explain ? name(o) : "a person";
}

std::string finding_words(const Finding* f, bool explain) {
    if (f == nullptr) return "no such rule";
    return std::string{name(f->value)} +
           (f->refers ? ", asks for " + std::string{outcome_words(f->then, explain)} : "");
}

std::string difference_words(const Pair& p, bool explain) {
    const std::string was = finding_words(p.recorded, explain);
    const std::string is = finding_words(p.again, explain);
    return "recorded " + was + "; now " + (was == is ? "the same, but with other facts, reason or basis" : is);
}

std::string use_words(const FactUse& use, const Schema& schema) {
    const FactDeclaration unnamed{.name = use.name};
    const FactDeclaration* const found = schema.find(use.name);
    const FactDeclaration& fact = found == nullptr ? unnamed : *found;
    if (use.values.empty())
        return fact_words(fact) + ": not known, " + std::string{cause_words(use.unknown.value_or(Cause::not_read))};
    std::string out;
    for (const FactValue& v : use.values) out += (out.empty() ? "" : " or ") + statement_words(fact, v);
    return out;
}

// Of the n-th finding, whose place is that of its rule in the pack.
std::string title_of(const Replayed& r, std::size_t n) {
    if (!r.pack || n >= r.pack->body().rules.size() || r.pack->body().rules[n].id != r.recorded.findings[n].rule)
        return {};
    return " (" + r.pack->body().rules[n].title + ")";
}

// Where it was written.
struct Written {
    std::string station;
    Position position;
    std::string crossing;
};

std::string pack_words(const PackIdentity& pack) {
    return shown(pack.id) + " " + shown(pack.version) + " " + to_hex(pack.hash).substr(0, 16);
}

void explain_text(const Replayed& r, const Schema& schema, const PrintLine& out) {
    for (std::size_t n = 0; n < r.recorded.findings.size(); ++n) {
        const Finding& f = r.recorded.findings[n];
        out("  " + shown(f.rule) + title_of(r, n) + ": " + finding_words(&f, true) +
            (f.exempted_by.empty() ? "" : ", exempted by " + shown(f.exempted_by)));
        out("    basis: " + shown(f.basis));
        for (const FactUse& use : f.facts) out("    " + shown(use_words(use, schema)));
    }
}

void print_text(const Written& at, const Replayed& r, bool explain, const Schema& schema, const PrintLine& out) {
    const std::string head = at.station + " " + std::to_string(at.position.epoch) + "/" +
                             std::to_string(at.position.sequence) + " " + at.crossing + ": ";
    const std::string pack = pack_words(r.recorded.pack);
    const std::string was{outcome_words(r.recorded.outcome, explain)};
    switch (r.verdict) {
        case Verdict::unread:
            return out(head + "no record that this program reads: " + shown(r.why));
        case Verdict::no_pack:
            return out(head + "its pack is not among those given: " + pack);
        case Verdict::same:
            out(head + "the same, " + was + " by " + pack);
            break;
        case Verdict::differs:
            out(head + "differs: recorded " + was + ", now " + std::string{outcome_words(r.again.outcome, explain)} +
                " by " + pack);
            for (const Pair& p : pairs(r)) {
                if (!p.same()) out("  " + rule_name(p.either(), explain) + ": " + difference_words(p, explain));
            }
            break;
    }
    if (explain) explain_text(r, schema, out);
}

json::object finding_json(const Finding& f) {
    json::array facts;
    for (const FactUse& use : f.facts) {
        json::object fact{{"fact", use.name}};
        json::array values;
        for (const FactValue& v : use.values) values.push_back(value_json(v));
        if (use.values.empty()) fact["unknown"] = name(use.unknown.value_or(Cause::not_read));
        if (!use.values.empty()) fact["values"] = std::move(values);
        facts.push_back(std::move(fact));
    }
    return {
        {"rule", f.rule},        {"value", name(f.value)},   {"refers", f.refers},           {"for", name(f.then)},
        {"reason", f.reason},    {"basis", f.basis},         {"exempted_by", f.exempted_by}, {"private", f.is_private},
        {"silent", f.is_silent}, {"facts", std::move(facts)}};
}

void print_json(const Written& at, const Replayed& r, bool explain, const PrintLine& out) {
    json::object line{{"station", at.station},
                      {"epoch", std::to_string(at.position.epoch)},  // beyond what a number of JSON holds
                      {"sequence", at.position.sequence},
                      {"crossing", at.crossing},
                      {"verdict", name(r.verdict)}};
    if (r.verdict == Verdict::unread) {
        line["problem"] = r.why;
        return out(json::serialize(line));
    }
    const PackIdentity& pack = r.recorded.pack;
    line["pack"] = json::object{{"id", pack.id}, {"version", pack.version}, {"sha256", to_hex(pack.hash)}};
    line["outcome"] = outcome_words(r.recorded.outcome, explain);
    if (r.verdict == Verdict::differs) {
        json::array rules;
        for (const Pair& p : pairs(r)) {
            if (!p.same()) rules.emplace_back(rule_name(p.either(), explain));
        }
        line["now"] = outcome_words(r.again.outcome, explain);
        line["rules"] = std::move(rules);
    }
    if (explain && r.pack) {
        json::array findings;
        for (const Finding& f : r.recorded.findings) findings.push_back(finding_json(f));
        line["findings"] = std::move(findings);
    }
    out(json::serialize(line));
}

struct Counts {
    std::map<Verdict, std::size_t> of;
    std::size_t all = 0;
};

std::string summary(Counts& c) {
    return std::to_string(c.all) + " inspections: " + std::to_string(c.of[Verdict::same]) + " the same, " +
           std::to_string(c.of[Verdict::differs]) + " differ, " + std::to_string(c.of[Verdict::no_pack]) +
           " without their pack, " + std::to_string(c.of[Verdict::unread]) + " not read";
}

}  // namespace

int replay_journals(Env& env, const ReplayOptions& options, const Schema& schema, const PrintLine& out,
                    const PrintLine& err) {
    const auto id = from_hex(options.crossing);
    if (!options.crossing.empty() && (!id || id->size() != sizeof(CrossingId::bytes)))
        return err("a crossing has 32 hexadecimal digits: " + options.crossing), 1;
    Packs packs;
    for (const std::string& path : options.packs) {
        auto pack = load_draft(env, path, schema);
        if (!pack) return err(path + ": " + describe(pack.error())), 1;
        packs.emplace(pack->identity().hash, std::move(*pack));
    }
    Counts counts;
    for (const std::string& path : options.journals) {
        const auto visit = [&](const EventHeader& header, ByteView body) {
            const Written at{header.station.text(), header.position, header.crossing ? header.crossing->hex() : ""};
            if (!options.crossing.empty() && at.crossing != to_hex(*id)) return;
            const Replayed r = replay(options.open_body(body), packs);
            ++counts.all;
            ++counts.of[r.verdict];
            options.json ? print_json(at, r, options.explain, out) : print_text(at, r, options.explain, schema, out);
        };
        if (const Status s = each_body(path, EventKind::inspection, visit); !s)
            return err(path + ": " + describe(s.error())), 1;
    }
    if (!options.crossing.empty() && counts.all == 0)
        return err(options.crossing + ": no inspection of this crossing whose body is still there"), 1;
    if (!options.json) out(summary(counts));
    return counts.all > 0 && counts.of[Verdict::same] == counts.all ? 0 : 3;
}

}  // namespace paso
