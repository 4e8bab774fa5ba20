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

// How much lighter than its luma the lightest channel is, for each place of the chroma planes in `part`.
cv::Mat more_light(const Frame& frame, const cv::Rect& part) {
    const std::ptrdiff_t cols = (frame.width() + 1) / 2, rows = (frame.height() + 1) / 2;
    const std::uint8_t* blue = frame.planes().data() + frame.luma().size();
    const std::uint8_t* red = blue + cols * rows;
    cv::Mat out(part.size(), CV_8U);
    for (int y = 0; y < part.height; ++y) {
        auto* to = out.ptr<std::uint8_t>(y);
        const std::ptrdiff_t at = (part.y + y) * cols + part.x;
        for (int x = 0; x < part.width; ++x)
            to[x] = static_cast<std::uint8_t>(std::min(lightest(blue[at + x] - 128, red[at + x] - 128), 255));
    }
    return out;
}

}  // namespace

cv::Mat without_coloured_ink(const Frame& frame, const cv::Rect& part) {
    if (frame.empty() || !frame.colour() ||
        frame.planes().size() < Frame::bytes_needed(frame.width(), frame.height(), true))
        return {};
    const cv::Rect inside = part & cv::Rect(0, 0, frame.width(), frame.height());
    if (inside.empty()) return {};
    const cv::Point first = inside.tl() / 2, last = (inside.br() - cv::Point(1, 1)) / 2;
    const cv::Mat more = more_light(frame, cv::Rect(first, last + cv::Point(1, 1)));
    if (static_cast<std::size_t>(cv::countNonZero(more > strong)) * 100 < more.total()) return {};
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    cv::Mat out = luma.clone();
    for (int y = inside.y; y < inside.br().y; ++y) {
        const auto* lighter = more.ptr<std::uint8_t>(y / 2 - first.y);
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = inside.x; x < inside.br().x; ++x)
            to[x] = static_cast<std::uint8_t>(std::min(to[x] + lighter[x / 2 - first.x], 255));
    }
    return out;
}

}  // namespace paso
