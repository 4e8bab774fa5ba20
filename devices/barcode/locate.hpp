// Locator: where in a picture a two-dimensional symbol may lie. A symbol is dense with edges, and all its edges run
// along two directions; text is less dense, guilloche is faint, portraits have edges in all directions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace paso {

// An upright box turned by `degrees` (the picture's x axis to the box's x axis, clockwise as y runs down; -45 to 45).
struct SymbolPlace {
    cv::Point2f centre;  // pixels of the picture
    cv::Size2f size;     // without a quiet zone
    float slack = 12;    // pixels by which each side of the box may be off, besides a tenth
    float degrees = 0;   // right within about a degree where the symbol has 100 edges or more
    float order = 0;     // 0 to 1: how far all edges run along two directions
    float likely = 0;    // 0 to 1: above 0.3 most are symbols, below 0.05 hardly any
    float bars = 1;  // edges across the box's x axis by edges along it: above 1.5 a PDF417, below 1/1.5 one on its side
    // Whether a point of the picture lies in the box.
    [[nodiscard]] bool holds(cv::Point2f p) const;
};

// At most `most` places, the likeliest first. `luma`: 8-bit, of any size; it is searched at `width` pixels or, where it
// is smaller, as it is. Modules of 1 to 4 of those pixels are found. Costs about 4 ms at 960.
[[nodiscard]] std::vector<SymbolPlace> locate_symbols(const cv::Mat& luma, std::size_t most, int width = 960);

}  // namespace paso
