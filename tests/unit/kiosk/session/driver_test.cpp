// The driver over a socket pair that stands for paso-devices, a journal in memory and a clock that moves when told.
#include "kiosk/session/driver.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/crossing/crossing.hpp"
#include "sync/host/host_network.hpp"
#include "tests/support/manual_env.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

// Keeps drafts; holds them back while `held`, fails while `full`.
class MemoryJournal final : public Journal {
  public:
    explicit MemoryJournal(asio::any_io_executor executor, Clock& clock) : clock_(clock), released_(executor) {}
    std::vector<EventDraft> events;
    bool full = false;
    enum class Ballast { lies, gone } ballast = Ballast::lies;
    bool room = false;  // for the ballast
    bool held = false;
    Async<Result<Position>> append(EventDraft draft) override {
        while (held) co_await released_.wait(clock_, never);
        if (full) co_return fail("journal.full");
        events.push_back(std::move(draft));
        co_return head();
    }
    void release() {
        held = false;
        released_.notify();
    }
    Async<Result<std::vector<StoredEvent>>> read_after(Position, std::size_t) override {
        co_return std::vector<StoredEvent>{};
    }
    Async<Result<std::uint64_t>> new_epoch() override { co_return 1U; }
    Async<Status> acknowledged(std::string, Position) override { co_return Status{}; }
    Async<Result<Position>> kept_after(std::uint64_t epoch) override { co_return Position{epoch, 0}; }
    Async<Result<std::uint64_t>> trim(WallTime, std::vector<std::string>) override { co_return 0U; }
    [[nodiscard]] Position head() const override { return {1, events.size()}; }
    [[nodiscard]] bool on_ballast() const override { return ballast == Ballast::gone; }
    Async<Result<bool>> regain_ballast() override {
        if (room) ballast = Ballast::lies;
        co_return room;
    }
    void on_append(std::function<void()>) override {}

  private:
    Clock& clock_;
    Signal released_;
};

class DriverBench {
  public:
    test::ManualEnv env;
    test::MemoryLog log;
    asio::io_context context{1};
    MemoryJournal journal{context.get_executor(), env.clock};
    std::optional<KeyRing> keys;
    std::vector<OwnedFd> devices;  // the other end of each link, in the order of the starts
    bool can_start = true;
    int kills = 0;
    std::optional<Driver> driver;

    DriverBench() {
        for (const char* file : {"tls.key", "tls.crt", "ca.crt"})
            env.files.content[std::string{"keys/"} + file] =
                to_bytes(as_bytes(std::string{"-----BEGIN "} + file + "-----\n"));
        keys = std::move(*KeyRing::open(env.env, "keys"));
    }
    ~DriverBench() {
        if (!driver) return;
        journal.release();
        driver->stop();
        for (int i = 0; i < 40 && !ended_; ++i) step(1s);
    }
    DriverBench(const DriverBench&) = delete;
    DriverBench& operator=(const DriverBench&) = delete;

