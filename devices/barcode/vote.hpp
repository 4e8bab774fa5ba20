// Which readings of a camera are believed: a payload that proves itself by a signature needs one frame, for the kiosk
// verifies it; any other needs two equal reads within a second. Pure: readings in, a yes or no out.
#pragma once

#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace paso {

// By its first bytes: a visible digital seal, an ICAO data structure for barcodes, a VDS-NC, a health certificate.
[[nodiscard]] bool proves_itself(ByteView payload);

class BarcodeVote {
  public:
    // True when `reading` is believed now. Time is the reading's own; readings come in the order of their frames. Two
    // symbols of one frame with the same payload count once.
    [[nodiscard]] bool add(const BarcodeReading& reading);

  private:
    struct Seen {
        Symbology symbology;
        Bytes bytes;
        MonoTime at;
        std::uint64_t frame;
    };
    std::vector<Seen> seen_;
};

}  // namespace paso
