#include "devices/sight/small.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace paso {
namespace {

constexpr int small_side = 320;

}  // namespace

bool can_be_judged(const Frame& f) {
    constexpr int least_side = 32, most_side = 16384;
    if (f.empty() || std::min(f.width(), f.height()) < least_side) return false;
    if (std::max(f.width(), f.height()) > most_side) return false;
    return f.planes().size() >= static_cast<std::size_t>(f.width()) * static_cast<std::size_t>(f.height());
}

SmallView small_view(const Frame& f) {
    SmallView s;
    s.factor = std::max(1, static_cast<int>(std::lround(std::max(f.width(), f.height()) / double{small_side})));
    const cv::Size size(std::max(1, f.width() / s.factor), std::max(1, f.height() / s.factor));
    // OpenCV only reads through these views; Frame's pixels stay const.
    auto* pixels = const_cast<std::uint8_t*>(f.planes().data());
    const cv::Mat luma(f.height(), f.width(), CV_8U, pixels);
    cv::resize(luma, s.luma, size, 0, 0, cv::INTER_AREA);
    const cv::Size half((f.width() + 1) / 2, (f.height() + 1) / 2);
    if (!f.colour() || f.planes().size() < Frame::bytes_needed(f.width(), f.height(), true)) return s;
    std::array<cv::Mat, 2> chroma;  // Cb, Cr
    for (std::size_t i = 0; i < 2; ++i) {
        auto* plane = pixels + luma.total() + i * static_cast<std::size_t>(half.area());
        cv::resize(cv::Mat(half, CV_8U, plane), chroma[i], size, 0, 0, cv::INTER_NEAREST);
    }
    constexpr int most_blue = 118, least_red = 142;
    s.skin = (chroma[0] <= most_blue) & (chroma[1] >= least_red);
    cv::morphologyEx(s.skin, s.skin, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    cv::dilate(s.skin, s.skin, cv::Mat::ones(3, 3, CV_8U));  // colour is coarser than light: the rim of a finger too
    return s;
}

cv::Mat hands_on(const cv::Mat& skin, const cv::Mat& region) {
    const cv::Rect inner(1, 1, skin.cols - 2, skin.rows - 2);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(skin, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    cv::Mat out = cv::Mat::zeros(skin.size(), CV_8U);
    for (std::size_t i = 0; i < outlines.size(); ++i) {
        const cv::Rect box = cv::boundingRect(outlines[i]);
        if ((box & inner) == box) continue;
        cv::drawContours(out, outlines, static_cast<int>(i), 255, cv::FILLED);
    }
    cv::Mat near;
    cv::dilate(region, near, cv::Mat::ones(5, 5, CV_8U));
    return out & near;
}

Spot largest_spot(const cv::Mat& mask) {
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    Spot out;
    for (const auto& outline : outlines) {
        const double area = cv::contourArea(outline);
        if (area > out.area) out = {cv::boundingRect(outline), area};
    }
    return out;
}

PicturePlace place_in(const cv::Rect& r, const cv::Size& of) {
    const auto w = static_cast<float>(of.width), h = static_cast<float>(of.height);
    return {static_cast<float>(r.x) / w, static_cast<float>(r.y) / h, static_cast<float>(r.width) / w,
            static_cast<float>(r.height) / h};
}

}  // namespace paso
