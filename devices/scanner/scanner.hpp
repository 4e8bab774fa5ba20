// Hand-held scanners: on a serial line (USB CDC-ACM and the like), as HID devices, or as keyboards.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "devices/scanner/framer.hpp"

namespace paso {

// How the scanner speaks: bytes alone (framer.hpp), reports of a point-of-sale scanner (hid_reports.hpp), acknowledged
// packets on a serial line (ssi.hpp), key events (wedge.hpp).
enum class ScannerLine : std::uint8_t { serial, hid, ssi, wedge };

struct ScannerConfig {
    std::string path;        // "/dev/ttyACM0", "/dev/hidraw0"
    bool aim_prefix = true;  // the device sends "]cm" before each payload
    Duration gap = std::chrono::milliseconds{40};
    ScannerLine line = ScannerLine::serial;
};

// Takes a keyboard for ourselves, so that nothing that is scanned is typed into another program (EVIOCGRAB). False:
// it could not be had.
using GrabKeyboard = std::function<bool(int fd)>;
[[nodiscard]] bool grab_keyboard(int fd);

// The numbers are those of the link's DeviceState.
enum class ScannerState : std::uint8_t { starting = 0, live = 1, unplugged = 3, stopped = 5 };

struct ScannerStatus {
    ScannerState state = ScannerState::starting;
    std::string_view reason;
    std::uint64_t scans = 0;
    std::uint64_t dropped = 0;  // payloads that were begun and lost
    MonoTime newest{};
};

// Reads the line in a thread of its own: a serial one raw (no echo, no flow control, all 256 values), each exclusively.
// When the device goes it is looked for again twice a second. `seen` is called on that thread.
class SerialScanner {
  public:
    SerialScanner(ScannerConfig config, std::function<MonoTime()> now, std::function<void(BarcodeReading)> seen,
                  GrabKeyboard grab = grab_keyboard);
    ~SerialScanner();
    SerialScanner(const SerialScanner&) = delete;
    SerialScanner& operator=(const SerialScanner&) = delete;
    [[nodiscard]] ScannerStatus status() const;

  private:
    void run();
    void read_line(int fd);
    void read_reports(int fd);
    void read_packets(int fd);
    void read_keys(int fd);
    // The next bytes of the line, none in 10 ms; nothing when it is gone.
    [[nodiscard]] std::optional<ByteView> next(int fd, std::span<std::byte> buffer);
    void count_dropped(std::uint64_t dropped);
    void deliver(const std::vector<BarcodeReading>& readings);
    void say(ScannerState state, std::string_view reason);

    ScannerConfig config_;
    std::function<MonoTime()> now_;
    std::function<void(BarcodeReading)> seen_;
    GrabKeyboard grab_;
    mutable std::mutex mutex_;
    ScannerStatus status_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace paso
