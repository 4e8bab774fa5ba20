#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "core/crossing/crossing.hpp"
#include "sync/http/server.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/simulation/machines.hpp"
#include "tests/support/certificates.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const StationId k1 = *StationId::parse("uto-001-k1");

// A station's journal and uplink, and a peer that answers as the test says.
struct Line {
    sim::World world{7};
    sim::SimNetwork network{world};
    sim::SimDisk disk{"uplink-test", 1, &world.clock};
    sim::SimFiles files;
    sim::SimEntropy entropy{5};
    sim::SimLog log{world, "k1"};
    Env env{world.clock, entropy, files};
    std::unique_ptr<Network> mine = network.node(k1.text());
    std::unique_ptr<Network> theirs = network.node("centre");
    std::unique_ptr<Journal> journal;
    std::unique_ptr<KeyRing> keys;
    std::unique_ptr<Uplink> uplink;
    std::unique_ptr<Server> server;
    bool ended = false;

    struct Seen {
        Request request;
        MonoTime at{};
    };
    std::vector<Seen> seen;
    std::function<Response(const Request&)> peer;

    Line() {
        for (const char* file : {"k/tls.key", "k/tls.crt", "k/ca.crt"}) {
            files.content[file] = to_bytes(as_bytes("-----BEGIN NOTHING-----\n"));
        }
        keys = std::make_unique<KeyRing>(std::move(*KeyRing::open(env, "k")));
        const JournalOptions options{"/j.db", disk.vfs(), k1, false, 0};
        journal = std::move(*Journal::open(options, env, world.context.get_executor()));
        ClientOptions to;
        to.address = "sim:centre:1";
        to.server_name = "centre";
        uplink = std::make_unique<Uplink>(env, log, *mine, *journal, *keys, k1, "centre", to);
        Router router;
        const auto handle = [this](const Request& r) -> Async<Response> {
            seen.push_back({r, world.clock.mono()});
            co_return peer(r);
        };
        router.add(Method::get, "/v1/stations/{id}/cursor", handle);
        router.add(Method::post, "/v1/stations/{id}/batches", handle);
        server = std::make_unique<Server>(env, log, std::move(*theirs->listen("sim:centre:1")), std::move(router),
                                          ServerOptions{});
    }
    ~Line() {
        uplink->stop();
        server->stop();
        world.run_until(world.clock.mono() + 200s, [this] { return ended; });
        world.run_until(world.clock.mono() + 1s);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    void start() {
        asio::co_spawn(world.context, server->run(), asio::detached);
        asio::co_spawn(world.context, uplink->run(), [this](const std::exception_ptr& e) {
            ended = true;
            if (e) std::rethrow_exception(e);
        });
    }
    void append(int n) {
        for (int i = 0; i < n; ++i) {
            EventDraft draft;
            draft.body = to_bytes(as_bytes("body"));
            asio::co_spawn(world.context, journal->append(std::move(draft)), asio::detached);
        }
        world.settle();
    }
    void pass(Duration time) { world.run_until(world.clock.mono() + time); }
    // What an honest peer says to a batch or to a question.
    Response honest(const Request& r) {
        if (r.method == Method::post) {
            const auto batch = decode_batch(r.body);
            if (!batch) return respond_error(400, batch.error());
            if (batch->first_sequence > stored.sequence + 1) return Response{409, {}, {}};
            sizes.push_back(batch->events.size());
            stored = {batch->epoch, batch->first_sequence + batch->events.size() - 1};
            head = batch->head;
            signature_good = ed25519_verify(keys->log_public_key(),
                                            signed_head(k1, stored.epoch, stored.sequence, head), batch->signature);
        }
        Ack ack{store_epoch, stored, head, env.clock.wall() + ahead, credits, {}};
        return respond(200, "application/cbor", encode_ack(ack));
    }
    std::vector<std::size_t> sizes;
    Position stored{};
    Digest head{};
    std::uint64_t store_epoch = 42;
    std::uint32_t credits = max_batch_events;
    std::chrono::milliseconds ahead{0};
    bool signature_good = false;
};

}  // namespace

TEST_CASE("batches grow from 1 to the credits while there is a backlog") {
    Line line;
    line.append(300);
    line.credits = 64;
    line.peer = [&](const Request& r) { return line.honest(r); };
    line.start();
    line.pass(10s);
    CHECK(line.stored == line.journal->head());
    CHECK(line.signature_good);
    CHECK(line.sizes == std::vector<std::size_t>{1, 2, 4, 8, 16, 32, 64, 64, 64, 45});
    CHECK(line.uplink->status().connected);
    CHECK(line.uplink->status().stored == line.journal->head());
    CHECK(line.uplink->status().last_error.empty());
}

