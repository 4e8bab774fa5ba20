#include "tests/specimens/camera_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "tests/specimens/picture_file.hpp"
#include "tests/specimens/seeded.hpp"

namespace paso {
namespace {

// The largest scale at which the page, turned by `degrees`, stays in the frame.
double filling(MrzFormat format, int width, int height, double degrees, double margin) {
    const cv::Size2d mm = page_size(format);
    const double c = std::abs(std::cos(degrees * CV_PI / 180)), s = std::abs(std::sin(degrees * CV_PI / 180));
    return std::min((width - 2 * margin) / (mm.width * c + mm.height * s),
                    (height - 2 * margin) / (mm.width * s + mm.height * c));
}

cv::Mat homography(cv::Size2d page_pixels, const CameraModel& m, double sheet_scale) {
    const cv::Size2d mm{page_pixels.width / sheet_scale, page_pixels.height / sheet_scale};
    const Quad to = corners_of(mm, m);
    const auto w = static_cast<float>(page_pixels.width), h = static_cast<float>(page_pixels.height);
    const std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}};
    std::vector<cv::Point2f> there;
    for (const Point& p : to) there.emplace_back(p.x, p.y);
    return cv::getPerspectiveTransform(from, there);
}

cv::Mat at_half_size(const cv::Mat& h) {
    const cv::Mat down = (cv::Mat_<double>(3, 3) << 0.5, 0, 0, 0, 0.5, 0, 0, 0, 1);
    return down * h * down.inv();
}

// How far down a place is seen for the page's bend, of its own width: a parabola, nothing at both edges.
double bulge(double x, double width, double bend) {
    const double u = 2 * x / width - 1;
    return bend * (1 - u * u);
}

// A plane of the sheet as a bent page shows it.
cv::Mat bent(const cv::Mat& plane, double pixels, int border) {
    cv::Mat across(plane.size(), CV_32F), down(plane.size(), CV_32F);
    for (int y = 0; y < plane.rows; ++y) {
        for (int x = 0; x < plane.cols; ++x) {
            across.at<float>(y, x) = static_cast<float>(x);
            down.at<float>(y, x) = static_cast<float>(y - bulge(x + 0.5, plane.cols, pixels));
        }
    }
    cv::Mat out;
    cv::remap(plane, out, across, down, cv::INTER_LINEAR, border);
    return out;
}

void shadow(cv::Mat& luma, const Quad& corners) {
    std::vector<cv::Point> points;
    for (const Point& p : corners) {
        points.emplace_back(static_cast<int>(std::lround(p.x)) + luma.cols / 300,
                            static_cast<int>(std::lround(p.y)) + luma.cols / 240);
    }
    cv::fillConvexPoly(luma, points, cv::Scalar(10), cv::LINE_AA);
}

cv::Mat line_kernel(double length, double degrees) {
    const int size = std::max(3, static_cast<int>(std::ceil(length)) | 1);
    cv::Mat kernel = cv::Mat::zeros(size, size, CV_32F);
    const double half = (length - 1) / 2, c = std::cos(degrees * CV_PI / 180), s = std::sin(degrees * CV_PI / 180);
    const cv::Point middle(size / 2, size / 2);
    cv::line(kernel,
             middle - cv::Point(static_cast<int>(std::lround(half * c)), static_cast<int>(std::lround(-half * s))),
             middle + cv::Point(static_cast<int>(std::lround(half * c)), static_cast<int>(std::lround(-half * s))),
             cv::Scalar(1));
    return kernel / cv::sum(kernel)[0];
}

void smear(cv::Mat& plane, double length, double degrees) {
    if (length < 2) return;
    const int whole = std::max(2, static_cast<int>(std::lround(length)));
    if (degrees == 90) {  // up and down: a box filter, whose cost does not grow with its length
        cv::blur(plane, plane, cv::Size(1, whole));
    } else if (degrees == 0) {
        cv::blur(plane, plane, cv::Size(whole, 1));
    } else {
        cv::filter2D(plane, plane, -1, line_kernel(length, degrees));
    }
}

// Factor on luma at each place, 8.8 fixed point in float.
cv::Mat gain_field(const CameraModel& m, cv::Size size) {
    cv::Mat gain(size, CV_32F);
    const double c = std::cos(m.shade_degrees * CV_PI / 180), s = std::sin(m.shade_degrees * CV_PI / 180);
    for (int y = 0; y < size.height; ++y) {
        auto* row = gain.ptr<float>(y);
        const double v = static_cast<double>(y) / size.height - 0.5;
        for (int x = 0; x < size.width; ++x) {
            const double u = static_cast<double>(x) / size.width - 0.5;
            const double along = std::clamp(0.5 + (u * c + v * s) / 1.2, 0.0, 1.0);
            row[x] = static_cast<float>(m.exposure * (1 - m.shade * along) * (1 - 0.10 * (u * u + v * v)));
        }
    }
    return gain;
}

