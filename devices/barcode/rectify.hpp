// From a place in the picture to an upright crop with a margin, and back.
#pragma once

#include <opencv2/core.hpp>

#include "core/base/geometry.hpp"
#include "devices/barcode/locate.hpp"

namespace paso {

struct Crop {
    cv::Mat pixels;          // 8-bit, upright
    cv::Matx33f to_picture;  // of pixels' centres
    [[nodiscard]] Point at(float x, float y) const;
};

// The box and a margin around it (pixels of the picture), `scale` crop pixels a pixel of the picture. Outside the
// picture the nearest pixels are repeated.
[[nodiscard]] Crop cut(const cv::Mat& luma, const SymbolPlace& place, float margin, float scale);

// The picture averaged down to `size`, by halves as long as that goes: many times faster than at one go.
[[nodiscard]] cv::Mat averaged_down(const cv::Mat& luma, cv::Size size);

// The same crop with the darkest 3 % of its inside at 0 and the lightest 3 % at 255; what lies around the inside, a
// brighter page or a darker glass, is cut off there.
[[nodiscard]] cv::Mat stretched(const cv::Mat& pixels, cv::Rect inside);
// What blur took away of a symbol whose modules are about three pixels, given back in part.
[[nodiscard]] cv::Mat sharpened(const cv::Mat& pixels, double sigma, double amount);
// 0 or 255 by the mean of the neighbourhood, `side` pixels wide.
[[nodiscard]] cv::Mat two_levels(const cv::Mat& pixels, int side);

}  // namespace paso
