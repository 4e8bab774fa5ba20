#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "core/crossing/event.hpp"
#include "sync/journal/journal.hpp"
#include "sync/sqlite/database.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/random.hpp"
#include "tests/support/effort.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

const std::string path = "/journal.db";

StationId station(std::string_view text = "uto-001-k1") { return *StationId::parse(text); }

EventDraft draft(int n) {
    CrossingId id;
    id.bytes[0] = static_cast<std::byte>(n);
    return {
        EventKind::inspection, id, {}, to_bytes(as_bytes("body number " + std::to_string(n) + std::string(40, '.')))};
}

struct Desk {
    explicit Desk(const sim::SimDisk& d) : disk(d) {}
    const sim::SimDisk& disk;
    asio::io_context context;
    test::ManualEnv e;
    std::int64_t ballast = 0;

    JournalOptions options(const StationId& id = station()) const { return {path, disk.vfs(), id, false, ballast}; }
    Result<std::unique_ptr<Journal>> open(const StationId& id = station()) {
        return Journal::open(options(id), e.env, context.get_executor());
    }
    std::unique_ptr<Journal> must_open() {
        auto journal = open();
        if (!journal) FAIL(describe(journal.error()));
        return std::move(*journal);
    }
    Result<Position> append(Journal& journal, int n) { return test::run(context, journal.append(draft(n))); }
    std::vector<StoredEvent> all(Journal& journal, Position after = {}, std::size_t limit = 100'000) {
        auto events = test::run(context, journal.read_after(after, limit));
        if (!events) FAIL(describe(events.error()));
        return std::move(*events);
    }
};

}  // namespace

TEST_CASE("events come back in order and chained, after a restart too") {
    sim::SimDisk disk{"order", 1};
    Desk desk{disk};
    std::vector<Position> given;
    {
        auto journal = desk.must_open();
        CHECK(journal->head().sequence == 0);
        CHECK(journal->head().epoch != 0);
        for (int n = 0; n < 5; ++n) given.push_back(*desk.append(*journal, n));
        CHECK(journal->head() == given.back());
    }
    desk.e.clock.advance(std::chrono::hours{1});
    auto journal = desk.must_open();
    CHECK(journal->head() == given.back());
    given.push_back(*desk.append(*journal, 5));
    const auto events = desk.all(*journal);
    REQUIRE(events.size() == 6);
    ChainHead head{{given[0].epoch, 0}, {}};
    for (std::size_t n = 0; n < events.size(); ++n) {
        CHECK(events[n].position == given[n]);
        CHECK(events[n].position.sequence == n + 1);
        const auto next = follow(head, station(), events[n].header, events[n].salt, ByteView{events[n].body});
        REQUIRE(next);
        head = *next;
        CHECK(events[n].body == draft(static_cast<int>(n)).body);
        CHECK(decode_header(events[n].header)->crossing == draft(static_cast<int>(n)).crossing);
    }
    CHECK(decode_header(events[5].header)->wall.ms - decode_header(events[4].header)->wall.ms == 3'600'000);
    CHECK(events[0].salt != events[1].salt);
}

TEST_CASE("reading goes on after a place, within a limit of events and of bytes") {
    sim::SimDisk disk{"reading", 1};
    Desk desk{disk};
    auto journal = desk.must_open();
    for (int n = 0; n < 10; ++n) REQUIRE(desk.append(*journal, n));
    const auto epoch = journal->head().epoch;
    CHECK(desk.all(*journal, {epoch, 7}).size() == 3);
    CHECK(desk.all(*journal, {epoch, 0}, 4).size() == 4);
    CHECK(desk.all(*journal, {epoch, 10}).empty());
    CHECK(desk.all(*journal, {epoch, 99}).empty());
    const auto foreign = test::run(desk.context, journal->read_after({epoch ^ 1U, 3}, 10));
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code == "journal.epoch");
    EventDraft big = draft(1);
    big.body.resize(700'000);
    REQUIRE(test::run(desk.context, journal->append(big)));
    REQUIRE(test::run(desk.context, journal->append(big)));
    CHECK(desk.all(*journal, {epoch, 10}).size() == 1);
    CHECK(desk.all(*journal, {epoch, 11}).size() == 1);
}

