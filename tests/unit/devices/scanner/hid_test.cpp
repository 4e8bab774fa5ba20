// HID point-of-sale reports: the assembler by itself, then through a FIFO in the place of a hidraw device.
#include "devices/scanner/hid_reports.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "devices/scanner/scanner.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

MonoTime at(std::int64_t ms) { return {1'000'000'000 + ms * 1'000'000}; }

Bytes report(ByteView data, bool more, std::string_view aim = "]d1") {
    Bytes out(hid_report_size);
    out[0] = std::byte{2};
    out[1] = static_cast<std::byte>(data.size());
    for (std::size_t i = 0; i < 3; ++i) out[2 + i] = static_cast<std::byte>(aim[i]);
    std::copy(data.begin(), data.end(), out.begin() + 5);
    out[63] = std::byte{static_cast<unsigned char>(more ? 1 : 0)};
    return out;
}

std::vector<Bytes> reports(ByteView payload) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < payload.size(); i += 56) {
        const std::size_t size = std::min<std::size_t>(56, payload.size() - i);
        out.push_back(report(payload.subspan(i, size), i + size < payload.size()));
    }
    return out;
}

Bytes random_bytes(std::mt19937& r, std::size_t size) {
    Bytes out(size);
    for (auto& b : out) b = static_cast<std::byte>(r());
    return out;
}

}  // namespace

TEST_CASE("a payload of any bytes and size comes out of its reports") {
    std::mt19937 r(3);
    HidReports hid;
    for (const std::size_t size : {1U, 55U, 56U, 57U, 112U, 113U, 531U, 2000U}) {
        const Bytes payload = random_bytes(r, size);
        std::optional<BarcodeReading> last;
        for (const Bytes& one : reports(payload)) {
            CHECK_FALSE(last);
            last = hid.push(one, at(5));
        }
        REQUIRE(last);
        CHECK(last->bytes == payload);
        CHECK(last->symbology == Symbology::data_matrix);
        CHECK(last->modifier == '1');
    }
    CHECK(hid.dropped() == 0);
}

TEST_CASE("what is no such report costs what was begun, and no more") {
    std::mt19937 r(4);
    const Bytes payload = random_bytes(r, 100);
    const auto two = reports(payload);
    const auto whole_after = [&](HidReports& hid) {
        CHECK_FALSE(hid.push(two[0], at(5000)));
        const auto seen = hid.push(two[1], at(5001));
        return seen && seen->bytes == payload;
    };
    for (Bytes bad : {Bytes(63), Bytes(65), Bytes(), two[0], two[0]}) {
        HidReports hid;
        CHECK_FALSE(hid.push(two[0], at(0)));
        if (bad == two[0]) bad[1] = std::byte{57};  // more data than fits
        CHECK_FALSE(hid.push(bad, at(1)));
        CHECK_FALSE(hid.push(two[1], at(2)));  // the end of what was begun
        CHECK(hid.dropped() == 1);
        CHECK(whole_after(hid));
    }
    HidReports late;
    CHECK_FALSE(late.push(two[0], at(0)));
    CHECK_FALSE(late.push(two[1], at(1500)));  // its beginning was too long ago
    CHECK(late.dropped() == 1);
    CHECK(whole_after(late));
    HidReports flood;
    for (int i = 0; i < 200; ++i) CHECK_FALSE(flood.push(report(Bytes(56), true), at(i)));
    CHECK_FALSE(flood.push(report(Bytes(56), false), at(200)));
    CHECK(flood.dropped() == 1);
    CHECK(whole_after(flood));
}

TEST_CASE("reports through a descriptor") {
    const std::string path = "/tmp/paso-hid-" + std::to_string(::getpid());
    ::unlink(path.c_str());
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::mutex mutex;
    std::vector<Bytes> seen;
    std::mt19937 r(5);
    std::vector<Bytes> sent;
    {
        SerialScanner scanner(
            {path, true, 40ms, ScannerLine::hid},
            [] { return MonoTime{std::chrono::steady_clock::now().time_since_epoch().count()}; },
            [&](BarcodeReading b) {
                const std::scoped_lock lock(mutex);
                seen.push_back(std::move(b.bytes));
            });
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(fd >= 0);
        for (int i = 0; i < 200; ++i) {
            sent.push_back(random_bytes(r, 1 + r() % 300));
            for (const Bytes& one : reports(sent.back())) {
                REQUIRE(::write(fd, one.data(), one.size()) == static_cast<ssize_t>(one.size()));
            }
        }
        for (int i = 0; i < 2000 && scanner.status().scans < sent.size(); ++i) std::this_thread::sleep_for(2ms);
        ::close(fd);
    }
    ::unlink(path.c_str());
    CHECK(seen == sent);
}
