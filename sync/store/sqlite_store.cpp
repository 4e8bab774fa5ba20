#include "sync/store/sqlite_store.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace paso {

namespace {

constexpr std::int32_t application = 0x50617373;  // "Pass"
constexpr std::size_t most_bytes_at_once = 4UL << 20U;

// chain: how far each epoch is stored without a gap, in the order in which epochs began here.
// event: arrival counts all; two of the same place and another hash are a fork.
constexpr std::array<const char*, store_version> steps{R"sql(
CREATE TABLE meta(store_epoch INTEGER NOT NULL) STRICT;
CREATE TABLE chain(
    begun INTEGER PRIMARY KEY,
    station TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    head BLOB NOT NULL,
    UNIQUE(station, epoch)
) STRICT;
CREATE TABLE event(
    arrival INTEGER PRIMARY KEY,
    station TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    fork INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    header BLOB NOT NULL,
    salt BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE(station, epoch, sequence, hash)
) STRICT;
CREATE TABLE incident(
    number INTEGER PRIMARY KEY,
    station TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    code TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE(station, epoch, sequence, code)
) STRICT;
)sql"};

Error store_error(Error error) {
    if (!error.code.starts_with("sqlite.")) return error;
    std::string_view code = "store.disk";
    if (error.code == "sqlite.full") code = "store.full";
    if (error.code == "sqlite.newer") code = "store.newer";
    if (error.code == "sqlite.damaged") code = "store.damaged";
    return {code, std::move(error.detail), error.place};
}

Result<std::optional<Cursor>> read_cursor(Borrowed& ask) {
    const auto row = ask->step();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<Cursor>{};
    const auto head = digest_from(ask->bytes(2));
    if (!head) return fail("store.damaged", "table chain");
    return std::optional{Cursor{ask->natural(0), ask->natural(1), *head}};
}

Result<std::optional<Cursor>> cursor_of(Database& database, const StationId& station, std::uint64_t epoch) {
    auto ask = database.cached("SELECT epoch, sequence, head FROM chain WHERE station = ?1 AND epoch = ?2");
    if (!ask) return fail(ask.error());
    (*ask)->bind(1, std::string_view{station.text()}).bind(2, epoch);
    return read_cursor(*ask);
}

// What is stored at one place of a station's log.
struct Stored {
    bool any = false;
    bool same = false;  // one has this hash
};

Result<Stored> look(Database& database, const StationId& station, Position at, const Digest& hash) {
    auto ask = database.cached(
        "SELECT COUNT(*), COUNT(CASE WHEN hash = ?4 THEN 1 END) FROM event WHERE station = ?1 AND epoch = ?2 AND "
        "sequence = ?3");
    if (!ask) return fail(ask.error());
    (*ask)->bind(1, std::string_view{station.text()}).bind(2, at.epoch).bind(3, at.sequence).bind(4, ByteView{hash});
    const auto row = (*ask)->step();
    if (!row) return fail(row.error());
    return Stored{(*ask)->integer(0) > 0, (*ask)->integer(1) > 0};
}

Status insert_event(Database& database, const ArrivedEvent& e, const Digest& hash, bool fork) {
    auto put = database.cached(
        "INSERT INTO event(station, epoch, sequence, hash, fork, received_ms, header, salt, body) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    if (!put) return fail(put.error());
    (*put)->bind(1, std::string_view{e.station.text()}).bind(2, e.position.epoch).bind(3, e.position.sequence);
    (*put)->bind(4, ByteView{hash}).bind(5, std::int64_t{fork ? 1 : 0}).bind(6, e.received.ms);
    (*put)->bind(7, ByteView{e.header_bytes}).bind(8, ByteView{e.salt}).bind(9, ByteView{e.body});
    return (*put)->run();
}

Status insert_incident(Database& database, const Incident& i) {
    auto put = database.cached(
        "INSERT OR IGNORE INTO incident(station, epoch, sequence, code, at_ms) VALUES(?1, ?2, ?3, ?4, ?5)");
    if (!put) return fail(put.error());
    (*put)->bind(1, std::string_view{i.station.text()}).bind(2, i.position.epoch).bind(3, i.position.sequence);
    return (*put)->bind(4, std::string_view{i.code}).bind(5, i.at.ms).run();
}

Status put_cursor(Database& database, const StationId& station, const Cursor& cursor) {
    auto put = database.cached(
        "INSERT INTO chain(station, epoch, sequence, head) VALUES(?1, ?2, ?3, ?4) "
        "ON CONFLICT(station, epoch) DO UPDATE SET sequence = ?3, head = ?4");
    if (!put) return fail(put.error());
    (*put)->bind(1, std::string_view{station.text()}).bind(2, cursor.epoch).bind(3, cursor.sequence);
    return (*put)->bind(4, ByteView{cursor.head}).run();
}

// The first event must hang on one that is stored: on the chain, or on a fork of it.
Status check_joint(Database& database, const StationId& station, const ArrivedEvent& first, const Cursor& cursor) {
    if (first.position.sequence == 1) return {};
    const Position before{first.position.epoch, first.position.sequence - 1};
    const auto there = look(database, station, before, first.header.previous);
    if (!there) return fail(there.error());
    if (there->same) return {};
    if (there->any) {
        return fail("wire.fork",
                    "sequence " + std::to_string(first.position.sequence) + " does not follow what is stored");
    }
    return fail("wire.gap", "expected sequence " + std::to_string(cursor.sequence + 1));
}

// One event: on the chain, known, or on a fork.
Status take(Database& database, const ArrivedEvent& e, Committed& done, bool& forked) {
    const Digest hash = header_hash(e.header_bytes);
    Cursor& cursor = done.cursor;
    const bool next =
        e.position.sequence == cursor.sequence + 1 && (cursor.sequence == 0 || e.header.previous == cursor.head);
    if (next) {
        cursor = {e.position.epoch, e.position.sequence, hash};
    }
    const auto there = look(database, e.station, e.position, hash);
    if (!there) return fail(there.error());
    if (there->same) return {};
    ++done.added;
    if (!next && !forked) {
        forked = true;
        const Incident incident{e.station, e.position, "wire.fork", e.received};
        if (auto put = insert_incident(database, incident); !put) return put;
    }
    return insert_event(database, e, hash, !next);
}

Result<Committed> commit_all(Database& database, const StationId& station, const std::vector<ArrivedEvent>& events,
                             const std::vector<Incident>& incidents) {
    const std::uint64_t epoch = events.front().position.epoch;
    const auto before = cursor_of(database, station, epoch);
    if (!before) return fail(before.error());
    Committed done{before->value_or(Cursor{epoch, 0, {}}), 0};
    const Cursor old = done.cursor;
    if (auto ok = check_joint(database, station, events.front(), done.cursor); !ok) return fail(ok.error());
    bool forked = false;
    for (const ArrivedEvent& e : events) {
        if (auto ok = take(database, e, done, forked); !ok) return fail(ok.error());
    }
    if (done.cursor != old) {
        if (auto ok = put_cursor(database, station, done.cursor); !ok) return fail(ok.error());
    }
    for (const Incident& i : incidents) {
        if (auto ok = insert_incident(database, i); !ok) return fail(ok.error());
    }
    return done;
}

Result<ArrivedEvent> read_event(Borrowed& ask) {
    ArrivedEvent e;
    e.arrival = ask->natural(0);
    const auto station = StationId::parse(ask->text(1));
    auto header = decode_header(ask->bytes(6));
    if (!station || !header || ask->bytes(7).size() != e.salt.size()) {
        return fail("store.damaged", "event " + std::to_string(e.arrival));
    }
    e.station = *station;
    e.position = {ask->natural(2), ask->natural(3)};
    e.fork = ask->integer(4) != 0;
    e.received = {ask->integer(5)};
    e.header = std::move(*header);
    e.header_bytes = to_bytes(ask->bytes(6));
    std::copy_n(ask->bytes(7).begin(), e.salt.size(), e.salt.begin());
    e.body = to_bytes(ask->bytes(8));
    return e;
}

Result<std::vector<ArrivedEvent>> read_events(Database& database, std::uint64_t arrival, std::size_t limit) {
    auto ask = database.cached(
        "SELECT arrival, station, epoch, sequence, fork, received_ms, header, salt, body FROM event "
        "WHERE arrival > ?1 ORDER BY arrival LIMIT ?2");
    if (!ask) return fail(ask.error());
    (*ask)->bind(1, arrival).bind(2, static_cast<std::uint64_t>(limit));
    std::vector<ArrivedEvent> out;
    std::size_t bytes = 0;
    while (bytes < most_bytes_at_once) {
        const auto row = (*ask)->step();
        if (!row) return fail(row.error());
        if (!*row) break;
        auto event = read_event(*ask);
        if (!event) return fail(event.error());
        bytes += event->header_bytes.size() + event->body.size();
        out.push_back(std::move(*event));
    }
    return out;
}

Result<std::vector<Incident>> read_incidents(Database& database, std::size_t limit) {
    auto ask =
        database.cached("SELECT station, epoch, sequence, code, at_ms FROM incident ORDER BY number DESC LIMIT ?1");
    if (!ask) return fail(ask.error());
    (*ask)->bind(1, static_cast<std::uint64_t>(limit));
    std::vector<Incident> out;
    for (;;) {
        const auto row = (*ask)->step();
        if (!row) return fail(row.error());
        if (!*row) return out;
        const auto station = StationId::parse((*ask)->text(0));
        if (!station) return fail("store.damaged", "table incident");
        out.push_back(
            {*station, {(*ask)->natural(1), (*ask)->natural(2)}, std::string{(*ask)->text(3)}, {(*ask)->integer(4)}});
    }
}

// Drawn once, when the file is made.
Result<std::uint64_t> load_store_epoch(Database& database, Entropy& entropy) {
    auto ask = database.prepare("SELECT store_epoch FROM meta");
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    if (*row) return ask->natural(0);
    ask->reset();
    std::array<std::byte, 8> drawn{};
    entropy.fill(drawn);
    std::uint64_t epoch = 0;
    for (const std::byte b : drawn) epoch = epoch << 8U | std::to_integer<std::uint64_t>(b);
    epoch = (epoch & static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) | 1U;
    auto put = database.prepare("INSERT INTO meta(store_epoch) VALUES(?1)");
    if (!put) return fail(put.error());
    if (auto done = put->bind(1, epoch).run(); !done) return fail(done.error());
    return epoch;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const StoreOptions& options, Env& env,
                                                       asio::any_io_executor executor) {
    auto database = Database::open({options.path, options.vfs});
    if (!database) return fail(store_error(database.error()));
    if (auto done = migrate(*database, application, steps); !done) return fail(store_error(done.error()));
    const auto epoch = load_store_epoch(*database, env.entropy);
    if (!epoch) return fail(store_error(epoch.error()));
    return std::unique_ptr<SqliteStore>(
        new SqliteStore(std::move(*database), std::move(executor), options.own_thread, *epoch));
}

template <class T>
Async<Result<T>> SqliteStore::ask(bool writes, Writer::Work<T> work) {
    auto done = writes ? co_await writer_.write<T>(std::move(work)) : co_await writer_.read<T>(std::move(work));
    if (!done) co_return fail(store_error(std::move(done.error())));
    co_return done;
}

Async<Result<std::optional<Cursor>>> SqliteStore::cursor(StationId station, std::uint64_t epoch) {
    co_return co_await ask<std::optional<Cursor>>(false, [station = std::move(station), epoch](Database& database) {
        return cursor_of(database, station, epoch);
    });
}

Async<Result<std::optional<Cursor>>> SqliteStore::newest_cursor(StationId station) {
    using Found = Result<std::optional<Cursor>>;
    co_return co_await ask<std::optional<Cursor>>(false, [station = std::move(station)](Database& database) -> Found {
        auto find =
            database.cached("SELECT epoch, sequence, head FROM chain WHERE station = ?1 ORDER BY begun DESC LIMIT 1");
        if (!find) return fail(find.error());
        (*find)->bind(1, std::string_view{station.text()});
        return read_cursor(*find);
    });
}

Async<Result<Committed>> SqliteStore::commit(StationId station, std::vector<ArrivedEvent> events,
                                             std::vector<Incident> incidents) {
    if (events.empty()) co_return fail("wire.batch", "no event");
    co_return co_await ask<Committed>(
        true, [station = std::move(station), events = std::move(events), incidents = std::move(incidents)](
                  Database& database) { return commit_all(database, station, events, incidents); });
}

Async<Result<std::vector<ArrivedEvent>>> SqliteStore::events_after(std::uint64_t arrival, std::size_t limit) {
    co_return co_await ask<std::vector<ArrivedEvent>>(
        false, [arrival, limit](Database& database) { return read_events(database, arrival, limit); });
}

Async<Result<std::vector<Incident>>> SqliteStore::incidents(std::size_t limit) {
    co_return co_await ask<std::vector<Incident>>(
        false, [limit](Database& database) { return read_incidents(database, limit); });
}

}  // namespace paso
