// Print is black, stamps and guilloche are coloured: of the three channels of a pixel the lightest shows black as it
// is, and a saturated ink hardly at all.
#pragma once

#include <opencv2/core.hpp>

#include "devices/frame/frame.hpp"

namespace paso {

// The lightest of red, green and blue, of the size of the frame's luma. Empty for a grey frame, and where less than a
// thousandth of the picture is of a colour that a stamp has.
[[nodiscard]] cv::Mat without_coloured_ink(const Frame& frame);

}  // namespace paso
