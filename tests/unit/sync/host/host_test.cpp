#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "sync/host/host_env.hpp"
#include "sync/host/host_log.hpp"
#include "sync/host/host_network.hpp"
#include "sync/host/process.hpp"
#include "sync/net/wait.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct Folder {
    Folder() {
        char pattern[] = "/tmp/paso-host-XXXXXX";
        path = ::mkdtemp(pattern);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

Async<std::string> read_all(Stream& s) {
    std::string out;
    char part[256];
    for (;;) {
        auto [error, n] = co_await s.async_read_some(asio::buffer(part), as_result);
        if (error) co_return out;
        out.append(part, n);
    }
}

}  // namespace

TEST_CASE("timers fire in order of their deadlines") {
    asio::io_context context;
    HostClock clock{context};
    std::string order;
    const MonoTime now = clock.mono();
    clock.wait_until(now + 30ms, [&] { order += 'c'; });
    clock.wait_until(now + 10ms, [&] { order += 'a'; });
    const auto never_fires = clock.wait_until(now + 15ms, [&] { order += 'x'; });
    clock.wait_until(now + 20ms, [&] { order += 'b'; });
    CHECK(clock.cancel(never_fires));
    CHECK_FALSE(clock.cancel(never_fires));
    context.run();
    CHECK(order == "abc");
    CHECK(clock.mono() - now >= 30ms);
}

TEST_CASE("a cancelled timer does not keep the context alive") {
    asio::io_context context;
    HostClock clock{context};
    const auto ticket = clock.wait_until(clock.mono() + 1h, [] {});
    asio::post(context, [&] { clock.cancel(ticket); });
    context.run();
    SUCCEED();
}

TEST_CASE("timers may be set from other threads") {
    asio::io_context context;
    HostClock clock{context};
    int fired = 0;
    auto guard = asio::make_work_guard(context);
    std::thread loop{[&] { context.run(); }};
    for (int i = 0; i < 100; ++i) clock.wait_until(clock.mono() + 1ms, [&] { ++fired; });
    clock.wait_until(clock.mono() + 50ms, [&] { guard.reset(); });
    loop.join();
    CHECK(fired == 100);
}

TEST_CASE("what a comparison with a peer gave counts for more than what the machine says of itself") {
    asio::io_context context;
    HostClock clock{context};
    clock.tell(ClockState::sure);
    CHECK(clock.state() == ClockState::sure);
    clock.tell(ClockState::unsure);
    CHECK(clock.state() == ClockState::unsure);
    CHECK(clock.wall().ms > 1'700'000'000'000);
}

TEST_CASE("entropy differs") {
    HostEntropy entropy;
    std::array<std::byte, 600> a{};
    std::array<std::byte, 600> b{};
    entropy.fill(a);
    entropy.fill(b);
    CHECK(a != b);
}

TEST_CASE("files are replaced whole") {
    const Folder folder;
    HostFiles files;
    const std::string path = folder.path + "/key.pem";
    CHECK(files.read(path, 100).error().code == "file.missing");
    REQUIRE(files.replace(path, as_bytes("first"), true));
    REQUIRE(files.replace(path, as_bytes("second"), true));
    const auto back = files.read(path, 100);
    REQUIRE(back);
    CHECK(as_text(*back) == "second");
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600);
    CHECK(files.read(path, 6).has_value());
    CHECK(files.read(path, 5).error().code == "file.too_large");
    CHECK(files.read(folder.path, 100).error().code == "file.unreadable");
    CHECK(files.replace(folder.path + "/no/such", as_bytes("x"), false).error().code == "file.unwritable");
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE("a left-over of a power cut is no obstacle") {
    const Folder folder;
    HostFiles files;
    REQUIRE(files.replace(folder.path + "/a.new", as_bytes("half"), false));
    REQUIRE(files.replace(folder.path + "/a", as_bytes("whole"), false));
    CHECK(as_text(*files.read(folder.path + "/a", 100)) == "whole");
}

