#include "devices/mrz/rectify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace paso {
namespace {

constexpr int max_strip_width = 1600;
constexpr float widest_text = 1400.0F;  // leaves room for both margins
constexpr float margin_heights = 1.6F;  // beyond both ends, in heights of a character

// A strip of `height` pixels around the row at `scale` frame pixels a strip pixel.
Strip cut(const cv::Mat& luma, const TextRow& row, float scale, int height) {
    const cv::Point2f direction = (row.right - row.left) / std::max(row.length(), 1.0F);
    Strip s;
    s.along = direction * scale;
    s.down = cv::Point2f(-direction.y, direction.x) * scale;
    const float margin = margin_heights * row.height / scale;
    const int width = std::clamp(static_cast<int>(std::lround(row.length() / scale + 2 * margin)), 32, max_strip_width);
    s.origin = row.left - s.along * margin - s.down * (static_cast<float>(height) / 2);
    const cv::Matx23f map(s.along.x, s.down.x, s.origin.x, s.along.y, s.down.y, s.origin.y);
    // Averaging before sampling where the strip is smaller than the frame: no aliasing of thin strokes.
    const int soft = scale > 1.6F ? static_cast<int>(std::lround(scale)) : 1;
    cv::Mat source = luma;
    if (soft > 1) {
        const auto box = cv::boundingRect(std::vector<cv::Point2f>{
                             s.at(0, 0), s.at(static_cast<float>(width), 0), s.at(0, static_cast<float>(height)),
                             s.at(static_cast<float>(width), static_cast<float>(height))}) &
                         cv::Rect(0, 0, luma.cols, luma.rows);
        if (box.empty()) return s;
        cv::Mat blurred;
        cv::blur(luma(box), blurred, {soft, soft});
        cv::Matx23f moved = map;
        moved(0, 2) -= static_cast<float>(box.x);
        moved(1, 2) -= static_cast<float>(box.y);
        cv::warpAffine(blurred, s.pixels, moved, {width, height}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                       cv::BORDER_REPLICATE);
        return s;
    }
    cv::warpAffine(source, s.pixels, map, {width, height}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return s;
}

struct Band {
    float top;
    float bottom;
};

// Where text stands between the columns: the rows of high stroke energy around the middle.
std::optional<Band> text_band(const cv::Mat& energy, int from, int to) {
    cv::Mat profile;
    cv::reduce(energy.colRange(from, to), profile, 1, cv::REDUCE_AVG, CV_32F);
    const int rows = profile.rows;
    float most = 0;
    int peak = rows / 2;
    for (int y = rows / 4; y < rows * 3 / 4; ++y) {
        if (profile.at<float>(y) > most) {
            most = profile.at<float>(y);
            peak = y;
        }
    }
    float least = most;
    for (int y = 0; y < rows; ++y) least = std::min(least, profile.at<float>(y));
    if (most - least < 3) return std::nullopt;
    const float level = least + 0.35F * (most - least);
    const auto edge = [&](int step) {
        int y = peak;
        int quiet = 0;
        int last = peak;
        while (y >= 0 && y < rows && quiet < 3) {  // a thin waist of the text is no edge
            if (profile.at<float>(y) >= level) {
                last = y;
                quiet = 0;
            } else {
                ++quiet;
            }
            y += step;
        }
        return last;
    };
    return Band{static_cast<float>(edge(-1)), static_cast<float>(edge(1)) + 1.0F};
}

// The row with its height, middle and slope measured on a strip cut roughly: 4 chunks, a straight line through their
// middles.
std::optional<TextRow> measure(const cv::Mat& luma, const TextRow& rough) {
    constexpr int height = 72;
    const float scale = std::max(rough.height / 20.0F, rough.length() / widest_text);
    const Strip s = cut(luma, rough, scale, height);
    if (s.pixels.empty()) return std::nullopt;
    cv::Mat energy;
    cv::Sobel(s.pixels, energy, CV_16S, 1, 0, 3);
    cv::convertScaleAbs(energy, energy, 0.5);
    const auto margin = static_cast<int>(margin_heights * rough.height / scale);
    const int text = s.pixels.cols - 2 * margin;
    if (text < 64) return std::nullopt;
    const auto whole = text_band(energy, margin, margin + text);
    if (!whole) return std::nullopt;
    std::array<float, 4> middle{};
    std::vector<float> tall(4);
    int good = 0;
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < 4; ++i) {
        const int from = margin + text * i / 4;
        const int to = margin + text * (i + 1) / 4;
        const auto band = text_band(energy, from, to);
        if (!band) continue;
        const auto k = static_cast<std::size_t>(good++);
        middle[k] = 0.5F * (band->top + band->bottom);
        tall[k] = band->bottom - band->top;
        const double x = 0.5 * (from + to);
        n += 1;
        sx += x;
        sy += middle[k];
        sxx += x * x;
        sxy += x * middle[k];
    }
    if (good < 2) return std::nullopt;
    const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    const double offset = (sy - slope * sx) / n;
    std::sort(tall.begin(), tall.begin() + good);
    const float cap = tall[static_cast<std::size_t>(good) / 2];
    if (cap < 6 || cap > 52 || std::abs(slope) > 0.08) return std::nullopt;
    const auto on = [&](int x) { return s.at(static_cast<float>(x), static_cast<float>(offset + slope * x)); };
    return TextRow{on(margin), on(margin + text), cap * scale, rough.light};
}

}  // namespace

Strip cut_strip(const cv::Mat& luma, const TextRow& row) {
    const auto once = measure(luma, row);
    if (!once) return {};
    const auto twice = measure(luma, *once);
    return cut_as_told(luma, twice ? *twice : *once);
}

Strip cut_as_told(const cv::Mat& luma, const TextRow& row) {
    Strip strip = cut(luma, row, row.height / strip_capital, strip_height);
    if (row.light) cv::bitwise_not(strip.pixels, strip.pixels);
    return strip;
}

}  // namespace paso
