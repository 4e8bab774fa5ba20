// A journal file looked at from outside, without changing it: for `paso log` and `paso replay`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/crossing/event.hpp"

namespace paso {

struct JournalSummary {
    StationId station;
    Position head{};
    Digest head_hash{};
    std::uint64_t events = 0;  // that are still here
    std::uint64_t epochs = 0;
};

// Follows every chain. Errors: "journal.disk" (not there, or cannot be read), "journal.newer" (both numbers),
// "journal.damaged" (epoch and sequence).
[[nodiscard]] Result<JournalSummary> verify_journal_file(const std::string& path);

// Each event of this kind whose body is still there, in the order of their making. The chain is not followed. Errors
// as above; "journal.damaged" also for a header that cannot be read.
[[nodiscard]] Status each_body(const std::string& path, EventKind kind,
                               const std::function<void(const EventHeader&, ByteView)>& visit);

}  // namespace paso
