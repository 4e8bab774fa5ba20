// LogCheck: verifies the stored events of every station again, link by link: headers, chain, body digests. What "check
// the log" on the console and `paso log verify` do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/crossing/event.hpp"
#include "sync/intake/store.hpp"

namespace paso {

struct ChainReport {
    StationId station;
    std::uint64_t epoch = 0;
    std::uint64_t events = 0;
    std::uint64_t erased = 0;  // events whose body was erased: their headers still verify
    Digest head{};
    std::optional<Error> broken;  // the first link that does not hold; later ones of this chain are not judged
};

class LogCheck {
  public:
    // Events of one station in order of sequence; stations may be mixed.
    void add(const StationId& station, Position position, ByteView header, const Salt& salt, ByteView body);
    [[nodiscard]] std::vector<ChainReport> reports() const;
    [[nodiscard]] bool whole() const;

  private:
    struct Chain {
        ChainHead head;
        ChainReport report;
    };
    std::map<std::pair<StationId, std::uint64_t>, Chain> chains_;
};

}  // namespace paso
