// Aztec symbols by their bullseye (ISO/IEC 24778): nested squares in the middle, dark and light in turn, from which a
// grid is grown outwards ring by ring.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "devices/barcode/module_grid.hpp"

namespace paso {

struct AztecGrid {
    cv::Mat relief;    // against_neighbours() of the pixels
    Corners corners;   // of `size` x `size` modules around the bullseye, which covers the symbol and may be larger
    int size = 0;      // odd
    float module = 0;  // pixels
    bool inverted = false;
};

// `pixels`: an upright crop, turned by less than about four degrees, the symbol's `side` in pixels known within a
// quarter. Nothing where no bullseye is.
[[nodiscard]] std::optional<AztecGrid> find_aztec(const cv::Mat& pixels, float side);

}  // namespace paso
