#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <thread>

#include "sync/sqlite/database.hpp"
#include "sync/sqlite/writer.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;

namespace {

constexpr const char* first_step = "CREATE TABLE t(a INTEGER NOT NULL, b BLOB NOT NULL, c TEXT) STRICT;";
constexpr const char* second_step = "ALTER TABLE t ADD COLUMN d INTEGER;";

Database fresh(const sim::SimDisk& disk, const std::string& path = "/t.db") {
    auto database = Database::open({path, disk.vfs()});
    REQUIRE(database);
    const char* const steps[] = {first_step};
    REQUIRE(migrate(*database, 77, steps));
    return std::move(*database);
}

std::int64_t count(Database& database) {
    auto ask = database.prepare("SELECT COUNT(*) FROM t");
    REQUIRE(ask);
    REQUIRE(*ask->step());
    return ask->integer(0);
}

Result<int> put(Database& database, std::int64_t a) {
    auto insert = database.cached("INSERT INTO t(a, b) VALUES(?1, ?2)");
    if (!insert) return fail(insert.error());
    if (auto done = (*insert)->bind(1, a).bind(2, as_bytes("x")).run(); !done) return fail(done.error());
    return static_cast<int>(a);
}

}  // namespace

TEST_CASE("values come back as they went in") {
    sim::SimDisk disk{"values", 1};
    auto database = fresh(disk);
    auto insert = database.prepare("INSERT INTO t(a, b, c) VALUES(?1, ?2, ?3)");
    REQUIRE(insert);
    REQUIRE(insert->bind(1, std::int64_t{-5}).bind(2, ByteView{}).bind(3, std::string_view{"s\0t", 3}).run());
    REQUIRE(insert->bind(1, std::uint64_t{1} << 62U).bind(2, as_bytes("\xff")).bind_null(3).run());
    auto ask = database.prepare("SELECT a, b, c FROM t ORDER BY rowid");
    REQUIRE(ask);
    REQUIRE(*ask->step());
    CHECK(ask->integer(0) == -5);
    CHECK(ask->bytes(1).empty());
    CHECK_FALSE(ask->is_null(1));
    CHECK(ask->text(2) == std::string_view{"s\0t", 3});
    REQUIRE(*ask->step());
    CHECK(ask->natural(0) == std::uint64_t{1} << 62U);
    CHECK(as_text(ask->bytes(1)) == "\xff");
    CHECK(ask->is_null(2));
    CHECK_FALSE(*ask->step());
}

TEST_CASE("a number that does not fit is an error, and nothing is stored") {
    sim::SimDisk disk{"range", 1};
    auto database = fresh(disk);
    auto insert = database.prepare("INSERT INTO t(a, b) VALUES(?1, ?2)");
    const auto done = insert->bind(1, std::uint64_t{1} << 63U).bind(2, as_bytes("x")).run();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "sqlite.misuse");
    CHECK(count(database) == 0);
    CHECK(insert->bind(1, std::int64_t{1}).bind(2, as_bytes("x")).run());
}

TEST_CASE("tables are strict, foreign keys hold, wrong SQL is an error by value") {
    sim::SimDisk disk{"strict", 1};
    auto database = fresh(disk);
    const auto wrong = database.execute("INSERT INTO t(a, b) VALUES('text', x'00')");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == "sqlite.constraint");
    CHECK_FALSE(database.execute("SELEC"));
    CHECK_FALSE(database.prepare("SELECT nothing FROM nowhere"));
    REQUIRE(database.execute(
        "CREATE TABLE p(id INTEGER PRIMARY KEY) STRICT; CREATE TABLE q(p INTEGER REFERENCES p(id)) STRICT;"));
    CHECK_FALSE(database.execute("INSERT INTO q(p) VALUES(1)"));
}

TEST_CASE("a transaction that is not committed is undone") {
    sim::SimDisk disk{"undone", 1};
    auto database = fresh(disk);
    {
        auto change = Transaction::begin(database);
        REQUIRE(change);
        REQUIRE(put(database, 1));
    }
    CHECK(count(database) == 0);
    auto change = Transaction::begin(database);
    REQUIRE(put(database, 1));
    REQUIRE(change->commit());
    CHECK(count(database) == 1);
}

TEST_CASE("migrations run once, in order, and a newer file names both versions") {
    sim::SimDisk disk{"versions", 1};
    const char* const both[] = {first_step, second_step};
    {
        auto database = fresh(disk);
        REQUIRE(put(database, 1));
        REQUIRE(migrate(database, 77, both));
        REQUIRE(migrate(database, 77, both));
        REQUIRE(database.execute("INSERT INTO t(a, b, d) VALUES(1, x'00', 4)"));
    }
    auto database = Database::open({"/t.db", disk.vfs()});
    REQUIRE(database);
    const char* const one[] = {first_step};
    const auto newer = migrate(*database, 77, one);
    REQUIRE_FALSE(newer);
    CHECK(newer.error().code == "sqlite.newer");
    CHECK(newer.error().detail == "made by version 2, this program knows 1");
    const auto other = migrate(*database, 78, both);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == "sqlite.damaged");
    CHECK(count(*database) == 2);
}