TEST_CASE("a new epoch names the last head") {
    sim::SimDisk disk{"epoch", 1};
    Desk desk{disk};
    auto journal = desk.must_open();
    for (int n = 0; n < 3; ++n) REQUIRE(desk.append(*journal, n));
    const Position old = journal->head();
    const auto epoch = test::run(desk.context, journal->new_epoch());
    REQUIRE(epoch);
    CHECK(*epoch != old.epoch);
    const auto empty = test::run(desk.context, journal->new_epoch());  // one without events between
    REQUIRE(empty);
    REQUIRE(desk.append(*journal, 3) == Position{*empty, 1});
    const auto events = desk.all(*journal);
    REQUIRE(events.size() == 4);
    CHECK(decode_header(events[3].header)->previous == header_hash(events[2].header));
    CHECK(desk.all(*journal, {old.epoch, 3}).front().position == Position{*empty, 1});
    CHECK(desk.all(*journal, {old.epoch, 2}, 1).front().position == old);
    journal.reset();
    CHECK(desk.must_open()->head() == Position{*empty, 1});
}

TEST_CASE("appends that wait together share one commit, and on_append tells of it") {
    sim::SimDisk disk{"together", 1};
    Desk desk{disk};
    auto journal = desk.must_open();
    int told = 0;
    journal->on_append([&] { ++told; });
    std::vector<std::uint64_t> given;
    const auto go = [&](int n) -> Async<void> {
        const auto at = co_await journal->append(draft(n));
        if (at) given.push_back(at->sequence);
    };
    const auto before = disk.changes();
    for (int n = 0; n < 40; ++n) asio::co_spawn(desk.context, go(n), asio::detached);
    desk.context.run();
    CHECK(disk.changes() - before < 40);
    REQUIRE(given.size() == 40);
    for (std::size_t n = 0; n < given.size(); ++n) CHECK(given[n] == n + 1);
    CHECK(told == 1);
}

TEST_CASE("its own thread gives the same") {
    sim::SimDisk disk{"own", 1};
    Desk desk{disk};
    auto options = desk.options();
    options.own_thread = true;
    std::size_t done = 0;
    {
        auto journal = Journal::open(options, desk.e.env, desk.context.get_executor());
        REQUIRE(journal);
        const auto go = [&](int n) -> Async<void> {
            for (int i = 0; i < 25; ++i) {
                if (co_await (*journal)->append(draft(n))) ++done;
                (void)(*journal)->head();
            }
        };
        for (int n = 0; n < 8; ++n) asio::co_spawn(desk.context, go(n), asio::detached);
        desk.context.run();
    }
    CHECK(done == 200);
    auto journal = desk.must_open();
    CHECK(desk.all(*journal).size() == 200);
}

TEST_CASE("a journal of another station or of a newer version is left alone") {
    sim::SimDisk disk{"whose", 1};
    Desk desk{disk};
    {
        auto journal = desk.must_open();
        REQUIRE(desk.append(*journal, 1));
    }
    const auto foreign = desk.open(station("uto-001-k2"));
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code == "journal.station");
    CHECK(foreign.error().detail == "the journal of uto-001-k1, not of uto-001-k2");
    {
        auto database = Database::open({path, disk.vfs()});
        REQUIRE(database->execute("PRAGMA user_version=9"));
    }
    const auto newer = desk.open();
    REQUIRE_FALSE(newer);
    CHECK(newer.error().code == "journal.newer");
    CHECK(newer.error().detail == "made by version 9, this program knows 1");
    {
        auto database = Database::open({path, disk.vfs()});
        REQUIRE(database->execute("PRAGMA user_version=1"));
    }
    auto journal = desk.must_open();
    CHECK(desk.all(*journal).size() == 1);
}

TEST_CASE("a file that is no journal is damaged and stays as it is") {
    sim::SimDisk disk{"garbage", 1};
    disk.write(path, as_bytes(std::string(8192, '?')));
    Desk desk{disk};
    const auto journal = desk.open();
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == "journal.damaged");
    CHECK(disk.read(path) == to_bytes(as_bytes(std::string(8192, '?'))));
}

TEST_CASE("one changed byte in a header, a body or a salt is found, with its sequence") {
    const char* const column = GENERATE("header", "body", "salt");
    const int sequence = GENERATE(1, 4, 6);
    CAPTURE(column, sequence);
    sim::SimDisk disk{"changed", 1};
    Desk desk{disk};
    {
        auto journal = desk.must_open();
        for (int n = 0; n < 6; ++n) REQUIRE(desk.append(*journal, n));
    }
    const std::string where = " FROM event WHERE sequence = " + std::to_string(sequence);
    {
        auto database = Database::open({path, disk.vfs()});
        auto ask = database->prepare(std::string{"SELECT "} + column + where);
        REQUIRE(*ask->step());
        Bytes bytes = to_bytes(ask->bytes(0));
        ask->reset();
        bytes[bytes.size() / 2] ^= std::byte{0x10};
        auto put = database->prepare(std::string{"UPDATE event SET "} + column + " = ?1 WHERE sequence = ?2");
        REQUIRE(put->bind(1, ByteView{bytes}).bind(2, std::int64_t{sequence}).run());
    }
    const auto journal = desk.open();
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == "journal.damaged");
    CHECK(journal.error().detail.find("sequence " + std::to_string(sequence) + ":") != std::string::npos);
    auto database = Database::open({path, disk.vfs()});
    auto ask = database->prepare("SELECT COUNT(*) FROM event");
    REQUIRE(*ask->step());
    CHECK(ask->integer(0) == 6);
}

