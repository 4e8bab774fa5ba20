#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "devices/link/preview_ring.hpp"

using namespace paso;
using namespace paso::link;

namespace {

struct Memory {
    std::vector<std::uint64_t> words = std::vector<std::uint64_t>((preview_ring_bytes() + 7) / 8);
    std::span<std::byte> bytes() { return {reinterpret_cast<std::byte*>(words.data()), preview_ring_bytes()}; }
};

Bytes picture(std::size_t size, unsigned value) { return Bytes(size, static_cast<std::byte>(value)); }

}  // namespace

TEST_CASE("the reader sees the newest picture, once") {
    Memory memory;
    PreviewWriter writer(memory.bytes());
    const PreviewReader reader(memory.bytes());
    CHECK_FALSE(reader.newest(0));
    REQUIRE(writer.write(picture(1001, 1), 5));
    REQUIRE(writer.write(picture(77, 2), 6));
    const auto seen = reader.newest(0);
    REQUIRE(seen);
    CHECK(seen->frame == 6);
    CHECK(seen->serial == 2);
    CHECK(seen->jpeg == picture(77, 2));
    CHECK_FALSE(reader.newest(seen->serial));
}

TEST_CASE("too large a picture or too small a memory is said, not written") {
    Memory memory;
    PreviewWriter writer(memory.bytes());
    CHECK_FALSE(writer.write(picture(preview_slot_bytes + 1, 1), 1));
    CHECK(writer.write(picture(preview_slot_bytes, 1), 1));
    PreviewWriter small(memory.bytes().first(100));
    CHECK_FALSE(small.write(picture(1, 1), 1));
    CHECK_FALSE(PreviewReader(memory.bytes().first(100)).newest(0));
}

TEST_CASE("a slow reader never sees half a picture") {
    Memory memory;
    std::atomic<bool> stop = false;
    std::thread writing([&] {
        PreviewWriter writer(memory.bytes());
        for (unsigned i = 0; !stop; ++i) writer.write(picture(2000 + i % 500, i % 251), i);
    });
    const PreviewReader reader(memory.bytes());
    int whole = 0;
    std::uint64_t last = 0;
    bool torn = false;
    const auto enough =
        std::chrono::steady_clock::now() + std::chrono::seconds(60);  // a busy machine starves one thread
    while (whole < 200 && std::chrono::steady_clock::now() < enough) {
        const auto seen = reader.newest(last);
        if (!seen) {
            std::this_thread::yield();
            continue;
        }
        last = seen->serial;
        ++whole;
        const auto value = static_cast<unsigned>(seen->frame % 251);
        torn = torn || seen->jpeg != picture(2000 + seen->frame % 500, value);
    }
    stop = true;
    writing.join();
    CHECK(whole == 200);
    CHECK_FALSE(torn);
}
