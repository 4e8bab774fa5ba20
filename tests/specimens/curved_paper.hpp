// Paper bent as a cylinder, as a boarding pass is that a hand holds, seen by a pinhole camera.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

namespace paso {

struct CurvedPaper {
    double radius_mm = 80;
    double axis_degrees = 90;  // of the cylinder, in the paper's plane, from its x axis: 90 bends the rows of a text
    bool hollow = false;       // its edges nearer to the camera than its middle
    double degrees = 0;        // the paper turned in the picture, anticlockwise
    double pitch_degrees = 0, yaw_degrees = 0;  // and leant away
    double distance_mm = 300;                   // of the camera
    double pixels_per_mm = 10;                  // at the middle of the paper
    cv::Point2d centre;                         // where that is seen, pixels

    // Where a point of the paper, mm from its middle, is seen.
    [[nodiscard]] cv::Point2d seen(cv::Point2d mm) const;
    // Which point of the paper is seen there; nothing where the ray meets none within a quarter of the cylinder's
    // round.
    [[nodiscard]] std::optional<cv::Point2d> paper_at(cv::Point2d pixel) const;
};

// Lays `paper` (8-bit, its middle the paper's, `paper_pixels_per_mm` its scale) into the picture; pixels are averaged.
void lay_curved(cv::Mat& picture, const cv::Mat& paper, double paper_pixels_per_mm, const CurvedPaper& how);

}  // namespace paso
