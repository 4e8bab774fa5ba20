// From a row in the frame to a strip: 24 pixels high, text upright in its middle, capitals 15 pixels high.
#pragma once

#include <opencv2/core.hpp>

#include "core/base/geometry.hpp"
#include "devices/mrz/find_lines.hpp"

namespace paso {

inline constexpr int strip_height = 24;
inline constexpr float strip_capital = 15.0F;

struct Strip {
    cv::Mat pixels;      // 8-bit, strip_height rows; empty when the row has no text
    cv::Point2f origin;  // of the strip's top left corner in the frame
    cv::Point2f along;   // frame pixels a strip pixel to the right
    cv::Point2f down;    // and downwards
    [[nodiscard]] cv::Point2f at(float x, float y) const { return origin + x * along + y * down; }
};

// Measures the row's true height, middle and slope on the picture, then cuts once more.
[[nodiscard]] Strip cut_strip(const cv::Mat& luma, const TextRow& row);
// The row as it is said to stand, nothing measured.
[[nodiscard]] Strip cut_as_told(const cv::Mat& luma, const TextRow& row);

}  // namespace paso
