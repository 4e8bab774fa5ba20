#include "sync/intake/intake.hpp"

#include <charconv>
#include <utility>

#include "core/crossing/event.hpp"
#include "core/trust/digest.hpp"

namespace paso {

namespace {

// A station's clock that is so far ahead of ours is shown to a supervisor; its events are stored all the same.
constexpr std::int64_t clock_tolerance_ms = 5 * 60 * 1000;

// Follows the batch from event to event. Where the first hangs on, the store looks.
Result<std::vector<ArrivedEvent>> verify_chain(const BatchView& batch, WallTime now) {
    const auto first = decode_header(batch.events.front().header);
    if (!first) return fail(first.error());
    ChainHead head{{batch.epoch, batch.first_sequence - 1}, first->previous};
    std::vector<ArrivedEvent> out;
    out.reserve(batch.events.size());
    for (const EventView& e : batch.events) {
        auto next = follow(head, batch.station, e.header, e.salt, e.body);
        if (!next) return fail(next.error());
        auto header = decode_header(e.header);
        if (!header) return fail(header.error());
        head = *next;
        out.push_back({.station = batch.station,
                       .position = head.position,
                       .header = std::move(*header),
                       .header_bytes = to_bytes(e.header),
                       .salt = e.salt,
                       .body = to_bytes(e.body),
                       .received = now});
    }
    if (head.hash != batch.head) return fail("wire.hash", "the head is not that of the last header");
    return out;
}

std::vector<Incident> clock_incidents(const std::vector<ArrivedEvent>& events, WallTime now) {
    const ArrivedEvent& last = events.back();
    if (last.header.wall.ms <= now.ms + clock_tolerance_ms) return {};
    return {{last.station, last.position, "wire.clock", now}};
}

int status_of(const Error& e) {
    if (e.code == "wire.station") return 403;
    if (e.code == "wire.gap" || e.code == "wire.fork") return 409;
    if (e.code == "wire.too_large") return 413;
    return e.code.starts_with("store.") ? 503 : 400;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

Result<StationId> station_of(const Request& request) {
    const auto at = request.parameters.find("id");
    const auto id = at == request.parameters.end() ? std::nullopt : StationId::parse(at->second);
    if (!id) return fail("wire.station", "not a station id");
    return *id;
}

Response answer(const Ack& ack) { return respond(200, "application/cbor", encode_ack(ack)); }

}  // namespace

Intake::Intake(Env& env, Log& log, Store& store, std::map<std::string, StationEntry> stations)
    : env_(env), log_(log), store_(store), stations_(std::move(stations)) {}

void Intake::on_commit(std::function<void()> call) { on_commit_ = std::move(call); }

Result<const StationEntry*> Intake::known(const std::string& peer, const StationId& station) const {
    if (peer != station.text()) return fail("wire.station", "the certificate is not that of " + station.text());
    const auto at = stations_.find(station.text());
    if (at == stations_.end() || at->second.id != station) {
        return fail("wire.station", station.text() + " is not known here");
    }
    return &at->second;
}

Ack Intake::ack(std::uint64_t epoch, const std::optional<Cursor>& cursor) const {
    Ack out;
    out.store_epoch = store_.store_epoch();
    out.stored = cursor ? Position{cursor->epoch, cursor->sequence} : Position{epoch, 0};
    if (cursor) out.head = cursor->head;
    out.server_time = env_.clock.wall();
    return out;
}

Async<Result<Ack>> Intake::accept(std::string peer, BatchView batch) {
    const auto station = known(peer, batch.station);
    if (!station) co_return fail(station.error());
    if (batch.events.empty()) co_return fail("wire.batch", "no event");
    const std::uint64_t last = batch.first_sequence + batch.events.size() - 1;
    const Bytes message = signed_head(batch.station, batch.epoch, last, batch.head);
    if (!ed25519_verify((*station)->log_key, message, batch.signature)) {
        co_return fail("wire.signature", "not signed by the log key of " + batch.station.text());
    }
    const WallTime now = env_.clock.wall();
    auto events = verify_chain(batch, now);
    if (!events) co_return fail(events.error());
    auto incidents = clock_incidents(*events, now);
    const auto done = co_await store_.commit(batch.station, std::move(*events), std::move(incidents));
    if (!done) co_return fail(done.error());
    if (done->added > 0 && on_commit_) on_commit_();
    co_return ack(batch.epoch, done->cursor);
}

Async<Result<Ack>> Intake::cursor(std::string peer, StationId station, std::optional<std::uint64_t> epoch) {
    if (const auto entry = known(peer, station); !entry) co_return fail(entry.error());
    const auto found =
        epoch ? co_await store_.cursor(station, *epoch) : co_await store_.newest_cursor(std::move(station));
    if (!found) co_return fail(found.error());
    co_return ack(epoch.value_or(0), *found);
}

Response Intake::turn_back(const Error& error, std::string_view route) const {
    const int status = status_of(error);
    log_.write(LogLevel::warning, error.code, {{"route", route}, {"status", std::int64_t{status}}});
    return respond_error(status, error);
}

Async<Response> Intake::post_batch(const Request& request) {
    const auto id = station_of(request);
    if (!id) co_return turn_back(id.error(), "batches");
    auto batch = decode_batch(request.body);
    if (!batch) co_return turn_back(batch.error(), "batches");
    if (batch->station != *id) {
        co_return turn_back({"wire.station", "the batch is not of the station in the address"}, "batches");
    }
    const auto done = co_await accept(request.peer.name, std::move(*batch));
    if (!done) co_return turn_back(done.error(), "batches");
    co_return answer(*done);
}

Async<Response> Intake::get_cursor(const Request& request) {
    const auto id = station_of(request);
    if (!id) co_return turn_back(id.error(), "cursor");
    std::optional<std::uint64_t> epoch;
    if (!request.query.empty()) {
        constexpr std::string_view name = "epoch=";
        if (request.query.starts_with(name)) epoch = number(std::string_view{request.query}.substr(name.size()));
        if (!epoch || *epoch >> 63U != 0) co_return turn_back({"wire.query", "expected epoch=N"}, "cursor");
    }
    const auto found = co_await cursor(request.peer.name, *id, epoch);
    if (!found) co_return turn_back(found.error(), "cursor");
    co_return answer(*found);
}

void Intake::add_routes(Router& router) {
    router.add(Method::post, "/v1/stations/{id}/batches", [this](const Request& r) { return post_batch(r); });
    router.add(Method::get, "/v1/stations/{id}/cursor", [this](const Request& r) { return get_cursor(r); });
}

Server intake_server(Env& env, Log& log, std::unique_ptr<Listener> listener, Intake& intake, const TlsIdentity& tls) {
    Router router;
    intake.add_routes(router);
    ServerOptions options;
    options.tls = tls;
    options.demand_certificate = true;
    return {env, log, std::move(listener), std::move(router), std::move(options)};
}

}  // namespace paso
