// Whatever a picture does to its decoder costs one frame: each fault is injected by a decoder that misbehaves behind
// the real loop, the real limits and the real watchdog.
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "devices/decoder/confine.hpp"
#include "devices/decoder/decoder_process.hpp"
#include "devices/decoder/decoder_worker.hpp"
#include "tests/support/processes.hpp"
#include "tests/unit/devices/decoder/faults.hpp"

using namespace paso;
using namespace paso::testing;
using namespace std::chrono_literals;

namespace {

const std::string faulty = std::string{PASO_BIN_DIR} + "/paso-faulty-decoder";
// A sanitizer slows the start of a process and its end.
constexpr auto patience = sanitized ? 3000ms : 400ms;

// Faults that end in an error at once, and the code of the frame that they cost.
const std::map<Fault, std::set<std::string_view>> quick{
    {Fault::segfault, {"decoder.died"}},        {Fault::aborts, {"decoder.died"}},
    {Fault::exits, {"decoder.died"}},           {Fault::throws, {"decoder.threw"}},
    {Fault::half_reply, {"decoder.reply"}},     {Fault::garbage, {"decoder.reply"}},
    {Fault::long_reply, {"decoder.reply"}},     {Fault::endless_reply, {"decoder.reply"}},
    {Fault::other_question, {"decoder.reply"}}, {Fault::other_frame, {"decoder.reply"}},
    {Fault::hand_held, {"decoder.reply"}},
};
const std::map<Fault, std::set<std::string_view>> slow{
    {Fault::spin, {"decoder.hung"}},
    {Fault::wait, {"decoder.hung"}},
    {Fault::closes, {sanitized ? "decoder.died" : "decoder.hung"}},  // a confined process cannot close anything
};

std::uint64_t big_endian(ByteView bytes) {
    std::uint64_t out = 0;
    for (const std::byte b : bytes) out = out << 8U | std::to_integer<std::uint64_t>(b);
    return out;
}

void must_read(DecoderProcess& decoder, const Frame& frame) {
    const auto symbols = decoder.read(frame);
    INFO((symbols ? "" : describe(symbols.error())));
    REQUIRE(symbols);
    REQUIRE(symbols->readings.size() == 1);
    const BarcodeReading& r = symbols->readings[0];
    CHECK(big_endian(r.bytes) == sum_of(frame));
    CHECK(r.symbology == Symbology::aztec);
    CHECK(r.modifier == '3');
    CHECK(r.frame == frame.sequence());
    CHECK(r.captured == frame.captured());
    CHECK(r.corners[2] == Point{5, 6});
    CHECK(decoder.status().reason.empty());
}

std::string say_by(DecoderProcess& decoder, Fault fault) {
    const auto symbols = decoder.read(picture(fault));
    REQUIRE(symbols);
    REQUIRE(symbols->readings.size() == 1);
    return std::string{as_text(symbols->readings[0].bytes)};
}

// What a test leaves behind would be another one's zombie.
void nobody_is_left() {
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

void each_costs_one_frame(const std::map<Fault, std::set<std::string_view>>& faults, std::chrono::milliseconds most) {
    DecoderProcess decoder({{faulty}, most});
    std::uint64_t frame = 0, lost = 0;
    must_read(decoder, picture(Fault::none, ++frame));
    for (const auto& [fault, codes] : faults) {
        INFO("fault " << static_cast<int>(fault));
        const auto begin = std::chrono::steady_clock::now();
        const auto symbols = decoder.read(picture(fault, ++frame));
        const auto took = std::chrono::steady_clock::now() - begin;
        REQUIRE_FALSE(symbols);
        INFO(symbols.error().code);
        CHECK(codes.contains(symbols.error().code));
        CHECK(decoder.status().reason == symbols.error().code);
        CHECK(took < most + 2s);
        if (symbols.error().code == "decoder.hung") CHECK(took >= most);
        CHECK(children_of(::getpid()).size() == 1);  // the next one, and no zombie
        must_read(decoder, picture(Fault::none, ++frame));
        CHECK(decoder.status().lost == ++lost);
        CHECK(decoder.status().frames == lost + 1);
        CHECK(decoder.status().starts == lost + 1);
    }
}

}  // namespace

TEST_CASE("frames are read one after the other by one process, to the last pixel of 12 million") {
    {
        DecoderProcess decoder({{faulty}, 10s});
        CHECK(decoder.status().newest.ns == 0);
        for (std::uint64_t i = 1; i < 50; ++i) must_read(decoder, picture(Fault::none, i));
        must_read(decoder, picture(Fault::none, 50, 1920, 1080));
        must_read(decoder, picture(Fault::none, 51, 4032, 3024));
        must_read(decoder, picture(Fault::none, 52, 1, 1));
        CHECK(decoder.read(Frame{})->readings.empty());
        CHECK(decoder.status().frames == 52);
        CHECK(decoder.status().lost == 0);
        CHECK(decoder.status().starts == 1);
        CHECK(decoder.status().newest.ns > 0);
        // One row more than there is memory for.
        const auto large = decoder.read(picture(Fault::none, 53, 8000, 8001));
        REQUIRE_FALSE(large);
        CHECK(large.error().code == "decoder.frame");
        must_read(decoder, picture(Fault::none, 54));
        CHECK(decoder.status().starts == 1);
    }
    nobody_is_left();
}

TEST_CASE("a decoder that dies or answers wildly costs one frame, and the next one is read") {
    each_costs_one_frame(quick, patience);
    nobody_is_left();
}

TEST_CASE("a decoder that hangs costs one frame, and the next one is read") {
    each_costs_one_frame(slow, patience);
    nobody_is_left();
}

TEST_CASE("memory without end is ended by the limit, not by the watchdog") {
    each_costs_one_frame({{Fault::allocates, {sanitized ? "decoder.died" : "decoder.memory"}}}, 30s);
    nobody_is_left();
}

TEST_CASE("a process that closes its socket and goes on is seen at once, and ended") {
    {
        DecoderProcess decoder({{faulty, "loose"}, 30s});
        const auto begin = std::chrono::steady_clock::now();
        const auto symbols = decoder.read(picture(Fault::none));
        REQUIRE_FALSE(symbols);
        CHECK(symbols.error().code == "decoder.died");
        CHECK(std::chrono::steady_clock::now() - begin < 10s);
    }
    nobody_is_left();
}

TEST_CASE("a process that ends or speaks between two frames costs one at most") {
    DecoderProcess decoder({{faulty}, patience});
    for (const Fault fault : {Fault::dies_later, Fault::says_more}) {
        INFO("fault " << static_cast<int>(fault));
        const std::uint64_t lost = decoder.status().lost;
        must_read(decoder, picture(fault));
        std::this_thread::sleep_for(50ms);  // what it does now is seen before the next question, or after it
        if (!decoder.read(picture(Fault::none, 2))) must_read(decoder, picture(Fault::none, 3));
        CHECK(decoder.status().lost <= lost + 1);
    }
    CHECK(decoder.status().starts >= 3);
}

TEST_CASE("200 faults leave no memory, no descriptor and no process behind") {
    std::size_t descriptors = 0;
    Pages before;
    {
        DecoderProcess decoder({{faulty}, 10s});
        int faults = 0;
        const auto round = [&] {
            for (const auto& [fault, codes] : quick) {
                REQUIRE_FALSE(decoder.read(picture(fault, 7)));
                must_read(decoder, picture(Fault::none, 8));
                ++faults;
            }
        };
        round();
        descriptors = open_descriptors();
        before = pages();
        faults = 0;
        while (faults < 200) round();
        CHECK(open_descriptors() == descriptors);
        CHECK(children_of(::getpid()).size() == 1);
        const Pages after = pages();
        // A sanitizer keeps what was freed for a while.
        CHECK(after.mapped <= before.mapped + (sanitized ? 100'000 : 64));
        CHECK(after.resident <= before.resident + (sanitized ? 100'000 : 256));
    }
    CHECK(open_descriptors() == descriptors - 2);  // its socket and its memory
    nobody_is_left();
}

TEST_CASE("hostile pictures one after the other are met with rests, and never with giving up") {
    DecoderProcess decoder({{faulty}, 10s, 10s, 200ms});
    must_read(decoder, picture(Fault::none, 1));
    std::set<std::string_view> codes;
    const auto end = std::chrono::steady_clock::now() + 1s;
    while (std::chrono::steady_clock::now() < end) {
        const auto symbols = decoder.read(picture(Fault::exits, 2));
        REQUIRE_FALSE(symbols);
        codes.insert(symbols.error().code);
        std::this_thread::sleep_for(5ms);
    }
    CHECK(codes == std::set<std::string_view>{"decoder.died", "decoder.rests"});
    CHECK(decoder.status().starts >= 4);
    CHECK(decoder.status().starts <= 9);  // after 0, 0, 50, 100, 200, 200, ... ms
    std::this_thread::sleep_for(200ms);
    must_read(decoder, picture(Fault::none, 3));
    const auto once = decoder.read(picture(Fault::exits, 4));
    REQUIRE_FALSE(once);
    must_read(decoder, picture(Fault::none, 5));  // one that was good makes good
}

TEST_CASE("a program that is none, ends at once, or never says that it is ready is tried again and again") {
    const auto codes_of = [](std::vector<std::string> command) {
        std::set<std::string_view> codes;
        DecoderProcess decoder({std::move(command), 10ms, 100ms, 50ms});
        const auto end = std::chrono::steady_clock::now() + 500ms;
        while (std::chrono::steady_clock::now() < end) {
            const auto symbols = decoder.read(picture(Fault::none));
            REQUIRE_FALSE(symbols);
            codes.insert(symbols.error().code);
            std::this_thread::sleep_for(1ms);
        }
        return codes;
    };
    using Codes = std::set<std::string_view>;
    CHECK(codes_of({}) == Codes{"decoder.start", "decoder.rests"});
    CHECK(codes_of({"/nowhere/decoder"}) == Codes{"decoder.start", "decoder.rests"});
    CHECK(codes_of({"/bin/true"}).contains("decoder.start"));
    CHECK(codes_of({"/bin/sleep", "60"}) == Codes{"decoder.start", "decoder.late", "decoder.rests"});
    nobody_is_left();
}

TEST_CASE("the process has its own two descriptors, no environment and nothing that it may do") {
    DecoderProcess decoder({{faulty}, 10s});
    if (sanitized) {
        must_read(decoder, picture(Fault::none));
    } else {
        ::setenv("PASO_TEST_SECRET", "not for decoders", 1);
        const std::string seen = say_by(decoder, Fault::surroundings);
        INFO(seen);
        CHECK(std::count(seen.begin(), seen.end(), '\n') == 5);
        CHECK(seen.starts_with("0 /dev/null\n1 /dev/null\n2 /dev/null\n3 socket:["));
        CHECK(seen.find("\n4 /memfd:paso-frame") != std::string::npos);
        const std::string tries = say_by(decoder, Fault::escape);
        CHECK(tries == std::string(14, static_cast<char>(EPERM)));
        const int shared = std::stoi(say_by(decoder, Fault::shares));
        CHECK(shared > 100);
        CHECK(static_cast<std::size_t>(shared) < decoder_address_space >> 20U);
    }
    CHECK(decoder.status().starts == 1);
}

TEST_CASE("a decoder in the middle of a frame dies with its parent") {
    REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);  // so that an orphan is ours to see
    std::string program = faulty, word = "parent";
    std::vector<char*> arguments{program.data(), word.data(), nullptr};
    pid_t parent = -1;
    REQUIRE(::posix_spawn(&parent, faulty.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
    const auto soon = [](const std::function<bool()>& test) {
        for (int i = 0; i < 2000 && !test(); ++i) std::this_thread::sleep_for(5ms);
        return test();
    };
    REQUIRE(soon([&] { return children_of(parent).size() == 1; }));
    const pid_t worker = children_of(parent)[0];
    // It spins when its processor time grows.
    const auto spent = [&] {
        std::ifstream in("/proc/" + std::to_string(worker) + "/schedstat");
        std::uint64_t ns = 0;
        in >> ns;
        return ns;
    };
    REQUIRE(soon([&] { return spent() > (sanitized ? 3'000'000'000U : 300'000'000U); }));
    REQUIRE(process_line(worker)->state == 'R');
    REQUIRE(::kill(parent, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(parent, &status, 0) == parent);
    REQUIRE(soon([&] { return process_line(worker)->state == 'Z'; }));
    REQUIRE(::waitpid(worker, &status, 0) == worker);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}
