#include "kiosk/tool/stay_command.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "core/stay/account.hpp"
#include "kiosk/tool/stay_file.hpp"
#include "kiosk/tool/stay_picture.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t max_file = 64UL << 20U;

// One rule's answer: of all stays, or of one State beside them.
struct Answer {
    std::string state;
    StayQuestion question;
    StayReport report;
};

Result<std::vector<StayQuestion>> questions_of(const StayOptions& options) {
    const auto day = Date::parse(options.on);
    if (!day) return fail("stay.date", "--on is a day written YYYY-MM-DD");
    const auto rule = parse_stay_rule(options.rule);
    if (!rule) return fail(rule.error());
    std::vector<StayQuestion> out{{*rule, *day, options.places}};
    if (std::holds_alternative<RegionRule>(*rule) && options.places.empty()) {
        out.front().places = {"GTM", "HND", "NIC", "SLV"};
    }
    for (const std::string& own : options.own) {
        const std::size_t equals = own.find('=');
        if (equals == 0 || equals == std::string::npos) return fail("stay.rule", "--own is written SLV=180d");
        const auto own_rule = parse_stay_rule(std::string_view{own}.substr(equals + 1));
        if (!own_rule) return fail(own_rule.error());
        out.push_back({*own_rule, *day, {own.substr(0, equals)}});
    }
    return out;
}

Result<StayFile> read_stays(Env& env, const std::string& path, bool with_places) {
    const auto bytes = env.files.read(path, max_file);
    if (!bytes) return fail(bytes.error());
    auto file = parse_stay_file(as_text(*bytes));
    if (!file || !with_places) return file;
    for (std::size_t i = 0; i < file->stays.size(); ++i) {
        if (file->stays[i].kind == Stay::Kind::visit && file->stays[i].place.empty()) {
            return fail("stay.place", "the place is needed for this question", {.line = file->lines[i]});
        }
    }
    return file;
}

std::string days_text(std::int32_t n) { return std::to_string(n) + (n == 1 ? " day" : " days"); }

std::string span_text(const Days& d) {
    return d.first == d.last ? d.first.iso() : d.first.iso() + " to " + d.last.iso();
}

std::string period_text(const Period& p) {
    return p.unit == Period::Unit::days ? days_text(p.count)
                                        : std::to_string(p.count) + (p.count == 1 ? " month" : " months");
}

std::string rule_text(const StayQuestion& q) {
    std::string out = stay_rule_text(q.rule) + ": ";
    if (const auto* r = std::get_if<RollingRule>(&q.rule)) {
        out += "at most " + days_text(r->limit) + " in any " + days_text(r->window) + ", looking back from each day";
    } else if (const auto* c = std::get_if<CalendarYearRule>(&q.rule)) {
        out += "at most " + days_text(c->limit) + " from 1 January to 31 December";
    } else if (const auto* e = std::get_if<FromEntryRule>(&q.rule)) {
        out += period_text(e->period) + " from each entry";
    } else {
        out += period_text(std::get<RegionRule>(q.rule).period) + " from the first entry into the region";
    }
    for (std::size_t i = 0; i < q.places.size(); ++i) out += (i == 0 ? "; only " : " ") + q.places[i];
    return out;
}

std::string standing_text(const StayReport& r) {
    switch (r.standing) {
        case StayStanding::within:
            return r.permit ? "the day is under a permit" : "within the limit";
        case StayStanding::over:
            return r.present ? "more days than the limit" : "no day of stay is possible on the check day";
        case StayStanding::unknown:
            return "not known: it depends on a stay without exit";
    }
    return "";
}

std::string over_text(const StayReport& r) {
    constexpr std::size_t most = 5;
    std::string out = days_text(r.days_over) + " of stay with more used than the limit";
    const std::size_t skipped = r.over.size() > most ? r.over.size() - most : 0;
    if (skipped > 0) out += ", the newest";
    for (std::size_t i = skipped; i < r.over.size(); ++i) out += (i == skipped ? ": " : ", ") + span_text(r.over[i]);
    return out;
}

