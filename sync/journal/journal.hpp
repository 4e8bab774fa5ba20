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
    // Opens or makes it; verifies the chain from the last checkpoint on. Every opening appends a `restart` event by the
    // caller, not by itself. Errors: "journal.newer" (made by a newer version: both numbers), "journal.station"
    // (belongs to another station), "journal.damaged" (where the chain breaks), "journal.disk".
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(JournalOptions options, Env& env,
                                                               asio::any_io_executor executor);
    virtual ~Journal() = default;

    // Resumes after fsync. Errors: "journal.full", "journal.disk": nothing was stored, the caller must say so.
    virtual Async<Result<Position>> append(EventDraft draft) = 0;
    // Up to `limit` events after `after`, over epochs in the order they were begun; total of headers and bodies <= 1
    // MiB.
    virtual Async<Result<std::vector<StoredEvent>>> read_after(Position after, std::size_t limit) = 0;
    // Starts a new epoch that names the last head; for a station that finds itself behind its peer's cursor.
    virtual Async<Result<std::uint64_t>> new_epoch() = 0;
    // Remembers what a peer ("desk", "centre") has stored; only a hint for the health page and for trimming.
    virtual Async<Status> acknowledged(std::string peer, Position position) = 0;
    [[nodiscard]] virtual Position head() const = 0;
    // Called on the executor after each append.
    virtual void on_append(std::function<void()> call) = 0;
};

}  // namespace paso
