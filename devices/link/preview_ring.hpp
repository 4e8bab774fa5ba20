// The preview: JPEG pictures in shared memory, written by devices, read by the kiosk without a copy through the socket.
// One writer, one reader in another process; a reader that is too slow sees the newest picture, never half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"

namespace paso::link {

inline constexpr std::size_t preview_slots = 4;
inline constexpr std::size_t preview_slot_bytes = 256UL << 10U;  // a picture over this is not written
[[nodiscard]] std::size_t preview_ring_bytes();                  // size of the shared memory

// `memory` is mapped by the caller (preview_ring_bytes() bytes, zeroed at first).
class PreviewWriter {
  public:
    explicit PreviewWriter(std::span<std::byte> memory);
    bool write(ByteView jpeg, std::uint64_t frame);  // false: too large

  private:
    std::span<std::byte> memory_;
};

struct PreviewPicture {
    Bytes jpeg;
    std::uint64_t frame = 0;
    std::uint64_t serial = 0;  // counts pictures written
};

class PreviewReader {
  public:
    explicit PreviewReader(std::span<const std::byte> memory);
    // The newest whole picture with a serial above `after`; nothing when there is none.
    [[nodiscard]] std::optional<PreviewPicture> newest(std::uint64_t after) const;

  private:
    std::span<const std::byte> memory_;
};

}  // namespace paso::link
