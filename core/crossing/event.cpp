#include "core/crossing/event.hpp"

#include <array>
#include <string>
#include <type_traits>
#include <utility>

#include "core/encoding/cbor.hpp"
#include "core/trust/digest.hpp"

namespace paso {
namespace {

// Keys of the header's map: never renumber.
enum Key : std::int64_t {
    key_version = 0,
    key_station = 1,
    key_epoch = 2,
    key_sequence = 3,
    key_kind = 4,
    key_crossing = 5,  // absent where the event is of no crossing
    key_previous = 6,
    key_wall = 7,
    key_mono = 8,
    key_clock = 9,
    key_pack = 10,
    key_body = 11,
};

constexpr std::uint64_t max_position = (std::uint64_t{1} << 63U) - 1;
constexpr std::byte header_prefix{0x01};
constexpr std::byte body_prefix{0x02};

// Reads the header's keys in order; the first thing that is wrong is kept.
class HeaderReader {
  public:
    explicit HeaderReader(ByteView bytes) : r_(bytes) {}

    Result<EventHeader> read() {
        const auto pairs = r_.map();
        if (!pairs) return bad("the header is no map");
        const std::uint64_t version = number(key_version);  // before all else: a newer one may have other keys
        if (!error_ && version != event_version) {
            return fail("event.version", "version " + std::to_string(version) + ", this program reads up to " +
                                             std::to_string(event_version));
        }
        if (*pairs != 11 && *pairs != 12) note("wrong number of keys");
        EventHeader h;
        h.station = station();
        h.position.epoch = number(key_epoch);
        h.position.sequence = number(key_sequence);
        if (h.position.epoch > max_position || h.position.sequence > max_position) note("a position is below 2^63");
        if (h.position.sequence == 0) note("sequences count from 1");
        const std::uint64_t kind = number(key_kind);
        if (kind < 1 || kind > 5) note("unknown kind");
        h.kind = static_cast<EventKind>(kind);
        if (*pairs == 12) h.crossing = crossing();
        h.previous = digest(key_previous);
        h.wall.ms = integer(key_wall);
        h.mono.ns = integer(key_mono);
        const std::uint64_t clock = number(key_clock);
        if (clock > 1) note("unknown clock state");
        h.clock = static_cast<ClockState>(clock);
        h.pack = digest(key_pack);
        h.body_digest = digest(key_body);
        if (!error_ && !r_.finish()) note("bytes follow the header");
        if (error_) return fail(*error_);
        return h;
    }

  private:
    tl::unexpected<Error> bad(std::string what) {
        return fail("event.header", std::move(what), {.offset = r_.offset()});
    }
    void note(std::string what) {
        if (!error_) error_ = Error{"event.header", std::move(what), {.offset = r_.offset()}};
    }
    void key(Key expected) {
        const auto k = r_.integer();
        if (!k || *k != expected) note("key " + std::to_string(expected) + " is missing");
    }
    std::uint64_t number(Key k) {
        key(k);
        const auto v = r_.unsigned_integer();
        if (!v) note("key " + std::to_string(k) + " is no number");
        return v.value_or(0);
    }
    std::int64_t integer(Key k) {
        key(k);
        const auto v = r_.integer();
        if (!v) note("key " + std::to_string(k) + " is no integer");
        return v.value_or(0);
    }
    Digest digest(Key k) {
        key(k);
        const auto v = r_.bytes();
        const auto d = v ? digest_from(*v) : std::nullopt;
        if (!d) note("key " + std::to_string(k) + " is no digest");
        return d.value_or(Digest{});
    }
    StationId station() {
        key(key_station);
        const auto v = r_.text();
        const auto id = v ? StationId::parse(*v) : std::nullopt;
        if (!id) note("no station id");
        return id.value_or(StationId{});
    }
    CrossingId crossing() {
        key(key_crossing);
        const auto v = r_.bytes();
        const auto id = v ? crossing_id_from(*v) : std::nullopt;
        if (!id) note("no crossing id");
        return id.value_or(CrossingId{});
    }

    CborReader r_;
    std::optional<Error> error_;
};

}  // namespace

std::string_view name(EventKind k) {
    switch (k) {
        case EventKind::inspection:
            return "inspection";
        case EventKind::decision:
            return "decision";
        case EventKind::restart:
            return "restart";
        case EventKind::incident:
            return "incident";
        case EventKind::erasure:
            return "erasure";
    }
    return "incident";
}

Bytes encode_header(const EventHeader& h) {
    CborWriter w;
    w.map(h.crossing ? 12 : 11);
    w.key(key_version).unsigned_integer(event_version);
    w.key(key_station).text(h.station.text());
    w.key(key_epoch).unsigned_integer(h.position.epoch);
    w.key(key_sequence).unsigned_integer(h.position.sequence);
    w.key(key_kind).unsigned_integer(static_cast<std::uint64_t>(h.kind));
    if (h.crossing) w.key(key_crossing).bytes(h.crossing->bytes);
    w.key(key_previous).bytes(h.previous);
    w.key(key_wall).integer(h.wall.ms);
    w.key(key_mono).integer(h.mono.ns);
    w.key(key_clock).unsigned_integer(static_cast<std::uint64_t>(h.clock));
    w.key(key_pack).bytes(h.pack);
    w.key(key_body).bytes(h.body_digest);
    return w.take();
}

Result<EventHeader> decode_header(ByteView bytes) { return HeaderReader(bytes).read(); }

Digest header_hash(ByteView encoded_header) { return sha256({ByteView{&header_prefix, 1}, encoded_header}); }

Digest body_digest(const Salt& salt, ByteView body) { return sha256({ByteView{&body_prefix, 1}, salt, body}); }

Result<ChainHead> follow(const ChainHead& head, const StationId& station, ByteView encoded_header, const Salt& salt,
                         std::optional<ByteView> body) {
    const auto header = decode_header(encoded_header);
    if (!header) return fail(header.error());
    const auto at = [&] { return "sequence " + std::to_string(header->position.sequence); };
    if (header->station != station) return fail("chain.station", at() + " is of another station");
    if (header->position.epoch != head.position.epoch) return fail("chain.gap", at() + " is of another epoch");
    if (header->position.sequence != head.position.sequence + 1) {
        return fail("chain.gap", "expected sequence " + std::to_string(head.position.sequence + 1) + ", found " +
                                     std::to_string(header->position.sequence));
    }
    if (header->previous != head.hash) return fail("chain.previous", at() + " does not name the header before it");
    if (body && body_digest(salt, *body) != header->body_digest) {
        return fail("chain.body", at() + " has a body that its header does not know");
    }
    return ChainHead{header->position, header_hash(encoded_header)};
}

}  // namespace paso