TEST_CASE("log lines are one JSON object each, whatever the fields hold") {
    const std::string line = log_line(
        {1'795'000'000'123}, "paso-kiosk", LogLevel::warning, "uplink.away",
        {{"seconds", std::int64_t{12}}, {"ratio", 0.5}, {"peer", std::string_view{"a\"\n\xff"}}, {"up", false}});
    CHECK(line == R"({"time":"2026-11-18T11:06:40.123Z","program":"paso-kiosk","level":"warning","code":"uplink.away",)"
                  R"("seconds":12,"ratio":0.5,"peer":"a\"\u000a\u00ff","up":false})");
}

TEST_CASE("connections over TCP and over a Unix socket") {
    const Folder folder;
    asio::io_context context;
    HostClock clock{context};
    HostNetwork network{context, clock};
    for (const std::string& at : {std::string{"tcp:127.0.0.1:0"}, "unix:" + folder.path + "/s"}) {
        auto listener = network.listen(at);
        REQUIRE(listener);
        CHECK((*listener)->address().substr(0, 5) == at.substr(0, 5));
        const auto talk = [&]() -> Async<std::string> {
            auto client = co_await network.connect((*listener)->address(), 5s);
            auto server = co_await (*listener)->accept();
            if (!client || !server) co_return "no connection";
            (void)co_await asio::async_write(*client, asio::buffer("hello", 5), as_result);
            client->close();
            co_return co_await read_all(*server);
        };
        CHECK(test::run(context, talk()) == "hello");
        // In use.
        CHECK(network.listen((*listener)->address()).error().code == "net.listen");
        (*listener)->close();
        CHECK(test::run(context, (*listener)->accept()).error().code == "net.closed");
        CHECK(test::run(context, network.connect((*listener)->address(), 5s)).error().code == "net.connect");
    }
}

TEST_CASE("addresses that are none") {
    asio::io_context context;
    HostClock clock{context};
    HostNetwork network{context, clock};
    for (const char* bad : {"", "tcp:", "tcp:127.0.0.1", "tcp:127.0.0.1:", "tcp:127.0.0.1:70000", "tcp::80",
                            "unix:", "udp:1.2.3.4:5", "tcp:127.0.0.1:80x"}) {
        CAPTURE(bad);
        CHECK(test::run(context, network.connect(bad, 1s)).error().code == "net.address");
        CHECK(network.listen(bad).error().code == "net.address");
    }
    CHECK(network.listen("unix:" + std::string(200, 'x')).error().code == "net.address");
}

TEST_CASE("a Unix socket left by a killed process is replaced, a file is not") {
    const Folder folder;
    asio::io_context context;
    HostClock clock{context};
    HostNetwork network{context, clock};
    const std::string path = folder.path + "/s";
    {
        // What SIGKILL leaves: the file, and nobody who listens.
        auto listener = network.listen("unix:" + path);
        REQUIRE(listener);
        REQUIRE(::link(path.c_str(), (path + ".kept").c_str()) == 0);
    }
    REQUIRE(::rename((path + ".kept").c_str(), path.c_str()) == 0);
    CHECK(network.listen("unix:" + path).has_value());
    HostFiles files;
    REQUIRE(files.replace(folder.path + "/file", as_bytes("precious"), false));
    CHECK(network.listen("unix:" + folder.path + "/file").error().code == "net.listen");
    CHECK(as_text(*files.read(folder.path + "/file", 100)) == "precious");
}

TEST_CASE("a closed listener ends who accepts") {
    asio::io_context context;
    HostClock clock{context};
    HostNetwork network{context, clock};
    auto listener = network.listen("tcp:127.0.0.1:0");
    REQUIRE(listener);
    asio::post(context, [&] { (*listener)->close(); });
    CHECK(test::run(context, (*listener)->accept()).error().code == "net.closed");
}

TEST_CASE("a child gets the descriptors that were named, and no others") {
    asio::io_context context;
    HostClock clock{context};
    auto pair = socket_pair(context, "child");
    REQUIRE(pair);
    const OwnedFd secret{::open("/dev/null", O_RDONLY)};  // without CLOEXEC
    REQUIRE(secret);
    auto child =
        Child::spawn(context, {"sh", "-c", "ls -l /proc/self/fd | grep -c -- '->' >&4; read x <&4; echo got $x >&4"},
                     {{4, pair->theirs.get()}});
    REQUIRE(child);
    pair->theirs.reset();
    const auto talk = [&]() -> Async<std::string> {
        (void)co_await asio::async_write(pair->mine, asio::buffer("word\n", 5), as_result);
        std::string said = co_await read_all(pair->mine);
        const auto status = co_await child->wait();
        co_return said + (status && *status == ExitStatus{0, 0} ? "ended" : "failed");
    };
    // Four open ones of ls itself: 0, 1 or 2 as given, 4, and the folder that it reads.
    CHECK(test::run(context, talk()) == "5\ngot word\nended");
}

