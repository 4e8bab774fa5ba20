// What a station does with its journal beside writing it: an uplink to each peer, the comparison of clocks, and letting
// go of what is old and has arrived everywhere.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/env/env.hpp"
#include "kiosk/station/kiosk_config.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/uplink/uplink.hpp"

namespace paso {

// Acknowledged events stay this long, so that a peer restored from a backup gets them again.
inline constexpr std::int64_t keep_acknowledged_ms = 30LL * 24 * 3600 * 1000;
inline constexpr Duration between_trims = std::chrono::hours{24};

class Delivery {
  public:
    // `tell` hears of the clocks that were compared: whether ours is sure, for each is within five minutes of it, and
    // the one that is furthest off, as milliseconds to add to ours. All that is given must outlive run().
    Delivery(Env& env, Log& log, Network& network, Journal& journal, const KeyRing& keys, const StationId& station,
             const std::vector<PeerConfig>& peers, std::function<void(ClockState, std::int64_t)> tell);

    // Until stop(). Starts the uplinks; trims once the clock is sure and then once a day.
    Async<void> run();
    void stop();
    // Of the peer of that kind; nothing ever happened where there is none.
    [[nodiscard]] UplinkStatus status(std::string_view kind) const;

  private:
    void compare_clocks();
    Async<void> trim();

    struct Peer {
        std::string kind;
        std::unique_ptr<Uplink> uplink;
    };
    Env& env_;
    Log& log_;
    Journal& journal_;
    std::function<void(ClockState, std::int64_t)> tell_;
    std::vector<Peer> peers_;
    bool stopping_ = false;
};

}  // namespace paso
