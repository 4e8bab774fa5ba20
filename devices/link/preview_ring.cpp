#include "devices/link/preview_ring.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace paso::link {
namespace {

// A sequence lock for each slot: odd while it is written. Plain atomics in shared memory; the picture itself is copied
// as relaxed atomic words, so a torn read is detected and is no data race either.
struct Slot {
    std::atomic<std::uint64_t> lock;
    std::atomic<std::uint64_t> serial;
    std::atomic<std::uint64_t> frame;
    std::atomic<std::uint64_t> size;
    std::array<std::atomic<std::uint64_t>, preview_slot_bytes / 8> words;
};
struct Ring {
    std::atomic<std::uint64_t> newest;  // serial of the last whole picture, 0: none
    std::array<Slot, preview_slots> slots;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

template <class Memory>
auto* ring_in(Memory memory) {
    using Byte = typename Memory::element_type;
    using Target = std::conditional_t<std::is_const_v<Byte>, const Ring, Ring>;
    return memory.size() < sizeof(Ring) ? nullptr : reinterpret_cast<Target*>(memory.data());
}

}  // namespace

std::size_t preview_ring_bytes() { return sizeof(Ring); }

PreviewWriter::PreviewWriter(std::span<std::byte> memory) : memory_(memory) {}

bool PreviewWriter::write(ByteView jpeg, std::uint64_t frame) {
    Ring* ring = ring_in(memory_);
    if (ring == nullptr || jpeg.size() > preview_slot_bytes) return false;
    const std::uint64_t serial = ring->newest.load(std::memory_order_relaxed) + 1;
    Slot& slot = ring->slots[serial % preview_slots];
    const std::uint64_t lock = slot.lock.load(std::memory_order_relaxed) | 1U;
    slot.lock.store(lock, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    slot.serial.store(serial, std::memory_order_relaxed);
    slot.frame.store(frame, std::memory_order_relaxed);
    slot.size.store(jpeg.size(), std::memory_order_relaxed);
    for (std::size_t at = 0; at < jpeg.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, jpeg.data() + at, std::min<std::size_t>(8, jpeg.size() - at));
        slot.words[at / 8].store(word, std::memory_order_relaxed);
    }
    slot.lock.store(lock + 1, std::memory_order_release);
    ring->newest.store(serial, std::memory_order_release);
    return true;
}

PreviewReader::PreviewReader(std::span<const std::byte> memory) : memory_(memory) {}

std::optional<PreviewPicture> PreviewReader::newest(std::uint64_t after) const {
    const Ring* ring = ring_in(memory_);
    if (ring == nullptr) return std::nullopt;
    const std::uint64_t serial = ring->newest.load(std::memory_order_acquire);
    if (serial == 0 || serial <= after) return std::nullopt;
    const Slot& slot = ring->slots[serial % preview_slots];
    const std::uint64_t before = slot.lock.load(std::memory_order_acquire);
    const std::uint64_t size = slot.size.load(std::memory_order_relaxed);
    if (before % 2 != 0 || size > preview_slot_bytes) return std::nullopt;
    PreviewPicture picture;
    picture.serial = slot.serial.load(std::memory_order_relaxed);
    picture.frame = slot.frame.load(std::memory_order_relaxed);
    picture.jpeg.resize(size);
    for (std::size_t at = 0; at < size; at += 8) {
        const std::uint64_t word = slot.words[at / 8].load(std::memory_order_relaxed);
        std::memcpy(picture.jpeg.data() + at, &word, std::min<std::size_t>(8, size - at));
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.lock.load(std::memory_order_relaxed) != before) return std::nullopt;
    return picture;
}

}  // namespace paso::link