    void begin() {
        std::ifstream in(std::string{PASO_SOURCE_DIR} + "/deploy/packs/uto-demo.toml", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        SessionSettings settings;
        settings.trip.state = "UTO";
        settings.desk = "3";
        settings.pack = *parse_draft(as_bytes(text), schema());
        const auto day = [this] {
            return std::pair{std::vector<Date>{env.clock.wall_now.utc_date()}, ClockState::sure};
        };
        driver.emplace(DriverParts{env.env, log, journal, *keys, context.get_executor(), [this] { return start(); },
                                   day, [] {}, "session.marker"},
                       std::move(settings));
        asio::co_spawn(context, driver->run(), [this](std::exception_ptr failure) {
            ended_ = true;
            if (failure) std::rethrow_exception(failure);
        });
        settle();
    }
    void settle() {
        context.restart();
        context.poll();
    }
    void step(Duration time) {
        env.clock.advance(time);
        settle();
    }
    void touch(const char* action, const char* value = "") {
        driver->input(PageInput{action, value});
        settle();
    }
    [[nodiscard]] SessionState state() const { return driver->session().state(); }
    [[nodiscard]] bool ended() const { return ended_; }
    void say(std::size_t which, ByteView bytes) {
        REQUIRE(::write(devices.at(which).get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        settle();
    }
    // What the kiosk told these devices last.
    std::optional<link::Watch> told(std::size_t which) {
        std::array<std::byte, 4096> buffer{};
        const ssize_t n = ::recv(devices.at(which).get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (n <= 0) return std::nullopt;
        link::Deframer d;
        REQUIRE(d.push(ByteView{buffer.data(), static_cast<std::size_t>(n)}));
        std::optional<link::Watch> last;
        while (const auto payload = d.next()) {
            const auto m = link::decode(*payload);
            REQUIRE(m);
            last = std::get<link::Watch>(*m);
        }
        return last;
    }
    [[nodiscard]] StationNote note(std::size_t i) const {
        const auto plain = keys->open_body(journal.events.at(i).body);
        REQUIRE(plain);
        return *decode_note(*plain);
    }
    [[nodiscard]] std::string marker() const {
        const auto at = env.files.content.find("session.marker");
        return at == env.files.content.end() ? "" : std::string{as_text(at->second)};
    }

  private:
    Result<DevicesConnection> start() {
        if (!can_start) return fail("child.start");
        auto pair = socket_pair(context, "paso-devices");
        if (!pair) return fail(pair.error());
        devices.push_back(std::move(pair->theirs));
        return DevicesConnection{std::move(pair->mine), [this] { ++kills; }};
    }
    bool ended_ = false;
};

}  // namespace

TEST_CASE("a start is written down; a session that was cut off is an incident without a name") {
    DriverBench b;
    SECTION("after a quiet end") {
        b.env.files.content["session.marker"] = to_bytes(as_bytes("none\n"));
        b.begin();
        REQUIRE(b.journal.events.size() == 1);
    }
    SECTION("after a power cut") {
        b.env.files.content["session.marker"] = to_bytes(as_bytes("open\n"));
        b.begin();
        REQUIRE(b.journal.events.size() == 2);
        CHECK(b.journal.events[1].kind == EventKind::incident);
        CHECK_FALSE(b.journal.events[1].crossing);
        CHECK(b.note(1) == StationNote{"session.interrupted", ""});
        CHECK(b.marker() == "none\n");
    }
    CHECK(b.journal.events[0].kind == EventKind::restart);
    CHECK(b.note(0).code == "station.started");
    CHECK(b.state() == SessionState::idle);
}

TEST_CASE("while the incident is not on disk the marker stays") {
    DriverBench b;
    b.env.files.content["session.marker"] = to_bytes(as_bytes("open\n"));
    b.journal.full = true;
    b.begin();
    CHECK(b.marker() == "open\n");
    CHECK(b.state() == SessionState::out_of_service);
    CHECK(std::count(b.log.codes.begin(), b.log.codes.end(), "journal.full") == 1);
}

TEST_CASE("the marker is set while a session is under way, and a stop in it leaves it") {
    DriverBench b;
    b.begin();
    b.touch("start");
    b.touch("language", "en");
    CHECK(b.marker() == "none\n");
    b.touch("agree");
    CHECK(b.marker() == "open\n");
    SECTION("it ends") {
        b.touch("officer");
        CHECK(b.state() == SessionState::result);
        CHECK(b.marker() == "none\n");
    }
    SECTION("the program ends") {
        b.driver->stop();
        for (int i = 0; i < 40 && !b.ended(); ++i) b.step(1s);
        CHECK(b.ended());
        CHECK(b.marker() == "open\n");
    }
}

TEST_CASE("no last screen before the event is stored, and none at all when it cannot be") {
    DriverBench b;
    b.begin();
    b.touch("start");
    b.touch("language", "en");
    b.journal.held = true;
    b.touch("officer");
    b.step(5s);
    CHECK(b.state() == SessionState::saving);
    SECTION("stored") {
        b.journal.release();
        b.settle();
        CHECK(b.state() == SessionState::result);
        REQUIRE(b.journal.events.size() == 2);
        CHECK(b.journal.events[1].kind == EventKind::inspection);
        CHECK(b.journal.events[1].crossing);
        const auto plain = b.keys->open_body(b.journal.events[1].body);
        REQUIRE(plain);
        CHECK(decode_inspection(*plain)->ending == Ending::handed_over);
    }
    SECTION("a full disk, until there is room again") {
        b.journal.full = true;
        b.journal.release();
        b.settle();
        CHECK(b.state() == SessionState::out_of_service);
        CHECK_FALSE(b.driver->session().finished());
        for (int i = 0; i < 30; ++i) b.step(1s);
        CHECK(b.state() == SessionState::out_of_service);
        b.journal.full = false;
        for (int i = 0; i < 30; ++i) b.step(1s);
        CHECK(b.state() == SessionState::idle);
        CHECK(b.note(b.journal.events.size() - 1).code == "journal.back");
    }
    SECTION("the last room goes: this traveller is served, the next is not") {
        b.journal.ballast = MemoryJournal::Ballast::gone;
        b.journal.release();
        b.settle();
        CHECK(b.state() == SessionState::result);
        CHECK(b.log.codes.back() == "journal.ballast");
        b.touch("done");
        CHECK(b.state() == SessionState::out_of_service);
        const std::size_t stored = b.journal.events.size();
        for (int i = 0; i < 60; ++i) b.step(1s);
        CHECK(b.state() == SessionState::out_of_service);
        CHECK(b.journal.events.size() == stored);
        b.journal.room = true;
        for (int i = 0; i < 30; ++i) b.step(1s);
        CHECK(b.state() == SessionState::idle);
        CHECK(b.note(b.journal.events.size() - 1).code == "journal.back");
    }
}

TEST_CASE("when paso-devices dies the kiosk says so, starts it again and tells it what to watch") {
    DriverBench b;
    b.begin();
    REQUIRE(b.devices.size() == 1);
    b.touch("start");
    b.touch("language", "en");
    b.touch("agree");
    b.touch("party", "1,0");
    auto watch = b.told(0);
    REQUIRE(watch);
    CHECK(watch->mrz);
    SECTION("it closes its end") { b.devices[0].reset(); }
    SECTION("it sends what is no message") { b.say(0, as_bytes(std::string(64, '\xff'))); }
    b.settle();
    CHECK_FALSE(b.driver->devices().running);
    CHECK(b.kills == 1);
    CHECK(b.driver->session().hint() == DocumentHint::reader_away);
    b.step(1s);
    REQUIRE(b.devices.size() == 2);
    CHECK(b.driver->devices().running);
    CHECK(b.driver->devices().starts == 2);
    CHECK(b.driver->session().hint() == DocumentHint::place);
    watch = b.told(1);
    REQUIRE(watch);
    CHECK(watch->mrz);
    CHECK(watch->preview);
}

TEST_CASE("devices that cannot be started are tried again with longer pauses, and the kiosk rests") {
    DriverBench b;
    b.can_start = false;
    b.begin();
    for (int i = 0; i < 60; ++i) b.step(1s);
    const auto tries = std::count(b.log.codes.begin(), b.log.codes.end(), "child.start");
    CHECK(tries >= 7);
    CHECK(tries <= 12);
    CHECK(b.state() == SessionState::out_of_service);
    b.can_start = true;
    for (int i = 0; i < 11; ++i) b.step(1s);
    CHECK(b.state() == SessionState::idle);
}

TEST_CASE("what devices report reaches the session and the health view") {
    DriverBench b;
    b.begin();
    b.say(0, link::encode(link::DeviceStatus{link::DeviceKind::camera, link::DeviceState::unplugged, "camera.gone"}));
    REQUIRE(b.driver->devices().camera);
    CHECK(b.driver->devices().camera->state == link::DeviceState::unplugged);
    CHECK_FALSE(b.driver->devices().decoder);
    const auto lost = [&](std::uint64_t frames) {
        b.say(0, link::encode(link::DeviceStatus{link::DeviceKind::decoder, link::DeviceState::stalled, "decoder.hung",
                                                 0, 40, frames}));
        return std::count(b.log.codes.begin(), b.log.codes.end(), "decoder.lost");
    };
    CHECK(lost(0) == 0);
    CHECK(lost(1) == 1);
    CHECK(lost(1) == 1);  // each loss is told once
    CHECK(lost(3) == 2);
    CHECK(b.driver->devices().decoder->reason == "decoder.hung");
    CHECK_FALSE(b.driver->devices().scanner);
    b.touch("start");
    b.touch("language", "en");
    b.touch("agree");
    b.touch("party", "1,0");
    const Bytes glass = link::encode(link::GlassSeen{true, true, 9});
    b.say(0, ByteView{glass}.first(3));  // in two parts
    CHECK(b.driver->session().hint() == DocumentHint::place);
    b.say(0, ByteView{glass}.subspan(3));
    CHECK(b.driver->session().hint() == DocumentHint::reading);
    for (int i = 0; i < 10; ++i) b.step(1s);  // the clock alone ends the attempt
    CHECK(b.driver->session().attempts() == 1);
}