void print_report(const Answer& a, const std::vector<std::uint32_t>& lines, const PrintLine& out) {
    const StayReport& r = a.report;
    const auto line = [&out](std::string_view name, const std::string& text) {
        std::string padded{name};
        padded.resize(16, ' ');
        out(padded + text);
    };
    line("rule", rule_text(a.question));
    line("check day", r.window.last.iso() + ", counting from " + r.window.first.iso());
    line("standing", standing_text(r));
    line("used", std::to_string(r.used) + " of " + days_text(r.limit));
    line("excess", r.excess > 0 ? days_text(r.excess) + " more than the limit on the check day" : "none");
    line("days over", r.days_over > 0 ? over_text(r) : "none");
    if (!r.last_legal_day) {
        line("last legal day", r.present ? "none: no day of this stay" : "none for an entry on the check day");
    } else if (r.present || r.permit) {
        line("last legal day", r.last_legal_day->iso());
    } else {
        line("last legal day", r.last_legal_day->iso() + " for an entry on the check day: " +
                                   days_text(Days{r.window.last, *r.last_legal_day}.count()));
    }
    line("next entry", r.next_entry.iso() + ", then " + days_text(Days{r.next_entry, r.next_last}.count()) + " to " +
                           r.next_last.iso() + (r.present ? " (if the traveller leaves on the check day)" : ""));
    for (const std::size_t i : r.open) {
        line("no exit", "of the stay in line " + std::to_string(lines[i]) + ": counted to the check day");
    }
    if (!r.open.empty()) {
        line("", "counted with the day of entry alone: used " + std::to_string(r.used_at_least) + " of " +
                     days_text(r.limit));
    }
}

json::object days_json(const Days& d) { return {{"first", d.first.iso()}, {"last", d.last.iso()}}; }

json::object report_json(const Answer& a, const std::vector<std::uint32_t>& lines) {
    const StayReport& r = a.report;
    json::array places;
    for (const std::string& p : a.question.places) places.push_back(json::string(p));
    json::array over;
    for (const Days& d : r.over) over.push_back(days_json(d));
    json::array open;
    for (const std::size_t i : r.open) open.push_back(lines[i]);
    return {{"rule", stay_rule_text(a.question.rule)},
            {"places", std::move(places)},
            {"day", r.window.last.iso()},
            {"standing", name(r.standing)},
            {"present", r.present},
            {"permit", r.permit},
            {"window", days_json(r.window)},
            {"used", r.used},
            {"used_at_least", r.used_at_least},
            {"limit", r.limit},
            {"excess", r.excess},
            {"days_over", r.days_over},
            {"over", std::move(over)},
            {"last_legal_day", r.last_legal_day ? json::value(r.last_legal_day->iso()) : json::value()},
            {"next_entry", r.next_entry.iso()},
            {"next_last", r.next_last.iso()},
            {"open_lines", std::move(open)}};
}

std::string as_json(const StayOptions& options, const std::vector<Answer>& answers,
                    const std::vector<std::uint32_t>& lines) {
    json::object all{{"source", options.file}};
    for (auto& [key, value] : report_json(answers.front(), lines)) all[key] = std::move(value);
    json::array own;
    for (std::size_t i = 1; i < answers.size(); ++i) {
        json::object one{{"state", answers[i].state}};
        for (auto& [key, value] : report_json(answers[i], lines)) one[key] = std::move(value);
        own.push_back(std::move(one));
    }
    all["own"] = std::move(own);
    return json::serialize(all);
}

}  // namespace

int show_stay(Env& env, const StayOptions& options, const PrintLine& out, const PrintLine& err) {
    const auto questions = questions_of(options);
    if (!questions) return err(describe(questions.error())), 2;
    const bool with_places = questions->size() > 1 || !questions->front().places.empty();
    const auto file = read_stays(env, options.file, with_places);
    if (!file) return err(options.file + ": " + describe(file.error())), 1;
    std::vector<Answer> answers;
    bool all_within = true;
    for (const StayQuestion& q : *questions) {
        const auto report = report_stay(file->stays, q);
        if (!report) return err(options.file + ": " + describe(report.error())), 1;
        all_within = all_within && report->standing == StayStanding::within;
        answers.push_back({answers.empty() ? "" : q.places.front(), q, *report});
    }
    if (options.json) {
        out(as_json(options, answers, file->lines));
        return all_within ? 0 : 3;
    }
    const auto account = StayAccount::of(file->stays, questions->front());
    if (!account) return err(options.file + ": " + describe(account.error())), 1;
    print_report(answers.front(), file->lines, out);
    out("");
    for (const std::string& line : draw_stay(*account, answers.front().report)) out(line);
    for (std::size_t i = 1; i < answers.size(); ++i) {
        out("");
        out("Beside it the own limit of " + answers[i].state);
        print_report(answers[i], file->lines, out);
    }
    return all_within ? 0 : 3;
}

}  // namespace paso
