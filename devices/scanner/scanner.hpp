// Hand-held scanners on a serial line (USB CDC-ACM and the like).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "core/barcode/symbol.hpp"
#include "core/base/time.hpp"
#include "devices/scanner/framer.hpp"

namespace paso {

enum class ScannerLine : std::uint8_t { serial, hid };

struct ScannerConfig {
    std::string path;        // "/dev/ttyACM0", "/dev/hidraw0"
    bool aim_prefix = true;  // the device sends "]cm" before each payload
    Duration gap = std::chrono::milliseconds{40};
    ScannerLine line = ScannerLine::serial;  // hid: reports of a point-of-sale scanner, see hid_reports.hpp
};

// The numbers are those of the link's DeviceState.
enum class ScannerState : std::uint8_t { starting = 0, live = 1, unplugged = 3, stopped = 5 };

struct ScannerStatus {
    ScannerState state = ScannerState::starting;
    std::string_view reason;
    std::uint64_t scans = 0;
    std::uint64_t dropped = 0;  // payloads that did not fit the framer's buffer
    MonoTime newest{};
};

// Hand-held scanners on a serial line or as HID devices. Reads the line in a thread of its own: raw (no echo, no flow
// control, all 256 values), exclusive. When the device goes it is looked for again twice a second. `seen` is called on
// that thread.
class SerialScanner {
  public:
    SerialScanner(ScannerConfig config, std::function<MonoTime()> now, std::function<void(BarcodeReading)> seen);
    ~SerialScanner();
    SerialScanner(const SerialScanner&) = delete;
    SerialScanner& operator=(const SerialScanner&) = delete;
    [[nodiscard]] ScannerStatus status() const;

  private:
    void run();
    void read_line(int fd);
    void read_reports(int fd);
    void deliver(const std::vector<BarcodeReading>& readings);
    void say(ScannerState state, std::string_view reason);

    ScannerConfig config_;
    std::function<MonoTime()> now_;
    std::function<void(BarcodeReading)> seen_;
    mutable std::mutex mutex_;
    ScannerStatus status_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace paso
