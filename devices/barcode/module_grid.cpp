#include "devices/barcode/module_grid.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace paso {
namespace {

float at(const cv::Mat& m, float x, float y) {
    const float cx = std::clamp(x, 0.0F, static_cast<float>(m.cols) - 1.001F);
    const float cy = std::clamp(y, 0.0F, static_cast<float>(m.rows) - 1.001F);
    const int ix = static_cast<int>(cx), iy = static_cast<int>(cy);
    const float fx = cx - static_cast<float>(ix), fy = cy - static_cast<float>(iy);
    const float* a = m.ptr<float>(iy) + ix;
    const float* b = m.ptr<float>(iy + 1) + ix;
    return (a[0] * (1 - fx) + a[1] * fx) * (1 - fy) + (b[0] * (1 - fx) + b[1] * fx) * fy;
}

cv::Point2f mapped(const cv::Matx33f& h, float u, float v) {
    const float z = h(2, 0) * u + h(2, 1) * v + h(2, 2);
    return {(h(0, 0) * u + h(0, 1) * v + h(0, 2)) / z, (h(1, 0) * u + h(1, 1) * v + h(1, 2)) / z};
}

}  // namespace

cv::Mat against_neighbours(const cv::Mat& pixels, int side) {
    cv::Mat grey, mean;
    pixels.convertTo(grey, CV_32F);
    cv::boxFilter(grey, mean, -1, {side | 1, side | 1});
    return grey - mean;
}

cv::Matx33f grid_map(const Corners& corners, float size) {
    const std::array<cv::Point2f, 4> from{cv::Point2f{0, 0}, {size, 0}, {size, size}, {0, size}};
    return cv::Matx33f(cv::Matx33d(cv::getPerspectiveTransform(from.data(), corners.data())));
}

float grid_fit(const cv::Mat& relief, const cv::Matx33f& map, int first, int last, int step) {
    float sum = 0;
    int n = 0;
    for (int v = first; v <= last; v += step) {
        for (int u = first; u <= last; u += step, ++n) {
            const cv::Point2f p = mapped(map, static_cast<float>(u) + 0.5F, static_cast<float>(v) + 0.5F);
            sum += std::abs(at(relief, p.x, p.y));
        }
    }
    return n == 0 ? 0 : sum / static_cast<float>(n);
}

Corners better_corners(const cv::Mat& relief, Corners corners, int size, float reach, int rounds) {
    const auto n = static_cast<float>(size);
    const int step = size > 40 ? 2 : 1;
    const auto fit = [&](const Corners& c) { return grid_fit(relief, grid_map(c, n), 0, size - 1, step); };
    const float module =
        static_cast<float>(cv::norm(corners[1] - corners[0]) + cv::norm(corners[2] - corners[1])) / 2 / n;
    float best = fit(corners);
    float by = reach * module;
    for (; rounds > 0; --rounds) {
        for (std::size_t i = 0; i < 8; ++i) {
            for (const float way : {-by, by}) {
                Corners c = corners;
                (i % 2 == 0 ? c[i / 2].x : c[i / 2].y) += way;
                if (const float f = fit(c); f > best) {
                    best = f;
                    corners = c;
                    break;
                }
            }
        }
        by /= 2;
    }
    return corners;
}

Corners carried_out(const Corners& corners, int size, float by) {
    const cv::Matx33f map = grid_map(corners, static_cast<float>(size));
    const float low = -by, high = static_cast<float>(size) + by;
    return {mapped(map, low, low), mapped(map, high, low), mapped(map, high, high), mapped(map, low, high)};
}

cv::Mat sample_grid(const cv::Mat& relief, const cv::Matx33f& map, int size) {
    const std::array<cv::Point2f, 5> around{cv::Point2f{0, 0}, {-0.18F, 0}, {0.18F, 0}, {0, -0.18F}, {0, 0.18F}};
    cv::Mat out(size, size, CV_32FC1);
    for (int v = 0; v < size; ++v) {
        for (int u = 0; u < size; ++u) {
            float sum = 0;
            for (const auto& a : around) {
                const cv::Point2f p =
                    mapped(map, static_cast<float>(u) + 0.5F + a.x, static_cast<float>(v) + 0.5F + a.y);
                sum += at(relief, p.x, p.y);
            }
            out.at<float>(v, u) = sum / around.size();
        }
    }
    return out;
}

cv::Mat clean_picture(const cv::Mat& values, float sharpen, int pixels, int quiet) {
    cv::Mat v = values;
    if (sharpen > 0) {
        const cv::Mat cross =
            (cv::Mat_<float>(3, 3) << 0, -sharpen, 0, -sharpen, 1 + 4 * sharpen, -sharpen, 0, -sharpen, 0);
        cv::filter2D(values, v, -1, cross, {-1, -1}, 0, cv::BORDER_REPLICATE);
    }
    const cv::Mat light = v >= 0;
    cv::Mat out;
    cv::resize(light, out, {}, pixels, pixels, cv::INTER_NEAREST);
    const int edge = quiet * pixels;
    if (edge > 0) cv::copyMakeBorder(out, out, edge, edge, edge, edge, cv::BORDER_CONSTANT, cv::Scalar(255));
    return out;
}

}  // namespace paso
