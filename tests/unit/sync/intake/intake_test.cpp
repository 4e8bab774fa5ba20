#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "sync/intake/intake.hpp"
#include "sync/keys/key_ring.hpp"
#include "sync/store/sqlite_store.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/support/chains.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

const StationId k1 = *StationId::parse("uto-001-k1");
const StationId k2 = *StationId::parse("uto-001-k2");

KeyRing make_keys(test::ManualEnv& e, const std::string& folder) {
    for (const char* file : {"tls.key", "tls.crt", "ca.crt"}) {
        e.files.content[folder + "/" + file] = to_bytes(as_bytes("-----BEGIN X-----\n"));
    }
    auto ring = KeyRing::open(e.env, folder);
    if (!ring) FAIL(describe(ring.error()));
    return std::move(*ring);
}

struct Centre {
    sim::SimDisk disk{"intake", 1};
    asio::io_context context;
    test::ManualEnv e;
    test::MemoryLog log;
    KeyRing key1 = make_keys(e, "one");
    KeyRing key2 = make_keys(e, "two");
    std::unique_ptr<SqliteStore> store =
        std::move(*SqliteStore::open({"/s.db", disk.vfs(), false}, e.env, context.get_executor()));
    Intake intake{
        e.env, log, *store, {{k1.text(), {k1, key1.log_public_key()}}, {k2.text(), {k2, key2.log_public_key()}}}};
    Router router;
    Centre() { intake.add_routes(router); }

