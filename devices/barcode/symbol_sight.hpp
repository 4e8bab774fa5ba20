// Measures of one frame that tell why a symbol in it may not be read: what of it is seen, how large, how lit, what lies
// over it. Looked at after read_barcodes, whose readings and places it takes. What they mean is decided in
// core/barcode/symbol_obstacle.hpp.
#pragma once

#include <memory>
#include <span>

#include "core/barcode/symbol_obstacle.hpp"
#include "devices/barcode/locate.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// Remembers how the frame before looked. One for each camera; not thread-safe.
class SymbolSights {
  public:
    SymbolSights();
    ~SymbolSights();
    SymbolSights(SymbolSights&&) noexcept;
    SymbolSights& operator=(SymbolSights&&) noexcept;

    // `readings`: what read_barcodes gave for this frame; `places`: where it looked, none where it did not search. Of a
    // frame that looks like the one before the measures are the same, but for movement. Of a frame whose pixels are
    // fewer than its size says nothing is measured.
    [[nodiscard]] SymbolSight look(const Frame& frame, std::span<const BarcodeReading> readings,
                                   std::span<const SymbolPlace> places);

  private:
    struct Before;
    std::unique_ptr<Before> before_;
};

// What a reader of symbols remembers from frame to frame.
struct SymbolWatch {
    BarcodeTracker tracker;
    SymbolSights sights;
};

// One frame read, if it is `still`, and judged.
[[nodiscard]] SymbolFrame read_and_judge(const Frame& frame, bool still, const BarcodeOptions& options,
                                         SymbolWatch& watch);

}  // namespace paso
