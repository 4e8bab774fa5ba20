// Aztec symbols by their bullseye (ISO/IEC 24778): nested squares in the middle, dark and light in turn, from which a
// grid is grown outwards ring by ring.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "devices/barcode/module_grid.hpp"

namespace paso {

// The grid as it was when it had grown to `size` modules a side, the bullseye in its middle.
struct AztecStage {
    Corners corners;
    int size = 0;  // odd
};
struct AztecGrid {
    cv::Mat relief;                  // against_neighbours() of the pixels
    std::vector<AztecStage> stages;  // those about as large as the symbol, the likeliest first
    bool inverted = false;
};

// `pixels`: an upright crop, turned by less than about four degrees, the symbol's `side` in pixels known within a
// quarter. Nothing where no bullseye is.
[[nodiscard]] std::optional<AztecGrid> find_aztec(const cv::Mat& pixels, float side);

}  // namespace paso
