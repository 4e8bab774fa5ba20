// Store: where an intake keeps what stations deliver. sync/store has the SQLite one (desk and small centres);
// PostgreSQL comes later behind the same door.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/crossing/event.hpp"
#include "core/trust/digest.hpp"
#include "sync/net/network.hpp"
#include "sync/wire/batch.hpp"

namespace paso {

// A station that may deliver. Its certificate's common name is its id.
struct StationEntry {
    StationId id;
    Ed25519Key log_key{};
};

struct Cursor {
    std::uint64_t epoch = 0;
    std::uint64_t sequence = 0;
    Digest head{};
    bool operator==(const Cursor&) const = default;
};

struct Incident {
    StationId station;
    Position position;
    std::string code;  // "wire.fork", "wire.clock"
    WallTime at{};
    bool operator==(const Incident&) const = default;
};

struct ArrivedEvent {
    StationId station;
    Position position;
    EventHeader header;
    Bytes header_bytes;
    Salt salt{};
    Bytes body;
    WallTime received{};
    std::uint64_t arrival = 0;  // counts every event stored here, from 1, in order of commit
    bool fork = false;          // another event was first at this place of the station's log; both are kept
};

struct Committed {
    Cursor cursor;          // of the epoch, afterwards
    std::size_t added = 0;  // events that were not there before
};

class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual std::uint64_t store_epoch() const = 0;
    // How far an epoch is stored without a gap.
    virtual Async<Result<std::optional<Cursor>>> cursor(StationId station, std::uint64_t epoch) = 0;
    // The same of the epoch that began last.
    virtual Async<Result<std::optional<Cursor>>> newest_cursor(StationId station) = 0;
    // Events of one epoch in sequence, each verified to follow the one before. One transaction (shared with other
    // callers: group commit) looks where they hang on and writes rows, cursor and incidents, so two servers may race.
    // Rows that are there already with the same hash are skipped; with another hash both are kept and an incident is
    // raised. Resumes after the commit is durable. Errors, and then nothing was written: "wire.gap" (the expected
    // sequence), "wire.fork" (the first does not follow what is stored before it: send from further back),
    // "store.full", "store.disk".
    virtual Async<Result<Committed>> commit(StationId station, std::vector<ArrivedEvent> events,
                                            std::vector<Incident> incidents) = 0;
    // In order of arrival, at most `limit` and about 4 MiB, but one at least.
    virtual Async<Result<std::vector<ArrivedEvent>>> events_after(std::uint64_t arrival, std::size_t limit) = 0;
    // The newest first.
    virtual Async<Result<std::vector<Incident>>> incidents(std::size_t limit) = 0;
};

}  // namespace paso
