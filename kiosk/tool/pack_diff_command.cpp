#include "kiosk/tool/pack_diff_command.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/rules/diff.hpp"
#include "core/rules/words.hpp"
#include "kiosk/tool/fact_json.hpp"
#include "kiosk/tool/pack_command.hpp"

namespace paso {
namespace {

namespace json = boost::json;

json::object fact_json(const FactEntry& e) {
    if (e.values.empty()) return {{"fact", e.name}, {"unknown", name(e.cause)}};
    json::array values;
    for (const FactValue& v : e.values) values.push_back(value_json(v));
    return {{"fact", e.name}, {"values", std::move(values)}};
}

json::object side_json(const DiffSide& s) {
    return {{"outcome", name(s.outcome)},
            {"rule", name(s.of_rule)},
            {"reasons", json::array(s.reasons.begin(), s.reasons.end())},
            {"private", s.is_private},
            {"silent", s.is_silent}};
}

json::object difference_json(const RuleDifference& d) {
    json::object out{{"rule", d.rule}, {"change", name(d.change)}, {"verdict", name(d.verdict)}};
    if (d.verdict != DiffVerdict::differs) return out;
    json::array facts;
    for (const FactEntry& e : d.traveller.entries()) facts.push_back(fact_json(e));
    out["traveller"] = std::move(facts);
    out["like"] = d.like;
    out["old"] = side_json(d.before);
    out["new"] = side_json(d.after);
    return out;
}

json::object identity_json(const PackIdentity& id) { return {{"pack", id.id}, {"version", id.version}}; }

std::string one_value(const FactDeclaration& fact, const FactValue& v) {
    const auto* text = std::get_if<std::string>(&v);
    return text != nullptr && stands_for_others(*text) ? fact_words(fact) + ": another than all that the packs name"
                                                       : statement_words(fact, v);
}

// "the person is leaving (trip.direction)".
std::string fact_line(const FactEntry& e, const Schema& schema) {
    const FactDeclaration unnamed{.name = e.name};
    const FactDeclaration* const found = schema.find(e.name);
    const FactDeclaration& fact = found == nullptr ? unnamed : *found;
    std::string said;
    for (const FactValue& v : e.values) said += (said.empty() ? "" : " or ") + one_value(fact, v);
    if (e.values.empty()) said = fact_words(fact) + ": not known, " + std::string{cause_words(e.cause)};
    return "    " + said + " (" + e.name + ")";
}

std::string side_words(const DiffSide& s) {
    std::string reasons;
    for (const std::string& r : s.reasons) reasons += (reasons.empty() ? "" : ", ") + r;
    if (reasons.empty()) return std::string{name(s.outcome)} + ", and the rule says nothing";
    return std::string{name(s.outcome)} + ", and the rule asks for " + std::string{name(s.of_rule)} + ", reason " +
           reasons + (s.is_private ? ", privately" : "") + (s.is_silent ? ", silently" : "");
}

void print_difference(const RuleDifference& d, const Schema& schema, const PrintLine& out) {
    const std::string head = std::string{name(d.change)} + ": " + d.rule;
    if (d.verdict == DiffVerdict::same) return out(head + ": written in another way, says the same of everybody");
    if (d.verdict == DiffVerdict::undecided)
        return out(head + ": undecided: no traveller was found to whom it shows, and not every case could be tried");
    out(head + (d.outcome_differs() ? "" : " (the outcome of the whole pack stays as it was)"));
    const bool alone = d.traveller.entries().empty();
    const std::string whose = d.like.empty()
                                  ? "of whom nothing else was read"
                                  : (alone ? "as in the test '" : "otherwise as in the test '") + d.like + "'";
    out("  a traveller " + whose + (alone ? "" : ":"));
    for (const FactEntry& e : d.traveller.entries()) out(fact_line(e, schema));
    out("  before: " + side_words(d.before));
    out("  now:    " + side_words(d.after));
}

}  // namespace

int show_pack_diff(Env& env, const PackDiffOptions& options, const Schema& schema, const PrintLine& out,
                   const PrintLine& err) {
    const auto before = load_draft(env, options.before, schema);
    if (!before) return err(options.before + ": " + describe(before.error())), 1;
    const auto after = load_draft(env, options.after, schema);
    if (!after) return err(options.after + ": " + describe(after.error())), 1;
    const auto all = diff_packs(*before, *after, schema);
    const auto changed =
        std::count_if(all.begin(), all.end(), [](const RuleDifference& d) { return d.verdict != DiffVerdict::same; });
    if (options.json) {
        json::array changes;
        for (const RuleDifference& d : all) changes.push_back(difference_json(d));
        out(json::serialize(json::object{{"old", identity_json(before->identity())},
                                         {"new", identity_json(after->identity())},
                                         {"changes", std::move(changes)}}));
        return changed == 0 ? 0 : 3;
    }
    for (const RuleDifference& d : all) print_difference(d, schema, out);
    out(before->identity().id + " " + before->identity().version + " -> " + after->identity().id + " " +
        after->identity().version + ": " + std::to_string(changed) + " rules say something else or are undecided");
    return changed == 0 ? 0 : 3;
}

}  // namespace paso
