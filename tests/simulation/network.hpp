// A network in memory with bad manners by seed: latency, links cut after any byte, refused connections, half-open
// links, bytes that trickle, partitions, and ends whose power has gone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/net/network.hpp"
#include "tests/simulation/world.hpp"

namespace paso::sim {

// What a new link may meet; chances are "one in n", 0 is never.
struct Weather {
    std::uint64_t latency_us_low = 200;
    std::uint64_t latency_us_high = 3'000;
    std::uint64_t refuse = 0;
    std::uint64_t cut = 0;        // after a number of bytes below `cut_bytes`, in the midst of whatever
    std::uint64_t half_open = 0;  // from there on bytes vanish and nobody is told
    std::uint64_t trickle = 0;    // a few bytes at a time
    std::uint64_t cut_bytes = 6'000;
};

class SimNetwork {
  public:
    explicit SimNetwork(World& world);
    ~SimNetwork();
    SimNetwork(const SimNetwork&) = delete;
    SimNetwork& operator=(const SimNetwork&) = delete;

    // A machine's own view. Its name is what the other end sees as the name in its certificate.
    [[nodiscard]] std::unique_ptr<Network> node(const std::string& name);
    void weather(const Weather& weather);
    void partition(bool parted);  // new links fail; bytes on links that are there vanish
    void cut_all();               // each link there is, with an error at both ends
    // The machine's power is gone: its own ends fail now, the others later or never.
    void kill(const std::string& name);
    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace paso::sim
