// Finding the rows of a machine readable zone: dark text of even height, in two or three parallel rows of equal length.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace paso {

// A row of text in frame pixels: from the middle of its left edge to the middle of its right edge.
struct TextRow {
    cv::Point2f left;
    cv::Point2f right;
    float height = 0;  // rough height of its characters
    [[nodiscard]] float length() const { return static_cast<float>(cv::norm(right - left)); }
};

using RowGroup = std::vector<TextRow>;  // two or three rows, top to bottom

// Groups that may be an MRZ, the longest rows first, at most six. `luma` is an 8-bit grey picture. Rows are found whose
// slope (down by right) is within 0.15 of `slope`.
[[nodiscard]] std::vector<RowGroup> find_row_groups(const cv::Mat& luma, float slope = 0);

}  // namespace paso
