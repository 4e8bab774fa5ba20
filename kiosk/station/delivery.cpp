#include "kiosk/station/delivery.hpp"

#include <boost/asio/this_coro.hpp>
#include <cstdlib>
#include <optional>
#include <utility>

#include "sync/net/start.hpp"
#include "sync/net/wait.hpp"

namespace paso {
namespace {

constexpr std::int64_t clock_limit_ms = 300'000;  // five minutes

ClientOptions client_options(const PeerConfig& peer, const KeyRing& keys) {
    ClientOptions options;
    options.address = peer.address;
    options.server_name = peer.name;
    options.tls = keys.tls();
    return options;
}

}  // namespace

Delivery::Delivery(Env& env, Log& log, Network& network, Journal& journal, const KeyRing& keys,
                   const StationId& station, const std::vector<PeerConfig>& peers,
                   std::function<void(ClockState, std::int64_t)> tell)
    : env_(env), log_(log), journal_(journal), tell_(std::move(tell)) {
    for (const PeerConfig& peer : peers) {
        peers_.push_back({peer.kind, std::make_unique<Uplink>(env, log, network, journal, keys, station, peer.kind,
                                                              client_options(peer, keys))});
    }
}

Async<void> Delivery::run() {
    const auto executor = co_await asio::this_coro::executor;
    for (const Peer& peer : peers_) start(executor, peer.uplink->run());
    MonoTime due{};
    while (!stopping_) {
        compare_clocks();
        if (env_.clock.mono() >= due && env_.clock.state() == ClockState::sure) {
            co_await trim();
            due = after(env_.clock, between_trims);
        }
        co_await wait_for(env_.clock, std::chrono::seconds{1});
    }
}

void Delivery::stop() {
    stopping_ = true;
    for (const Peer& peer : peers_) peer.uplink->stop();
}

UplinkStatus Delivery::status(std::string_view kind) const {
    for (const Peer& peer : peers_) {
        if (peer.kind == kind) return peer.uplink->status();
    }
    return {};
}

void Delivery::compare_clocks() {
    std::optional<std::int64_t> furthest;
    for (const Peer& peer : peers_) {
        const UplinkStatus s = peer.uplink->status();
        if (s.clock_uncertainty_ms < 0) continue;
        if (!furthest || std::abs(s.clock_offset_ms) > std::abs(*furthest)) furthest = s.clock_offset_ms;
    }
    if (furthest) tell_(std::abs(*furthest) < clock_limit_ms ? ClockState::sure : ClockState::unsure, *furthest);
}

Async<void> Delivery::trim() {
    if (peers_.empty()) co_return;  // what nobody else has stays
    std::vector<std::string> kinds;
    for (const Peer& peer : peers_) kinds.push_back(peer.kind);
    const WallTime before{env_.clock.wall().ms - keep_acknowledged_ms};
    const auto gone = co_await journal_.trim(before, std::move(kinds));
    if (!gone) {
        log_.write(LogLevel::error, gone.error().code, {});
    } else if (*gone > 0) {
        log_.write(LogLevel::info, "journal.trimmed", {{"events", static_cast<std::int64_t>(*gone)}});
    }
}

}  // namespace paso
