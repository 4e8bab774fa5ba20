#include "kiosk/tool/replay_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>

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

const Finding* of_rule(const Assessment& a, const std::string& rule) {
    const auto at =
        std::find_if(a.findings.begin(), a.findings.end(), [&](const Finding& f) { return f.rule == rule; });
    return at == a.findings.end() ? nullptr : &*at;
}

// Ids of the rules whose findings are not the same, those of the record first.
std::vector<std::string> differing_rules(const Replayed& r) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const Assessment* a : {&r.recorded, &r.again}) {
        for (const Finding& f : a->findings) {
            if (!seen.insert(f.rule).second) continue;
            const Finding* was = of_rule(r.recorded, f.rule);
            const Finding* is = of_rule(r.again, f.rule);
            if (was == nullptr || is == nullptr || *was != *is) out.push_back(f.rule);
        }
    }
    return out;
}

std::string finding_words(const Finding* f) {
    if (f == nullptr) return "no such rule";
    return std::string{name(f->value)} + (f->refers ? ", asks for " + std::string{name(f->then)} : "");
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

std::string title_of(const Replayed& r, const std::string& rule) {
    if (!r.pack) return {};
    const auto& rules = r.pack->body().rules;
    const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& x) { return x.id == rule; });
    return at == rules.end() ? std::string{} : at->title;
}

// Where it was written.
struct Written {
    std::string station;
    Position position;
    std::string crossing;
};

void print_text(const Written& at, const Replayed& r, bool explain, const Schema& schema, const PrintLine& out) {
    const std::string head = at.station + " " + std::to_string(at.position.sequence) + " " + at.crossing + ": ";
    const std::string pack =
        r.recorded.pack.id + " " + r.recorded.pack.version + " " + to_hex(r.recorded.pack.hash).substr(0, 16);
    switch (r.verdict) {
        case Verdict::unread:
            return out(head + "no record that this program reads: " + r.why);
        case Verdict::no_pack:
            return out(head + "its pack is not among those given: " + pack);
        case Verdict::same:
            out(head + "the same, " + std::string{name(r.recorded.outcome)} + " by " + pack);
            break;
        case Verdict::differs:
            out(head + "differs: recorded " + std::string{name(r.recorded.outcome)} + ", now " +
                std::string{name(r.again.outcome)} + " by " + pack);
            for (const std::string& rule : differing_rules(r))
                out("  " + rule + ": recorded " + finding_words(of_rule(r.recorded, rule)) + "; now " +
                    finding_words(of_rule(r.again, rule)));
            break;
    }
    if (!explain) return;
    for (const Finding& f : r.recorded.findings) {
        out("  " + f.rule + " (" + title_of(r, f.rule) + "): " + finding_words(&f) +
            (f.exempted_by.empty() ? "" : ", exempted by " + f.exempted_by));
        out("    basis: " + f.basis);
        for (const FactUse& use : f.facts) out("    " + use_words(use, schema));
    }
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
                      {"epoch", at.position.epoch},
                      {"sequence", at.position.sequence},
                      {"crossing", at.crossing},
                      {"verdict", name(r.verdict)}};
    if (r.verdict == Verdict::unread) {
        line["problem"] = r.why;
        return out(json::serialize(line));
    }
    const PackIdentity& pack = r.recorded.pack;
    line["pack"] = json::object{{"id", pack.id}, {"version", pack.version}, {"sha256", to_hex(pack.hash)}};
    line["outcome"] = name(r.recorded.outcome);
    if (r.verdict == Verdict::differs) {
        const auto rules = differing_rules(r);
        line["now"] = name(r.again.outcome);
        line["rules"] = json::array(rules.begin(), rules.end());
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
            if (!options.crossing.empty() && at.crossing != options.crossing) return;
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
    return counts.of[Verdict::same] == counts.all ? 0 : 3;
}

}  // namespace paso
