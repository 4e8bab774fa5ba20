#include "sync/uplink/uplink.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/crossing/crossing.hpp"
#include "core/crossing/event.hpp"
#include "sync/net/wait.hpp"

namespace paso {

namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_pause = 500ms;
constexpr Duration longest_pause = 60s;
constexpr Duration heartbeat = 20s;
constexpr Duration note_every = 60s;  // each note of an acknowledgement costs the station an fsync

std::string_view code_of(int status) {
    switch (status) {
        case 403:
            return "uplink.station";
        case 409:
            return "uplink.gap";
        case 413:
            return "uplink.too_large";
        case 503:
            return "uplink.peer_busy";
        default:
            return "uplink.answer";
    }
}

}  // namespace

struct Uplink::State {
    State(Env& e, Log& l, Network& n, Journal& j, const KeyRing& k, StationId s, std::string p, ClientOptions o)
        : env(e),
          log(l),
          journal(j),
          keys(k),
          station(std::move(s)),
          peer(std::move(p)),
          client(e, n, std::move(o)),
          work(n.executor()),
          halt(n.executor()) {}

    Env& env;
    Log& log;
    Journal& journal;
    const KeyRing& keys;
    StationId station;
    std::string peer;
    Client client;
    Signal work;  // something was appended
    Signal halt;
    bool stopping = false;
    UplinkStatus status;

    Position next{};                // the peer has all up to here
    std::uint64_t store_epoch = 0;  // 0: not known
    std::uint64_t again_epoch = 0;  // sent once more after a rollback; the peer's cursor says nothing about it
    std::size_t batch_size = 1;
    unsigned failures = 0;
    MonoTime noted{};

    Async<void> run();
    Async<Status> converse();
    Async<Status> find_place();
    Async<Status> compare(Ack ack);
    Async<Status> rolled_back(std::uint64_t epoch);
    Async<Status> record_rollback();
    Async<Status> send(std::vector<StoredEvent> events);
    Async<Result<Ack>> ask(Request request);
    Async<Result<Ack>> ask_cursor(std::string query);
    Async<void> note();
    void compare_clocks(MonoTime sent, const Ack& ack);
    [[nodiscard]] Bytes batch_of(const std::vector<StoredEvent>& events) const;
    [[nodiscard]] Duration pause();
};

// From 0.5 s doubling to 60 s, of which a random half is left out so that stations do not come back all at once.
Duration Uplink::State::pause() {
    const unsigned doublings = std::min(failures > 0 ? failures - 1 : 0U, 7U);
    const Duration longest = std::min<Duration>(shortest_pause * (std::int64_t{1} << doublings), longest_pause);
    std::array<std::byte, 2> drawn{};
    env.entropy.fill(drawn);
    const auto part = std::to_integer<std::int64_t>(drawn[0]) << 8 | std::to_integer<std::int64_t>(drawn[1]);
    return longest / 2 + Duration{longest.count() / 2 / 65536 * part};
}

Async<void> Uplink::State::run() {
    while (!stopping) {
        const auto ended = co_await converse();
        status.connected = false;
        if (stopping) break;
        if (!ended) {
            status.last_error = ended.error().code;
            ++failures;
            log.write(LogLevel::warning, ended.error().code, {{"failures", std::int64_t{failures}}});
        }
        batch_size = 1;
        if (failures > 0) co_await halt.wait(env.clock, after(env.clock, pause()));
    }
    client.close();
}

// Until something goes wrong, or the place must be found anew.
Async<Status> Uplink::State::converse() {
    if (auto found = co_await find_place(); !found) co_return found;
    while (!stopping) {
        auto events = co_await journal.read_after(next, batch_size);
        if (!events) co_return fail(events.error());
        if (events->empty()) {
            co_await note();
            if (co_await work.wait(env.clock, after(env.clock, heartbeat))) continue;
            co_return Status{};  // all is quiet: ask again where the peer is
        }
        if (auto sent = co_await send(std::move(*events)); !sent) co_return sent;
        if (store_epoch == 0) co_return Status{};
    }
    co_return Status{};
}

Async<Result<Ack>> Uplink::State::ask(Request request) {
    const MonoTime sent = env.clock.mono();
    const auto answer = co_await client.send(std::move(request));
    if (!answer) co_return fail(answer.error());
    if (answer->status != 200) co_return fail(code_of(answer->status), "status " + std::to_string(answer->status));
    auto ack = decode_ack(answer->body);
    if (!ack) co_return ack;
    compare_clocks(sent, *ack);
    status.connected = true;
    status.last_answer = env.clock.mono();
    status.last_error = {};
    failures = 0;
    co_return ack;
}

Async<Result<Ack>> Uplink::State::ask_cursor(std::string query) {
    Request request;
    request.path = "/v1/stations/" + station.text() + "/cursor";
    request.query = std::move(query);
    co_return co_await ask(std::move(request));
}

// The peer's clock as it was half a round trip ago; half a round trip is also how wrong this may be.
void Uplink::State::compare_clocks(MonoTime sent, const Ack& ack) {
    const auto trip = std::chrono::duration_cast<std::chrono::milliseconds>(env.clock.mono() - sent).count();
    status.clock_offset_ms = ack.server_time.ms + trip / 2 - env.clock.wall().ms;
    status.clock_uncertainty_ms = trip / 2 + 1;
}

