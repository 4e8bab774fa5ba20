// Uplink: carries a journal to one peer, for ever: asks for the cursor, sends batches, believes only acknowledgements,
// starts again after any cut with growing pauses and jitter.
#pragma once

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
    std::string_view last_error;  // code, "" when all is well
    std::int64_t clock_offset_ms = 0;
    std::int64_t clock_uncertainty_ms = -1;  // -1: never compared
};

class Uplink {
  public:
    Uplink(Env& env, Log& log, Network& network, Journal& journal, const KeyRing& keys, StationId station,
           std::string peer_name, ClientOptions peer);
    ~Uplink();
    Async<void> run();  // until stop()
    void stop();
    [[nodiscard]] UplinkStatus status() const;
    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace paso
