// DataMatrix symbols that ZXing does not find by their edges: the pitch of the modules is measured, a grid is grown
// from the middle, and in its modules the solid L and the two dotted sides are looked for (ISO/IEC 16022, ECC 200).
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "devices/barcode/module_grid.hpp"

namespace paso {

struct DataMatrixGrid {
    cv::Mat modules;  // 8-bit, one element a module, 0 dark and 255 light, the L at the left and below, drawn anew
    Corners corners;  // of the symbol in the pixels given: its upper left, clockwise
};

// `pixels`: an upright crop, turned by less than about five degrees, the symbol's middle near its own, the symbol's
// `side` in pixels known within a quarter. Square symbols of 10 to 64 modules.
[[nodiscard]] std::optional<DataMatrixGrid> find_data_matrix(const cv::Mat& pixels, float side);

}  // namespace paso
