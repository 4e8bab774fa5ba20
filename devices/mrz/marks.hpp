// Marks above the letters of a row: the tilde of a Spanish N and the like, which no MRZ has and no check digit sees.
#pragma once

#include <opencv2/core.hpp>

#include "core/mrz/pitch.hpp"

namespace paso {

// What is left of its probability to a character that is doubted: it stays the likeliest, and 240 frames fuse to 0.87.
inline constexpr float left_in_doubt = 0.53F;

// The grey level that this share of an 8-bit strip's pixels is darker than, 0 to 255.
[[nodiscard]] int level_of(const cv::Mat& strip, double share);

// `strip`: dark text, strip_height rows, capitals strip_capital high in its middle; `window`: how it was cut. A letter
// that alone among its neighbours has ink above it loses nearly half of its probability to the filler: it stays the
// likeliest, and no number of frames makes it sure.
void doubt_marked(const cv::Mat& strip, RowWindow& window);

}  // namespace paso
