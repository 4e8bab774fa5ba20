// Uplink: carries a journal to one peer, for ever: asks for the cursor, sends batches, believes only acknowledgements,
// starts again after any cut with growing pauses and jitter.
//
// A station whose disk was rolled back finds that its own hash at the peer's cursor is another, or that it has nothing
// there. It then begins a new epoch, records an incident, and sends the old epoch again from its start, so that what it
// had confirmed since is kept at the peer as a fork.
#pragma once

#include <memory>
#include <string>

#include "core/env/env.hpp"
#include "sync/http/client.hpp"
#include "sync/journal/journal.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/wire/batch.hpp"

namespace paso {

struct UplinkStatus {
    bool connected = false;
    Position stored{};  // what the peer has
    MonoTime last_answer{};
    std::string_view last_error;             // code, "" when all is well
    std::int64_t clock_offset_ms = 0;        // the peer's clock less ours
    std::int64_t clock_uncertainty_ms = -1;  // -1: never compared
};

class Uplink {
  public:
    // `peer_name` ("desk", "centre") is what the journal remembers acknowledgements under. The journal must outlive
    // run().
    Uplink(Env& env, Log& log, Network& network, Journal& journal, const KeyRing& keys, StationId station,
           std::string peer_name, ClientOptions peer);
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;
    Async<void> run();  // until stop()
    void stop();
    [[nodiscard]] UplinkStatus status() const;
    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace paso
