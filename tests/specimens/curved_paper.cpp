#include "tests/specimens/curved_paper.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace paso {
namespace {

double radians(double degrees) { return degrees * CV_PI / 180; }

// From the paper's axes (x right, y down, z away from the camera) to the camera's.
cv::Matx33d turned(const CurvedPaper& p) {
    const double d = radians(p.degrees), a = radians(p.pitch_degrees), b = radians(p.yaw_degrees);
    const cv::Matx33d roll(std::cos(d), std::sin(d), 0, -std::sin(d), std::cos(d), 0, 0, 0, 1);
    const cv::Matx33d pitch(1, 0, 0, 0, std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a));
    const cv::Matx33d yaw(std::cos(b), 0, std::sin(b), 0, 1, 0, -std::sin(b), 0, std::cos(b));
    return roll * pitch * yaw;
}

}  // namespace

cv::Point2d CurvedPaper::seen(cv::Point2d mm) const {
    const double c = std::cos(radians(axis_degrees)), s = std::sin(radians(axis_degrees));
    const double along = mm.x * c + mm.y * s, round = (mm.y * c - mm.x * s) / radius_mm;
    const double across = radius_mm * std::sin(round), deep = radius_mm * (1 - std::cos(round));
    const cv::Vec3d at =
        turned(*this) * cv::Vec3d(along * c - across * s, along * s + across * c, hollow ? -deep : deep);
    const double scale = pixels_per_mm * distance_mm / (distance_mm + at[2]);
    return {centre.x + at[0] * scale, centre.y + at[1] * scale};
}

std::optional<cv::Point2d> CurvedPaper::paper_at(cv::Point2d pixel) const {
    const cv::Matx33d back = turned(*this).t();
    const double focal = pixels_per_mm * distance_mm;
    const cv::Vec3d from = back * cv::Vec3d(0, 0, -distance_mm);
    const cv::Vec3d ray = back * cv::Vec3d((pixel.x - centre.x) / focal, (pixel.y - centre.y) / focal, 1);
    const double c = std::cos(radians(axis_degrees)), s = std::sin(radians(axis_degrees));
    // Across the axis and in depth from the cylinder's middle line: a circle.
    const double side = hollow ? 1 : -1;
    const double x0 = from[1] * c - from[0] * s, dx = ray[1] * c - ray[0] * s;
    const double z0 = from[2] + side * radius_mm, dz = ray[2];
    const double a = dx * dx + dz * dz, b = x0 * dx + z0 * dz, k = x0 * x0 + z0 * z0 - radius_mm * radius_mm;
    const double inside = b * b - a * k;
    if (inside <= 0) return std::nullopt;
    const double t = (-b + side * std::sqrt(inside)) / a;
    const double round = std::atan2(x0 + t * dx, side * (z0 + t * dz));
    if (t <= 0 || std::abs(round) > CV_PI / 2) return std::nullopt;
    const double along = (from[0] + t * ray[0]) * c + (from[1] + t * ray[1]) * s;
    return cv::Point2d{along * c - round * radius_mm * s, along * s + round * radius_mm * c};
}

void lay_curved(cv::Mat& picture, const cv::Mat& paper, double paper_pixels_per_mm, const CurvedPaper& how) {
    constexpr int over = 3;    // fine pixels a pixel
    constexpr int coarse = 4;  // pixels between the points of the map: it is smooth
    const double w = paper.cols / paper_pixels_per_mm, h = paper.rows / paper_pixels_per_mm;
    std::vector<cv::Point2f> rim;
    constexpr int steps = 16;
    for (int i = 0; i <= steps; ++i) {
        const double u = w * (static_cast<double>(i) / steps - 0.5), v = h * (static_cast<double>(i) / steps - 0.5);
        for (const cv::Point2d p : {cv::Point2d{u, -h / 2}, {u, h / 2}, {-w / 2, v}, {w / 2, v}, {u, v}})
            rim.emplace_back(how.seen(p));
    }
    cv::Rect box = cv::boundingRect(rim) + cv::Size(8, 8) - cv::Point(4, 4);
    box.width = (box.width + coarse - 1) / coarse * coarse;
    box.height = (box.height + coarse - 1) / coarse * coarse;
    cv::Mat map(box.height / coarse + 1, box.width / coarse + 1, CV_32FC2);
    for (int y = 0; y < map.rows; ++y) {
        for (int x = 0; x < map.cols; ++x) {
            const auto at =
                how.paper_at({box.x + static_cast<double>(x) * coarse, box.y + static_cast<double>(y) * coarse});
            // Far outside, but not so far that the map's points between would leap over the paper.
            const cv::Point2d mm = at.value_or(cv::Point2d{-2 * w, -2 * h});
            map.at<cv::Vec2f>(y, x) = {static_cast<float>((mm.x + w / 2) * paper_pixels_per_mm),
                                       static_cast<float>((mm.y + h / 2) * paper_pixels_per_mm)};
        }
    }
    cv::Mat fine(box.height * over, box.width * over, CV_32FC2);
    for (int y = 0; y < fine.rows; ++y) {
        const float gy = ((static_cast<float>(y) + 0.5F) / over - 0.5F) / coarse;
        for (int x = 0; x < fine.cols; ++x) {
            const float gx = ((static_cast<float>(x) + 0.5F) / over - 0.5F) / coarse;
            const int ix = std::clamp(static_cast<int>(gx), 0, map.cols - 2),
                      iy = std::clamp(static_cast<int>(gy), 0, map.rows - 2);
            const float px = gx - static_cast<float>(ix), py = gy - static_cast<float>(iy);
            fine.at<cv::Vec2f>(y, x) =
                (map.at<cv::Vec2f>(iy, ix) * (1 - px) + map.at<cv::Vec2f>(iy, ix + 1) * px) * (1 - py) +
                (map.at<cv::Vec2f>(iy + 1, ix) * (1 - px) + map.at<cv::Vec2f>(iy + 1, ix + 1) * px) * py;
        }
    }
    cv::Mat big, mask, small, share;
    cv::remap(paper, big, fine, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::remap(cv::Mat(paper.size(), CV_8UC1, cv::Scalar(255)), mask, fine, cv::noArray(), cv::INTER_NEAREST,
              cv::BORDER_CONSTANT, cv::Scalar(0));
    cv::resize(big, small, box.size(), 0, 0, cv::INTER_AREA);
    cv::resize(mask, share, box.size(), 0, 0, cv::INTER_AREA);
    const cv::Rect there = box & cv::Rect(0, 0, picture.cols, picture.rows);
    if (there.empty()) return;
    const cv::Rect part = there - box.tl();
    small(part).copyTo(picture(there), share(part) > 127);
}

}  // namespace paso