TEST_CASE("an event goes out as soon as it is appended, and silence is broken by a heartbeat") {
    Line line;
    line.peer = [&](const Request& r) { return line.honest(r); };
    line.start();
    line.pass(1s);
    REQUIRE(line.seen.size() == 1);
    const MonoTime before = line.world.clock.mono();
    line.append(1);
    line.pass(500ms);
    REQUIRE(line.seen.size() == 2);
    CHECK(line.seen[1].at - before < 100ms);
    line.pass(45s);
    CHECK(line.seen.size() == 4);
    CHECK(line.seen[3].request.method == Method::get);
}

TEST_CASE("pauses grow to a minute with jitter, and end with the first answer") {
    Line line;
    line.append(1);
    line.peer = [](const Request&) { return Response{503, {}, {}}; };
    line.start();
    line.pass(600s);
    REQUIRE(line.seen.size() > 10);
    CHECK(line.seen.size() < 40);
    std::set<std::int64_t> long_pauses;
    for (std::size_t i = 1; i < line.seen.size(); ++i) {
        const Duration pause = line.seen[i].at - line.seen[i - 1].at;
        CHECK(pause > 240ms);
        CHECK(pause < 61s);
        if (i > 9) {
            CHECK(pause > 29s);
            long_pauses.insert(pause.count());
        }
    }
    CHECK(long_pauses.size() > 3);
    CHECK(line.uplink->status().last_error == "uplink.peer_busy");
    CHECK_FALSE(line.uplink->status().connected);
    line.peer = [&](const Request& r) { return line.honest(r); };
    line.pass(62s);
    CHECK(line.stored == line.journal->head());
}

TEST_CASE("answers that cannot be believed move nothing") {
    Line line;
    line.append(3);
    const auto wrong = GENERATE(0, 1, 2, 3);
    line.peer = [&](const Request& r) {
        if (wrong == 0) return respond(200, "application/cbor", as_bytes("nonsense"));
        if (wrong == 1) return Response{200, {}, {}};
        if (wrong == 2) return Response{403, {}, {}};
        const Position before = line.stored;
        Response out = line.honest(r);
        line.stored = before;  // says yes and has nothing
        const Ack ack{42, before, {}, line.env.clock.wall(), 10, {}};
        out.body = encode_ack(ack);
        return out;
    };
    line.start();
    line.pass(30s);
    CHECK_FALSE(line.uplink->status().last_error.empty());
    CHECK(line.uplink->status().stored == Position{});
    if (wrong == 2) CHECK(line.uplink->status().last_error == "uplink.station");
    line.peer = [&](const Request& r) { return line.honest(r); };
    line.pass(120s);
    CHECK(line.stored == line.journal->head());
}

TEST_CASE("a store made anew is asked where it is, and gets everything again") {
    Line line;
    line.append(10);
    line.peer = [&](const Request& r) { return line.honest(r); };
    line.start();
    line.pass(5s);
    REQUIRE(line.stored.sequence == 10);
    line.store_epoch = 43;
    line.stored = {};
    line.sizes.clear();
    line.append(1);
    line.pass(60s);
    CHECK(line.stored.sequence == 11);
    std::size_t sum = 0;
    for (const std::size_t n : line.sizes) sum += n;
    CHECK(sum >= 11);
}

