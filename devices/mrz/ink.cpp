#include "devices/mrz/ink.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace paso {
namespace {

constexpr int strong = 24;  // levels that a channel is lighter than the luma, where ink is saturated

// JFIF in sixteenths of a level, less the luma: what the chroma makes of each channel.
int lightest(int blue_less, int red_less) {
    const int red = 22 * red_less, blue = 28 * blue_less;
    const int green = -(11 * red_less + 6 * blue_less);
    return std::max({red, green, blue, 0}) / 16;
}

// How much lighter than its luma the lightest channel is, for each place of the chroma planes.
cv::Mat more_light(const Frame& frame, int& coloured) {
    const int cols = (frame.width() + 1) / 2, rows = (frame.height() + 1) / 2;
    const std::uint8_t* blue = frame.planes().data() + frame.luma().size();
    const std::uint8_t* red = blue + static_cast<std::size_t>(cols) * static_cast<std::size_t>(rows);
    cv::Mat out(rows, cols, CV_8U);
    coloured = 0;
    for (int y = 0; y < rows; ++y) {
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = 0; x < cols; ++x, ++blue, ++red) {
            const int more = lightest(*blue - 128, *red - 128);
            coloured += more > strong ? 1 : 0;
            to[x] = static_cast<std::uint8_t>(std::min(more, 255));
        }
    }
    return out;
}

}  // namespace

cv::Mat without_coloured_ink(const Frame& frame) {
    if (frame.empty() || !frame.colour() ||
        frame.planes().size() < Frame::bytes_needed(frame.width(), frame.height(), true))
        return {};
    int coloured = 0;
    const cv::Mat more = more_light(frame, coloured);
    if (static_cast<std::size_t>(coloured) * 1000 < more.total()) return {};
    cv::Mat out(frame.height(), frame.width(), CV_8U);
    const auto luma = frame.luma();
    for (int y = 0; y < out.rows; ++y) {
        const auto* from = luma.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(out.cols);
        const auto* lighter = more.ptr<std::uint8_t>(y / 2);
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = 0; x < out.cols; ++x) to[x] = static_cast<std::uint8_t>(std::min(from[x] + lighter[x / 2], 255));
    }
    return out;
}

}  // namespace paso
