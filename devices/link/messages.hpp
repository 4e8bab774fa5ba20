// What paso-devices and paso-kiosk say to each other, over one Unix stream socket. Each message is a frame: length (4
// bytes, big endian, at most 1 MiB) and one canonical CBOR array [kind, ...]. The kiosk starts paso-devices and hands
// it one end of a socket pair and the memfd of the preview ring; when devices dies, the kiosk says so and starts it
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/barcode/symbol_obstacle.hpp"
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/mrz/obstacle.hpp"
#include "core/mrz/reading.hpp"

namespace paso::link {

inline constexpr std::uint32_t link_version = 3;

// The decoder of symbols, a process of paso-devices: `total` frames it read, `dropped` were lost with it.
enum class DeviceKind : std::uint8_t { camera = 0, scanner = 1, decoder = 2 };
// The same for every device: how it is, and why.
enum class DeviceState : std::uint8_t { starting = 0, live = 1, stalled = 2, unplugged = 3, garbage = 4, stopped = 5 };
[[nodiscard]] std::string_view name(DeviceState s);

// From devices.
struct Hello {
    std::uint32_t version = link_version;
    std::string program;  // "paso-devices 0.1.0"
};
struct MrzSeen {
    MrzReading reading;
};
struct BarcodeSeen {
    BarcodeReading reading;
    bool hand_held = false;  // from the scanner, not the camera
};
// What lies before the camera, a few times a second: lets the session tell an empty glass from a page that it cannot
// read.
struct GlassSeen {
    bool something_there = false;  // the picture differs from the empty glass
    bool still = false;            // and does not move
    std::uint64_t frame = 0;
};
// Measures of a frame in which an MRZ was looked for, after the readings that were found in it.
struct SightSeen {
    MrzSight sight;
};
// The same of a frame in which symbols were looked for, before what was read in it.
struct SymbolSightSeen {
    SymbolSight sight;
};
struct DeviceStatus {
    DeviceKind kind = DeviceKind::camera;
    DeviceState state = DeviceState::starting;
    std::string reason;  // stable code, "" when live
    double rate = 0;     // frames or scans a second
    std::uint64_t total = 0;
    std::uint64_t dropped = 0;
    std::int64_t age_ms = -1;  // of the newest frame; -1: none yet
};

// From the kiosk.
struct Watch {
    bool mrz = false;
    bool barcodes = false;
    bool preview = false;  // write JPEG pictures into the ring
};

using Message = std::variant<Hello, MrzSeen, BarcodeSeen, GlassSeen, DeviceStatus, Watch, SightSeen, SymbolSightSeen>;

[[nodiscard]] Bytes encode(const Message& message);  // with the length in front
// Errors: "link.frame" (too long), "link.message" (what and at which offset).
[[nodiscard]] Result<Message> decode(ByteView payload);  // without the length

// Collects bytes as they come and gives whole payloads: push, then next() until it has none. Errors: "link.frame" (a
// length over 1 MiB): the other end is broken, close it.
class Deframer {
  public:
    [[nodiscard]] Status push(ByteView bytes);
    [[nodiscard]] std::optional<Bytes> next();

  private:
    Bytes buffer_;
};

}  // namespace paso::link
