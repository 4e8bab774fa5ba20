// The picture at a size at which strokes and modules melt into grey and spots stay spots, and the hands in it: what the
// judgements of frames (devices/mrz/sight.hpp, devices/barcode/symbol_sight.hpp) look at first.
#pragma once

#include <opencv2/core.hpp>

#include "core/base/geometry.hpp"
#include "devices/frame/frame.hpp"

namespace paso {

struct SmallView {
    cv::Mat luma;    // its longer side about 320 pixels
    cv::Mat skin;    // 255 where the colour is that of hands; empty of a grey frame
    int factor = 1;  // pixels of the frame to one of the view
};

// Whether a frame has as many pixels as it says, and a size that can be judged.
[[nodiscard]] bool can_be_judged(const Frame& frame);
// Of a frame that can be judged. About 0.2 ms for 1280 by 720.
[[nodiscard]] SmallView small_view(const Frame& frame);
// What has the colour of hands and comes from beyond the picture's edge, for a printed face or bar does not: of it,
// what lies on the region (255 in it) or near it.
[[nodiscard]] cv::Mat hands_on(const cv::Mat& skin, const cv::Mat& region);
// The largest connected place of a mask (255 in it).
struct Spot {
    cv::Rect box;  // empty where there is none
    double area = 0;
};
[[nodiscard]] Spot largest_spot(const cv::Mat& mask);
// A box as shares of a picture.
[[nodiscard]] PicturePlace place_in(const cv::Rect& box, const cv::Size& picture);

}  // namespace paso
