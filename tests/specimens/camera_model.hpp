// The camera model: what a camera over a dark glass sees of a page. Works on luma and chroma planes, as cameras do.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "core/base/geometry.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "devices/frame/frame.hpp"
#include "tests/specimens/page.hpp"

namespace paso {

struct CameraModel {
    std::uint64_t seed = 0;
    int width = 1920;
    int height = 1080;
    double pixels_per_mm = 11.6;
    double degrees = 0;               // turned anticlockwise
    double shift_x = 0, shift_y = 0;  // of the page's centre, share of the frame's width and height
    double tilt_x = 0, tilt_y = 0;    // perspective: how much smaller the far edge is, share (0.05 = 5 %)
    double bend = 0;                  // how far down the middle of the page's rows is seen to bulge, mm
    double blur = 0;                  // Gaussian sigma, pixels
    double motion = 0;                // length of the smear, pixels
    double motion_degrees = 90;       // its direction
    double exposure = 1;              // factor on luma
    double shade = 0;                 // how much darker the dark side is, share
    double shade_degrees = 0;
    double glare = 0;                                          // 0 none, 1 a spot that burns out
    double glare_x = 0.5, glare_y = 0.5, glare_radius = 0.12;  // shares of the frame's width and height
    double glare_degrees = 0;                                  // of its longer axis, anticlockwise
    double noise = 2;                                          // standard deviation, levels
    int jpeg_quality = 0;                                      // 0: the camera gives raw frames
};

// The page fills the frame (TD3: about 1450 of 1920 pixels wide, all of its 88 mm in view), turned by a degree at
// most, in focus, evenly lit, mild noise.
[[nodiscard]] CameraModel upright_sharp(std::uint64_t seed, MrzFormat format, int width = 1920, int height = 1080);
// Turned up to 12 degrees, in perspective, shaded, noisy, soft, with glare away from nothing.
[[nodiscard]] CameraModel hard(std::uint64_t seed, MrzFormat format, int width = 1920, int height = 1080);

// One picture as planes: `y` 8UC1, `uv` 8UC2 (Cb, Cr) of half size.
struct Planes {
    cv::Mat y;
    cv::Mat uv;
};
[[nodiscard]] Planes to_planes(const cv::Mat& bgr);
[[nodiscard]] cv::Mat to_bgr(const Frame& frame);

// A page made ready for one scale, so that each frame costs one warp.
struct Sheet {
    Planes planes;
    cv::Mat mask;  // 8UC1 255 inside, for the rounded corners
    double pixels_per_mm = 0;
};
[[nodiscard]] Sheet make_sheet(const Page& page, double pixels_per_mm);

// The glass without a document.
[[nodiscard]] Planes empty_glass(std::uint64_t seed, int width, int height);
// Lays the sheet on `picture` where the model says; placement only.
void lay_on(Planes& picture, const Sheet& sheet, const CameraModel& model);
// Blur, motion, shade, glare, exposure: everything of the optics.
void through_lens(Planes& picture, const CameraModel& model);
// Where the corners of a page of `size` mm come to lie in the frame.
[[nodiscard]] Quad corners_of(cv::Size2d size, const CameraModel& model);
// And where places on it do, given in mm from its upper left corner.
[[nodiscard]] std::vector<cv::Point2f> seen_at(const std::vector<cv::Point2d>& mm, cv::Size2d size,
                                               const CameraModel& model);

// Noise made once and added from a random offset, so that a frame costs two additions.
class NoiseBank {
  public:
    NoiseBank(std::uint64_t seed, double deviation, int width, int height);
    void add(cv::Mat& plane, std::uint64_t draw) const;

  private:
    cv::Mat plus_, minus_;
};

[[nodiscard]] Frame to_frame(const Planes& planes, MonoTime captured, std::uint64_t sequence);

// One still picture. The same page and model give the same bytes.
[[nodiscard]] Result<Frame> look(const Page& page, const CameraModel& model);

}  // namespace paso
