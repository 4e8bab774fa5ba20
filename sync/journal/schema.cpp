#include "sync/journal/schema.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "core/trust/digest.hpp"

namespace paso {

namespace {

constexpr std::int32_t application = 0x5061736a;  // "Pasj"

// hash: of the header, so that a changed byte in the newest one, which no other names yet, is found too.
// trimmed_sequence and trimmed_hash: the last event of the epoch that was let go, where the rest is hung on.
constexpr std::array<const char*, journal_version> steps{R"sql(
CREATE TABLE station(id TEXT NOT NULL) STRICT;
CREATE TABLE epoch(
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    previous BLOB NOT NULL,
    trimmed_sequence INTEGER NOT NULL DEFAULT 0,
    trimmed_hash BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE event(
    epoch INTEGER NOT NULL REFERENCES epoch(number),
    sequence INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    header BLOB NOT NULL,
    hash BLOB NOT NULL,
    salt BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE(epoch, sequence)
) STRICT;
CREATE TABLE peer(
    name TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL REFERENCES epoch(number),
    sequence INTEGER NOT NULL
) STRICT;
)sql"};

struct Epoch {
    std::int64_t number = 0;
    std::uint64_t id = 0;
    Digest previous{};
    std::uint64_t trimmed_sequence = 0;
    Digest trimmed_hash{};
};

Error damaged(const Position& at, const Error& why) {
    return {"journal.damaged", "epoch " + std::to_string(at.epoch) + ", sequence " + std::to_string(at.sequence) +
                                   ": " + std::string{why.code} + " " + why.detail};
}

Result<std::vector<Epoch>> read_epochs(Database& database) {
    auto ask =
        database.prepare("SELECT number, id, previous, trimmed_sequence, trimmed_hash FROM epoch ORDER BY number");
    if (!ask) return fail(ask.error());
    std::vector<Epoch> out;
    for (;;) {
        const auto row = ask->step();
        if (!row) return fail(row.error());
        if (!*row) return out;
        const auto previous = digest_from(ask->bytes(2));
        const auto trimmed = ask->natural(3) == 0 ? Digest{} : digest_from(ask->bytes(4));
        if (!previous || !trimmed) return fail("journal.damaged", "table epoch");
        out.push_back({ask->integer(0), ask->natural(1), *previous, ask->natural(3), *trimmed});
    }
}

Result<std::optional<std::int64_t>> epoch_number(Database& database, std::uint64_t id) {
    auto ask = database.cached("SELECT number FROM epoch WHERE id = ?1");
    if (!ask) return fail(ask.error());
    const auto row = (*ask)->bind(1, id).step();
    if (!row) return fail(row.error());
    return *row ? std::optional{(*ask)->integer(0)} : std::nullopt;
}

// Follows the events of one epoch.
Result<JournalHead> verify_epoch(Database& database, const StationId& station, const Epoch& epoch) {
    ChainHead head{{epoch.id, epoch.trimmed_sequence},
                   epoch.trimmed_sequence == 0 ? epoch.previous : epoch.trimmed_hash};
    auto ask =
        database.prepare("SELECT header, salt, body, sequence, hash FROM event WHERE epoch = ?1 ORDER BY sequence");
    if (!ask) return fail(ask.error());
    ask->bind(1, epoch.number);
    for (;;) {
        const auto row = ask->step();
        const Position at{epoch.id, head.position.sequence + 1};
        if (!row) return fail(damaged(at, row.error()));
        if (!*row) return JournalHead{epoch.number, head.position, head.hash};
        Salt salt{};
        if (ask->bytes(1).size() != salt.size()) return fail(damaged(at, {"journal.salt", "its length"}));
        std::copy(ask->bytes(1).begin(), ask->bytes(1).end(), salt.begin());
        const ByteView body = ask->bytes(2);
        const auto next = follow(head, station, ask->bytes(0), salt, body);
        if (!next) return fail(damaged(at, next.error()));
        if (ask->natural(3) != at.sequence) return fail(damaged(at, {"journal.row", "found elsewhere"}));
        if (digest_from(ask->bytes(4)) != next->hash) return fail(damaged(at, {"journal.hash", "header was changed"}));
        head = *next;
    }
}

}  // namespace

Error journal_error(Error error) {
    if (!error.code.starts_with("sqlite.")) return error;
    std::string_view code = "journal.disk";
    if (error.code == "sqlite.full") code = "journal.full";
    if (error.code == "sqlite.newer") code = "journal.newer";
    if (error.code == "sqlite.damaged") code = "journal.damaged";
    return {code, std::move(error.detail), error.place};
}

Status migrate_journal(Database& database) { return migrate(database, application, steps); }

// Below 2^63 and not 0.
std::uint64_t draw_epoch(Entropy& entropy) {
    for (;;) {
        std::array<std::byte, 8> drawn{};
        entropy.fill(drawn);
        std::uint64_t out = 0;
        for (const std::byte b : drawn) out = out << 8U | std::to_integer<std::uint64_t>(b);
        out &= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (out != 0) return out;
    }
}

Result<JournalHead> begin_epoch(Database& database, std::uint64_t epoch, const Digest& previous) {
    auto insert = database.prepare("INSERT INTO epoch(id, previous) VALUES(?1, ?2) RETURNING number");
    if (!insert) return fail(insert.error());
    const auto row = insert->bind(1, epoch).bind(2, ByteView{previous}).step();
    if (!row) return fail(row.error());
    const std::int64_t number = insert->integer(0);
    if (auto done = insert->run(); !done) return fail(done.error());
    return JournalHead{number, {epoch, 0}, previous};
}

Result<JournalHead> verify_journal(Database& database, const StationId& station) {
    const auto epochs = read_epochs(database);
    if (!epochs) return fail(epochs.error());
    if (epochs->empty()) return fail("journal.damaged", "no epoch");
    JournalHead head;
    for (const Epoch& epoch : *epochs) {
        if (epoch.previous != head.hash) {
            return fail(damaged({epoch.id, 1}, {"chain.previous", "not the head of the epoch before"}));
        }
        auto next = verify_epoch(database, station, epoch);
        if (!next) return next;
        head = *next;
    }
    return head;
}

Result<std::vector<StoredEvent>> events_after(Database& database, Position after, std::size_t limit,
                                              std::size_t most_bytes) {
    std::int64_t number = 0;
    if (after != Position{}) {
        const auto known = epoch_number(database, after.epoch);
        if (!known) return fail(known.error());
        if (!*known) return fail("journal.epoch", "epoch " + std::to_string(after.epoch) + " is not of this journal");
        number = **known;
    }
    // Events that were let go must not be skipped in silence.
    auto gone = database.cached(
        "SELECT id, trimmed_sequence FROM epoch WHERE trimmed_sequence > 0 AND (number, trimmed_sequence) > (?1, ?2)");
    if (!gone) return fail(gone.error());
    const auto missing = (*gone)->bind(1, number).bind(2, after.sequence).step();
    if (!missing) return fail(missing.error());
    if (*missing) {
        return fail("journal.trimmed", "up to sequence " + std::to_string((*gone)->natural(1)) + " of epoch " +
                                           std::to_string((*gone)->natural(0)));
    }
    auto ask = database.cached(
        "SELECT e.id, v.sequence, v.header, v.salt, v.body FROM event v JOIN epoch e ON e.number = v.epoch "
        "WHERE (v.epoch, v.sequence) > (?1, ?2) ORDER BY v.epoch, v.sequence LIMIT ?3");
    if (!ask) return fail(ask.error());
    (*ask)->bind(1, number).bind(2, after.sequence).bind(3, static_cast<std::uint64_t>(limit));
    std::vector<StoredEvent> out;
    std::size_t bytes = 0;
    for (;;) {
        const auto row = (*ask)->step();
        if (!row) return fail(row.error());
        if (!*row) break;
        bytes += (*ask)->bytes(2).size() + (*ask)->bytes(4).size();
        if (!out.empty() && bytes > most_bytes) break;
        StoredEvent& event = out.emplace_back();
        event.position = {(*ask)->natural(0), (*ask)->natural(1)};
        event.header = to_bytes((*ask)->bytes(2));
        if ((*ask)->bytes(3).size() != event.salt.size()) return fail(damaged(event.position, {"journal.salt", ""}));
        std::copy_n((*ask)->bytes(3).begin(), event.salt.size(), event.salt.begin());
        event.body = to_bytes((*ask)->bytes(4));
    }
    return out;
}

Result<Position> trimmed_until(Database& database, std::uint64_t epoch) {
    auto ask = database.cached("SELECT trimmed_sequence FROM epoch WHERE id = ?1");
    if (!ask) return fail(ask.error());
    const auto row = (*ask)->bind(1, epoch).step();
    if (!row) return fail(row.error());
    if (!*row) return fail("journal.epoch", "epoch " + std::to_string(epoch) + " is not of this journal");
    return Position{epoch, (*ask)->natural(0)};
}

Status remember_peer(Database& database, const std::string& peer, Position position) {
    const auto number = epoch_number(database, position.epoch);
    if (!number) return fail(number.error());
    if (!*number) return fail("journal.epoch", "epoch " + std::to_string(position.epoch) + " is not of this journal");
    auto put = database.cached("INSERT OR REPLACE INTO peer(name, epoch, sequence) VALUES(?1, ?2, ?3)");
    if (!put) return fail(put.error());
    return (*put)->bind(1, std::string_view{peer}).bind(2, **number).bind(3, position.sequence).run();
}

namespace {

// How far every one of the peers is: (epoch number, sequence); nothing while one of them never answered.
Result<std::optional<std::pair<std::int64_t, std::uint64_t>>> least(Database& database,
                                                                    const std::vector<std::string>& peers) {
    std::optional<std::pair<std::int64_t, std::uint64_t>> out;
    for (const std::string& peer : peers) {
        auto ask = database.prepare("SELECT epoch, sequence FROM peer WHERE name = ?1");
        if (!ask) return fail(ask.error());
        const auto row = ask->bind(1, std::string_view{peer}).step();
        if (!row) return fail(row.error());
        if (!*row) return std::nullopt;
        const std::pair has{ask->integer(0), ask->natural(1)};
        out = out ? std::min(*out, has) : has;
    }
    return out;
}

// Lets go of the events of one epoch up to `last`.
Result<std::uint64_t> trim_epoch(Database& database, std::int64_t epoch, std::uint64_t last) {
    auto head = database.prepare("SELECT header FROM event WHERE epoch = ?1 AND sequence = ?2");
    if (!head) return fail(head.error());
    const auto row = head->bind(1, epoch).bind(2, last).step();
    if (!row) return fail(row.error());
    if (!*row) return 0;
    const Digest hash = header_hash(head->bytes(0));
    head->reset();
    auto mark = database.prepare("UPDATE epoch SET trimmed_sequence = ?2, trimmed_hash = ?3 WHERE number = ?1");
    auto drop = database.prepare("DELETE FROM event WHERE epoch = ?1 AND sequence <= ?2");
    if (!mark) return fail(mark.error());
    if (!drop) return fail(drop.error());
    if (auto done = mark->bind(1, epoch).bind(2, last).bind(3, ByteView{hash}).run(); !done) return fail(done.error());
    if (auto done = drop->bind(1, epoch).bind(2, last).run(); !done) return fail(done.error());
    return static_cast<std::uint64_t>(database.changes());
}

}  // namespace

Result<std::uint64_t> trim_events(Database& database, WallTime before, const std::vector<std::string>& peers) {
    const auto limit = least(database, peers);
    if (!limit) return fail(limit.error());
    if (!*limit) return 0;
    // In each epoch all up to the first that is too young or that some peer lacks.
    auto ask = database.prepare(
        "SELECT epoch, MAX(sequence), MIN(CASE WHEN wall_ms >= ?3 THEN sequence END) FROM event "
        "WHERE (epoch, sequence) <= (?1, ?2) GROUP BY epoch");
    if (!ask) return fail(ask.error());
    ask->bind(1, (*limit)->first).bind(2, (*limit)->second).bind(3, before.ms);
    std::vector<std::pair<std::int64_t, std::uint64_t>> parts;
    for (;;) {
        const auto row = ask->step();
        if (!row) return fail(row.error());
        if (!*row) break;
        parts.emplace_back(ask->integer(0), ask->is_null(2) ? ask->natural(1) : ask->natural(2) - 1);
    }
    std::uint64_t dropped = 0;
    for (const auto& [epoch, last] : parts) {
        const auto n = trim_epoch(database, epoch, last);
        if (!n) return n;
        dropped += *n;
    }
    return dropped;
}

}  // namespace paso
