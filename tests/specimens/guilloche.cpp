// The printed ground of a page: a two-coloured iris print, waves and rosettes; and the emblem of the State of Utopia.
#include <cmath>

#include "tests/specimens/page.hpp"
#include "tests/specimens/seeded.hpp"

namespace paso {
namespace {

cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double t) { return a * (1 - t) + b * t; }

void iris(cv::Mat& page, const Palette& p) {
    for (int x = 0; x < page.cols; ++x) {
        const double t = 0.5 - 0.5 * std::cos(2 * CV_PI * x / page.cols);
        page.col(x).setTo(mix(p.paper_left, p.paper_right, t));
    }
}

void waves(Canvas& canvas, cv::Size2d size, const cv::Scalar& colour, Seeded& rng) {
    const double height = rng.real(2.5, 4.5), length = rng.real(22, 38), drift = rng.real(0.10, 0.2);
    const double second = rng.real(0.25, 0.5), phase = rng.real(0, 6.28), step = 1.1;
    int line = 0;
    for (double y0 = -height; y0 < size.height + height; y0 += step, ++line) {
        std::vector<cv::Point2d> points;
        for (double x = 0; x <= size.width + 0.5; x += 0.6) {
            const double t = 2 * CV_PI * x / length + phase + drift * line;
            points.emplace_back(x, y0 + height * (std::sin(t) + second * std::sin(2.3 * t - 0.21 * line)) * 0.6);
        }
        canvas.curve(points, 0.09, {colour, 0.55});
    }
}

void rosette(Canvas& canvas, cv::Point2d centre, double radius, const cv::Scalar& colour, Seeded& rng) {
    const int petals = 7 + rng.below(9), rings = 14;
    const double depth = rng.real(0.18, 0.34), twist = rng.real(0.5, 1.4);
    for (int ring = 0; ring < rings; ++ring) {
        const double share = static_cast<double>(ring + 2) / (rings + 1);
        std::vector<cv::Point2d> points;
        for (int i = 0; i <= 480; ++i) {
            const double t = 2 * CV_PI * i / 480;
            const double r = radius * share * (1 + depth * std::cos(petals * t + twist * ring) * (1.1 - share));
            points.emplace_back(centre.x + r * std::cos(t), centre.y + r * std::sin(t));
        }
        canvas.curve(points, 0.09, {colour, 0.6}, true);
    }
}

}  // namespace

Palette palette_of(std::uint64_t seed) {
    static const std::array<Palette, 5> all{{
        {{240, 232, 214}, {222, 236, 246}, {196, 164, 112}, {150, 178, 214}, {108, 58, 22}},  // blue, sand
        {{232, 240, 222}, {226, 230, 248}, {150, 176, 122}, {166, 164, 222}, {58, 74, 24}},   // green, rose
        {{238, 226, 236}, {226, 242, 244}, {182, 140, 172}, {138, 188, 196}, {86, 34, 74}},   // violet, straw
        {{226, 232, 248}, {242, 238, 220}, {142, 150, 208}, {188, 172, 118}, {44, 40, 116}},  // red, sky
        {{240, 240, 222}, {228, 226, 244}, {178, 172, 106}, {170, 150, 200}, {92, 76, 12}},   // teal, mauve
    }};
    Seeded rng(seed, "palette");
    return rng.pick(std::span{all});
}

void draw_guilloche(Canvas& canvas, cv::Size2d size, const Palette& palette, std::uint64_t seed) {
    Seeded rng(seed, "guilloche");
    iris(canvas.pixels(), palette);
    waves(canvas, size, palette.line_1, rng);
    waves(canvas, size, palette.line_2, rng);
    rosette(canvas, {size.width * rng.real(0.58, 0.72), size.height * rng.real(0.36, 0.46)}, size.height * 0.36,
            palette.line_1, rng);
    rosette(canvas, {size.width * rng.real(0.12, 0.26), size.height * rng.real(0.3, 0.5)}, size.height * 0.22,
            palette.line_2, rng);
}

// A gate under a sun of sixteen rays, above water: "paso".
void draw_emblem(Canvas& canvas, cv::Point2d c, double r, const Ink& ink) {
    canvas.ring(c, r, r * 0.07, ink);
    canvas.ring(c, r * 0.88, r * 0.03, ink);
    const cv::Point2d sun{c.x, c.y - r * 0.12};
    canvas.fill(ellipse_points(sun, {r * 0.17, r * 0.17}), ink);
    for (int i = 0; i < 16; ++i) {
        const double t = CV_PI * 2 * i / 16;
        const double reach = r * (i % 2 == 0 ? 0.46 : 0.36);
        const auto at = [&](double radius, double angle) {
            return cv::Point2d{sun.x + radius * std::cos(angle), sun.y + radius * std::sin(angle)};
        };
        canvas.fill({at(r * 0.23, t - 0.13), at(reach, t), at(r * 0.23, t + 0.13)}, ink);
    }
    const auto arch = ellipse_points({c.x, c.y + r * 0.1}, {r * 0.6, r * 0.68}, 0, 180, 360);
    std::vector<cv::Point2d> gate{{c.x - r * 0.6, c.y + r * 0.46}};
    gate.insert(gate.end(), arch.begin(), arch.end());
    gate.emplace_back(c.x + r * 0.6, c.y + r * 0.46);
    canvas.curve(gate, r * 0.08, ink);
    for (int row = 0; row < 3; ++row) {
        std::vector<cv::Point2d> water;
        const double half = r * (0.7 - 0.14 * row);
        for (double x = -half; x <= half; x += half / 24) {
            water.emplace_back(c.x + x, c.y + r * (0.5 + 0.11 * row) + r * 0.03 * std::sin(x / r * 18));
        }
        canvas.curve(water, r * 0.05, ink);
    }
}

}  // namespace paso
