// The journal's tables and what is asked of them; inside sync/journal only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/env/env.hpp"
#include "sync/journal/journal.hpp"
#include "sync/sqlite/database.hpp"

namespace paso {

struct JournalHead {
    std::int64_t epoch_number = 0;  // epochs in the order they were begun
    Position position{};
    Digest hash{};  // of the last header; for sequence 0 what sequence 1 will name as previous
};

[[nodiscard]] Status migrate_journal(Database& database);
[[nodiscard]] std::uint64_t draw_epoch(Entropy& entropy);
[[nodiscard]] Result<JournalHead> begin_epoch(Database& database, std::uint64_t epoch, const Digest& previous);
// Follows every chain; gives the head of the newest. Error: "journal.damaged" with the epoch and sequence.
[[nodiscard]] Result<JournalHead> verify_journal(Database& database, const StationId& station);
[[nodiscard]] Result<std::vector<StoredEvent>> events_after(Database& database, Position after, std::size_t limit,
                                                            std::size_t most_bytes);
[[nodiscard]] Status remember_peer(Database& database, const std::string& peer, Position position);
[[nodiscard]] Result<Position> trimmed_until(Database& database, std::uint64_t epoch);
[[nodiscard]] Result<std::uint64_t> trim_events(Database& database, WallTime before,
                                                const std::vector<std::string>& peers);
// "sqlite.*" as "journal.*"; others stay.
[[nodiscard]] Error journal_error(Error error);

}  // namespace paso