Async<Status> Uplink::State::find_place() {
    auto ack = co_await ask_cursor({});
    if (!ack) co_return fail(ack.error());
    store_epoch = ack->store_epoch;
    again_epoch = 0;
    if (ack->stored.sequence > 0) {
        const auto ours = co_await journal.kept_after(ack->stored.epoch);
        if (!ours && ours.error().code != "journal.epoch") co_return fail(ours.error());
        // An epoch that is not on our disk: it was made anew, or is older than that epoch.
        if (!ours) ack = co_await ask_cursor("epoch=" + std::to_string(journal.head().epoch));
        if (!ack) co_return fail(ack.error());
    }
    co_return co_await compare(std::move(*ack));
}

// Is what the peer has at its cursor what we have there?
Async<Status> Uplink::State::compare(Ack ack) {
    status.stored = ack.stored;
    if (ack.stored.sequence == 0) {
        next = {};
        co_return Status{};
    }
    const auto kept = co_await journal.kept_after(ack.stored.epoch);
    if (!kept) co_return fail(kept.error());
    next = ack.stored;
    if (ack.stored.sequence <= kept->sequence) co_return Status{};  // was let go: it cannot be compared any more
    const auto there = co_await journal.read_after({ack.stored.epoch, ack.stored.sequence - 1}, 1);
    if (!there) co_return fail(there.error());
    const bool same =
        !there->empty() && there->front().position == ack.stored && header_hash(there->front().header) == ack.head;
    if (same) co_return Status{};
    co_return co_await rolled_back(ack.stored.epoch);
}

Async<Status> Uplink::State::rolled_back(std::uint64_t epoch) {
    if (epoch == journal.head().epoch) {
        const auto begun = co_await journal.new_epoch();
        if (!begun) co_return fail(begun.error());
    }
    if (journal.head().sequence == 0) {
        if (auto done = co_await record_rollback(); !done) co_return done;
    }
    const auto from = co_await journal.kept_after(epoch);
    if (!from) co_return fail(from.error());
    next = *from;
    again_epoch = epoch;
    log.write(LogLevel::error, "uplink.rolled_back", {});
    co_return Status{};
}

Async<Status> Uplink::State::record_rollback() {
    EventDraft draft;
    draft.kind = EventKind::incident;
    draft.body = keys.seal_body(encode_note({"uplink.rolled_back", "a new epoch was begun"}));
    const auto done = co_await journal.append(std::move(draft));
    if (!done) co_return fail(done.error());
    co_return Status{};
}

Bytes Uplink::State::batch_of(const std::vector<StoredEvent>& events) const {
    BatchView batch;
    batch.station = station;
    batch.epoch = events.front().position.epoch;
    batch.first_sequence = events.front().position.sequence;
    batch.store_epoch_seen = store_epoch;
    for (const StoredEvent& e : events) batch.events.push_back({e.header, e.salt, e.body});
    batch.head = header_hash(events.back().header);
    batch.signature = keys.sign(signed_head(station, batch.epoch, events.back().position.sequence, batch.head));
    return encode_batch(batch);
}

// One batch, of one epoch.
Async<Status> Uplink::State::send(std::vector<StoredEvent> events) {
    const std::uint64_t epoch = events.front().position.epoch;
    const auto end =
        std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.position.epoch != epoch; });
    events.erase(end, events.end());
    const Position last = events.back().position;
    Request request;
    request.method = Method::post;
    request.path = "/v1/stations/" + station.text() + "/batches";
    request.headers = {{"content-type", "application/cbor"}};
    request.body = batch_of(events);
    const auto ack = co_await ask(std::move(request));
    if (!ack) co_return fail(ack.error());
    if (ack->store_epoch != store_epoch) {
        store_epoch = 0;  // another store, or one made anew: where is it?
        co_return Status{};
    }
    if (epoch != again_epoch) {
        again_epoch = 0;
        status.stored = ack->stored;
        if (ack->stored != last) co_return fail("uplink.went_back", "the peer has less than it was sent");
    }
    next = last;
    batch_size = std::min<std::size_t>(batch_size * 2, std::clamp<std::size_t>(ack->credits, 1, max_batch_events));
    co_return Status{};
}

// A hint for the health page and for trimming: whether it is kept changes nothing else.
Async<void> Uplink::State::note() {
    if (status.stored.sequence == 0) co_return;
    if (noted != MonoTime{} && env.clock.mono() - noted < note_every) co_return;
    noted = env.clock.mono();
    const auto done = co_await journal.acknowledged(peer, status.stored);
    if (!done) log.write(LogLevel::warning, done.error().code, {});
}

Uplink::Uplink(Env& env, Log& log, Network& network, Journal& journal, const KeyRing& keys, StationId station,
               std::string peer_name, ClientOptions peer)
    : state_(std::make_shared<State>(env, log, network, journal, keys, std::move(station), std::move(peer_name),
                                     std::move(peer))) {
    journal.on_append([weak = std::weak_ptr<State>(state_)] {
        if (const auto state = weak.lock()) state->work.notify();
    });
}

Uplink::~Uplink() = default;

Async<void> Uplink::run() {
    const auto state = state_;
    co_await state->run();
}

void Uplink::stop() {
    state_->stopping = true;
    state_->halt.notify();
    state_->work.notify();
    state_->client.close();
}

UplinkStatus Uplink::status() const { return state_->status; }

}  // namespace paso
