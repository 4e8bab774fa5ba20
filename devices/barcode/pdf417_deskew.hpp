// PDF417 made straight: its start and stop patterns, which run over its whole height, say exactly where it lies and how
// it is turned (ISO/IEC 15438, 5.3: bars and spaces 8 1 1 1 1 1 1 3 and 7 1 1 3 1 1 1 2 1).
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "devices/barcode/locate.hpp"
#include "devices/barcode/rectify.hpp"

namespace paso {

struct StraightPdf417 {
    Crop crop;         // start pattern left, rows level, `module` pixels a module, a quiet zone of four
    float module = 3;  // pixels of the crop
    int columns = 0;   // of data
};

// The symbol at `place`, its start pattern looked for at both ends; nothing where the patterns are not found.
[[nodiscard]] std::optional<StraightPdf417> straighten_pdf417(const cv::Mat& luma, SymbolPlace place);

}  // namespace paso
