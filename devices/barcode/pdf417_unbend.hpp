// PDF417 on paper that a hand bends: what is left of the bend in the straightened symbol is measured and taken away.
// Its upper and lower end are followed strip by strip, its start and stop bars slab by slab, and the beginnings of its
// codewords, where every row has an edge from light to dark, say how wide each column is seen (ISO/IEC 15438, 5.3).
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "devices/barcode/pdf417_deskew.hpp"

namespace paso {

struct UnbentPdf417 {
    cv::Mat pixels;   // as StraightPdf417's, flat
    cv::Mat to_luma;  // CV_32FC2, one element a pixel: where it is in the picture
    float module = 3;
};

// Nothing where the ends of the symbol cannot be followed.
[[nodiscard]] std::optional<UnbentPdf417> unbend_pdf417(const cv::Mat& luma, const StraightPdf417& straight);

}  // namespace paso
