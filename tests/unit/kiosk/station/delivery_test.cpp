// Delivery over a simulated network to a peer that acknowledges everything, or is not there.
#include "kiosk/station/delivery.hpp"

#include <catch2/catch.hpp>

#include "sync/http/server.hpp"
#include "sync/net/start.hpp"
#include "sync/wire/batch.hpp"
#include "tests/simulation/machines.hpp"
#include "tests/support/certificates.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const StationId k1 = *StationId::parse("uto-001-k1");

struct Post {
    test::DemoAuthority authority{"Demo authority"};
    sim::World world{7};
    sim::SimNetwork network{world};
    sim::SimDisk disk{"delivery-test", 1, &world.clock};
    sim::SimFiles files;
    sim::SimEntropy entropy{5};
    sim::SimLog log{world, "k1"};
    Env env{world.clock, entropy, files};
    std::unique_ptr<Network> mine = network.node(k1.text());
    std::unique_ptr<Network> theirs = network.node("peers");
    std::unique_ptr<Journal> journal;
    std::optional<KeyRing> keys;
    std::vector<ClockState> told;
    std::int64_t told_off = 0;
    std::chrono::milliseconds ahead{0};  // the peers' clocks
    struct Memory {
        Position stored{};
        Digest head{};
    };
    std::map<Address, Memory> memories;  // what each peer has

    Post() {
        const TlsIdentity own = authority.issue(k1.text(), "");
        files.content["k/tls.key"] = to_bytes(as_bytes(own.private_key));
        files.content["k/tls.crt"] = to_bytes(as_bytes(own.certificate_chain));
        files.content["k/ca.crt"] = to_bytes(as_bytes(own.trusted));
        keys = std::move(*KeyRing::open(env, "k"));
        journal = std::move(*Journal::open({"/j.db", disk.vfs(), k1, false, 0}, env, world.context.get_executor()));
    }
    void append(int n) {
        for (int i = 0; i < n; ++i) {
            EventDraft draft;
            draft.body = to_bytes(as_bytes("body"));
            start(world.context.get_executor(), [](Journal& j, EventDraft d) -> Async<void> {
                REQUIRE(co_await j.append(std::move(d)));
            }(*journal, std::move(draft)));
        }
        world.settle();
    }
    std::unique_ptr<Server> peer(const Address& at) {
        Router router;
        const auto answer = [this, &memory = memories[at]](const Request& r) -> Async<Response> {
            if (r.method == Method::post) {
                const auto batch = decode_batch(r.body);
                if (!batch) co_return respond_error(400, batch.error());
                memory.stored = {batch->epoch, batch->first_sequence + batch->events.size() - 1};
                memory.head = batch->head;
            }
            const Ack ack{42, memory.stored, memory.head, env.clock.wall() + ahead, max_batch_events, {}};
            co_return respond(200, "application/cbor", encode_ack(ack));
        };
        router.add(Method::get, "/v1/stations/{id}/cursor", answer);
        router.add(Method::post, "/v1/stations/{id}/batches", answer);
        ServerOptions options;
        options.tls = authority.issue("peers", "DNS:peers");
        options.demand_certificate = true;
        return std::make_unique<Server>(env, log, std::move(*theirs->listen(at)), std::move(router),
                                        std::move(options));
    }
    // Some time with a desk, and a centre if it answers.
    void deliver(bool centre_answers, Duration time, int hours_in_between = 0) {
        std::vector<std::unique_ptr<Server>> servers;
        servers.push_back(peer("sim:peers:1"));
        if (centre_answers) servers.push_back(peer("sim:peers:2"));
        Delivery delivery(env, log, *mine, *journal, *keys, k1,
                          {{"desk", "sim:peers:1", "peers"}, {"centre", "sim:peers:2", "peers"}},
                          [this](ClockState s, std::int64_t off) {
                              told.push_back(s);
                              told_off = off;
                          });
        for (const auto& server : servers) start(world.context.get_executor(), server->run());
        start(world.context.get_executor(), delivery.run());
        world.run_until(world.clock.mono() + time);
        if (hours_in_between > 0) {
            world.clock.set(world.clock.mono() + std::chrono::hours{hours_in_between});
            world.run_until(world.clock.mono() + time);
        }
        CHECK(delivery.status("desk").connected);
        CHECK(delivery.status("centre").connected == centre_answers);
        CHECK_FALSE(delivery.status("nobody").connected);
        delivery.stop();
        for (const auto& server : servers) server->stop();
        world.run_until(world.clock.mono() + 200s);
    }
    [[nodiscard]] std::uint64_t gone() {
        std::uint64_t out = 0;
        start(world.context.get_executor(), [](Journal& j, std::uint64_t& to) -> Async<void> {
            to = (co_await j.kept_after(j.head().epoch))->sequence;
        }(*journal, out));
        world.settle();
        return out;
    }
    void days_go_by(int n) { world.clock.set(world.clock.mono() + std::chrono::hours{24 * n}); }
};

}  // namespace

TEST_CASE("what every peer has stays thirty days, then goes") {
    Post post;
    post.append(5);
    post.deliver(true, 60s);
    CHECK(post.gone() == 0);
    post.days_go_by(29);
    post.append(1);
    post.deliver(true, 60s);
    CHECK(post.gone() == 0);
    post.days_go_by(2);
    post.deliver(true, 60s);
    CHECK(post.gone() == 5);
}

TEST_CASE("what one peer lacks stays however old it is") {
    Post post;
    post.append(5);
    post.deliver(false, 60s);
    post.days_go_by(40);
    post.deliver(false, 60s);
    CHECK(post.gone() == 0);
    post.deliver(true, 60s);
    CHECK(post.gone() == 0);  // it arrived after the look of this start
    SECTION("the next start looks") {
        post.deliver(true, 60s);
        CHECK(post.gone() == 5);
    }
}

TEST_CASE("a station that runs on looks once a day") {
    Post post;
    post.append(5);
    post.days_go_by(40);
    post.deliver(true, 60s, 1);
    CHECK(post.gone() == 0);
    post.append(1);
    post.days_go_by(40);
    post.deliver(true, 60s, 23);
    CHECK(post.gone() == 5);
    post.append(1);
    post.days_go_by(40);
    post.deliver(true, 60s, 25);
    CHECK(post.gone() == 7);
}

TEST_CASE("while the clock is unsure nothing is let go") {
    Post post;
    post.append(5);
    post.deliver(true, 60s);
    post.world.clock.state_now = ClockState::unsure;
    post.days_go_by(400);
    post.deliver(true, 60s);
    CHECK(post.gone() == 0);
}

TEST_CASE("the clock is sure while a peer's is within five minutes") {
    Post post;
    SECTION("near") {
        post.ahead = 4min;
        post.deliver(true, 10s);
        REQUIRE_FALSE(post.told.empty());
        CHECK(post.told.back() == ClockState::sure);
    }
    SECTION("far") {
        post.ahead = -6min;
        post.deliver(true, 10s);
        REQUIRE_FALSE(post.told.empty());
        CHECK(post.told.back() == ClockState::unsure);
        CHECK(post.told_off < -350'000);
        CHECK(post.told_off > -370'000);
    }
}