TEST_CASE("the peer's clock is compared, with how wrong that may be") {
    Line line;
    line.ahead = -90s;
    line.peer = [&](const Request& r) { return line.honest(r); };
    CHECK(line.uplink->status().clock_uncertainty_ms == -1);
    line.start();
    line.pass(2s);
    const auto status = line.uplink->status();
    CHECK(status.clock_uncertainty_ms > 0);
    CHECK(status.clock_uncertainty_ms < 100);
    CHECK(std::abs(status.clock_offset_ms + 90'000) <= status.clock_uncertainty_ms);
}

TEST_CASE("stop ends it at any moment") {
    for (int ms = 0; ms < 120; ms += 3) {
        Line line;
        line.append(40);
        line.peer = [&](const Request& r) { return line.honest(r); };
        line.start();
        line.pass(std::chrono::milliseconds{ms});
        line.uplink->stop();
        CHECK(line.world.run_until(line.world.clock.mono() + 15s, [&] { return line.ended; }));
    }
}

namespace {

// A real station and a real centre.
struct Pair {
    sim::World world{11};
    sim::SimNetwork network{world};
    sim::Ledger ledger;
    sim::CentreMachine centre{world, network, ledger, "uplink-centre"};
    sim::StationMachine station{world, network, ledger, k1.text(), "uplink-station"};
    Pair() {
        centre.enrol(k1, station.log_key());
        centre.boot();
        station.boot();
    }
    ~Pair() {
        centre.shut_down();
        station.shut_down();
        world.run_until(world.clock.mono() + 300s, [&] { return centre.quiet() && station.quiet(); });
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    void pass(Duration time) { world.run_until(world.clock.mono() + time); }
    std::vector<ArrivedEvent> arrived() {
        std::vector<ArrivedEvent> out;
        asio::co_spawn(world.context, centre.store()->events_after(0, 10'000),
                       [&](const std::exception_ptr&, Result<std::vector<ArrivedEvent>> all) { out = *all; });
        world.settle();
        return out;
    }
    std::map<std::string, Bytes> copy_of(sim::Machine& machine) {
        std::map<std::string, Bytes> out;
        for (const std::string& path : machine.disk().files()) out[path] = machine.disk().read(path);
        return out;
    }
    void put_back(sim::Machine& machine, const std::map<std::string, Bytes>& copy) {
        for (const std::string& path : machine.disk().files()) machine.disk().remove(path);
        for (const auto& [path, content] : copy) machine.disk().write(path, content);
    }
    // Every body that was ever confirmed is at the centre.
    bool nothing_lost() {
        std::set<Bytes> bodies;
        for (const ArrivedEvent& e : arrived()) bodies.insert(e.body);
        for (const Bytes& body : confirmed) {
            if (bodies.count(body) == 0) return false;
        }
        return true;
    }
    void remember() {
        for (const auto& [position, body] : ledger.confirmed[k1]) confirmed.insert(body);
        ledger.confirmed.clear();
    }
    std::set<Bytes> confirmed;
};

bool told_of_rollback(const std::vector<ArrivedEvent>& all) {
    for (const ArrivedEvent& e : all) {
        if (e.header.kind != EventKind::incident) continue;
        const auto note = decode_note(ByteView{e.body}.subspan(1));
        if (note && note->code == "uplink.rolled_back") return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a station whose disk is older begins a new epoch and says so") {
    Pair pair;
    pair.pass(60s);
    pair.station.crash();
    const auto older = pair.copy_of(pair.station);
    pair.station.boot();
    pair.pass(120s);
    const Position reached = pair.station.acknowledged();
    REQUIRE(reached == pair.station.head());
    pair.station.crash();
    pair.remember();
    pair.put_back(pair.station, older);
    // While it is cut off it goes on, and confirms other events at places that the centre has already.
    const bool went_on = GENERATE(false, true);
    pair.network.partition(went_on);
    pair.station.boot();
    pair.pass(went_on ? 400s : 1s);
    if (went_on) CHECK(pair.station.head().sequence > reached.sequence);
    pair.network.partition(false);
    pair.pass(200s);
    pair.station.quiet_down();
    pair.pass(60s);
    pair.remember();
    CHECK(pair.station.head().epoch != reached.epoch);
    CHECK(pair.station.acknowledged() == pair.station.head());
    CHECK(pair.nothing_lost());
    const auto all = pair.arrived();
    CHECK(told_of_rollback(all));
    const auto forks = std::count_if(all.begin(), all.end(), [](const auto& e) { return e.fork; });
    CHECK(forks > 0);
}

TEST_CASE("a station with an empty disk and the same key goes on in its own epoch") {
    Pair pair;
    pair.pass(60s);
    const Position before = pair.station.head();
    pair.station.crash();
    pair.remember();
    pair.put_back(pair.station, {});
    pair.station.boot();
    pair.pass(100s);
    pair.station.quiet_down();
    pair.pass(30s);
    pair.remember();
    CHECK(pair.station.head().epoch != before.epoch);
    CHECK(pair.station.acknowledged() == pair.station.head());
    CHECK(pair.nothing_lost());
}

TEST_CASE("a centre that was made anew gets everything") {
    Pair pair;
    pair.pass(120s);
    pair.centre.crash();
    pair.put_back(pair.centre, {});
    pair.centre.restored();
    pair.ledger.acknowledged.clear();
    pair.centre.boot();
    pair.pass(120s);
    pair.station.quiet_down();
    pair.pass(60s);
    pair.remember();
    CHECK(pair.nothing_lost());
    CHECK(pair.arrived().size() == pair.confirmed.size());
}

namespace {

// Mutual TLS over the simulated network: here only certificates name anybody.
struct SecureLine {
    sim::World world{13};
    sim::SimNetwork network{world};
    sim::SimDisk station_disk{"secure-station", 1, &world.clock};
    sim::SimDisk centre_disk{"secure-centre", 2, &world.clock};
    sim::SimFiles files;
    sim::SimEntropy entropy{5};
    sim::SimLog log{world, "both"};
    Env env{world.clock, entropy, files};
    test::DemoAuthority authority{"Demo authority"};
    std::unique_ptr<Network> mine = network.node("an address, not a name");
    std::unique_ptr<Network> theirs = network.node("another address");
    bool ended = false;

    // How many events arrive from a station with this identity.
    std::size_t deliver(std::optional<TlsIdentity> identity, std::string& last_error) {
        for (const char* file : {"k/tls.key", "k/tls.crt", "k/ca.crt"}) {
            files.content[file] = to_bytes(as_bytes("-----BEGIN NOTHING-----\n"));
        }
        const auto executor = world.context.get_executor();
        const KeyRing keys = std::move(*KeyRing::open(env, "k"));
        auto journal = std::move(*Journal::open({"/j.db", station_disk.vfs(), k1, false, 0}, env, executor));
        auto store = std::move(*SqliteStore::open({"/s.db", centre_disk.vfs(), false}, env, executor));
        Intake intake{env, log, *store, {{k1.text(), {k1, keys.log_public_key()}}}};
        Router router;
        intake.add_routes(router);
        ServerOptions options;
        options.tls = authority.issue("centre", "DNS:centre");
        options.demand_certificate = true;
        Server server{env, log, std::move(*theirs->listen("sim:centre:1")), std::move(router), options};
        ClientOptions to;
        to.address = "sim:centre:1";
        to.server_name = "centre";
        to.tls = std::move(identity);
        Uplink uplink{env, log, *mine, *journal, keys, k1, "centre", to};
        bool served = false;
        asio::co_spawn(world.context, server.run(), [&](const std::exception_ptr&) { served = true; });
        asio::co_spawn(world.context, uplink.run(), [&](const std::exception_ptr&) { ended = true; });
        for (int i = 0; i < 5; ++i) {
            EventDraft draft;
            draft.body = to_bytes(as_bytes("body"));
            asio::co_spawn(world.context, journal->append(std::move(draft)), asio::detached);
        }
        world.run_until(world.clock.mono() + 30s);
        last_error = uplink.status().last_error;
        std::size_t arrived = 0;
        asio::co_spawn(
            world.context, store->events_after(0, 100),
            [&](const std::exception_ptr&, Result<std::vector<ArrivedEvent>> all) { arrived = all->size(); });
        uplink.stop();
        world.run_until(world.clock.mono() + 30s, [&] { return ended; });
        server.stop();
        world.run_until(world.clock.mono() + 90s, [&] { return served; });
        CHECK(ended);
        CHECK(served);
        world.settle();
        return arrived;
    }
};

}  // namespace

TEST_CASE("only a station with its own certificate delivers") {
    SecureLine line;
    std::string error;
    SECTION("its own") {
        CHECK(line.deliver(line.authority.issue(k1.text(), ""), error) == 5);
        CHECK(error.empty());
    }
    SECTION("that of another station") {
        CHECK(line.deliver(line.authority.issue("uto-001-k2", ""), error) == 0);
        CHECK(error == "uplink.station");
    }
    SECTION("none") {
        TlsIdentity nobody;
        nobody.trusted = line.authority.pem();
        CHECK(line.deliver(nobody, error) == 0);
        CHECK_FALSE(error.empty());
    }
    SECTION("one of another authority") {
        const test::DemoAuthority other{"Another authority"};
        TlsIdentity foreign = other.issue(k1.text(), "");
        foreign.trusted = line.authority.pem();
        CHECK(line.deliver(foreign, error) == 0);
        CHECK_FALSE(error.empty());
    }
    SECTION("one that has run out") {
        const test::Validity past{{1'600'000'000'000}, {1'700'000'000'000}};
        CHECK(line.deliver(line.authority.issue(k1.text(), "", past), error) == 0);
        CHECK_FALSE(error.empty());
    }
    SECTION("without TLS") {
        CHECK(line.deliver(std::nullopt, error) == 0);
        CHECK_FALSE(error.empty());
    }
}