TEST_CASE("an event taken out or put in elsewhere is found") {
    const char* const deed =
        GENERATE("DELETE FROM event WHERE sequence = 3", "UPDATE event SET sequence = 9 WHERE sequence = 6",
                 "DELETE FROM epoch", "UPDATE epoch SET previous = zeroblob(31)");
    sim::SimDisk disk{"taken", 1};
    Desk desk{disk};
    {
        auto journal = desk.must_open();
        for (int n = 0; n < 6; ++n) REQUIRE(desk.append(*journal, n));
    }
    {
        auto database = Database::open({path, disk.vfs()});
        REQUIRE(database->execute("PRAGMA foreign_keys=0"));
        REQUIRE(database->execute(deed));
    }
    const auto journal = desk.open();
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == "journal.damaged");
}

TEST_CASE("every flipped byte of the file is found, or harms nothing") {
    sim::SimDisk disk{"flips", 1};
    Desk desk{disk};
    std::vector<StoredEvent> before;
    {
        auto journal = desk.must_open();
        for (int n = 0; n < 4; ++n) REQUIRE(desk.append(*journal, n));
        before = desk.all(*journal);
    }
    const Bytes whole = disk.read(path);
    REQUIRE(whole.size() > 4096);
    REQUIRE(disk.files() == std::vector<std::string>{path});  // closed: no log beside it
    int found = 0;
    for (std::size_t at = 0; at < whole.size(); at += 61) {
        Bytes bytes = whole;
        bytes[at] ^= std::byte{0x04};
        disk.write(path, bytes);
        auto journal = desk.open();
        if (!journal) {
            ++found;
            continue;
        }
        CHECK(desk.all(**journal) == before);
        journal->reset();
        disk.remove(path + "-wal");
    }
    CHECK(found > 5);
}