TEST_CASE("a migration that fails leaves the version before it") {
    sim::SimDisk disk{"halfway", 1};
    auto database = fresh(disk);
    const char* const bad[] = {first_step, "CREATE TABLE u(a INTEGER) STRICT; CREATE TABLE t(a) STRICT;"};
    CHECK_FALSE(migrate(database, 77, bad));
    const char* const good[] = {first_step, "CREATE TABLE u(a INTEGER) STRICT;"};
    CHECK(migrate(database, 77, good));
}

TEST_CASE("a file that is no database, a missing VFS, and a missing folder are errors by value") {
    sim::SimDisk disk{"garbage", 1};
    disk.write("/g.db", as_bytes(std::string(5000, 'g')));
    const auto garbage = Database::open({"/g.db", disk.vfs()});
    REQUIRE_FALSE(garbage);
    CHECK(garbage.error().code == "sqlite.damaged");
    CHECK(disk.read("/g.db").size() == 5000);
    CHECK_FALSE(Database::open({"/x.db", "no such vfs"}));
    CHECK_FALSE(Database::open({"/no/such/folder/x.db", ""}));
}

TEST_CASE("a reader sees what is committed and cannot write") {
    sim::SimDisk disk{"reader", 1};
    auto writer = fresh(disk);
    REQUIRE(put(writer, 1));
    auto reader = Database::open({"/t.db", disk.vfs(), true});
    REQUIRE(reader);
    CHECK(count(*reader) == 1);
    CHECK_FALSE(put(*reader, 2));
    REQUIRE(put(writer, 2));
    CHECK(count(*reader) == 2);
}

TEST_CASE("writes that wait share a transaction; one that fails is undone alone") {
    sim::SimDisk disk{"group", 1};
    asio::io_context context;
    Writer writer{fresh(disk), context.get_executor(), false, {}};
    std::vector<int> answers;
    const auto go = [&](std::int64_t a, bool fails) -> Async<void> {
        const auto done = co_await writer.write<int>([a, fails](Database& d) -> Result<int> {
            auto put_it = put(d, a);
            if (fails) return fail("test.poison");
            return put_it;
        });
        answers.push_back(done ? *done : -1);
        if (fails) CHECK(done.error().code == "test.poison");
    };
    const auto before = disk.changes();
    for (int i = 0; i < 50; ++i) asio::co_spawn(context, go(i, i % 10 == 3), asio::detached);
    context.run();
    const auto grouped = disk.changes() - before;
    CHECK(answers.size() == 50);
    CHECK(std::count(answers.begin(), answers.end(), -1) == 5);
    const auto stored =
        test::run(context, writer.read<std::int64_t>([](Database& d) -> Result<std::int64_t> { return count(d); }));
    CHECK(*stored == 45);
    CHECK(grouped < 20);  // one commit: a few pages and a sync, not 45 times that
}

TEST_CASE("a writer with its own thread answers everything, also what waits while it ends") {
    sim::SimDisk disk{"thread", 1};
    asio::io_context context;
    std::atomic<int> answered = 0;
    std::optional<Writer> writer;
    const auto go = [&](std::int64_t a) -> Async<void> {
        if (co_await writer->write<int>([a](Database& d) { return put(d, a); })) ++answered;
    };
    writer.emplace(fresh(disk), context.get_executor(), true, WriterHooks{});
    for (int i = 0; i < 200; ++i) asio::co_spawn(context, go(i), asio::detached);
    context.poll();
    writer.reset();
    context.run();
    CHECK(answered == 200);
    auto database = Database::open({"/t.db", disk.vfs()});
    CHECK(count(*database) == 200);
}

TEST_CASE("on a full disk nothing half is stored, room is made once, hooks undo what memory held") {
    sim::SimDisk disk{"full", 1};
    REQUIRE(make_ballast({"/t.db", disk.vfs()}, 200'000));
    asio::io_context context;
    int stored = 0;
    int before = 0;
    auto database = fresh(disk);
    disk.limit(disk.used() + 10'000);
    Writer writer{std::move(database),
                  context.get_executor(),
                  false,
                  {[&] { before = stored; },
                   [&] { stored = before; },
                   {},
                   [&] {
                       return release_ballast({"/t.db", disk.vfs()});
                   }}};
    const auto big = [&] {
        return test::run(context, writer.write<int>([&](Database& d) -> Result<int> {
            auto insert = d.cached("INSERT INTO t(a, b) VALUES(1, zeroblob(20000))");
            if (!insert) return fail(insert.error());
            if (auto done = (*insert)->run(); !done) return fail(done.error());
            return ++stored;
        }));
    };
    Result<int> last = 0;
    while (last && stored < 1000) last = big();
    REQUIRE_FALSE(last);
    CHECK(last.error().code == "sqlite.full");
    CHECK(stored > 3);  // thanks to the ballast
    CHECK(stored < 15);
    const auto found =
        test::run(context, writer.read<std::int64_t>([](Database& d) -> Result<std::int64_t> { return count(d); }));
    CHECK(*found == stored);
    disk.limit({});
    CHECK(big());
}