    BatchView batch(const std::vector<test::MadeEvent>& events, const KeyRing& key) const {
        BatchView b;
        b.station = events.front().header.station;
        b.epoch = events.front().header.position.epoch;
        b.first_sequence = events.front().header.position.sequence;
        for (const auto& made : events) b.events.push_back({made.bytes, made.salt, made.body});
        sign(b, events.back().hash, key);
        return b;
    }
    static void sign(BatchView& b, const Digest& head, const KeyRing& key) {
        b.head = head;
        b.signature = key.sign(signed_head(b.station, b.epoch, b.first_sequence + b.events.size() - 1, head));
    }
    Result<Ack> accept(const std::string& peer, const BatchView& b) {
        return test::run(context, intake.accept(peer, b));
    }
    std::string code(const std::string& peer, const BatchView& b) {
        const auto done = accept(peer, b);
        return done ? "" : std::string{done.error().code};
    }
    std::size_t stored() { return test::run(context, store->events_after(0, 10'000))->size(); }
    Response post(const std::string& peer, const std::string& id, Bytes body) {
        Request r;
        r.method = Method::post;
        r.body = std::move(body);
        r.peer.name = peer;
        r.parameters["id"] = id;
        return test::run(context, router.routes()[0].handler(r));
    }
    Response get(const std::string& peer, const std::string& id, const std::string& query = {}) {
        Request r;
        r.query = query;
        r.peer.name = peer;
        r.parameters["id"] = id;
        return test::run(context, router.routes()[1].handler(r));
    }
};

}  // namespace

TEST_CASE("a good batch is stored, acknowledged after the commit, and told of") {
    Centre c;
    int told = 0;
    c.intake.on_commit([&] { ++told; });
    const auto chain = test::make_chain(k1, 5, 1, 4, {}, "body");
    const auto ack = c.accept(k1.text(), c.batch(chain, c.key1));
    REQUIRE(ack);
    CHECK(ack->stored == Position{5, 4});
    CHECK(ack->head == chain[3].hash);
    CHECK(ack->store_epoch == c.store->store_epoch());
    CHECK(ack->server_time == c.e.clock.wall());
    CHECK(ack->credits > 0);
    CHECK(told == 1);
    CHECK(c.accept(k1.text(), c.batch(chain, c.key1)));  // once more: the same answer, nothing doubled
    CHECK(told == 1);
    CHECK(c.stored() == 4);
}

TEST_CASE("each kind of wrong batch is an error by value, and what was stored stays") {
    Centre c;
    const auto chain = test::make_chain(k1, 5, 1, 8, {}, "body");
    const auto part = [&](std::size_t first, std::size_t last) {
        return std::vector<test::MadeEvent>(chain.begin() + static_cast<std::ptrdiff_t>(first) - 1,
                                            chain.begin() + static_cast<std::ptrdiff_t>(last));
    };
    REQUIRE(c.accept(k1.text(), c.batch(part(1, 3), c.key1)));
    const auto rest = part(4, 8);  // what the views show
    const BatchView good = c.batch(rest, c.key1);

    SECTION("foreign station id") {
        CHECK(c.code(k2.text(), good) == "wire.station");
        CHECK(c.code("", good) == "wire.station");
        const auto unknown = test::make_chain(*StationId::parse("uto-009-k9"), 5, 1, 2, {}, "x");
        CHECK(c.code("uto-009-k9", c.batch(unknown, c.key1)) == "wire.station");
        auto mixed = part(4, 6);
        mixed[1] = test::make_event(k2, {5, 5}, mixed[0].hash, "foreign");
        BatchView b = c.batch(mixed, c.key1);
        CHECK(c.code(k1.text(), b) == "chain.station");
    }
    SECTION("signature") {
        CHECK(c.code(k1.text(), c.batch(part(4, 8), c.key2)) == "wire.signature");
        BatchView b = good;
        b.signature[10] ^= std::byte{1};
        CHECK(c.code(k1.text(), b) == "wire.signature");
        b = good;
        b.events.pop_back();
        CHECK(c.code(k1.text(), b) == "wire.signature");
    }
    SECTION("hash of the head") {
        BatchView b = good;
        Centre::sign(b, chain[6].hash, c.key1);
        CHECK(c.code(k1.text(), b) == "wire.hash");
    }
    SECTION("body, salt, header") {
        BatchView b = good;
        const Bytes other = to_bytes(as_bytes("another body"));
        b.events[2].body = other;
        CHECK(c.code(k1.text(), b) == "chain.body");
        b = good;
        b.events[2].salt[0] ^= std::byte{1};
        CHECK(c.code(k1.text(), b) == "chain.body");
        for (std::size_t at = 0; at < chain[5].bytes.size(); ++at) {
            Bytes header = chain[5].bytes;
            header[at] ^= std::byte{1};
            b = good;
            b.events[2].header = header;
            CHECK(c.code(k1.text(), b) != "");
        }
    }
    SECTION("gap, inside and before") {
        BatchView b = good;
        b.events.erase(b.events.begin() + 1);
        Centre::sign(b, chain[7].hash, c.key1);
        CHECK(c.code(k1.text(), b) == "chain.gap");
        const auto before = c.accept(k1.text(), c.batch(part(6, 8), c.key1));
        REQUIRE_FALSE(before);
        CHECK(before.error().code == "wire.gap");
        CHECK(before.error().detail == "expected sequence 4");
    }
    SECTION("does not follow what is stored") {
        const auto other = test::make_chain(k1, 5, 4, 6, chain[6].hash, "other");
        CHECK(c.code(k1.text(), c.batch(other, c.key1)) == "wire.fork");
    }
    SECTION("empty") {
        BatchView b = good;
        b.events.clear();
        CHECK(c.code(k1.text(), b) == "wire.batch");
    }
    CHECK(c.stored() == 3);
    CHECK(c.accept(k1.text(), good)->stored == Position{5, 8});
    CHECK(c.stored() == 8);
}

TEST_CASE("a fork is kept and shown") {
    Centre c;
    const auto chain = test::make_chain(k1, 5, 1, 5, {}, "body");
    REQUIRE(c.accept(k1.text(), c.batch(chain, c.key1)));
    auto other = std::vector<test::MadeEvent>(chain.begin(), chain.begin() + 2);
    for (auto& e : test::make_chain(k1, 5, 3, 4, chain[1].hash, "other")) other.push_back(e);
    const auto ack = c.accept(k1.text(), c.batch(other, c.key1));
    REQUIRE(ack);
    CHECK(ack->stored == Position{5, 5});
    CHECK(ack->head == chain[4].hash);
    CHECK(c.stored() == 7);
    const auto incidents = *test::run(c.context, c.store->incidents(9));
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].code == "wire.fork");
    CHECK(incidents[0].position == Position{5, 3});
}