TEST_CASE("a full disk: the ballast lets the last events fit, then an error and nothing half stored") {
    sim::SimDisk disk{"full", 1};
    Desk desk{disk};
    desk.ballast = 100'000;
    auto journal = desk.must_open();
    REQUIRE(desk.append(*journal, 0));
    CHECK(disk.used() > 100'000);
    disk.limit(disk.used() + 30'000);
    std::size_t confirmed = 1;
    bool ballast_first = false;
    Result<Position> last = Position{};
    while (last && confirmed < 5000) {
        last = desk.append(*journal, static_cast<int>(confirmed % 100));
        if (last) ++confirmed;
        ballast_first = ballast_first || (last && journal->on_ballast());
    }
    REQUIRE_FALSE(last);
    CHECK(last.error().code == "journal.full");
    CHECK(ballast_first);
    CHECK(confirmed > 10);
    CHECK(journal->head().sequence == confirmed);
    CHECK(desk.append(*journal, 7).error().code == "journal.full");
    CHECK(test::run(desk.context, journal->regain_ballast()) == false);
    CHECK(journal->on_ballast());
    SECTION("room while it is open") {
        disk.limit({});
        CHECK(test::run(desk.context, journal->regain_ballast()) == true);
    }
    SECTION("room after another start") {
        journal.reset();
        journal = desk.must_open();
        CHECK(journal->on_ballast());
        journal.reset();
        disk.limit({});
        journal = desk.must_open();
    }
    CHECK(desk.all(*journal).size() == confirmed);
    CHECK_FALSE(journal->on_ballast());
    CHECK(desk.append(*journal, 8)->sequence == confirmed + 1);
}

TEST_CASE("trimming: only what is old and what every peer has; the rest still verifies") {
    sim::SimDisk disk{"trim", 1};
    Desk desk{disk};
    auto journal = desk.must_open();
    for (int n = 0; n < 10; ++n) {
        REQUIRE(desk.append(*journal, n));
        desk.e.clock.advance(std::chrono::hours{1});
    }
    const auto epoch = journal->head().epoch;
    const std::vector<std::string> peers{"desk", "centre"};
    const auto trim = [&](WallTime before) { return *test::run(desk.context, journal->trim(before, peers)); };
    const WallTime now = desk.e.clock.wall();
    CHECK(trim(now) == 0);  // nobody has anything
    REQUIRE(test::run(desk.context, journal->acknowledged("desk", {epoch, 9})));
    CHECK(trim(now) == 0);
    REQUIRE(test::run(desk.context, journal->acknowledged("centre", {epoch, 6})));
    CHECK(trim(now + std::chrono::hours{-6}) == 4);  // the fifth is too young
    CHECK(trim(now) == 2);
    CHECK(trim(now) == 0);
    const auto gone = test::run(desk.context, journal->read_after({epoch, 3}, 10));
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == "journal.trimmed");
    CHECK(desk.all(*journal, {epoch, 6}).size() == 4);
    journal.reset();
    journal = desk.must_open();
    CHECK(desk.append(*journal, 10)->sequence == 11);
    CHECK_FALSE(test::run(desk.context, journal->acknowledged("desk", {epoch ^ 1U, 9})));
    REQUIRE(test::run(desk.context, journal->new_epoch()));
    REQUIRE(desk.append(*journal, 11));
    for (const auto& peer : peers) {
        REQUIRE(test::run(desk.context, journal->acknowledged(peer, journal->head())));
    }
    CHECK(trim(now + std::chrono::hours{100}) == 6);
    const Position head = journal->head();
    journal.reset();
    journal = desk.must_open();  // nothing is left but the heads
    CHECK(journal->head() == head);
    CHECK(desk.append(*journal, 12)->sequence == 2);
}

namespace {

struct Run {
    std::vector<std::pair<Position, int>> confirmed;
    bool opened = false;
};

// A station's short life: opens, appends one by one and in groups, begins an epoch. Ends early when the power goes.
Run live(sim::SimDisk& disk, std::uint64_t seed, int first) {
    Desk desk{disk};
    desk.ballast = 3000;
    sim::SimEntropy entropy{seed};
    Env env{desk.e.clock, entropy, desk.e.files};
    Run run;
    auto journal = Journal::open(desk.options(), env, desk.context.get_executor());
    if (!journal) return run;
    run.opened = true;
    const auto add = [&](int n) -> Async<void> {
        const auto at = co_await (*journal)->append(draft(n));
        if (at && !disk.dead()) run.confirmed.emplace_back(*at, n);
    };
    for (int n = first; n < first + 30 && !disk.dead();) {
        const int together = n % 3 + 1;
        for (int k = 0; k < together; ++k) asio::co_spawn(desk.context, add(n++), asio::detached);
        desk.context.restart();
        desk.context.run();
        if (n == first + 12) (void)test::run(desk.context, (*journal)->new_epoch());
    }
    return run;
}

}  // namespace

TEST_CASE("the power may go at any change of the disk: what was confirmed is there, in order, once") {
    std::uint64_t changes = 0;
    {
        sim::SimDisk disk{"whole", 7};
        REQUIRE(live(disk, 1, 0).confirmed.size() >= 30);
        changes = disk.changes();
    }
    REQUIRE(changes >= 60);
    int cuts = 0;
    std::size_t seen = 0;
    for (std::uint64_t seed = 1; seed <= test::effort(5U); ++seed) {
        for (std::uint64_t at = 1; at <= changes; ++at) {
            CAPTURE(seed, at);
            sim::SimDisk disk{"cut", seed * 1000 + at};
            disk.cut_at(at);
            auto confirmed = live(disk, 1, 0).confirmed;
            disk.power_cut();
            ++cuts;
            disk.power_on();
            Desk desk{disk};
            {
                // A second life, with a second cut somewhere in it.
                disk.cut_at(at % 29 + 3);
                const auto second = live(disk, 2, 40);
                if (!second.opened) REQUIRE(disk.dead());
                confirmed.insert(confirmed.end(), second.confirmed.begin(), second.confirmed.end());
                disk.power_cut();
                disk.power_on();
            }
            disk.keep_power();
            auto journal = desk.must_open();
            const auto events = desk.all(*journal);
            seen += confirmed.size();
            for (const auto& [position, n] : confirmed) {
                const auto here = std::count_if(events.begin(), events.end(), [&](const StoredEvent& e) {
                    return e.position == position && e.body == draft(n).body;
                });
                REQUIRE(here == 1);
            }
            REQUIRE(std::is_sorted(confirmed.begin(), confirmed.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; }));
            REQUIRE(desk.append(*journal, 99));
        }
    }
    CHECK(cuts >= test::effort(200));
    CHECK(seen > test::effort(2000U));
}

TEST_CASE("the test of power cuts can fail: a disk that lies about syncs loses confirmed events") {
    std::size_t lost = 0;
    for (std::uint64_t at = 10; at <= 60; at += 5) {
        sim::SimDisk disk{"liar", at};
        disk.lie(true);
        disk.cut_at(at);
        const auto confirmed = live(disk, 1, 0).confirmed;
        disk.power_cut();
        disk.power_on();
        Desk desk{disk};
        auto journal = desk.open();
        const std::size_t found = journal ? desk.all(**journal).size() : 0;
        if (found < confirmed.size()) ++lost;
    }
    CHECK(lost > 0);
}
