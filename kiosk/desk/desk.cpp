#include "kiosk/desk/desk.hpp"

#include <algorithm>
#include <utility>

#include "sync/projection/views.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t page_of_events = 500;
constexpr std::size_t max_reason = 2000;  // bytes: the page's 300 characters in any script
constexpr std::size_t recent_shown = 30;

std::optional<CrossingId> id_from(std::string_view hex) {
    const auto bytes = from_hex(hex);
    return bytes ? crossing_id_from(*bytes) : std::nullopt;
}

// A person may still decide: nobody did, or it went to a colleague.
bool open_for(const CrossingEntry& e, DecisionKind kind) {
    if (!e.inspection) return false;
    const bool second_line = !e.decisions.empty() && e.decisions.back().decision.kind == DecisionKind::to_second_line;
    const bool handed = e.inspection->ending == Ending::handed_over && e.decisions.empty();
    if (kind == DecisionKind::holder_seen) {
        return e.state.ending == Ending::awaiting && e.inspection->assessment.outcome == Outcome::clear;
    }
    return e.state.ending == Ending::awaiting || second_line || handed;
}

}  // namespace

Desk::Desk(Env env, Store& store, Journal& journal, const KeyRing& keys, StationId station, std::optional<Pack> pack,
           asio::any_io_executor executor)
    : env_(env),
      store_(store),
      journal_(journal),
      keys_(keys),
      station_(std::move(station)),
      pack_(std::move(pack)),
      projection_([this](ByteView sealed) { return keys_.open_body(sealed); }),
      changes_(std::move(executor)) {}

std::optional<std::string> Desk::words(std::string_view reason) const {
    const auto text = pack_ ? pack_->reason(reason, "en") : std::nullopt;
    return text ? std::optional{text->officer} : std::nullopt;
}

// The place in the own journal up to which the store has it.
Async<Result<Position>> Desk::stored_own() {
    auto cursor = co_await store_.cursor(station_, journal_.head().epoch);
    if (cursor && !*cursor) cursor = co_await store_.newest_cursor(station_);
    if (!cursor) co_return fail(cursor.error());
    if (!*cursor) co_return Position{};
    const auto ours = co_await journal_.kept_after((*cursor)->epoch);
    if (ours) co_return Position{(*cursor)->epoch, (*cursor)->sequence};
    if (ours.error().code != "journal.epoch") co_return fail(ours.error());
    co_return Position{};  // the journal was made anew
}

Async<Status> Desk::store_own() {
    auto from = co_await stored_own();
    if (!from) co_return fail(from.error());
    for (;;) {
        const auto events = co_await journal_.read_after(*from, page_of_events);
        if (!events) co_return fail(events.error());
        if (events->empty()) co_return Status{};
        std::vector<ArrivedEvent> arrived;
        for (const StoredEvent& e : *events) {
            if (e.position.epoch != events->front().position.epoch) break;  // the next round
            auto header = decode_header(e.header);
            if (!header) co_return fail(header.error());
            arrived.push_back({station_, e.position, std::move(*header), e.header, e.salt, e.body, env_.clock.wall()});
        }
        *from = arrived.back().position;
        const auto done = co_await store_.commit(station_, std::move(arrived), {});
        if (!done) co_return fail(done.error());
    }
}

Async<Status> Desk::load() {
    const std::set<CrossingId> written = late_;
    const Status own = co_await store_own();
    if (const Status s = co_await catch_up(); !s) co_return s;
    if (!own) co_return fail(own.error());
    for (const CrossingId& id : written) {  // shown now
        late_.erase(id);
        deciding_.erase(id);
    }
    co_return Status{};
}

Async<Status> Desk::catch_up() {
    for (;;) {
        const std::uint64_t from = arrived_;
        const auto events = co_await store_.events_after(from, page_of_events);
        if (!events) co_return fail(events.error());
        if (arrived_ != from) continue;  // two at once: the other one was here meanwhile
        if (events->empty()) break;
        for (const ArrivedEvent& e : *events) {
            projection_.apply(e);
            arrived_ = e.arrival;
        }
    }
    changes_.notify();
    co_return Status{};
}

