// From a row in the frame to a strip: 24 pixels high, text upright in its middle, capitals 15 pixels high.
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>

#include "core/base/geometry.hpp"
#include "devices/mrz/find_lines.hpp"

namespace paso {

inline constexpr int strip_height = 24;
inline constexpr float strip_capital = 15.0F;

// The middle of the strip follows the row: a parabola through its ends where paper is bent.
struct Strip {
    cv::Mat pixels;      // 8-bit, strip_height rows; empty when the row has no text
    cv::Point2f origin;  // of the strip's top left corner in the frame
    cv::Point2f along;   // frame pixels a strip pixel to the right
    cv::Point2f down;    // and downwards, along the letters' stems
    float bend = 0;      // strip pixels that the row's middle hangs below the line through its ends
    float margin = 0;    // strip pixels before the row's left end, and as many after its right
    // Frame pixels a strip pixel.
    [[nodiscard]] float scale() const { return static_cast<float>(cv::norm(along)); }
    // How far a letter's head stands right of its foot, by its height.
    [[nodiscard]] float lean() const { return -along.dot(down) / along.dot(along); }
    // How far down the row hangs.
    [[nodiscard]] float hang(float x) const {
        if (bend == 0) return 0;
        const float t = 2 * (x - margin) / std::max(1.0F, static_cast<float>(pixels.cols) - 2 * margin) - 1;
        return bend * (1 - t * t);
    }
    [[nodiscard]] cv::Point2f at(float x, float y) const { return origin + x * along + (y + hang(x)) * down; }
};

// Measures the row's true height, middle, slope and lean on the picture, then cuts once more.
[[nodiscard]] Strip cut_strip(const cv::Mat& luma, const TextRow& row);
// The row as it is said to stand, nothing measured.
[[nodiscard]] Strip cut_as_told(const cv::Mat& luma, const TextRow& row);

}  // namespace paso
