// The one door to ZXing-C++: pixels to symbols. Its bytes() only, never its guess at a text.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "core/barcode/symbol.hpp"

namespace paso {

struct Decoded {
    Symbology symbology = Symbology::unknown;
    char modifier = '0';
    Bytes bytes;
    std::array<cv::Point2f, 4> corners;  // in the pixels given
    // Structured append and macro PDF417: part `index` of `parts` (0: not said) with this id.
    int index = -1;
    int parts = -1;
    std::string sequence;
};

enum class Kinds : std::uint8_t { matrix, qr, aztec, data_matrix, pdf417, qr_and_pdf417 };
enum class Threshold : std::uint8_t { local, by_line, middle };  // by neighbourhood, by histogram, at 127
// upright: not turned by right angles; clean: nothing but one upright, sharp symbol, whole pixels a module, of Aztec or
// DataMatrix alone: what ZXing 1.4 does to a clean PDF417 or QR writes out of its bounds or ends the process.
enum class Look : std::uint8_t { hard, upright, clean };

// Symbols whose checks hold, programming symbols left out. Never throws.
[[nodiscard]] std::vector<Decoded> decode_by_zxing(const cv::Mat& pixels, Kinds kinds, Threshold threshold, Look look);

}  // namespace paso
