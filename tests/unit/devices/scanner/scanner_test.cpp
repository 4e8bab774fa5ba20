// The serial scanner: the framer by itself, then over a real pty.
#include "devices/scanner/scanner.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

using namespace paso;
using namespace std::chrono_literals;

namespace {

MonoTime at(std::int64_t ms) { return {1'000'000'000 + ms * 1'000'000}; }

const std::string pass = "M1NEBEL/ODA           EABC123 UTAUTBUT 0834 328Y012A0042 100";

// A seal with a fixed header, one field and a signature of 64 bytes; random content, so with CR and LF inside.
Bytes seal(unsigned seed) {
    std::mt19937 r(seed);
    Bytes out{std::byte{0xDC}, std::byte{0x02}};
    while (out.size() < 18) out.push_back(static_cast<std::byte>(r()));
    out.push_back(std::byte{0x02});
    out.push_back(std::byte{20});
    for (int i = 0; i < 20; ++i) out.push_back(static_cast<std::byte>(i % 2 == 0 ? 0x0D : 0x0A));
    out.push_back(std::byte{0xFF});
    out.push_back(std::byte{64});
    for (int i = 0; i < 64; ++i) out.push_back(static_cast<std::byte>(r()));
    return out;
}

Bytes with_prefix(std::string_view prefix, ByteView payload) {
    Bytes out = to_bytes(as_bytes(prefix));
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

std::vector<BarcodeReading> deliver(Framer& framer, ByteView bytes, std::size_t step, std::int64_t gap_ms) {
    std::vector<BarcodeReading> out;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
        for (auto& r : framer.push(bytes.subspan(i, std::min(step, bytes.size() - i)), at(time)))
            out.push_back(std::move(r));
        time += gap_ms;
    }
    for (auto& r : framer.tick(at(time + 100))) out.push_back(std::move(r));
    return out;
}

}  // namespace

TEST_CASE("a payload is whole however it is delivered") {
    for (unsigned seed = 0; seed < 40; ++seed) {
        const Bytes payload = seal(seed);
        const Bytes sent = with_prefix("]d1", payload);
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{64}, sent.size()}) {
            Framer framer(true, 40ms);
            const auto seen = deliver(framer, sent, step, 3);
            REQUIRE(seen.size() == 1);
            CHECK(seen[0].bytes == payload);
            CHECK(seen[0].symbology == Symbology::data_matrix);
            CHECK(seen[0].modifier == '1');
        }
    }
}

TEST_CASE("two scans in one delivery are parted by what they say of their own length") {
    Bytes both = with_prefix("]L0", as_bytes(pass));
    const Bytes second = with_prefix("]d1", seal(4));
    both.insert(both.end(), second.begin(), second.end());
    Framer framer(true, 40ms);
    const auto seen = deliver(framer, both, both.size(), 1);
    REQUIRE(seen.size() == 2);
    CHECK(as_text(seen[0].bytes) == pass);
    CHECK(seen[0].symbology == Symbology::pdf417);
    CHECK(seen[1].bytes == seal(4));
}

TEST_CASE("text of no known form ends with the gap, and CR or LF inside does not") {
    Framer framer(false, 40ms);
    const std::string text = "line one\r\nline two\rline three";
    const auto seen = deliver(framer, as_bytes(text), 1, 2);
    REQUIRE(seen.size() == 1);
    CHECK(as_text(seen[0].bytes) == text);
    CHECK(seen[0].symbology == Symbology::unknown);
    CHECK(framer.push(as_bytes("a"), at(1000)).empty());
    const auto late = framer.push(as_bytes("b"), at(1100));
    REQUIRE(late.size() == 1);
    CHECK(as_text(late[0].bytes) == "a");
}

TEST_CASE("every byte value goes through, and a device without a prefix too") {
    Bytes all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
    Framer framer(true, 40ms);
    const auto seen = deliver(framer, all, 3, 1);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].bytes == all);
}

