#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "sync/store/sqlite_store.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/support/chains.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

const std::string path = "/store.db";
const StationId k1 = *StationId::parse("uto-001-k1");

std::vector<ArrivedEvent> arrived(const std::vector<test::MadeEvent>& events) {
    std::vector<ArrivedEvent> out;
    for (const auto& e : events) {
        out.push_back({e.header.station, e.header.position, e.header, e.bytes, e.salt, e.body, {5}, 0, false});
    }
    return out;
}

std::vector<test::MadeEvent> part(const std::vector<test::MadeEvent>& all, std::size_t first, std::size_t last) {
    return {all.begin() + static_cast<std::ptrdiff_t>(first) - 1, all.begin() + static_cast<std::ptrdiff_t>(last)};
}

struct Centre {
    explicit Centre(const sim::SimDisk& d) : disk(d) { open(); }
    const sim::SimDisk& disk;
    asio::io_context context;
    test::ManualEnv e;
    std::unique_ptr<SqliteStore> store;

    void open() {
        store.reset();
        auto opened = SqliteStore::open({path, disk.vfs(), false}, e.env, context.get_executor());
        if (!opened) FAIL(describe(opened.error()));
        store = std::move(*opened);
    }
    Result<Committed> commit(const std::vector<test::MadeEvent>& events) {
        const StationId station = events.front().header.station;
        return test::run(context, store->commit(station, arrived(events), {}));
    }
    std::vector<ArrivedEvent> all() { return *test::run(context, store->events_after(0, 100'000)); }
    std::vector<Incident> incidents() { return *test::run(context, store->incidents(100)); }
};

}  // namespace

TEST_CASE("stored events come back in order of arrival, after a restart too") {
    sim::SimDisk disk{"back", 1};
    Centre centre{disk};
    const auto chain = test::make_chain(k1, 5, 1, 6, {}, "body");
    const auto first = centre.commit(part(chain, 1, 4));
    REQUIRE(first);
    CHECK(first->added == 4);
    CHECK(first->cursor == Cursor{5, 4, chain[3].hash});
    CHECK(centre.commit(part(chain, 5, 6))->cursor.sequence == 6);
    const auto epoch = centre.store->store_epoch();
    CHECK(epoch != 0);
    centre.open();
    CHECK(centre.store->store_epoch() == epoch);
    const auto all = centre.all();
    REQUIRE(all.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(all[i].arrival == i + 1);
        CHECK(all[i].header == chain[i].header);
        CHECK(all[i].header_bytes == chain[i].bytes);
        CHECK(all[i].body == chain[i].body);
        CHECK(all[i].salt == chain[i].salt);
        CHECK_FALSE(all[i].fork);
    }
    CHECK(test::run(centre.context, centre.store->events_after(4, 1))->front().arrival == 5);
    CHECK(**test::run(centre.context, centre.store->cursor(k1, 5)) == Cursor{5, 6, chain[5].hash});
    CHECK_FALSE(*test::run(centre.context, centre.store->cursor(k1, 6)));
    CHECK_FALSE(*test::run(centre.context, centre.store->newest_cursor(*StationId::parse("other"))));
    CHECK(centre.incidents().empty());
}

TEST_CASE("duplicates change nothing; a batch that overlaps adds only what is new") {
    sim::SimDisk disk{"twice", 1};
    Centre centre{disk};
    const auto chain = test::make_chain(k1, 5, 1, 6, {}, "body");
    REQUIRE(centre.commit(part(chain, 1, 4)));
    const auto same = centre.commit(part(chain, 1, 4));
    CHECK(same->added == 0);
    CHECK(same->cursor.sequence == 4);
    const auto over = centre.commit(part(chain, 3, 6));
    CHECK(over->added == 2);
    CHECK(over->cursor == Cursor{5, 6, chain[5].hash});
    CHECK(centre.commit(part(chain, 2, 3))->cursor.sequence == 6);
    CHECK(centre.all().size() == 6);
    CHECK(centre.incidents().empty());
}

TEST_CASE("a gap names the expected sequence and stores nothing") {
    sim::SimDisk disk{"gap", 1};
    Centre centre{disk};
    const auto chain = test::make_chain(k1, 5, 1, 9, {}, "body");
    const auto none = centre.commit(part(chain, 2, 3));
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "wire.gap");
    CHECK(none.error().detail == "expected sequence 1");
    REQUIRE(centre.commit(part(chain, 1, 3)));
    const auto gap = centre.commit(part(chain, 5, 9));
    REQUIRE_FALSE(gap);
    CHECK(gap.error().detail == "expected sequence 4");
    CHECK(centre.all().size() == 3);
}

TEST_CASE("a fork: both are kept, an incident is raised once, the chain goes on") {
    sim::SimDisk disk{"fork", 1};
    Centre centre{disk};
    const auto chain = test::make_chain(k1, 5, 1, 9, {}, "body");
    REQUIRE(centre.commit(part(chain, 1, 6)));
    // The station's disk was rolled back to 4 and it went on from there, further than what is stored.
    auto other = part(chain, 1, 4);
    for (const auto& e : test::make_chain(k1, 5, 5, 10, chain[3].hash, "other")) other.push_back(e);
    const auto alone = centre.commit(part(other, 7, 10));  // what a station sends that believes in the cursor
    REQUIRE_FALSE(alone);
    CHECK(alone.error().code == "wire.fork");
    CHECK(centre.all().size() == 6);
    const auto kept = centre.commit(part(other, 1, 8));
    REQUIRE(kept);
    CHECK(kept->added == 4);
    CHECK(kept->cursor == Cursor{5, 6, chain[5].hash});
    CHECK(centre.commit(part(other, 9, 10))->added == 2);
    CHECK(centre.commit(part(other, 1, 10))->added == 0);
    const auto all = centre.all();
    CHECK(all.size() == 12);
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& e) { return e.fork; }) == 6);
    const auto incidents = centre.incidents();
    REQUIRE(incidents.size() == 2);
    CHECK(incidents[1] == Incident{k1, {5, 5}, "wire.fork", {5}});
    const auto on = centre.commit(part(chain, 7, 9));  // the other machine still runs
    REQUIRE(on);
    CHECK(on->cursor == Cursor{5, 9, chain[8].hash});
}

