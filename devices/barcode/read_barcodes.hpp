// Reading two-dimensional symbols in a frame. Payloads are bytes as encoded, never a guessed text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/barcode/symbol.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

struct BarcodeOptions {
    bool qr = true;
    bool aztec = true;
    bool pdf417 = true;
    bool data_matrix = true;
};

// Every symbol in view with its corners; empty when none was found. Never throws on any pixels.
[[nodiscard]] std::vector<BarcodeReading> read_barcodes(const Frame& frame, const BarcodeOptions& options);

}  // namespace paso
