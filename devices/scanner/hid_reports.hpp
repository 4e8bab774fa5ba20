// Reports of a scanner that speaks USB HID point of sale (usage page 0x8C) to payloads. Pure: reports and times in,
// readings out. A report is 64 bytes: 0 the report's id (2), 1 how many data bytes it holds (0 to 56), 2 to 4 the AIM
// identifier "]cm", 5 to 60 data, 61 and 62 of the vendor, 63 whether more reports follow (bit 0). One payload is as
// many reports as it needs, so nothing in its bytes can end it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

inline constexpr std::size_t hid_report_size = 64;

class HidReports {
  public:
    // The payload that this report ends. A report of another kind or with a size that cannot be, or one that comes more
    // than a second after those before it, costs the payload that was begun, up to its last report: half a payload is
    // none.
    [[nodiscard]] std::optional<BarcodeReading> push(ByteView report, MonoTime now);
    // Payloads begun and lost, or longer than 8 KiB.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void drop();
    Bytes payload_;
    bool begun_ = false;
    bool skipping_ = false;  // until a report that ends a payload
    MonoTime last_{};
    std::uint64_t dropped_ = 0;
};

}  // namespace paso
