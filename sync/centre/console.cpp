#include "sync/centre/console.hpp"

#include <algorithm>
#include <utility>

#include "sync/projection/views.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t page_of_events = 500;
constexpr std::size_t lines_shown = 200;

json::object check_model(const LogCheckRun& run) {
    json::array chains;
    bool whole = !run.error;
    for (const ChainReport& r : run.chains) {
        whole = whole && !r.broken;
        chains.push_back({{"station", r.station.text()},
                          {"epoch", std::to_string(r.epoch)},
                          {"events", r.events},
                          {"erased", r.erased},
                          {"head", to_hex(r.head).substr(0, 16)},
                          {"problem", r.broken ? describe(*r.broken) : ""}});
    }
    return {{"at", run.at.iso()},
            {"whole", whole},
            {"events", run.events},
            {"chains", std::move(chains)},
            {"error", run.error ? describe(*run.error) : ""}};
}

json::array incident_models(const std::vector<Incident>& incidents) {
    json::array out;
    for (const Incident& i : incidents) {
        out.push_back(
            {{"station", i.station.text()}, {"code", i.code}, {"sequence", i.position.sequence}, {"at", i.at.iso()}});
    }
    return out;
}

}  // namespace

Async<Status> catch_up(CentreState& state) {
    for (;;) {
        const auto events = co_await state.store.events_after(state.projection.last_arrival(), page_of_events);
        if (!events) {
            ++state.read_errors;
            co_return fail(events.error());
        }
        if (events->empty()) break;
        for (const ArrivedEvent& event : *events) state.projection.apply(event);
    }
    auto incidents = co_await state.store.incidents(100);
    if (!incidents) co_return fail(incidents.error());
    state.incidents = std::move(*incidents);
    state.changes.notify();
    co_return Status{};
}

Async<LogCheckRun> check_log(Env& env, Store& store) {
    LogCheck check;
    LogCheckRun run;
    std::uint64_t after = 0;
    for (;;) {
        const auto events = co_await store.events_after(after, page_of_events);
        if (!events) {
            run.error = events.error();
            break;
        }
        if (events->empty()) break;
        for (const ArrivedEvent& e : *events) {
            after = e.arrival;
            ++run.events;
            if (e.fork) continue;  // kept beside the chain, and listed as an incident
            check.add(e.station, e.position, e.header_bytes, e.salt, e.body);
        }
    }
    run.at = env.clock.wall();
    run.chains = check.reports();
    co_return run;
}

PageView ConsoleSession::view() {
    PageView view{shown_, {}, {"show", "open", "check_log"}};
    view.model["user"] = user_.id;
    view.model["figures"] = figures_model(state_.projection.figures());
    view.model["unread"] = state_.projection.unread();
    view.model["store_errors"] = state_.read_errors;
    view.model["incidents"] = incident_models(state_.incidents);
    const WallTime now = state_.env.clock.wall();
    if (shown_ == "crossings") {
        json::array lines;
        for (const CrossingEntry* e : state_.projection.newest(lines_shown)) lines.push_back(crossing_line(*e, {}));
        view.model["crossings"] = std::move(lines);
    } else if (shown_ == "stations") {
        json::array lines;
        for (const StationView& s : state_.projection.stations()) lines.push_back(station_line(s, now));
        view.model["stations"] = std::move(lines);
    } else if (shown_ == "crossing") {
        const CrossingEntry* entry = open_ ? state_.projection.find(*open_) : nullptr;
        if (entry != nullptr) view.model["crossing"] = crossing_case(*entry, {}, Reader::supervisor);
    } else if (check_) {
        view.model["check"] = check_model(*check_);
    }
    return view;
}

Async<void> ConsoleSession::act(std::string action, json::value value) {
    const std::string_view text = value.is_string() ? std::string_view{value.as_string()} : std::string_view{};
    if (action == "show" && (text == "crossings" || text == "stations" || text == "log")) {
        shown_ = text;
    } else if (action == "open") {
        const auto bytes = from_hex(text);
        open_ = bytes ? crossing_id_from(*bytes) : std::nullopt;
        if (open_) shown_ = "crossing";
    } else if (action == "check_log") {
        check_ = co_await check_log(state_.env, state_.store);
        shown_ = "log";
    }
}

}  // namespace paso