TEST_CASE("a station's clock far ahead is stored and shown") {
    Centre c;
    c.e.clock.wall_now = {1'795'000'000'000 - 10 * 60 * 1000};
    REQUIRE(c.accept(k1.text(), c.batch(test::make_chain(k1, 5, 1, 2, {}, "body"), c.key1)));
    const auto incidents = *test::run(c.context, c.store->incidents(9));
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].code == "wire.clock");
    CHECK(c.stored() == 2);
}

TEST_CASE("two intakes race on one store: once each") {
    Centre c;
    Intake second{c.e.env, c.log, *c.store, {{k1.text(), {k1, c.key1.log_public_key()}}}};
    const auto chain = test::make_chain(k1, 5, 1, 60, {}, "body");
    int good = 0;
    const auto send = [&](Intake& intake, std::size_t first, std::size_t last) -> Async<void> {
        const std::vector<test::MadeEvent> events(chain.begin() + static_cast<std::ptrdiff_t>(first) - 1,
                                                  chain.begin() + static_cast<std::ptrdiff_t>(last));
        if (co_await intake.accept(k1.text(), c.batch(events, c.key1))) ++good;
    };
    for (std::size_t first = 1; first <= 60; first += 6) {
        for (Intake* intake : {&c.intake, &second}) {
            asio::co_spawn(c.context, send(*intake, first, first + 5), asio::detached);
            asio::co_spawn(c.context, send(*intake, first > 6 ? first - 6 : 1, first + 2), asio::detached);
        }
        c.context.restart();
        c.context.run();
    }
    CHECK(good == 40);
    CHECK(c.stored() == 60);
    CHECK(test::run(c.context, c.store->incidents(9))->empty());
}

TEST_CASE("the routes answer with proper status codes") {
    Centre c;
    const auto chain = test::make_chain(k1, 5, 1, 6, {}, "body");
    const auto part = [&](std::ptrdiff_t first, std::ptrdiff_t last) {
        return encode_batch(c.batch({chain.begin() + first - 1, chain.begin() + last}, c.key1));
    };
    CHECK(decode_ack(c.get(k1.text(), k1.text()).body)->stored == Position{});
    const Response good = c.post(k1.text(), k1.text(), part(1, 3));
    CHECK(good.status == 200);
    CHECK(good.header("content-type") == "application/cbor");
    CHECK(decode_ack(good.body)->stored == Position{5, 3});
    CHECK(decode_ack(c.get(k1.text(), k1.text()).body)->stored == Position{5, 3});
    CHECK(decode_ack(c.get(k1.text(), k1.text(), "epoch=5").body)->head == chain[2].hash);
    CHECK(decode_ack(c.get(k1.text(), k1.text(), "epoch=6").body)->stored == Position{6, 0});

    CHECK(c.post(k1.text(), k1.text(), to_bytes(as_bytes("nonsense"))).status == 400);
    CHECK(c.post(k1.text(), k1.text(), {}).status == 400);
    CHECK(c.post(k1.text(), k2.text(), part(4, 6)).status == 403);
    CHECK(c.post(k2.text(), k1.text(), part(4, 6)).status == 403);
    CHECK(c.post("", k1.text(), part(4, 6)).status == 403);
    CHECK(c.post(k1.text(), "../../etc", part(4, 6)).status == 403);
    CHECK(c.post(k1.text(), k1.text(), part(5, 6)).status == 409);
    CHECK(c.post(k1.text(), k1.text(), Bytes(max_batch_bytes + 1)).status == 413);
    CHECK(c.get(k2.text(), k1.text()).status == 403);
    CHECK(c.get(k1.text(), k1.text(), "epoch=").status == 400);
    CHECK(c.get(k1.text(), k1.text(), "epoch=-1").status == 400);
    CHECK(c.get(k1.text(), k1.text(), "epoch=18446744073709551615").status == 400);
    CHECK(c.get(k1.text(), k1.text(), "other=1").status == 400);
    c.disk.power_cut();
    CHECK(c.post(k1.text(), k1.text(), part(4, 6)).status == 503);
    CHECK(c.log.codes.size() >= 13);
}
