// Events: the only thing Paso stores. A header (canonical CBOR, hashed and chained) and a body (opaque and erasable).
// After a lawful erasure of a body its header still verifies, since the header holds only a salted digest of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace paso {

// Stored in headers: never renumber.
enum class EventKind : std::uint8_t {
    inspection = 1,  // one finished inspection: document, answers, facts, assessment, how the session ended
    decision = 2,    // an officer's decision on a referred case, or "holder seen"
    restart = 3,     // a station started
    incident = 4,    // something that a supervisor must see: fork, interrupted session, out of service
    erasure = 5,     // a body was erased by law
};
[[nodiscard]] std::string_view name(EventKind k);

inline constexpr std::uint32_t event_version = 1;

struct EventHeader {
    StationId station;
    Position position;
    EventKind kind = EventKind::inspection;
    std::optional<CrossingId> crossing;  // of inspections and decisions
    Digest previous{};  // header hash of (epoch, sequence-1); for sequence 1 the last head of the former
                        // epoch, or zeros
    WallTime wall{};
    MonoTime mono{};
    ClockState clock = ClockState::unsure;
    Digest pack{};         // hash of the rule pack in force, or zeros
    Digest body_digest{};  // SHA-256(0x02 || salt || body)
    bool operator==(const EventHeader&) const = default;
};

using Salt = std::array<std::byte, 32>;

struct Event {
    EventHeader header;
    Salt salt{};
    Bytes body;  // empty after erasure
    bool operator==(const Event&) const = default;
};

// What a room hands to the journal; the journal adds station, position, previous, clocks, salt.
struct EventDraft {
    EventKind kind = EventKind::inspection;
    std::optional<CrossingId> crossing;
    Digest pack{};
    Bytes body;
};

[[nodiscard]] Bytes encode_header(const EventHeader& header);
// Errors: "event.version" (names both versions), "event.header" (what and where).
[[nodiscard]] Result<EventHeader> decode_header(ByteView bytes);
// SHA-256(0x01 || canonical header).
[[nodiscard]] Digest header_hash(ByteView encoded_header);
[[nodiscard]] Digest body_digest(const Salt& salt, ByteView body);

// One link of a chain. Errors: "chain.station", "chain.gap" (expected and found sequence, or another epoch: who starts
// a new one gives a head {epoch, 0} with the hash of the last head), "chain.previous",
// "chain.body" (body does not match its digest).
struct ChainHead {
    Position position{};
    Digest hash{};
};
[[nodiscard]] Result<ChainHead> follow(const ChainHead& head, const StationId& station, ByteView encoded_header,
                                       const Salt& salt, std::optional<ByteView> body);

}  // namespace paso
