#include "devices/mrz/ink.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

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

// A part of the chroma planes: the box around it, and what of the box belongs to it.
struct Part {
    cv::Rect box;
    cv::Mat inside;  // not 0: a place of the part
};

// `part`: of the frame. Empty where it lies beside the frame.
Part chroma_part(const cv::RotatedRect& part, const cv::Size& chroma) {
    std::array<cv::Point2f, 4> corners;
    part.points(corners.data());
    std::vector<cv::Point> outline;
    outline.reserve(corners.size());
    for (const cv::Point2f& c : corners) outline.emplace_back(cvRound(c.x / 2), cvRound(c.y / 2));
    Part out{cv::boundingRect(outline) & cv::Rect({0, 0}, chroma), {}};
    if (out.box.empty()) return {};
    out.inside = cv::Mat::zeros(out.box.size(), CV_8U);
    for (cv::Point& p : outline) p -= out.box.tl();
    cv::fillConvexPoly(out.inside, outline, 1);
    return out;
}

// Of a large part every second line and column tell enough.
Paper paper_in(const Colours& c, const Part& part) {
    constexpr int large = 100'000;
    const int step = part.box.area() > large ? 2 : 1;
    std::array<int, 256> luma{}, blue{}, red{};
    int total = 0;
    for (int y = 0; y < part.box.height; y += step) {
        const auto* inside = part.inside.ptr<std::uint8_t>(y);
        for (int x = 0; x < part.box.width; x += step) {
            if (inside[x] == 0) continue;
            const int at_x = part.box.x + x, at_y = part.box.y + y;
            ++luma[static_cast<std::size_t>(c.luma_at(at_x, at_y))];
            ++blue[static_cast<std::size_t>(c.blue_at(at_x, at_y))];
            ++red[static_cast<std::size_t>(c.red_at(at_x, at_y))];
            ++total;
        }
    }
    return {std::max(1, middle_of(luma, total)), middle_of(blue, total) - 128, middle_of(red, total) - 128};
}

// How much lighter than its luma the lightest channel is, were the paper white, for each place of the chroma planes in
// `box`. The tint of the light is less on what is darker.
cv::Mat more_light(const Colours& c, const cv::Rect& box, const Paper& paper) {
    std::array<int, 256> blue_tint{}, red_tint{};  // of each luma
    for (int luma = 0; luma < 256; ++luma) {
        const int light = std::min(luma, paper.luma);
        blue_tint[static_cast<std::size_t>(luma)] = 128 + paper.blue_less * light / paper.luma;
        red_tint[static_cast<std::size_t>(luma)] = 128 + paper.red_less * light / paper.luma;
    }
    cv::Mat out(box.size(), CV_8U);
    for (int y = 0; y < box.height; ++y) {
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = 0; x < box.width; ++x) {
            const auto luma = static_cast<std::size_t>(c.luma_at(box.x + x, box.y + y));
            const int blue = c.blue_at(box.x + x, box.y + y) - blue_tint[luma];
            const int red = c.red_at(box.x + x, box.y + y) - red_tint[luma];
            to[x] = static_cast<std::uint8_t>(std::min(lightest(blue, red), 255));
        }
    }
    return out;
}

// A pen's stroke over one letter has 12 places and more of one colour, where letters can be read at all; noise is not
// of one colour over nine.
bool has_ink(const cv::Mat& more, const cv::Mat& inside, int strong) {
    constexpr int least = 12;
    cv::Mat calm;
    cv::blur(more, calm, {3, 3});
    return cv::countNonZero((calm > strong) & inside) >= least;
}

}  // namespace

cv::Mat without_coloured_ink(const Frame& frame, const cv::RotatedRect& part) {
    if (frame.empty() || !frame.colour() ||
        frame.planes().size() < Frame::bytes_needed(frame.width(), frame.height(), true))
        return {};
    const Part half = chroma_part(part, {(frame.width() + 1) / 2, (frame.height() + 1) / 2});
    if (half.box.empty()) return {};
    const Colours colours = colours_of(frame);
    const Paper paper = paper_in(colours, half);
    const cv::Mat more = more_light(colours, half.box, paper);
    if (!has_ink(more, half.inside, std::max(least_strong, paper.luma * strong_percent / 100))) return {};
    const cv::Mat luma(frame.height(), frame.width(), CV_8U, const_cast<std::uint8_t*>(frame.luma().data()));
    cv::Mat out = luma.clone();
    const cv::Rect box = cv::Rect(half.box.tl() * 2, half.box.size() * 2) & cv::Rect({0, 0}, luma.size());
    for (int y = box.y; y < box.br().y; ++y) {
        const auto* lighter = more.ptr<std::uint8_t>(y / 2 - half.box.y);
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = box.x; x < box.br().x; ++x)
            to[x] = static_cast<std::uint8_t>(std::min(to[x] + lighter[x / 2 - half.box.x], 255));
    }
    return out;
}

}  // namespace paso