Async<Status> Desk::decide(Decision decision) {
    const CrossingEntry* entry = projection_.find(decision.crossing);
    if (entry == nullptr) co_return fail("desk.unknown", "no such crossing");
    if (decision.kind != DecisionKind::holder_seen && decision.reason.empty())
        co_return fail("desk.reason", "one line of why");
    if (decision.reason.size() > max_reason) co_return fail("desk.reason", "at most 2000 bytes");
    if (!open_for(*entry, decision.kind) || !deciding_.insert(decision.crossing).second) {
        co_return fail("desk.decided", "it is decided already, or no case for this");
    }
    decision.kiosk = entry->kiosk;
    decision.inspection = entry->position;
    const CrossingId id = decision.crossing;
    const auto stored = co_await journal_.append({EventKind::decision, id, pack_ ? pack_->identity().hash : Digest{},
                                                  keys_.seal_body(encode_decision(decision))});
    if (!stored) {
        deciding_.erase(id);
        co_return fail(stored.error());
    }
    // Until it is shown nobody decides again.
    late_.insert(id);
    if (!co_await load()) co_return fail("desk.late", "written down; the list shows it later");
    co_return Status{};
}

PageView DeskSession::view() {
    const ReasonWords words = [this](std::string_view reason) { return desk_.words(reason); };
    const WallTime now = desk_.env().clock.wall();
    const CrossingEntry* entry = open_ ? desk_.projection().find(*open_) : nullptr;
    PageView view{entry != nullptr ? "case" : "queue", {}, {"queue", "open", "holder_seen", "decide"}};
    view.model["user"] = user_.id;
    view.model["message"] = message_;
    json::array lanes;
    for (const StationView& s : desk_.projection().stations()) {
        if (s.id != desk_.station()) lanes.push_back(station_line(s, now));
    }
    view.model["lanes"] = std::move(lanes);
    const UplinkStatus centre = centre_();
    view.model["centre"] = json::object{{"connected", centre.connected}, {"error", centre.last_error}};
    json::array waiting;
    const auto open_cases = desk_.projection().waiting();
    for (const CrossingEntry* e : open_cases) {
        json::object line = crossing_line(*e, words);
        line["wait_min"] = std::max<std::int64_t>(0, (now.ms - e->at.ms) / 60'000);
        line["seen"] = open_for(*e, DecisionKind::holder_seen);
        waiting.push_back(std::move(line));
    }
    view.model["waiting"] = std::move(waiting);
    if (entry != nullptr) {
        json::object model = crossing_case(*entry, words, Reader::official);
        model["can_see"] = open_for(*entry, DecisionKind::holder_seen);
        model["can_decide"] = open_for(*entry, DecisionKind::admitted);
        view.model["case"] = std::move(model);
    } else {
        json::array recent;
        for (const CrossingEntry* e : desk_.projection().newest(recent_shown)) {
            const bool waits = std::find(open_cases.begin(), open_cases.end(), e) != open_cases.end();
            if (!waits) recent.push_back(crossing_line(*e, words));
        }
        view.model["recent"] = std::move(recent);
    }
    return view;
}

Async<void> DeskSession::decide(std::string_view id, DecisionKind kind, std::string reason) {
    const auto crossing = id_from(id);
    if (!crossing) co_return;
    Decision d;
    d.crossing = *crossing;
    d.kind = kind;
    d.officer = user_.id;
    d.reason = std::move(reason);
    const Status done = co_await desk_.decide(std::move(d));
    message_ = done ? "desk.done" : std::string{done.error().code};
    if (done || done.error().code == "desk.late") open_.reset();
}

Async<void> DeskSession::act(std::string action, json::value value) {
    message_.clear();
    const std::string text = value.is_string() ? std::string{value.as_string()} : std::string{};
    if (action == "queue") open_.reset();
    if (action == "open") open_ = id_from(text);
    if (action == "holder_seen") co_await decide(text, DecisionKind::holder_seen, "");
    if (action == "decide" && value.is_object()) {
        const auto field = [&](std::string_view key) {
            const auto* v = value.as_object().if_contains(key);
            return v != nullptr && v->is_string() ? std::string{v->as_string()} : std::string{};
        };
        const auto kind = decision_kind(field("kind"));
        if (kind) co_await decide(field("id"), *kind, field("reason"));
    }
}

}  // namespace paso
