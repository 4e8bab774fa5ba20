// The officers' desk: who waits, one case, the decision. A decision is the desk's own event: on disk before the page
// says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/crossing/crossing.hpp"
#include "core/env/env.hpp"
#include "core/rules/pack.hpp"
#include "sync/http/logins.hpp"
#include "sync/intake/store.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/projection/projection.hpp"
#include "sync/ui/view_socket.hpp"
#include "sync/uplink/uplink.hpp"

namespace paso {

// What every open desk page shares; owned by the program.
class Desk {
  public:
    Desk(Env env, Store& store, Journal& journal, const KeyRing& keys, StationId station, std::optional<Pack> pack,
         asio::any_io_executor executor);

    // Own events go from the journal into the store, beside those of the kiosks: there they stay when the journal lets
    // go of them. Then what is new there is shown. Errors: "journal.*", "store.*", "wire.*".
    Async<Status> load();
    // What kiosks delivered since.
    Async<Status> catch_up();
    // Writes the decision. Errors: "desk.unknown" (no such crossing), "desk.reason" (a reason is needed, of at most
    // 2000 bytes), "desk.decided" (somebody decided already, or it is no case for this decision), "journal.*";
    // "desk.late": it is written down, but the list could not be brought up to date yet.
    Async<Status> decide(Decision decision);

    [[nodiscard]] const Projection& projection() const { return projection_; }
    [[nodiscard]] const StationId& station() const { return station_; }
    [[nodiscard]] Changes& changes() { return changes_; }
    [[nodiscard]] const Env& env() const { return env_; }
    [[nodiscard]] std::optional<std::string> words(std::string_view reason) const;  // of a reason code, for officers

  private:
    Async<Result<Position>> stored_own();
    Async<Status> store_own();
    Env env_;
    Store& store_;
    Journal& journal_;
    const KeyRing& keys_;
    StationId station_;
    std::optional<Pack> pack_;
    Projection projection_;
    Changes changes_;
    std::uint64_t arrived_ = 0;      // of the store, shown
    std::set<CrossingId> deciding_;  // decisions that are being written, or are not shown yet
    std::set<CrossingId> late_;      // those of them that are written
};

// Views: "queue", "case". Actions: "queue", "open" (id), "holder_seen" (id), "decide" ({id, kind, reason}).
class DeskSession final : public PageSession {
  public:
    DeskSession(Desk& desk, User user, std::function<bool()> signed_in, std::function<UplinkStatus()> centre)
        : desk_(desk), user_(std::move(user)), signed_in_(std::move(signed_in)), centre_(std::move(centre)) {}
    [[nodiscard]] PageView view() override;
    Async<void> act(std::string action, boost::json::value value) override;
    [[nodiscard]] bool still_allowed() override { return signed_in_(); }

  private:
    Async<void> decide(std::string_view id, DecisionKind kind, std::string reason);
    Desk& desk_;
    User user_;
    std::function<bool()> signed_in_;
    std::function<UplinkStatus()> centre_;
    std::optional<CrossingId> open_;
    std::string message_;  // what became of the last action, as a code
};

}  // namespace paso