void glare(Planes& p, const CameraModel& m) {
    const double cx = m.glare_x * p.y.cols, cy = m.glare_y * p.y.rows, r = m.glare_radius * p.y.cols;
    const double c = std::cos(m.glare_degrees * CV_PI / 180), s = std::sin(m.glare_degrees * CV_PI / 180);
    for (int y = 0; y < p.y.rows; ++y) {
        auto* row = p.y.ptr<std::uint8_t>(y);
        for (int x = 0; x < p.y.cols; ++x) {
            const double along = (x - cx) * c - (y - cy) * s, across = (x - cx) * s + (y - cy) * c;
            const double d = (along * along + 2.2 * across * across) / (r * r);
            if (d > 6) continue;
            const double light = row[x] + 330 * m.glare * std::exp(-d);
            row[x] = static_cast<std::uint8_t>(std::min(255.0, light));
        }
    }
}

}  // namespace

CameraModel upright_sharp(std::uint64_t seed, MrzFormat format, int width, int height) {
    Seeded rng(seed, "upright");
    CameraModel m;
    m.seed = seed;
    m.width = width;
    m.height = height;
    m.degrees = rng.real(-1, 1);
    const double margin = height * 0.012;
    m.pixels_per_mm =
        std::min(filling(format, width, height, m.degrees, margin), 16.0 * height / 1080) * rng.real(0.975, 1);
    const cv::Size2d mm = page_size(format);
    const double spare = std::max(0.0, height / m.pixels_per_mm - mm.height - 4) * m.pixels_per_mm / height / 2;
    m.shift_x = rng.real(-0.02, 0.02);
    m.shift_y = rng.real(-1, 1) * std::min(0.02, spare * 0.5);
    m.blur = rng.real(0.2, 0.5);
    m.exposure = rng.real(0.92, 1.02);
    m.shade = rng.real(0, 0.06);
    m.shade_degrees = rng.real(0, 360);
    m.noise = rng.real(1.2, 2.6);
    return m;
}

CameraModel hard(std::uint64_t seed, MrzFormat format, int width, int height) {
    Seeded rng(seed, "hard");
    CameraModel m;
    m.seed = seed;
    m.width = width;
    m.height = height;
    m.degrees = rng.real(-12, 12);
    m.pixels_per_mm = filling(format, width, height, m.degrees, height * 0.02) * rng.real(0.75, 0.95);
    m.shift_x = rng.real(-0.03, 0.03);
    m.shift_y = rng.real(-0.01, 0.01);
    m.tilt_x = rng.real(-0.08, 0.08);
    m.tilt_y = rng.real(-0.08, 0.08);
    m.blur = rng.real(0.6, 1.6);
    m.motion = rng.chance(0.3) ? rng.real(2, 6) : 0;
    m.motion_degrees = rng.real(0, 180);
    m.exposure = rng.real(0.6, 1.15);
    m.shade = rng.real(0.1, 0.5);
    m.shade_degrees = rng.real(0, 360);
    m.glare = rng.chance(0.5) ? rng.real(0.2, 0.9) : 0;
    m.glare_x = rng.real(0.2, 0.8);
    m.glare_y = rng.real(0.2, 0.8);
    m.glare_radius = rng.real(0.05, 0.14);
    m.noise = rng.real(3, 9);
    m.jpeg_quality = 40 + rng.below(55);
    return m;
}

Planes to_planes(const cv::Mat& bgr) {
    // BT.601 in full range, as JFIF.
    cv::Mat ycrcb;
    cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
    Planes out;
    cv::extractChannel(ycrcb, out.y, 0);
    cv::Mat chroma(ycrcb.size(), CV_8UC2);
    const int pairs[] = {2, 0, 1, 1};  // Cb, Cr
    cv::mixChannels(&ycrcb, 1, &chroma, 1, pairs, 2);
    cv::resize(chroma, out.uv, cv::Size((bgr.cols + 1) / 2, (bgr.rows + 1) / 2), 0, 0, cv::INTER_AREA);
    return out;
}

cv::Mat to_bgr(const Frame& frame) {
    const cv::Size size(frame.width(), frame.height()), half((size.width + 1) / 2, (size.height + 1) / 2);
    std::vector<std::uint8_t> copy(frame.planes().begin(), frame.planes().end());
    std::vector<cv::Mat> channels{cv::Mat(size, CV_8UC1, copy.data())};
    for (const int plane : {1, 0}) {  // Cr before Cb
        cv::Mat full;
        const auto at = static_cast<std::size_t>(size.area()) + static_cast<std::size_t>(plane * half.area());
        cv::resize(cv::Mat(half, CV_8UC1, copy.data() + at), full, size, 0, 0, cv::INTER_LINEAR);
        channels.push_back(full);
    }
    cv::Mat ycrcb, bgr;
    cv::merge(channels, ycrcb);
    cv::cvtColor(ycrcb, bgr, cv::COLOR_YCrCb2BGR);
    return bgr;
}

