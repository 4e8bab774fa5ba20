// Reading two-dimensional symbols in a frame. Payloads are bytes as encoded, never a guessed text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "core/base/time.hpp"
#include "devices/barcode/locate.hpp"
#include "devices/barcode/parts.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

struct BarcodeOptions {
    bool qr = true;
    bool aztec = true;
    bool pdf417 = true;
    bool data_matrix = true;
    // No further attempt at a symbol begins after so long: for one who waits no longer. 0: each is made. The longest
    // attempt, at a PDF417 of 1850 characters, takes a tenth of a second.
    Duration most_time{0};
};

// What one frame leaves for the next: where symbols were, how the frame looked, parts of payloads. Holds no pixels of
// full size.
class BarcodeTracker {
  public:
    void forget() { *this = {}; }

  private:
    friend class FrameSearch;
    // Whether the view is as it was: a still view is searched twice, then twice a second, for each search costs much.
    [[nodiscard]] bool enough(const Frame& frame);

    std::vector<std::uint8_t> view_;  // 64 x 36 means
    int searches_ = 0;                // of this view
    MonoTime last_search_{};
    std::vector<SymbolPlace> places_;  // where the last searched frame had symbols
    PartCollector parts_;
};

// Every symbol in view with its corners, the payload as bytes; empty when none was found or nothing was searched. A
// symbol that is a part of a sequence is no reading of its own: the last missing part gives the whole payload, with the
// corners of that part. Programming symbols are left out. Never throws on any pixels.
[[nodiscard]] std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options,
                                                        BarcodeTracker& tracker);
// The same for a picture that has no neighbours.
[[nodiscard]] std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options);

}  // namespace paso