TEST_CASE("a flood costs one payload, not the ones after it") {
    Framer framer(true, 40ms);
    CHECK(deliver(framer, Bytes(20'000, std::byte{'x'}), 1000, 1).empty());
    CHECK(framer.dropped() == 1);
    const auto seen = framer.push(with_prefix("]d1", seal(1)), at(5000));
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].bytes == seal(1));
}

TEST_CASE("own lengths: a driving licence by its offsets, nothing for what is cut off") {
    const std::string licence = std::string{"@\n\x1e\rANSI 636000080001DL00310012"} + "DLDAQT6423\n\r";
    CHECK(own_length(as_bytes(licence)) == std::optional<std::size_t>{43});
    CHECK_FALSE(own_length(as_bytes(licence.substr(0, 40))));
    CHECK_FALSE(own_length(as_bytes(pass)));  // security data may follow: the gap decides
    CHECK(own_length(as_bytes(pass + "]")) == std::optional<std::size_t>{60});
    CHECK(own_length(as_bytes(pass + "^104ABCD")) == std::optional<std::size_t>{68});
    CHECK_FALSE(own_length(as_bytes(pass + "^104ABC")));
    const Bytes s = seal(9);
    CHECK(own_length(s) == s.size());
    CHECK_FALSE(own_length(ByteView{s}.first(s.size() - 1)));
    std::mt19937 r(2);
    for (int i = 0; i < 20000; ++i) {
        Bytes random(r() % 300);
        for (auto& b : random) b = static_cast<std::byte>(r());
        if (!random.empty()) random[0] = std::byte{0xDC};
        const auto length = own_length(random);
        if (length) CHECK(*length <= random.size());
    }
}

namespace {

MonoTime clock_now() { return {std::chrono::steady_clock::now().time_since_epoch().count()}; }

struct Line {
    int master = -1;
    std::string name;
    Line() {
        int slave = -1;
        char path[128];
        REQUIRE(::openpty(&master, &slave, path, nullptr, nullptr) == 0);
        name = path;
        ::close(slave);
    }
    ~Line() { close(); }
    void close() {
        if (master >= 0) ::close(master);
        master = -1;
    }
    void send(ByteView bytes) const {
        REQUIRE(::write(master, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
};

bool until(const std::function<bool()>& test) {
    for (int i = 0; i < 2000; ++i) {
        if (test()) return true;
        std::this_thread::sleep_for(2ms);
    }
    return false;
}

struct Seen {
    std::mutex mutex;
    std::vector<BarcodeReading> readings;
    void add(BarcodeReading r) {
        const std::scoped_lock lock(mutex);
        readings.push_back(std::move(r));
    }
    std::size_t count() {
        const std::scoped_lock lock(mutex);
        return readings.size();
    }
    Bytes bytes(std::size_t i) {
        const std::scoped_lock lock(mutex);
        return readings.at(i).bytes;
    }
};

}  // namespace

TEST_CASE("over a pty: raw bytes, split scans, unplugged in the middle, and back") {
    Line line;
    const std::string link = "/tmp/paso-scanner-" + std::to_string(::getpid());
    ::unlink(link.c_str());
    REQUIRE(::symlink(line.name.c_str(), link.c_str()) == 0);
    Seen seen;
    SerialScanner scanner({link, true, 40ms}, clock_now, [&](BarcodeReading r) { seen.add(std::move(r)); });
    REQUIRE(until([&] { return scanner.status().state == ScannerState::live; }));

    Bytes all;  // 0x11 and 0x13 among them: no flow control eats them
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
    line.send(with_prefix("]Q1", all));
    REQUIRE(until([&] { return seen.count() == 1; }));
    CHECK(seen.bytes(0) == all);

    const Bytes sent = with_prefix("]d1", seal(3));
    for (const std::byte b : sent) {
        line.send({&b, 1});
        std::this_thread::sleep_for(1ms);
    }
    REQUIRE(until([&] { return seen.count() == 2; }));
    CHECK(seen.bytes(1) == seal(3));
    CHECK(scanner.status().scans == 2);

    line.send(ByteView{sent}.first(30));
    std::this_thread::sleep_for(5ms);
    line.close();
    CHECK(until([&] { return scanner.status().state == ScannerState::unplugged; }));
    Line again;
    ::unlink(link.c_str());
    REQUIRE(::symlink(again.name.c_str(), link.c_str()) == 0);
    REQUIRE(until([&] { return scanner.status().state == ScannerState::live; }));
    again.send(with_prefix("]L0", as_bytes(pass)));
    REQUIRE(until([&] { return seen.count() >= 3; }));
    CHECK(as_text(seen.bytes(seen.count() - 1)) == pass);
    ::unlink(link.c_str());
}

namespace {

// Seals of both header forms with fields of random sizes, and boarding passes with security data: all of them say
// where they end. Three of four seals have a CR or LF inside.
Bytes random_scan(std::mt19937& r) {
    if (r() % 4 == 0) return to_bytes(as_bytes(pass + "^108" + std::to_string(10'000'000 + r() % 80'000'000)));
    const bool newer = r() % 2 == 0;
    Bytes out{std::byte{0xDC}, newer ? std::byte{0x03} : std::byte{0x02}};
    const std::size_t header = newer ? 18 + r() % 3 * 2 : 18;
    while (out.size() < header - 8) out.push_back(static_cast<std::byte>(r()));
    for (int i = 0; i < 2; ++i) {  // the days of issue and of signing, MMDDYYYY
        const auto day = (1 + r() % 12) * 1'000'000 + (1 + r() % 28) * 10'000 + 2000 + r() % 40;
        for (const unsigned shift : {16U, 8U, 0U}) out.push_back(static_cast<std::byte>(day >> shift));
    }
    while (out.size() < header) out.push_back(static_cast<std::byte>(r()));
    for (auto fields = 1 + r() % 3; fields > 0; --fields) {
        out.push_back(static_cast<std::byte>(1 + r() % 200));
        const auto size = 1 + r() % 60;
        out.push_back(static_cast<std::byte>(size));
        for (std::size_t i = 0; i < size; ++i)
            out.push_back(r() % 8 == 0 ? std::byte{'\r'} : static_cast<std::byte>(r()));
    }
    const auto signature = 48 + r() % 20 * 2;
    out.push_back(std::byte{0xFF});
    out.push_back(static_cast<std::byte>(signature));
    for (std::size_t i = 0; i < signature; ++i) out.push_back(static_cast<std::byte>(r()));
    return out;
}

}  // namespace

TEST_CASE("10,000 scans over a pty in random pieces with random pauses: none lost, joined or cut") {
    Line line;
    Seen seen;
    // A gap that no stall of this machine reaches: what ends these payloads is what they say themselves.
    SerialScanner scanner({line.name, true, 5s}, clock_now, [&](BarcodeReading r) { seen.add(std::move(r)); });
    REQUIRE(until([&] { return scanner.status().state == ScannerState::live; }));
    std::mt19937 r(4);
    constexpr std::size_t scans = 10'000;
    std::vector<Bytes> sent;
    for (std::size_t i = 0; i < scans; ++i) {
        sent.push_back(random_scan(r));
        Bytes bytes = with_prefix(sent.back()[0] == std::byte{0xDC} ? "]d1" : "]L0", sent.back());
        if (r() % 3 == 0) bytes.push_back(std::byte{'\r'});  // some devices add an end of line
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(1 + r() % (r() % 2 == 0 ? 8 : 200), bytes.size() - at);
            line.send(ByteView{bytes}.subspan(at, size));
            at += size;
            if (r() % 200 == 0) std::this_thread::sleep_for(std::chrono::microseconds{r() % 3000});
        }
        // A pty holds 4 KiB; a writer that runs ahead waits, as a line does.
        if (i % 16 == 15) REQUIRE(until([&] { return seen.count() + 8 >= i; }));
    }
    CHECK(until([&] { return seen.count() >= scans; }));
    REQUIRE(seen.count() == scans);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < scans; ++i) wrong += seen.bytes(i) == sent[i] ? 0U : 1U;
    CHECK(wrong == 0);
    CHECK(scanner.status().dropped == 0);
}