TEST_CASE("descriptors may change places on their way into a child") {
    asio::io_context context;
    auto a = socket_pair(context, "a");
    auto b = socket_pair(context, "b");
    REQUIRE(a);
    REQUIRE(b);
    const int fa = a->theirs.get();
    const int fb = b->theirs.get();
    auto child =
        Child::spawn(context, {"bash", "-c", "echo a >&" + std::to_string(fb) + "; echo b >&" + std::to_string(fa)},
                     {{fa, fb}, {fb, fa}});
    REQUIRE(child);
    a->theirs.reset();
    b->theirs.reset();
    CHECK(test::run(context, read_all(a->mine)) == "a\n");
    CHECK(test::run(context, read_all(b->mine)) == "b\n");
}

TEST_CASE("how a child ended is known") {
    asio::io_context context;
    auto seven = Child::spawn(context, {"sh", "-c", "exit 7"}, {});
    REQUIRE(seven);
    CHECK(*test::run(context, seven->wait()) == ExitStatus{7, 0});
    CHECK(*test::run(context, seven->wait()) == ExitStatus{7, 0});
    auto sleeper = Child::spawn(context, {"sleep", "600"}, {});
    REQUIRE(sleeper);
    sleeper->terminate();
    CHECK(*test::run(context, sleeper->wait()) == ExitStatus{0, SIGTERM});
    auto stubborn = Child::spawn(context, {"sh", "-c", "trap '' TERM; exec sleep 600"}, {});
    REQUIRE(stubborn);
    stubborn->kill();
    CHECK(*test::run(context, stubborn->wait()) == ExitStatus{0, SIGKILL});
    CHECK(Child::spawn(context, {"/no/such/program"}, {}).error().code == "child.start");
}

TEST_CASE("a child does not outlive its owner") {
    asio::io_context context;
    int pid = 0;
    {
        auto child = Child::spawn(context, {"sleep", "600"}, {});
        REQUIRE(child);
        pid = child->pid();
    }
    CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("memory is shared by descriptor, and only sealed memory is taken") {
    auto mine = SharedMemory::create(10'000);
    REQUIRE(mine);
    auto theirs = SharedMemory::open(OwnedFd{::dup(mine->fd())}, 10'000);
    REQUIRE(theirs);
    mine->bytes()[9'999] = std::byte{42};
    CHECK(theirs->bytes()[9'999] == std::byte{42});
    CHECK(SharedMemory::open(OwnedFd{::dup(mine->fd())}, 10'001).error().code == "memory.map");
    CHECK(SharedMemory::open(OwnedFd{::open("/dev/null", O_RDWR)}, 1).error().code == "memory.map");
    CHECK(::ftruncate(mine->fd(), 1) != 0);
}

TEST_CASE("a signal stops in order, a second one at once") {
    asio::io_context context;
    HostClock clock{context};
    bool asked = false;
    SECTION("the work ends by itself") {
        run_until_signal(context, [&] { asked = true; });
        CHECK_FALSE(asked);
    }
    SECTION("stop lets the work end") {
        const auto ticket = clock.wait_until(clock.mono() + 1h, [] {});
        clock.wait_until(clock.mono() + 50ms, [] { ::kill(::getpid(), SIGTERM); });
        run_until_signal(context, [&] {
            asked = true;
            clock.cancel(ticket);
        });
        CHECK(asked);
    }
    SECTION("a stop that hangs") {
        clock.wait_until(clock.mono() + 1h, [] {});
        clock.wait_until(clock.mono() + 50ms, [] { ::kill(::getpid(), SIGINT); });
        clock.wait_until(clock.mono() + 150ms, [] { ::kill(::getpid(), SIGINT); });
        run_until_signal(context, [&] { asked = true; });
        CHECK(asked);
    }
}
