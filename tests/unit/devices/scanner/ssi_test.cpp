// SSI: the link by itself, then 10,000 scans over a pty from a simulated scanner that misbehaves.
#include "devices/scanner/ssi.hpp"

#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "devices/scanner/scanner.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t ack = 0xD0, nak = 0xD1, decoded = 0xF3;
constexpr std::uint8_t again = 1, more = 2;

MonoTime at(std::int64_t ms) { return {1'000'000'000 + ms * 1'000'000}; }

Bytes typed(std::uint8_t type, ByteView data) {
    Bytes out{std::byte{type}};
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

Bytes scan(std::string_view text, std::uint8_t status = 0, std::uint8_t type = 0x1C) {
    return ssi_packet(decoded, 0, status, typed(type, as_bytes(text)));
}

const Bytes good = ssi_packet(ack, 4, 0, {});
const Bytes again_please = ssi_packet(nak, 4, 0, std::array{std::byte{1}});

Bytes random_bytes(std::mt19937& r, std::size_t size) {
    Bytes out(size);
    for (auto& b : out) b = static_cast<std::byte>(r());
    return out;
}

}  // namespace

TEST_CASE("the packets have the bytes of the guides") {
    // Length 4, opcode, source, status; the checksum is the two's complement of the sum, high byte first.
    CHECK(good == Bytes{std::byte{4}, std::byte{0xD0}, std::byte{4}, std::byte{0}, std::byte{0xFF}, std::byte{0x28}});
    CHECK(again_please == Bytes{std::byte{5}, std::byte{0xD1}, std::byte{4}, std::byte{0}, std::byte{1},
                                std::byte{0xFF}, std::byte{0x25}});
}

TEST_CASE("a packet is acknowledged and gives its payload, byte by byte or with others") {
    SsiLink link(true);
    const Bytes one = scan("]Q1first");
    for (std::size_t i = 0; i + 1 < one.size(); ++i)
        CHECK(link.push(ByteView{one}.subspan(i, 1), at(1)).answer.empty());
    auto step = link.push(ByteView{one}.last(1), at(1));
    REQUIRE(step.readings.size() == 1);
    CHECK(as_text(step.readings[0].bytes) == "first");
    CHECK(step.readings[0].symbology == Symbology::qr);
    CHECK(step.readings[0].modifier == '1');
    CHECK(step.answer == good);
    Bytes two = scan("second");
    const Bytes third = scan("]d2third");
    two.insert(two.end(), third.begin(), third.end());
    step = link.push(two, at(2));
    REQUIRE(step.readings.size() == 2);
    CHECK(as_text(step.readings[0].bytes) == "second");
    CHECK(as_text(step.readings[1].bytes) == "third");
    CHECK(step.readings[1].symbology == Symbology::data_matrix);
    CHECK(step.answer.size() == 2 * good.size());
}

TEST_CASE("what is sent again because its acknowledgement was lost is no second scan; a second scan is one") {
    SsiLink link(false);
    CHECK(link.push(scan("twice"), at(1)).readings.size() == 1);
    auto step = link.push(scan("twice", again), at(300));
    CHECK(step.readings.empty());
    CHECK(step.answer == good);
    CHECK(link.push(scan("twice"), at(600)).readings.size() == 1);
    CHECK(link.push(scan("other", again), at(900)).readings.size() == 1);  // its first sending never came
}

TEST_CASE("a bad checksum, half a packet and a wrong length are asked for again when the line is silent") {
    for (const int fault : {0, 1, 2, 3}) {
        CAPTURE(fault);
        SsiLink link(false);
        CHECK(link.push(scan("same"), at(0)).readings.size() == 1);
        Bytes bad = scan("same");
        if (fault == 0) bad[6] ^= std::byte{4};
        if (fault == 1) bad.resize(5);
        if (fault == 2) bad[0] = std::byte{200};
        if (fault == 3) bad[0] = std::byte{1};
        CHECK(link.push(bad, at(10)).answer.empty());
        CHECK(link.tick(at(60)).answer.empty());
        CHECK(link.tick(at(120)).answer == again_please);
        CHECK(link.tick(at(500)).answer.empty());
        const auto step = link.push(scan("same", again), at(510));  // a second scan of the same, sent again
        REQUIRE(step.readings.size() == 1);
        CHECK(step.answer == good);
    }
}

TEST_CASE("a message of several packets is one payload, and is lost as a whole") {
    std::mt19937 r(8);
    const Bytes payload = random_bytes(r, 531);
    const auto part = [&](std::size_t from, std::size_t size, std::uint8_t status) {
        return ssi_packet(decoded, 0, status, typed(0x2D, ByteView{payload}.subspan(from, size)));
    };
    SsiLink link(false);
    CHECK(link.push(part(0, 250, more), at(0)).answer == good);
    CHECK(link.push(part(0, 250, more | again), at(5)).readings.empty());
    CHECK(link.push(part(250, 250, more), at(10)).answer == good);
    const auto step = link.push(part(500, 31, 0), at(20));
    REQUIRE(step.readings.size() == 1);
    CHECK(step.readings[0].bytes == payload);
    CHECK(step.readings[0].symbology == Symbology::aztec);
    CHECK(link.push(part(0, 250, more), at(30)).readings.empty());
    CHECK(link.push(scan("next"), at(20'000)).readings.at(0).bytes == to_bytes(as_bytes("next")));
    CHECK(link.dropped() == 1);
    for (int i = 0; i < 50; ++i) CHECK(link.push(part(0, 250, i < 49 ? more : 0), at(20'010 + i)).readings.empty());
    CHECK(link.dropped() == 2);
    CHECK(link.push(scan("after", 0, 0x99), at(20'100)).readings.empty());  // of a form that is not known
    CHECK(link.push(scan("after"), at(20'110)).readings.size() == 1);
}

TEST_CASE("whatever bytes come, the link answers packets alone and gives no more than came") {
    std::mt19937 r(9);
    for (int i = 0; i < 2000; ++i) {
        SsiLink link(i % 2 == 0);
        std::size_t sent = 0, given = 0;
        for (int k = 0; k < 20; ++k) {
            Bytes some =
                r() % 3 == 0 ? scan("]Q0payload", static_cast<std::uint8_t>(r() % 4)) : random_bytes(r, r() % 40);
            if (r() % 4 == 0 && !some.empty()) some[r() % some.size()] ^= std::byte{1};
            sent += some.size();
            const auto step = link.push(some, at(k * static_cast<int>(r() % 300)));
            for (const auto& reading : step.readings) given += reading.bytes.size();
            CHECK((step.answer.empty() || step.answer.size() >= good.size()));
        }
        CHECK(given <= sent);
    }
}

namespace {

// A scanner at the other end of a pty.
class Scanner {
  public:
    explicit Scanner(unsigned seed) : random_(seed) {
        int slave = -1;
        char path[128];
        REQUIRE(::openpty(&master_, &slave, path, nullptr, nullptr) == 0);
        name = path;
        ::close(slave);
    }
    ~Scanner() { ::close(master_); }

    std::string name;
    int corrupted = 0, unheard = 0, pairs = 0, split = 0, paused = 0;

    void send(const Bytes& payload) {
        const auto packets = packets_of(payload);
        split += packets.size() > 1 ? 1 : 0;
        for (const Bytes& data : packets) transact(data, &data != &packets.back());
    }
    // Without waiting for the first answer.
    void send_two(const Bytes& a, const Bytes& b) {
        Bytes both = ssi_packet(decoded, 0, 0, packets_of(a).at(0));
        const Bytes second = ssi_packet(decoded, 0, 0, packets_of(b).at(0));
        both.insert(both.end(), second.begin(), second.end());
        ++pairs;
        put(both);
        REQUIRE(answer() == ack);
        REQUIRE(answer() == ack);
    }

  private:
    static std::vector<Bytes> packets_of(const Bytes& payload) {
        constexpr std::size_t most = 250;
        std::vector<Bytes> out;
        for (std::size_t i = 0; i < payload.size(); i += most)
            out.push_back(typed(0x1C, ByteView{payload}.subspan(i, std::min(most, payload.size() - i))));
        return out;
    }
    bool chance(unsigned in) { return random_() % in == 0; }

    void transact(const Bytes& data, bool follows) {
        std::uint8_t status = follows ? more : 0;
        int faults = 0;
        while (true) {
            Bytes packet = ssi_packet(decoded, 0, status, data);
            status |= again;
            if (faults < 2 && chance(150)) {  // the line changes a byte, or swallows the end
                ++faults;
                ++corrupted;
                if (chance(2))
                    packet[random_() % packet.size()] ^= static_cast<std::byte>(1U << random_() % 8);
                else
                    packet.resize(1 + random_() % (packet.size() - 1));
                put(packet);
                REQUIRE(answer() == nak);
                continue;
            }
            put(packet);
            const auto said = answer();
            if (said == nak) continue;
            REQUIRE(said == ack);
            if (faults < 2 && chance(40)) {  // the scanner does not hear it
                ++faults;
                ++unheard;
                continue;
            }
            return;
        }
    }
    void put(const Bytes& bytes) {
        for (std::size_t i = 0; i < bytes.size();) {
            const std::size_t size =
                chance(3) ? std::min<std::size_t>(1 + random_() % 40, bytes.size() - i) : bytes.size() - i;
            REQUIRE(::write(master_, bytes.data() + i, size) == static_cast<ssize_t>(size));
            i += size;
            if (i < bytes.size() && chance(60)) {
                ++paused;
                std::this_thread::sleep_for(std::chrono::milliseconds{random_() % 30});
            }
        }
    }
    // The opcode of the host's next packet, whose checksum holds; 0: none within two seconds.
    std::uint8_t answer() {
        while (heard_.size() < 4 || heard_.size() < std::to_integer<std::size_t>(heard_[0]) + 2) {
            pollfd p{master_, POLLIN, 0};
            if (::poll(&p, 1, 2000) <= 0) return 0;
            std::array<std::byte, 256> some{};
            const ssize_t n = ::read(master_, some.data(), some.size());
            if (n <= 0) return 0;
            heard_.insert(heard_.end(), some.begin(), some.begin() + n);
        }
        const auto size = std::to_integer<std::size_t>(heard_[0]) + 2;
        const Bytes packet(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(size));
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(size));
        REQUIRE((packet == good || packet == again_please));
        return std::to_integer<std::uint8_t>(packet[1]);
    }

    std::mt19937 random_;
    int master_ = -1;
    Bytes heard_;
};

}  // namespace

TEST_CASE("10,000 scans over a pty of a scanner that misbehaves: none lost, joined, doubled or cut") {
    Scanner device(21);
    std::mutex mutex;
    std::vector<Bytes> seen;
    std::vector<Bytes> sent;
    std::mt19937 r(22);
    std::uint64_t dropped = 0;
    {
        SerialScanner scanner(
            {device.name, false, 40ms, ScannerLine::ssi},
            [] { return MonoTime{std::chrono::steady_clock::now().time_since_epoch().count()}; },
            [&](BarcodeReading b) {
                const std::scoped_lock lock(mutex);
                seen.push_back(std::move(b.bytes));
            });
        for (int i = 0; i < 2000 && scanner.status().state != ScannerState::live; ++i) std::this_thread::sleep_for(1ms);
        REQUIRE(scanner.status().state == ScannerState::live);
        while (sent.size() < 10'000) {
            // Mostly new payloads; some are scanned again at once.
            Bytes payload =
                !sent.empty() && r() % 20 == 0 ? sent.back() : random_bytes(r, 1 + r() % (r() % 8 == 0 ? 900 : 240));
            if (payload.size() <= 240 && r() % 10 == 0) {
                sent.push_back(payload);
                sent.push_back(random_bytes(r, 1 + r() % 240));
                device.send_two(payload, sent.back());
                continue;
            }
            sent.push_back(std::move(payload));
            device.send(sent.back());
        }
        const auto all = [&] {
            const std::scoped_lock lock(mutex);
            return seen.size() >= sent.size();
        };
        for (int i = 0; i < 2000 && !all(); ++i) std::this_thread::sleep_for(1ms);
        dropped = scanner.status().dropped;
    }
    CHECK(seen.size() == sent.size());
    CHECK(seen == sent);
    CHECK(dropped == 0);
    CHECK(device.corrupted > 50);
    CHECK(device.unheard > 100);
    CHECK(device.pairs > 300);
    CHECK(device.split > 300);
    CHECK(device.paused > 50);
}
