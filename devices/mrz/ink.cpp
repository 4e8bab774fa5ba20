#include "devices/mrz/ink.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace paso {
namespace {

// Of the paper's luma: how much lighter than its own luma a channel is where ink is saturated. In dark pictures noise
// gives a few levels.
constexpr int strong_percent = 12, least_strong = 8;

// JFIF in sixteenths of a level, less the luma: what the chroma makes of each channel.
int lightest(int blue_less, int red_less) {
    const int red = 22 * red_less, blue = 28 * blue_less;
    const int green = -(11 * red_less + 6 * blue_less);
    return std::max({red, green, blue, 0}) / 16;
}

// The planes of a frame: luma, and chroma of half the size. Places are of the chroma.
struct Colours {
    const std::uint8_t* luma;
    const std::uint8_t* blue;
    const std::uint8_t* red;
    std::ptrdiff_t width;  // of the luma
    std::ptrdiff_t cols;   // of the chroma
    [[nodiscard]] int luma_at(std::ptrdiff_t x, std::ptrdiff_t y) const { return luma[2 * y * width + 2 * x]; }
    [[nodiscard]] int blue_at(std::ptrdiff_t x, std::ptrdiff_t y) const { return blue[y * cols + x]; }
    [[nodiscard]] int red_at(std::ptrdiff_t x, std::ptrdiff_t y) const { return red[y * cols + x]; }
};

Colours colours_of(const Frame& frame) {
    const std::ptrdiff_t cols = (frame.width() + 1) / 2, rows = (frame.height() + 1) / 2;
    const std::uint8_t* blue = frame.planes().data() + frame.luma().size();
    return {frame.luma().data(), blue, blue + cols * rows, frame.width(), cols};
}

// What most of a part of the picture is: the paper in the light that falls on it.
struct Paper {
    int luma;
    int blue_less;
    int red_less;
};

int middle_of(std::array<int, 256>& counts, int total) {
    int level = 0;
    for (int left = total / 2; level < 255 && left >= counts[static_cast<std::size_t>(level)]; ++level)
        left -= counts[static_cast<std::size_t>(level)];
    return level;
}

// `part`: of the chroma planes.
Paper paper_in(const Colours& c, const cv::Rect& part) {
    std::array<int, 256> luma{}, blue{}, red{};
    for (int y = part.y; y < part.br().y; ++y) {
        for (int x = part.x; x < part.br().x; ++x) {
            ++luma[static_cast<std::size_t>(c.luma_at(x, y))];
            ++blue[static_cast<std::size_t>(c.blue_at(x, y))];
            ++red[static_cast<std::size_t>(c.red_at(x, y))];
        }
    }
    const int total = part.area();
    return {std::max(1, middle_of(luma, total)), middle_of(blue, total) - 128, middle_of(red, total) - 128};
}

// How much lighter than its luma the lightest channel is, were the paper white, for each place of the chroma planes in
// `part`. The tint of the light is less on what is darker.
cv::Mat more_light(const Colours& c, const cv::Rect& part, const Paper& paper) {
    cv::Mat out(part.size(), CV_8U);
    for (int y = 0; y < part.height; ++y) {
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = 0; x < part.width; ++x) {
            const int light = std::min(c.luma_at(part.x + x, part.y + y), paper.luma);
            const int blue = c.blue_at(part.x + x, part.y + y) - 128 - paper.blue_less * light / paper.luma;
            const int red = c.red_at(part.x + x, part.y + y) - 128 - paper.red_less * light / paper.luma;
            to[x] = static_cast<std::uint8_t>(std::min(lightest(blue, red), 255));
        }
    }
    return out;
}

// A pen's stroke over one letter has 12 places and more of one colour, where letters can be read at all; noise is not
// of one colour over nine.
bool has_ink(const cv::Mat& more, int strong) {
    constexpr int least = 12;
    cv::Mat calm;
    cv::blur(more, calm, {3, 3});
    return cv::countNonZero(calm > strong) >= least;
}

}  // namespace

cv::Mat without_coloured_ink(const Frame& frame, const cv::Rect& part) {
    if (frame.empty() || !frame.colour() ||
        frame.planes().size() < Frame::bytes_needed(frame.width(), frame.height(), true))
        return {};
    const cv::Rect inside = part & cv::Rect(0, 0, frame.width(), frame.height());
    if (inside.empty()) return {};
    const cv::Point first = inside.tl() / 2, last = (inside.br() - cv::Point(1, 1)) / 2;
    const cv::Rect half(first, last + cv::Point(1, 1));
    const Colours colours = colours_of(frame);
    const Paper paper = paper_in(colours, half);
    const cv::Mat more = more_light(colours, half, paper);
    if (!has_ink(more, std::max(least_strong, paper.luma * strong_percent / 100))) return {};
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
