#include "sync/projection/views.hpp"

#include <algorithm>

namespace paso {
namespace {

namespace json = boost::json;

std::string value_text(const FactValue& value) {
    struct Writer {
        std::string operator()(bool b) const { return b ? "yes" : "no"; }
        std::string operator()(std::int64_t n) const { return std::to_string(n); }
        std::string operator()(const std::string& s) const { return s; }
        std::string operator()(const Date& d) const { return d.iso(); }
        std::string operator()(const std::set<std::string>& set) const {
            std::string out;
            for (const std::string& s : set) out += (out.empty() ? "" : ", ") + s;
            return out;
        }
    };
    return std::visit(Writer{}, value);
}

std::string words_for(const Finding& finding, const ReasonWords& words) {
    if (words) {
        if (auto text = words(finding.reason)) return *text;
    }
    return finding.reason;
}

std::string dates_text(const MrzDate& date) {
    std::string out;
    for (const Date& d : date.candidates) out += (out.empty() ? "" : " or ") + d.iso();
    for (const DateSpan& s : date.spans) out += (out.empty() ? "" : " or ") + s.first.iso() + " to " + s.last.iso();
    return out;
}

json::object finding_model(const Finding& finding, const ReasonWords& words) {
    json::array facts;
    for (const FactUse& fact : finding.facts) facts.push_back({{"name", fact.name}, {"value", fact_text(fact)}});
    return {{"rule", finding.rule},       {"value", name(finding.value)},
            {"refers", finding.refers},   {"reason", finding.refers ? words_for(finding, words) : ""},
            {"basis", finding.basis},     {"facts", std::move(facts)},
            {"then", name(finding.then)}, {"exempted_by", finding.exempted_by}};
}

json::object document_model(const TravelDocument& d) {
    json::array problems;
    for (const FieldProblem& p : d.problems) problems.push_back({{"field", p.field}, {"code", p.code}});
    json::array lines;
    for (const std::string& line : d.lines) lines.push_back(json::string(line));
    const CheckDigits& c = d.check_digits;
    return {{"format", name(d.format)},
            {"reading", name(d.state)},
            {"code", d.code},
            {"issuer", d.issuer},
            {"nationality", d.nationality},
            {"number", d.number.reveal()},
            {"surname", d.surname.reveal()},
            {"given_names", d.given_names.reveal()},
            {"name_may_be_truncated", d.name_may_be_truncated},
            {"birth", dates_text(d.birth.reveal())},
            {"expiry", dates_text(d.expiry)},
            {"sex", name(d.sex)},
            {"check_digits", json::object{{"number", name(c.number)},
                                          {"birth", name(c.birth)},
                                          {"expiry", name(c.expiry)},
                                          {"personal", name(c.personal)},
                                          {"composite", name(c.composite)}}},
            {"problems", std::move(problems)},
            {"lines", std::move(lines)}};
}

json::object boarding_pass_model(const BoardingPass& pass) {
    json::array legs;
    for (const FlightLeg& leg : pass.legs) {
        legs.push_back({{"from", leg.from},
                        {"to", leg.to},
                        {"carrier", leg.carrier},
                        {"flight", leg.flight},
                        {"date", leg.date.date ? leg.date.date->iso() : ""},
                        {"seat", leg.seat}});
    }
    return {{"name", pass.name.reveal()}, {"legs", std::move(legs)}};
}

}  // namespace

std::string fact_text(const FactUse& fact) {
    if (fact.values.empty()) return "unknown: " + std::string{name(fact.unknown.value_or(Cause::not_read))};
    std::string out;
    for (const FactValue& v : fact.values) out += (out.empty() ? "" : " or ") + value_text(v);
    return out;
}

json::object crossing_line(const CrossingEntry& entry, const ReasonWords& words) {
    json::object line{{"id", entry.id.hex()},
                      {"kiosk", entry.kiosk.text()},
                      {"at", entry.at.iso()},
                      {"ending", name(entry.state.ending)}};
    json::array reasons;
    if (entry.inspection) {
        const InspectionRecord& record = *entry.inspection;
        line["token"] = record.token;
        line["language"] = record.language;
        const Outcome outcome = record.assessment.outcome;
        line["outcome"] = name(outcome == Outcome::protection ? Outcome::officer : outcome);
        for (const Finding& f : record.assessment.findings) {
            if (f.refers && !f.is_private) reasons.push_back(json::string(words_for(f, words)));
        }
    }
    line["reasons"] = std::move(reasons);
    return line;
}

json::object crossing_case(const CrossingEntry& entry, const ReasonWords& words, Reader reader) {
    json::object model = crossing_line(entry, words);
    if (entry.inspection) {
        const InspectionRecord& record = *entry.inspection;
        const Inspection& i = record.inspection;
        if (i.document) model["document"] = document_model(*i.document);
        if (i.party) {
            model["party"] =
                json::object{{"alone", i.party->alone}, {"adults", i.party->adults}, {"children", i.party->children}};
        }
        json::array passes;
        for (const BarcodeContent& b : i.barcodes) {
            if (const auto* pass = std::get_if<BoardingPass>(&b.what)) passes.push_back(boarding_pass_model(*pass));
        }
        model["boarding_passes"] = std::move(passes);
        model["direction"] = name(i.trip.direction);
        model["demo"] = i.trip.demo;
        model["pack"] = record.assessment.pack.id + " " + record.assessment.pack.version;
        json::array findings;
        for (const Finding& f : record.assessment.findings) {
            if (!f.is_private || reader == Reader::official) findings.push_back(finding_model(f, words));
        }
        if (reader == Reader::official) model["outcome"] = name(record.assessment.outcome);
        model["findings"] = std::move(findings);
    }
    json::array decisions;
    for (const DecisionEntry& d : entry.decisions) {
        decisions.push_back({{"kind", name(d.decision.kind)},
                             {"officer", d.decision.officer},
                             {"reason", d.decision.reason},
                             {"desk", d.desk.text()},
                             {"at", d.at.iso()}});
    }
    model["decisions"] = std::move(decisions);
    return model;
}

json::object station_line(const StationView& station, WallTime now) {
    return {{"id", station.id.text()},
            {"events", station.events},
            {"sequence", station.head.sequence},
            {"last_event", station.last_event.iso()},
            {"last_received", station.last_received.iso()},
            {"silent_s", std::max<std::int64_t>(0, (now.ms - station.last_received.ms) / 1000)},
            {"clock", station.clock == ClockState::sure ? "sure" : "unsure"},
            {"note", station.last_note}};
}

json::object figures_model(const Figures& f) {
    return {{"passed", f.passed},           {"awaiting", f.awaiting}, {"referred", f.referred},
            {"inspections", f.inspections}, {"left", f.left},         {"handed_over", f.handed_over},
            {"interrupted", f.interrupted}};
}

}  // namespace paso
