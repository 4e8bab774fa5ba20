#include "kiosk/tool/pack_simulate_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "kiosk/tool/pack_command.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t max_events = 4UL << 30U;

std::string decimal(double value, const char* format) {
    char text[32];
    const int n = std::snprintf(text, sizeof text, format, value);
    return {text, static_cast<std::size_t>(n)};
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}
std::string to_the_right(const std::string& text, std::size_t width) {
    return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

std::string share(const PublishedCount& c) {
    if (!c.changed) return "hidden";
    const Interval i = wilson(*c.changed, c.all);
    return decimal(100.0 * static_cast<double>(*c.changed) / static_cast<double>(c.all), "%.2f") + " % (" +
           decimal(100 * i.low, "%.2f") + " to " + decimal(100 * i.high, "%.2f") + ")";
}

std::string text_row(const PublishedCount& c) {
    return "  " + padded(c.category, 28) + to_the_right(std::to_string(c.all), 10) + "  " +
           to_the_right(c.changed ? std::to_string(*c.changed) : "hidden", 10) + "  " + share(c);
}

void print_text(const BacktestReport& r, const PrintLine& out) {
    for (const std::string& f : r.missing) out("the file does not hold " + f + ", which the rules ask about");
    if (r.left_out > 0) out(std::to_string(r.left_out) + " rules of health, of protection or private are not tried");
    if (!r.total) return out("fewer than 10 crossings: nothing is shown");
    out(padded("", 30) + to_the_right("crossings", 10) + "  " + to_the_right("changed", 10) + "  share (95 %)");
    out(text_row(*r.total));
    out("  referred, and clear before: " + (r.referred ? std::to_string(*r.referred) : std::string{"hidden"}) +
        "; clear, and referred before: " + (r.cleared ? std::to_string(*r.cleared) : std::string{"hidden"}));
    for (const BacktestTable& t : r.tables) {
        out("by " + std::string{t.dimension});
        for (const PublishedCount& c : t.table.rows) out(text_row(c));
        if (t.table.others) out("  others: hidden");
    }
}

json::object count_json(const PublishedCount& c) {
    json::object out{{"category", c.category}, {"crossings", c.all}};
    if (!c.changed) return out;
    const Interval i = wilson(*c.changed, c.all);
    out["changed"] = *c.changed;
    out["share"] = static_cast<double>(*c.changed) / static_cast<double>(c.all);
    out["low"] = i.low;
    out["high"] = i.high;
    return out;
}

void print_json(const BacktestReport& r, const PrintLine& out) {
    json::object all{{"missing", json::array(r.missing.begin(), r.missing.end())}, {"rules_left_out", r.left_out}};
    if (r.total) all["total"] = count_json(*r.total);
    if (r.referred) all["newly_referred"] = *r.referred;
    if (r.cleared) all["newly_clear"] = *r.cleared;
    json::object tables;
    for (const BacktestTable& t : r.tables) {
        json::array rows;
        for (const PublishedCount& c : t.table.rows) rows.push_back(count_json(c));
        tables[t.dimension] = json::object{{"rows", std::move(rows)}, {"others_hidden", t.table.others}};
    }
    all["by"] = std::move(tables);
    out(json::serialize(all));
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == text.npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

void print_csv(const BacktestReport& r, const PrintLine& out) {
    out("dimension,category,crossings,changed,share,low,high");
    const auto row = [&](std::string_view dimension, const PublishedCount& c) {
        std::string line = std::string{dimension} + "," + csv_field(c.category) + "," + std::to_string(c.all) + ",";
        if (!c.changed) return out(line + ",,,");
        const Interval i = wilson(*c.changed, c.all);
        out(line + std::to_string(*c.changed) + "," +
            decimal(static_cast<double>(*c.changed) / static_cast<double>(c.all), "%.6f") + "," +
            decimal(i.low, "%.6f") + "," + decimal(i.high, "%.6f"));
    };
    if (r.total) row("all", *r.total);
    for (const BacktestTable& t : r.tables) {
        for (const PublishedCount& c : t.table.rows) row(t.dimension, c);
        if (t.table.others) out(std::string{t.dimension} + ",others,,,,,");
    }
}

int complain(const PrintLine& err, const std::string& path, const Error& error) {
    err(path + ": " + describe(error));
    return 1;
}

}  // namespace

int simulate_pack(Env& env, const PackSimulateOptions& options, const Schema& schema, const PrintLine& out,
                  const PrintLine& err) {
    const auto draft = load_draft(env, options.draft, schema);
    if (!draft) return complain(err, options.draft, draft.error());
    const auto bytes = env.files.read(options.events, max_events);
    if (!bytes) return complain(err, options.events, bytes.error());
    auto file = FactsFile::open(*bytes, schema);
    if (!file) return complain(err, options.events, file.error());
    auto backtest = Backtest::begin(*draft, schema, *file, paso_dimensions);
    if (!options.against.empty()) {
        const auto before = load_draft(env, options.against, schema);
        if (!before) return complain(err, options.against, before.error());
        backtest = Backtest::between(*before, *draft, schema, *file, paso_dimensions);
    }
    if (!backtest) return complain(err, options.draft, backtest.error());
    RecordedCrossing crossing;
    for (;;) {
        const auto more = file->next(crossing);
        if (!more) return complain(err, options.events, more.error());
        if (!*more) break;
        backtest->add(crossing);
    }
    const BacktestReport report = backtest->report();
    switch (options.form) {
        case ReportForm::text:
            print_text(report, out);
            break;
        case ReportForm::json:
            print_json(report, out);
            break;
        case ReportForm::csv:
            print_csv(report, out);
            break;
    }
    return 0;
}

}  // namespace paso