TEST_CASE("epochs: the newest cursor is that of the epoch that began last") {
    sim::SimDisk disk{"epochs", 1};
    Centre centre{disk};
    const auto one = test::make_chain(k1, 900, 1, 3, {}, "one");
    const auto two = test::make_chain(k1, 100, 1, 2, one[2].hash, "two");
    REQUIRE(centre.commit(one));
    REQUIRE(centre.commit(two));
    CHECK(**test::run(centre.context, centre.store->newest_cursor(k1)) == Cursor{100, 2, two[1].hash});
    CHECK(**test::run(centre.context, centre.store->cursor(k1, 900)) == Cursor{900, 3, one[2].hash});
}

TEST_CASE("two that race with the same events on one store: once each, no incident") {
    sim::SimDisk disk{"race", 1};
    Centre centre{disk};
    asio::io_context other_context;
    auto second = SqliteStore::open({path, disk.vfs(), false}, centre.e.env, centre.context.get_executor());
    REQUIRE(second);
    const auto chain = test::make_chain(k1, 5, 1, 40, {}, "body");
    int done = 0;
    const auto send = [&](Store& store, std::size_t first, std::size_t last) -> Async<void> {
        const auto ok = co_await store.commit(k1, arrived(part(chain, first, last)), {});
        if (ok) ++done;
    };
    for (std::size_t first = 1; first <= 40; first += 4) {
        asio::co_spawn(centre.context, send(*centre.store, first, first + 3), asio::detached);
        asio::co_spawn(centre.context, send(**second, first, first + 3), asio::detached);
        centre.context.restart();
        centre.context.run();
    }
    CHECK(done == 20);
    CHECK(centre.all().size() == 40);
    CHECK(centre.incidents().empty());
}

TEST_CASE("many commits that wait share one transaction; a wrong one among them harms nobody") {
    sim::SimDisk disk{"group", 1};
    Centre centre{disk};
    int good = 0;
    int bad = 0;
    const auto send = [&](int station, bool gap) -> Async<void> {
        const StationId id = *StationId::parse("k" + std::to_string(station));
        const auto events = test::make_chain(id, 5, gap ? 2 : 1, 4, {}, "body");
        const auto ok = co_await centre.store->commit(id, arrived(events), {});
        ++(ok ? good : bad);
    };
    const auto before = disk.changes();
    for (int i = 0; i < 60; ++i) asio::co_spawn(centre.context, send(i, i % 6 == 2), asio::detached);
    centre.context.restart();
    centre.context.run();
    CHECK(good == 50);
    CHECK(bad == 10);
    CHECK(centre.all().size() == 200);
    CHECK(disk.changes() - before < 200);
}

TEST_CASE("power cuts at every change: what was committed is there") {
    const auto chain = test::make_chain(k1, 5, 1, 12, {}, "body");
    std::uint64_t most = 30;
    std::size_t cuts = 0;
    for (std::uint64_t at = 1; at <= most; ++at) {
        CAPTURE(at);
        sim::SimDisk disk{"cuts", at};
        std::uint64_t confirmed = 0;
        {
            Centre centre{disk};
            disk.cut_at(at);
            for (std::size_t first = 1; first <= 12; first += 3) {
                const auto done = centre.commit(part(chain, first, first + 2));
                if (done && !disk.dead()) confirmed = done->cursor.sequence;
            }
        }
        if (disk.dead()) ++cuts;
        disk.keep_power();
        disk.power_cut();
        disk.power_on();
        Centre centre{disk};
        const auto all = centre.all();
        REQUIRE(all.size() >= confirmed);
        const auto cursor = *test::run(centre.context, centre.store->cursor(k1, 5));
        REQUIRE((cursor ? cursor->sequence : 0) == all.size());
    }
    CHECK(cuts > 10);
}

TEST_CASE("a full disk, a newer version and a file that is no store are errors by value") {
    sim::SimDisk disk{"bad", 1};
    const auto chain = test::make_chain(k1, 5, 1, 1000, {}, std::string(200, 'b'));
    {
        Centre centre{disk};
        REQUIRE(centre.commit(part(chain, 1, 10)));
        disk.limit(disk.used() + 1000);
        const auto full = centre.commit(part(chain, 11, 1000));
        REQUIRE_FALSE(full);
        CHECK(full.error().code == "store.full");
        CHECK(centre.all().size() == 10);
        disk.limit({});
        CHECK(centre.commit(part(chain, 11, 1000))->cursor.sequence == 1000);
        CHECK(Database::open({path, disk.vfs()})->execute("PRAGMA user_version=3"));
    }
    asio::io_context context;
    test::ManualEnv e;
    const auto open = [&] { return SqliteStore::open({path, disk.vfs(), false}, e.env, context.get_executor()); };
    CHECK(open().error().code == "store.newer");
    disk.write(path, as_bytes(std::string(4096, 'x')));
    disk.remove(path + "-wal");
    CHECK(open().error().code == "store.damaged");
}
