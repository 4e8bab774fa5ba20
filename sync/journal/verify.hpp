// A journal file looked at from outside, without changing it: for `paso log verify`.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace paso {

struct JournalSummary {
    StationId station;
    Position head{};
    Digest head_hash{};
    std::uint64_t events = 0;  // that are still here
    std::uint64_t epochs = 0;
};

// Follows every chain. Errors: "journal.missing", "journal.newer" (both numbers), "journal.damaged" (epoch and
// sequence).
[[nodiscard]] Result<JournalSummary> verify_journal_file(const std::string& path);

}  // namespace paso
