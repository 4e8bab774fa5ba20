// The walk: stations and a centre in one context, the real journal, uplink, HTTP, intake and store over a simulated
// network, clock and disk. Events are appended over time while everything that can fail does; then the world heals, and
// what was confirmed must be at the centre exactly once, in chain order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paso::sim {

struct WalkResult {
    std::string trace;
    std::vector<std::string> faults;  // what must not be; empty: all is well
    std::uint64_t appended = 0;       // asked for
    std::uint64_t confirmed = 0;
    std::uint64_t stored = 0;  // at the centre
    std::uint64_t crashes = 0;
    std::uint64_t cuts = 0;
    std::uint64_t restores = 0;  // the centre's disk was set back to an older copy
};

// With `lying_disks` a sync is only said to have happened: then something must get lost, or the walk sees nothing.
[[nodiscard]] WalkResult walk(std::uint64_t seed, bool lying_disks = false);

}  // namespace paso::sim
