// Print is black, stamps and guilloche are coloured: of the three channels of a pixel the lightest shows black as it
// is, and a saturated ink hardly at all.
#pragma once

#include <opencv2/core.hpp>

#include "devices/frame/frame.hpp"

namespace paso {

// The frame's luma, with the lightest of red, green and blue in and near `part` of it, as they were were its paper
// white. Empty for a grey frame, and where no more than specks of `part` are of a colour that ink has.
[[nodiscard]] cv::Mat without_coloured_ink(const Frame& frame, const cv::RotatedRect& part);

}  // namespace paso
