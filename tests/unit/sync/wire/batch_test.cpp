#include <catch2/catch.hpp>

#include "core/encoding/cbor.hpp"
#include "sync/wire/batch.hpp"
#include "tests/support/chains.hpp"

using namespace paso;

namespace {

const StationId station = *StationId::parse("uto-001-k1");

BatchView view_of(const std::vector<test::MadeEvent>& events) {
    BatchView b;
    b.station = station;
    b.epoch = events.front().header.position.epoch;
    b.first_sequence = events.front().header.position.sequence;
    b.store_epoch_seen = 99;
    for (const auto& e : events) b.events.push_back({e.bytes, e.salt, e.body});
    b.head = events.back().hash;
    b.signature.fill(std::byte{7});
    return b;
}

}  // namespace

TEST_CASE("a batch comes back as it went in, as views into the bytes") {
    const auto events = test::make_chain(station, 5, 3, 6, {}, "body");
    for (const bool seen : {true, false}) {
        BatchView batch = view_of(events);
        if (!seen) batch.store_epoch_seen.reset();
        const Bytes bytes = encode_batch(batch);
        REQUIRE(check_canonical(bytes));
        const auto back = decode_batch(bytes);
        REQUIRE(back);
        CHECK(back->station == station);
        CHECK(back->epoch == 5);
        CHECK(back->first_sequence == 3);
        CHECK(back->store_epoch_seen == batch.store_epoch_seen);
        CHECK(back->head == batch.head);
        CHECK(back->signature == batch.signature);
        REQUIRE(back->events.size() == 4);
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(to_bytes(back->events[i].header) == events[i].bytes);
            CHECK(to_bytes(back->events[i].body) == events[i].body);
            CHECK(back->events[i].salt == events[i].salt);
            CHECK(back->events[i].header.data() >= bytes.data());
            CHECK(back->events[i].header.data() < bytes.data() + bytes.size());
        }
        CHECK(encode_batch(*back) == bytes);
    }
}

TEST_CASE("every cut of a batch and of an answer is an error with its place") {
    const Bytes batch = encode_batch(view_of(test::make_chain(station, 5, 1, 2, {}, "body")));
    for (std::size_t n = 0; n < batch.size(); ++n) {
        const auto cut = decode_batch(ByteView{batch}.first(n));
        REQUIRE_FALSE(cut);
        CHECK(cut.error().code == "wire.batch");
        CHECK(cut.error().place.offset);
    }
    Ack ack{7, {5, 3}, {}, {1'795'000'000'123}, 50, {{5, 1}, {5, 2}}};
    ack.head.fill(std::byte{9});
    const Bytes bytes = encode_ack(ack);
    CHECK(*decode_ack(bytes) == ack);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_ack(ByteView{bytes}.first(n)));
    Bytes longer = bytes;
    longer.push_back(std::byte{0});
    CHECK_FALSE(decode_ack(longer));
}

TEST_CASE("another version is named, whatever else it holds") {
    CborWriter w;
    w.map(9).key(0).unsigned_integer(2);
    for (int k = 1; k < 9; ++k) w.key(k).text("something new");
    for (const auto& error : {decode_batch(w.view()).error(), decode_ack(w.view()).error()}) {
        CHECK(error.code == "wire.version");
        CHECK(error.detail == "made for version 2, this program speaks 1");
    }
}

TEST_CASE("sizes are bounded before anything is kept") {
    Bytes huge(max_batch_bytes + 1);
    CHECK(decode_batch(huge).error().code == "wire.too_large");
    const auto one = test::make_chain(station, 5, 1, 1, {}, "b");
    BatchView many = view_of(one);
    for (std::size_t i = 0; i < max_batch_events; ++i) many.events.push_back(many.events.front());
    CHECK(decode_batch(encode_batch(many)).error().code == "wire.too_large");
    // A length of 2^60 events, none of them there.
    CborWriter w;
    w.map(8).key(0).unsigned_integer(1).key(1).text("uto").key(2).unsigned_integer(1).key(3).unsigned_integer(1);
    w.key(4).null().key(5).array(std::uint64_t{1} << 60U);
    CHECK_FALSE(decode_batch(w.view()));
}

TEST_CASE("values out of range are errors") {
    const auto events = test::make_chain(station, 5, 1, 1, {}, "b");
    const auto broken = [&](auto change) {
        BatchView b = view_of(events);
        change(b);
        const auto back = decode_batch(encode_batch(b));
        return !back && back.error().code == "wire.batch";
    };
    CHECK(broken([](BatchView& b) { b.events.clear(); }));
    CHECK(broken([](BatchView& b) { b.epoch = 0; }));
    CHECK(broken([](BatchView& b) { b.epoch = std::uint64_t{1} << 63U; }));
    CHECK(broken([](BatchView& b) { b.first_sequence = 0; }));
    CHECK(broken([](BatchView& b) { b.first_sequence = ~std::uint64_t{0}; }));
    CHECK(broken([](BatchView& b) { b.station = {}; }));
    Ack ack;
    ack.credits = 0;
    CHECK_FALSE(decode_ack(encode_ack(ack)));
}

TEST_CASE("what is signed depends on each of its parts") {
    const Digest head{};
    Digest other{};
    other[0] = std::byte{1};
    const Bytes base = signed_head(station, 1, 2, head);
    CHECK(base != signed_head(*StationId::parse("uto-001-k2"), 1, 2, head));
    CHECK(base != signed_head(station, 2, 2, head));
    CHECK(base != signed_head(station, 1, 3, head));
    CHECK(base != signed_head(station, 1, 2, other));
}
