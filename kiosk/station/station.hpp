// A station's start-up: what must be there before it may work, read and verified once.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "kiosk/station/kiosk_config.hpp"
#include "kiosk/station/number_list.hpp"
#include "kiosk/station/post_file.hpp"
#include "kiosk/station/time_zone.hpp"

namespace paso {

struct Station {
    Post post;
    std::optional<Pack> pack;  // nothing: neither the pack nor the last good one opens; the kiosk is out of service
    std::optional<NumberList> list;  // nothing: none is configured, or it cannot be read
    TimeZone zone;
};

// Reads post file, pack, list and zone. A pack that does not open is replaced by the last good one, which is kept
// beside the journal; both failures are logged. Errors: those of the trust file, the post file and the zone: without
// them nothing may be decided.
[[nodiscard]] Result<Station> open_station(Env& env, Log& log, const KioskConfig& config);

// The pack, or the last good one. `data` is the folder where the last good one is kept.
[[nodiscard]] std::optional<Pack> open_station_pack(Env& env, Log& log, const std::string& path,
                                                    const std::string& data, const PackKeys& keys);

// The local dates that it may be, ours first, each once: one, or while the clock is unsure the day before and after
// too, and the same around the day of a peer whose clock is `peer_offset_ms` ahead of ours.
[[nodiscard]] std::pair<std::vector<Date>, ClockState> days_at(const TimeZone& zone, WallTime now, ClockState clock,
                                                               std::int64_t peer_offset_ms = 0);

}  // namespace paso
