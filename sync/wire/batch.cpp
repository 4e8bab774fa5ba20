#include "sync/wire/batch.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/encoding/cbor.hpp"

namespace paso {

namespace {

constexpr std::size_t max_quarantined = max_batch_events;

// Reads one record of fixed keys 0, 1, 2, ...; after the first error everything is that error.
class Record {
  public:
    Record(ByteView bytes, std::string_view code) : reader_(bytes), code_(code) {}

    // Another version may have other pairs: its number is looked at first.
    void record(std::uint64_t pairs) {
        const auto found = take(reader_.map());
        key(0);
        version();
        if (found != pairs) spoil("pairs");
    }
    void array(std::uint64_t items) { expect(reader_.array(), items, "items"); }
    void key(std::int64_t wanted) { expect(reader_.integer(), wanted, "key"); }
    std::uint64_t items(std::uint64_t most) {
        const auto n = take(reader_.array());
        if (n > most) spoil("too many items");
        return error_ ? 0 : n;
    }
    std::uint64_t natural() { return take(reader_.unsigned_integer()); }
    std::int64_t integer() { return take(reader_.integer()); }
    std::string_view text() { return take(reader_.text()); }
    ByteView bytes() { return take(reader_.bytes()); }
    template <std::size_t n>
    void bytes(std::array<std::byte, n>& into) {
        const ByteView view = bytes();
        if (error_) return;
        if (view.size() != n) return spoil("length");
        std::copy(view.begin(), view.end(), into.begin());
    }
    // Null, or a number.
    std::optional<std::uint64_t> natural_or_null() {
        const auto kind = reader_.peek();
        if (kind && *kind == CborKind::null) {
            if (const auto done = reader_.null(); !done) note(done.error());
            return std::nullopt;
        }
        return natural();
    }
    StationId station() {
        const auto id = StationId::parse(text());
        if (!id) spoil("station");
        return id.value_or(StationId{});
    }
    void spoil(std::string what) {
        if (!error_) error_ = Error{code_, std::move(what), {.offset = reader_.offset(), .line = {}, .column = {}}};
    }
    [[nodiscard]] bool good() const { return !error_; }
    [[nodiscard]] std::optional<Error> end() {
        if (const auto done = reader_.finish(); !done) note(done.error());
        return std::move(error_);
    }

  private:
    void version() {
        const std::uint64_t found = natural();
        if (error_ || found == wire_version) return;
        error_ = Error{"wire.version", "made for version " + std::to_string(found) + ", this program speaks " +
                                           std::to_string(wire_version)};
    }
    template <class T>
    T take(Result<T> value) {
        if (value) return *value;
        note(value.error());
        return {};
    }
    template <class T>
    void expect(Result<T> value, T wanted, const char* what) {
        if (take(std::move(value)) != wanted) spoil(what);
    }
    void note(const Error& e) {
        if (!error_) error_ = Error{code_, std::string{e.code} + " " + e.detail, e.place};
    }
    CborReader reader_;
    std::string_view code_;
    std::optional<Error> error_;
};

}  // namespace

Bytes signed_head(const StationId& station, std::uint64_t epoch, std::uint64_t sequence, const Digest& head) {
    CborWriter w;
    w.array(5).text("paso station head v1").text(station.text()).unsigned_integer(epoch).unsigned_integer(sequence);
    w.bytes(head);
    return w.take();
}

Bytes encode_batch(const BatchView& batch) {
    CborWriter w;
    w.map(8);
    w.key(0).unsigned_integer(wire_version);
    w.key(1).text(batch.station.text());
    w.key(2).unsigned_integer(batch.epoch);
    w.key(3).unsigned_integer(batch.first_sequence);
    w.key(4);
    if (batch.store_epoch_seen) {
        w.unsigned_integer(*batch.store_epoch_seen);
    } else {
        w.null();
    }
    w.key(5).array(batch.events.size());
    for (const EventView& e : batch.events) w.array(3).bytes(e.header).bytes(e.salt).bytes(e.body);
    w.key(6).bytes(batch.head);
    w.key(7).bytes(batch.signature);
    return w.take();
}

Result<BatchView> decode_batch(ByteView bytes) {
    if (bytes.size() > max_batch_bytes) return fail("wire.too_large", std::to_string(bytes.size()) + " bytes");
    Record in{bytes, "wire.batch"};
    BatchView batch;
    in.record(8);
    in.key(1);
    batch.station = in.station();
    in.key(2);
    batch.epoch = in.natural();
    in.key(3);
    batch.first_sequence = in.natural();
    in.key(4);
    batch.store_epoch_seen = in.natural_or_null();
    in.key(5);
    const std::uint64_t n = in.items(std::numeric_limits<std::uint64_t>::max());
    if (in.good() && n > max_batch_events) return fail("wire.too_large", std::to_string(n) + " events");
    for (std::uint64_t i = 0; i < n && in.good(); ++i) {
        EventView& event = batch.events.emplace_back();
        in.array(3);
        event.header = in.bytes();
        in.bytes(event.salt);
        event.body = in.bytes();
    }
    in.key(6);
    in.bytes(batch.head);
    in.key(7);
    in.bytes(batch.signature);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (batch.events.empty()) in.spoil("no event");
    if (batch.epoch == 0 || batch.epoch > most) in.spoil("epoch");
    if (batch.first_sequence == 0 || batch.first_sequence > most - max_batch_events) in.spoil("first sequence");
    if (auto error = in.end()) return fail(std::move(*error));
    return batch;
}

Bytes encode_ack(const Ack& ack) {
    CborWriter w;
    w.map(8);
    w.key(0).unsigned_integer(wire_version);
    w.key(1).unsigned_integer(ack.store_epoch);
    w.key(2).unsigned_integer(ack.stored.epoch);
    w.key(3).unsigned_integer(ack.stored.sequence);
    w.key(4).bytes(ack.head);
    w.key(5).integer(ack.server_time.ms);
    w.key(6).unsigned_integer(ack.credits);
    w.key(7).array(ack.quarantined.size());
    for (const Position& p : ack.quarantined) w.array(2).unsigned_integer(p.epoch).unsigned_integer(p.sequence);
    return w.take();
}

Result<Ack> decode_ack(ByteView bytes) {
    Record in{bytes, "wire.ack"};
    Ack ack;
    in.record(8);
    in.key(1);
    ack.store_epoch = in.natural();
    in.key(2);
    ack.stored.epoch = in.natural();
    in.key(3);
    ack.stored.sequence = in.natural();
    in.key(4);
    in.bytes(ack.head);
    in.key(5);
    ack.server_time.ms = in.integer();
    in.key(6);
    const std::uint64_t credits = in.natural();
    if (credits == 0 || credits > max_batch_events) in.spoil("credits");
    ack.credits = static_cast<std::uint32_t>(std::min<std::uint64_t>(credits, max_batch_events));
    in.key(7);
    const std::uint64_t n = in.items(max_quarantined);
    for (std::uint64_t i = 0; i < n && in.good(); ++i) {
        in.array(2);
        Position& p = ack.quarantined.emplace_back();
        p.epoch = in.natural();
        p.sequence = in.natural();
    }
    if (auto error = in.end()) return fail(std::move(*error));
    return ack;
}

}  // namespace paso
