// The readers that stand beside ours in the table.
#pragma once

#include <vector>

#include "core/barcode/symbol.hpp"
#include "devices/frame/frame.hpp"

namespace paso::bench {

// ZXing alone on the whole frame, trying hard.
[[nodiscard]] std::vector<BarcodeReading> plain_zxing(const Frame& frame);
// QR only; empty where the benchmark was built without it.
[[nodiscard]] std::vector<BarcodeReading> zbar(const Frame& frame);
[[nodiscard]] bool has_zbar();

}  // namespace paso::bench
