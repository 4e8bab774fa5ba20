// Measures of one frame that tell why a symbol in it may not be read: what of it is seen, how large, how lit, what lies
// over it. Looked at after read_barcodes, whose readings it takes. What they mean is decided in
// core/barcode/symbol_obstacle.hpp. 1.2 to 3.8 ms of CPU time a frame of 1280 by 720 (mean of a visit at 30 frames a
// second; a frame that is measured 4 to 25), 2.2 to 5.8 ms of 1920 by 1080.
#pragma once

#include <memory>
#include <span>

#include "core/barcode/symbol.hpp"
#include "core/barcode/symbol_obstacle.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

// Remembers how the frame before looked. One for each camera; not thread-safe.
class SymbolSights {
  public:
    SymbolSights();
    ~SymbolSights();
    SymbolSights(SymbolSights&&) noexcept;
    SymbolSights& operator=(SymbolSights&&) noexcept;

    // `readings`: what read_barcodes gave for this frame. Of a frame that looks like the one before the measures are
    // the same, but for movement. Of a frame whose pixels are fewer than its size says nothing is measured.
    [[nodiscard]] SymbolSight look(const Frame& frame, std::span<const BarcodeReading> readings);

  private:
    struct Before;
    std::unique_ptr<Before> before_;
};

}  // namespace paso