Sheet make_sheet(const Page& page, double pixels_per_mm) {
    Sheet sheet;
    sheet.pixels_per_mm = std::min(pixels_per_mm, page.pixels_per_mm);
    const double factor = sheet.pixels_per_mm / page.pixels_per_mm;
    const cv::Size size(static_cast<int>(std::lround(page.bgr.cols * factor)) & ~1,
                        static_cast<int>(std::lround(page.bgr.rows * factor)) & ~1);
    cv::Mat fitted;
    cv::resize(page.bgr, fitted, size, 0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    sheet.planes = to_planes(fitted);
    sheet.mask = cv::Mat::zeros(size, CV_8UC1);
    const int r = static_cast<int>(std::lround(page.corner_radius * sheet.pixels_per_mm));
    cv::rectangle(sheet.mask, cv::Rect(r, 0, size.width - 2 * r, size.height), cv::Scalar(255), cv::FILLED);
    cv::rectangle(sheet.mask, cv::Rect(0, r, size.width, size.height - 2 * r), cv::Scalar(255), cv::FILLED);
    for (const int x : {r, size.width - 1 - r}) {
        for (const int y : {r, size.height - 1 - r}) cv::circle(sheet.mask, {x, y}, r, cv::Scalar(255), cv::FILLED);
    }
    return sheet;
}

Planes empty_glass(std::uint64_t seed, int width, int height) {
    Seeded rng(seed, "glass");
    cv::Mat small(18, 32, CV_8UC1);
    for (int y = 0; y < small.rows; ++y) {
        for (int x = 0; x < small.cols; ++x) {
            const double u = x / 31.0 - 0.5, v = y / 17.0 - 0.5;
            small.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(30 - 18 * (u * u + v * v) + rng.real(-1.5, 1.5));
        }
    }
    Planes out;
    cv::resize(small, out.y, cv::Size(width, height), 0, 0, cv::INTER_CUBIC);
    for (int i = 0; i < 40; ++i) {  // dust
        cv::circle(out.y, {rng.below(width), rng.below(height)}, 1, cv::Scalar(38 + rng.below(30)), cv::FILLED,
                   cv::LINE_AA);
    }
    // A soft reflection of the lamp.
    const cv::Point lamp(static_cast<int>(width * rng.real(0.15, 0.85)),
                         static_cast<int>(height * rng.real(0.03, 0.1)));
    cv::Mat light = cv::Mat::zeros(height / 8, width / 8, CV_8UC1);
    cv::ellipse(light, lamp / 8, {width / 40, height / 160 + 1}, 0, 0, 360, cv::Scalar(26), cv::FILLED);
    cv::GaussianBlur(light, light, {}, height / 160.0);
    cv::resize(light, light, out.y.size(), 0, 0, cv::INTER_LINEAR);
    cv::add(out.y, light, out.y);
    out.uv = cv::Mat((height + 1) / 2, (width + 1) / 2, CV_8UC2, cv::Scalar(131, 126));
    return out;
}

Quad corners_of(cv::Size2d size, const CameraModel& m) {
    const double c = std::cos(m.degrees * CV_PI / 180), s = std::sin(m.degrees * CV_PI / 180);
    const double cx = m.width * (0.5 + m.shift_x), cy = m.height * (0.5 + m.shift_y);
    Quad out;
    const double corner[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (std::size_t i = 0; i < 4; ++i) {
        const double u = corner[i][0], v = corner[i][1];
        const double far = 1 / (1 + m.tilt_x * u + m.tilt_y * v);
        const double x = u * size.width / 2 * m.pixels_per_mm * far, y = v * size.height / 2 * m.pixels_per_mm * far;
        out[i] = {static_cast<float>(cx + x * c + y * s), static_cast<float>(cy - x * s + y * c)};
    }
    return out;
}

std::vector<cv::Point2f> seen_at(const std::vector<cv::Point2d>& mm, cv::Size2d size, const CameraModel& m) {
    std::vector<cv::Point2d> bulged;
    for (const cv::Point2d& p : mm) bulged.emplace_back(p.x, p.y + bulge(p.x, size.width, m.bend));
    std::vector<cv::Point2d> there;
    cv::perspectiveTransform(bulged, there, homography(size, m, 1));
    return {there.begin(), there.end()};
}

void lay_on(Planes& picture, const Sheet& flat, const CameraModel& model) {
    Sheet sheet = flat;
    if (model.bend != 0) {
        const double shift = model.bend * flat.pixels_per_mm;
        sheet.planes = {bent(flat.planes.y, shift, cv::BORDER_REPLICATE),
                        bent(flat.planes.uv, shift / 2, cv::BORDER_REPLICATE)};
        sheet.mask = bent(flat.mask, shift, cv::BORDER_CONSTANT);
    }
    const cv::Size2d pixels(sheet.planes.y.cols, sheet.planes.y.rows);
    const cv::Mat h = homography(pixels, model, sheet.pixels_per_mm);
    shadow(picture.y, corners_of({pixels.width / sheet.pixels_per_mm, pixels.height / sheet.pixels_per_mm}, model));
    cv::Mat warped, mask;
    cv::warpPerspective(sheet.mask, mask, h, picture.y.size(), cv::INTER_NEAREST);
    cv::warpPerspective(sheet.planes.y, warped, h, picture.y.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    warped.copyTo(picture.y, mask);
    cv::warpPerspective(sheet.planes.uv, warped, at_half_size(h), picture.uv.size(), cv::INTER_LINEAR,
                        cv::BORDER_REPLICATE);
    cv::resize(mask, mask, picture.uv.size(), 0, 0, cv::INTER_NEAREST);
    warped.copyTo(picture.uv, mask);
}

void through_lens(Planes& picture, const CameraModel& m) {
    smear(picture.y, m.motion, m.motion_degrees);
    smear(picture.uv, m.motion / 2, m.motion_degrees);
    if (m.blur > 0.15) cv::GaussianBlur(picture.y, picture.y, {}, m.blur);
    if (m.shade > 0 || m.exposure != 1) {
        cv::Mat small = gain_field(m, {64, 36}), gain;
        cv::resize(small, gain, picture.y.size(), 0, 0, cv::INTER_LINEAR);
        cv::multiply(picture.y, gain, picture.y, 1, CV_8U);
    }
    if (m.glare > 0) glare(picture, m);
}

NoiseBank::NoiseBank(std::uint64_t seed, double deviation, int width, int height)
    : plus_(height + 64, width + 64, CV_8UC1), minus_(height + 64, width + 64, CV_8UC1) {
    // The sum of the four bytes of one draw is close enough to a Gauss curve (deviation 147.8).
    Seeded rng(seed, "noise");
    for (int y = 0; y < plus_.rows; ++y) {
        for (int x = 0; x < plus_.cols; x += 2) {
            std::uint64_t bits = rng.next();
            for (int k = 0; k < 2 && x + k < plus_.cols; ++k) {
                int sum = -510;
                for (int i = 0; i < 4; ++i, bits >>= 8U) sum += static_cast<int>(bits & 255U);
                const int level = static_cast<int>(std::lround(sum * deviation / 147.8));
                plus_.at<std::uint8_t>(y, x + k) = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
                minus_.at<std::uint8_t>(y, x + k) = static_cast<std::uint8_t>(std::clamp(-level, 0, 255));
            }
        }
    }
}

void NoiseBank::add(cv::Mat& plane, std::uint64_t draw) const {
    Seeded rng(draw, "offset");
    const cv::Rect part(rng.below(64), rng.below(64), plane.cols, plane.rows);
    cv::add(plane, plus_(part), plane);
    cv::subtract(plane, minus_(part), plane);
}

Frame to_frame(const Planes& planes, MonoTime captured, std::uint64_t sequence) {
    const int w = planes.y.cols, h = planes.y.rows;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(w, h, true));
    const cv::Size half((w + 1) / 2, (h + 1) / 2);
    cv::Mat y(h, w, CV_8UC1, pixels->data());
    planes.y.copyTo(y);
    std::vector<cv::Mat> chroma{
        cv::Mat(half, CV_8UC1, pixels->data() + y.total()),
        cv::Mat(half, CV_8UC1, pixels->data() + y.total() + static_cast<std::size_t>(half.area()))};
    cv::split(planes.uv, chroma);
    return {w, h, true, std::move(pixels), captured, sequence};
}

Result<Frame> look(const Page& page, const CameraModel& model) {
    Planes picture = empty_glass(model.seed, model.width, model.height);
    lay_on(picture, make_sheet(page, model.pixels_per_mm), model);
    through_lens(picture, model);
    const NoiseBank noise(model.seed, model.noise, model.width, model.height);
    noise.add(picture.y, model.seed);
    const Frame frame = to_frame(picture, {}, 0);
    return model.jpeg_quality > 0 ? through_jpeg(frame, model.jpeg_quality) : Result<Frame>{frame};
}

}  // namespace paso
