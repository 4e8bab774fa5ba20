// Journal: a station's events, on disk with fsync before anyone is told (law 4). SQLite in WAL mode with
// synchronous=FULL; one connection writes, in its own thread. The outbox is the same table: what a peer has is only a
// cursor.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/crossing/event.hpp"
#include "core/env/env.hpp"
#include "sync/net/network.hpp"

namespace paso {

struct JournalOptions {
    std::string path;  // of the database file
    std::string vfs;   // name of a registered SQLite VFS; empty: the default
    StationId station;
    bool own_thread = true;                // false in simulations: work happens on the executor
    std::int64_t ballast_bytes = 1 << 20;  // kept in a file, let go when the disk is full so that the last events fit
};

// Version of the database file; a newer one is not touched.
inline constexpr int journal_version = 1;
inline constexpr std::size_t max_event_body = 1UL << 20U;

// An event as it lies in the journal: header bytes exactly as hashed.
struct StoredEvent {
    Position position;
    Bytes header;
    Salt salt{};
    Bytes body;
    bool operator==(const StoredEvent&) const = default;
};

class Journal {
  public:
    // Opens or makes it; verifies the chain from its start, or from where it was trimmed. Every opening appends a
    // `restart` event by the caller, not by itself. Errors: "journal.newer" (made by a newer version: both numbers),
    // "journal.station" (belongs to another station), "journal.damaged" (where the chain breaks; nothing is deleted),
    // "journal.full", "journal.disk".
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(JournalOptions options, Env& env,
                                                               asio::any_io_executor executor);
    virtual ~Journal() = default;

    // Resumes after fsync; appends that wait together share one. Errors: "journal.too_large" (the body),
    // "journal.full", "journal.disk": not confirmed, and the caller must say so. (After "journal.disk" and a power cut
    // the event may still be found: it is a whole event, stored once.)
    virtual Async<Result<Position>> append(EventDraft draft) = 0;
    // Up to `limit` events after `after`, over epochs in the order they were begun; total of headers and bodies <= 1
    // MiB, but one event at least. {0, 0} is before everything, {e, 0} before the first of an epoch. Errors:
    // "journal.epoch" (not ours), "journal.trimmed" (no longer here), "journal.damaged", "journal.disk".
    virtual Async<Result<std::vector<StoredEvent>>> read_after(Position after, std::size_t limit) = 0;
    // Starts a new epoch that names the last head; for a station that finds itself behind its peer's cursor.
    virtual Async<Result<std::uint64_t>> new_epoch() = 0;
    // Remembers what a peer ("desk", "centre") has stored; only a hint for the health page and for trimming.
    virtual Async<Status> acknowledged(std::string peer, Position position) = 0;
    // The place after which the events of an epoch are still here: {epoch, 0} unless some were let go. Errors:
    // "journal.epoch".
    virtual Async<Result<Position>> kept_after(std::uint64_t epoch) = 0;
    // Lets go of events older than `before` that each of these peers has acknowledged; gives how many. The chain still
    // verifies from there.
    virtual Async<Result<std::uint64_t>> trim(WallTime before, std::vector<std::string> peers) = 0;
    [[nodiscard]] virtual Position head() const = 0;
    // The disk is full and the ballast was let go, or found no room at the start: only a few more events fit.
    [[nodiscard]] virtual bool on_ballast() const = 0;
    // Tries to put the ballast back; true when it lies there. Errors: "journal.disk".
    virtual Async<Result<bool>> regain_ballast() = 0;
    // Adds a call, made on the executor after each group of appends; add it there too. It lives as long as the journal.
    virtual void on_append(std::function<void()> call) = 0;
};

}  // namespace paso
