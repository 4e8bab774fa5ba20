// Framer: bytes of a serial line to whole payloads. A payload ends when it says so itself (a seal at its signature, a
// boarding pass by its sizes, a driving licence by its offsets) or when the line is quiet for a gap; never at a CR or
// LF alone, for three of four seals have one inside. Pure: bytes and times in, readings out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

class Framer {
  public:
    Framer(bool aim_prefix, Duration gap) : aim_prefix_(aim_prefix), gap_(gap) {}

    // Bytes that came at `now`.
    [[nodiscard]] std::vector<BarcodeReading> push(ByteView bytes, MonoTime now);
    // Time passes: what lies there since a gap is a whole payload.
    [[nodiscard]] std::vector<BarcodeReading> tick(MonoTime now);
    // Payloads that were longer than the buffer (8 KiB) and are lost.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void take(std::size_t size, std::vector<BarcodeReading>& out);
    [[nodiscard]] std::size_t prefix() const;
    bool aim_prefix_;
    Duration gap_;
    Bytes buffer_;
    MonoTime last_{};
    bool flooding_ = false;
    bool after_own_end_ = false;  // a payload ended by its own word just now: CR and LF are the device's
    std::uint64_t dropped_ = 0;
};

// How long the payload at the start of `bytes` is by its own word. Nothing: it does not say, or not enough of it is
// there.
[[nodiscard]] std::optional<std::size_t> own_length(ByteView bytes);

// The symbology of an AIM identifier's code letter (ISO/IEC 15424): Q, z, L, d.
[[nodiscard]] Symbology symbology_of_aim(char code);

}  // namespace paso
