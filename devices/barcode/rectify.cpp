#include "devices/barcode/rectify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace paso {

Point Crop::at(float x, float y) const {
    const cv::Vec3f p = to_picture * cv::Vec3f(x, y, 1);
    return {p[0] / p[2], p[1] / p[2]};
}

Crop cut(const cv::Mat& luma, const SymbolPlace& place, float margin, float scale) {
    const float c = std::cos(place.degrees * static_cast<float>(CV_PI) / 180) / scale;
    const float s = std::sin(place.degrees * static_cast<float>(CV_PI) / 180) / scale;
    const cv::Size size(static_cast<int>(std::lround((place.size.width + 2 * margin) * scale)),
                        static_cast<int>(std::lround((place.size.height + 2 * margin) * scale)));
    const float mx = static_cast<float>(size.width - 1) / 2, my = static_cast<float>(size.height - 1) / 2;
    Crop out;
    out.to_picture =
        cv::Matx33f(c, -s, place.centre.x - c * mx + s * my, s, c, place.centre.y - s * mx - c * my, 0, 0, 1);
    const cv::Matx23f warp = out.to_picture.get_minor<2, 3>(0, 0);
    // A crop smaller than its place is averaged first, so that no module is skipped.
    if (scale < 0.75F) {
        const float half = 0.5F;
        const cv::Rect whole(0, 0, luma.cols, luma.rows);
        const auto reach = static_cast<int>(std::hypot(place.size.width, place.size.height) / 2 + 2 * margin) + 2;
        const cv::Rect box = cv::Rect(static_cast<int>(place.centre.x) - reach,
                                      static_cast<int>(place.centre.y) - reach, 2 * reach, 2 * reach) &
                             whole;
        if (!box.empty() && box.width > 1 && box.height > 1) {
            cv::Mat small;
            cv::resize(luma(box), small, {}, half, half, cv::INTER_AREA);
            SymbolPlace there = place;
            there.centre = (place.centre - cv::Point2f(box.tl())) * half - cv::Point2f(0.25F, 0.25F);
            there.size = {place.size.width * half, place.size.height * half};
            Crop inner = cut(small, there, margin * half, scale / half);
            out.pixels = inner.pixels;
            return out;
        }
    }
    cv::warpAffine(luma, out.pixels, warp, size,
                   (scale > 1.2F ? cv::INTER_CUBIC : cv::INTER_LINEAR) | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    return out;
}

cv::Mat averaged_down(const cv::Mat& luma, cv::Size size) {
    cv::Mat out = luma;
    while (out.cols % 2 == 0 && out.rows % 2 == 0 && out.cols >= 2 * size.width && out.rows >= 2 * size.height) {
        cv::Mat half;
        cv::resize(out, half, {out.cols / 2, out.rows / 2}, 0, 0, cv::INTER_AREA);
        out = half;
    }
    if (out.size() == size) return out;
    cv::Mat last;
    cv::resize(out, last, size, 0, 0, cv::INTER_AREA);
    return last;
}

cv::Mat stretched(const cv::Mat& pixels, cv::Rect inside) {
    inside &= cv::Rect(0, 0, pixels.cols, pixels.rows);
    std::array<int, 256> count{};
    for (int y = inside.y; y < inside.br().y; ++y) {
        const auto* row = pixels.ptr<std::uint8_t>(y);
        for (int x = inside.x; x < inside.br().x; ++x) ++count[row[x]];
    }
    const int cut_off = inside.area() * 3 / 100;
    const auto end = [&](int from, int step) {
        int sum = 0, v = from;
        for (; v + step >= 0 && v + step < 256; v += step) {
            sum += count[static_cast<std::size_t>(v)];
            if (sum > cut_off) break;
        }
        return v;
    };
    const int low = end(0, 1), high = end(255, -1);
    if (high - low < 8 || high - low > 240) return pixels;
    cv::Mat out;
    const double gain = 255.0 / (high - low);
    pixels.convertTo(out, CV_8U, gain, -low * gain);
    return out;
}

cv::Mat sharpened(const cv::Mat& pixels, double sigma, double amount) {
    cv::Mat soft, out;
    cv::GaussianBlur(pixels, soft, {}, sigma);
    cv::addWeighted(pixels, 1 + amount, soft, -amount, 0, out);
    return out;
}

cv::Mat two_levels(const cv::Mat& pixels, int side) {
    cv::Mat out;
    cv::adaptiveThreshold(pixels, out, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, side | 1, 0);
    return out;
}

}  // namespace paso
