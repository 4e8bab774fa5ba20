// What stations and their peers say to each other: batches of events up, acknowledgements back. Canonical CBOR; views
// into the received bytes, nothing copied. POST /v1/stations/{id}/batches; the same protocol to a desk and to a centre.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/crossing/event.hpp"
#include "core/trust/digest.hpp"

namespace paso {

inline constexpr std::uint32_t wire_version = 1;
inline constexpr std::size_t max_batch_events = 1000;
inline constexpr std::size_t max_batch_bytes = 4UL << 20U;

// One event inside a batch; the views live as long as the received bytes.
struct EventView {
    ByteView header;
    Salt salt{};
    ByteView body;
};

// Events of one epoch in sequence without a gap. `head` is the hash of the last header; `signature` is the station's
// log key over it (see signed_head). An empty batch is not sent.
struct BatchView {
    StationId station;
    std::uint64_t epoch = 0;
    std::uint64_t first_sequence = 0;
    std::optional<std::uint64_t> store_epoch_seen;
    std::vector<EventView> events;
    Digest head{};
    Ed25519Signature signature{};
};

[[nodiscard]] Bytes signed_head(const StationId& station, std::uint64_t epoch, std::uint64_t sequence,
                                const Digest& head);
[[nodiscard]] Bytes encode_batch(const BatchView& batch);
// Bounds are checked before anything is kept. Errors: "wire.version" (both numbers), "wire.batch" (what and at which
// offset), "wire.too_large" (over max_batch_bytes or max_batch_events).
[[nodiscard]] Result<BatchView> decode_batch(ByteView bytes);

// The answer to a batch: every event of it is stored durably; and how far the epoch is stored without a gap. Also the
// answer to GET .../cursor (of the newest epoch, or with ?epoch=N of that one).
struct Ack {
    std::uint64_t store_epoch = 0;  // changes when the store was made anew or restored
    Position stored{};              // highest (epoch, sequence) without a gap; {0, 0} or {epoch, 0} where there is none
    Digest head{};                  // hash of the header there: a station whose own differs there has been rolled back
    WallTime server_time{};
    std::uint32_t credits = max_batch_events;  // how many events the next batch may hold
    std::vector<Position> quarantined;
    bool operator==(const Ack&) const = default;
};
[[nodiscard]] Bytes encode_ack(const Ack& ack);
// Errors: "wire.version", "wire.ack" (what and at which offset).
[[nodiscard]] Result<Ack> decode_ack(ByteView bytes);

}  // namespace paso
