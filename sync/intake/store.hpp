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
};

struct Incident {
    StationId station;
    Position position;
    std::string_view code;  // "wire.fork", "wire.clock"
    WallTime at{};
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
};

class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual std::uint64_t store_epoch() const = 0;
    virtual Async<Result<std::optional<Cursor>>> cursor(StationId station, std::uint64_t epoch) = 0;
    virtual Async<Result<std::optional<Cursor>>> newest_cursor(StationId station) = 0;
    // One transaction (shared with other callers: group commit): new rows, the cursor, incidents. Rows that are there
    // already with the same hash are skipped; with another hash both are kept and an incident is raised. Resumes after
    // the commit is durable. The cursor is checked again inside the transaction: "store.moved" when another server was
    // faster, and nothing was written.
    virtual Async<Result<Cursor>> commit(StationId station, Cursor expected, std::vector<ArrivedEvent> events,
                                         std::vector<Incident> incidents) = 0;
    virtual Async<Result<std::vector<ArrivedEvent>>> events_after(std::uint64_t arrival, std::size_t limit) = 0;
    virtual Async<Result<std::vector<Incident>>> incidents(std::size_t limit) = 0;
};

}  // namespace paso
