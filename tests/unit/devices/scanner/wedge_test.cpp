// A scanner that types: the keys by themselves, then through a FIFO in the place of an event device.
#include "devices/scanner/wedge.hpp"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "devices/scanner/scanner.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const std::string pass = "M1NEBEL/ODA           EABC123 UTAUTBUT 0834 328Y012A0042 100";

MonoTime at(std::int64_t ms) { return {1'000'000'000 + ms * 1'000'000}; }

struct Event {
    std::uint16_t type, code;
    std::int32_t value;
};

// What a scanner types for a text, with Enter behind it.
std::vector<Event> typed(std::string_view text) {
    std::vector<Event> out;
    const auto key = [&](std::uint16_t code) {
        for (const std::int32_t value : {1, 0}) {
            out.push_back({EV_MSC, MSC_SCAN, code});
            out.push_back({EV_KEY, code, value});
            out.push_back({EV_SYN, SYN_REPORT, 0});
        }
    };
    for (const char c : text) {
        for (std::uint16_t code = 1; code < 128; ++code) {
            const bool plain = character_of_key(code, false) == c, shifted = character_of_key(code, true) == c;
            if (!plain && !shifted) continue;
            if (!plain) out.push_back({EV_KEY, KEY_LEFTSHIFT, 1});
            key(code);
            if (!plain) out.push_back({EV_KEY, KEY_LEFTSHIFT, 0});
            break;
        }
    }
    key(KEY_ENTER);
    return out;
}

std::vector<std::string> read(WedgeKeys& keys, const std::vector<Event>& events, std::int64_t from = 0) {
    std::vector<std::string> out;
    for (const Event& e : events) {
        if (const auto r = keys.push(e.type, e.code, e.value, at(from++))) out.emplace_back(as_text(r->bytes));
    }
    return out;
}

}  // namespace

TEST_CASE("every character of a US keyboard has one key, and the pass comes out as it was typed") {
    for (char c = ' '; c <= '~'; ++c) {
        int keys = 0;
        for (std::uint16_t code = 0; code < 768; ++code) {
            keys += character_of_key(code, false) == c ? 1 : 0;
            keys += character_of_key(code, true) == c && c != ' ' ? 1 : 0;
        }
        CAPTURE(c);
        CHECK(keys == 1);
    }
    WedgeKeys keys(40ms);
    CHECK(read(keys, typed(pass)) == std::vector<std::string>{pass});
    CHECK(read(keys, typed(pass), 5000) == std::vector<std::string>{pass});
    CHECK(keys.dropped() == 0);
}

TEST_CASE("what is no boarding pass, or has a key that types nothing, goes no further") {
    for (const std::string_view text : {"hello", "@ANSI 636000", "M1", "HC1:6BF", "M1NEBEL/ODA"}) {
        WedgeKeys keys(40ms);
        CHECK(read(keys, typed(text)).empty());
        CHECK(keys.dropped() == 1);
    }
    for (const int code : {KEY_LEFTCTRL, KEY_LEFTALT, KEY_CAPSLOCK, KEY_KP1, KEY_TAB, KEY_F1, KEY_102ND}) {
        CAPTURE(code);
        auto events = typed(pass);
        events.insert(events.begin() + 60, {EV_KEY, static_cast<std::uint16_t>(code), 1});
        WedgeKeys keys(40ms);
        CHECK(read(keys, events).empty());
        CHECK(keys.dropped() == 1);
        CHECK(read(keys, typed(pass), 9000).size() == 1);
    }
    auto repeated = typed(pass);
    repeated.insert(repeated.begin() + 60, {EV_KEY, KEY_A, 2});
    auto lost = typed(pass);
    lost.insert(lost.begin() + 60, {EV_SYN, SYN_DROPPED, 0});
    for (const auto& events : {repeated, lost}) {
        WedgeKeys keys(40ms);
        CHECK(read(keys, events).empty());
    }
}

TEST_CASE("fingers are slower than a scanner: what was typed before a gap is dropped, and the next scan is whole") {
    WedgeKeys keys(40ms);
    std::int64_t now = 0;
    for (const Event& e : typed("M1 slowly")) CHECK_FALSE(keys.push(e.type, e.code, e.value, at(now += 100)));
    CHECK(read(keys, typed(pass), now + 1000) == std::vector<std::string>{pass});
    auto halves = typed(pass);
    bool none = true;
    for (std::size_t i = 0; i < halves.size(); ++i) {
        const auto& e = halves[i];
        none = none && !keys.push(e.type, e.code, e.value, at(now + 5000 + static_cast<int>(i) + (i > 90 ? 500 : 0)));
    }
    CHECK(none);
}

TEST_CASE("any events give passes alone, of characters that keys can type") {
    std::mt19937 r(6);
    const auto scan = typed(pass);
    for (int i = 0; i < 300; ++i) {
        WedgeKeys keys(40ms);
        std::int64_t now = 0;
        for (int k = 0; k < 800; ++k) {
            Event e = scan[static_cast<std::size_t>(k) % scan.size()];
            if (r() % 50 == 0)
                e = {static_cast<std::uint16_t>(r() % 4), static_cast<std::uint16_t>(r() % 300),
                     static_cast<std::int32_t>(r() % 3)};
            now += r() % 400 == 0 ? 100 : 1;
            if (const auto b = keys.push(e.type, e.code, e.value, at(now))) {
                CHECK(as_text(b->bytes).starts_with("M1"));
                CHECK(b->bytes.size() >= 40);
            }
        }
    }
}

TEST_CASE("through a descriptor: the keyboard is taken first, and is not read when it cannot be") {
    const std::string path = "/tmp/paso-wedge-" + std::to_string(::getpid());
    ::unlink(path.c_str());
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const auto now = [] { return MonoTime{std::chrono::steady_clock::now().time_since_epoch().count()}; };
    std::mutex mutex;
    std::vector<std::string> seen;
    const auto add = [&](BarcodeReading b) {
        const std::scoped_lock lock(mutex);
        seen.emplace_back(as_text(b.bytes));
    };
    {
        SerialScanner refused({path, true, 40ms, ScannerLine::wedge}, now, add, [](int) { return false; });
        for (int i = 0; i < 1000 && refused.status().reason != "scanner.not_ours"; ++i)
            std::this_thread::sleep_for(1ms);
        CHECK(refused.status().reason == "scanner.not_ours");
    }
    int grabbed = -1;
    {
        SerialScanner scanner({path, true, 500ms, ScannerLine::wedge}, now, add, [&](int fd) {
            grabbed = fd;
            return true;
        });
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(fd >= 0);
        for (int i = 0; i < 50; ++i) {
            for (const Event& e : typed(pass)) {
                input_event event{};
                event.type = e.type;
                event.code = e.code;
                event.value = e.value;
                REQUIRE(::write(fd, &event, sizeof event) == static_cast<ssize_t>(sizeof event));
            }
        }
        for (int i = 0; i < 4000 && scanner.status().scans < 50; ++i) std::this_thread::sleep_for(1ms);
        ::close(fd);
    }
    ::unlink(path.c_str());
    CHECK(grabbed >= 0);
    CHECK(seen == std::vector<std::string>(50, pass));
    CHECK_FALSE(grab_keyboard(-1));
}
