// The pages of the claim set: other cuts of OCR-B, other weights, widths, grounds and stamps than tests/specimens
// draws.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tests/bench/mrz/cases.hpp"
#include "tests/specimens/seeded.hpp"

namespace paso::bench {
namespace {

void parallels(Canvas& c, cv::Size2d size, const Ink& ink, double degrees, double step) {
    const double reach = std::hypot(size.width, size.height);
    const cv::Point2d along{std::cos(degrees * CV_PI / 180), std::sin(degrees * CV_PI / 180)};
    const cv::Point2d middle{size.width / 2, size.height / 2};
    for (double d = -reach / 2; d < reach / 2; d += step) {
        const cv::Point2d foot = middle + d * cv::Point2d(-along.y, along.x);
        c.curve({foot - along * (reach / 2), foot + along * (reach / 2)}, 0.12, ink);
    }
}

void circles(Canvas& c, cv::Point2d centre, const Ink& ink, double step, double radius) {
    for (double r = step; r < radius; r += step) c.curve(ellipse_points(centre, {r, r * 0.9}), 0.1, ink, true);
}

void dots(Canvas& c, cv::Size2d size, const Ink& ink, double step) {
    for (double y = step / 2; y < size.height; y += step) {
        for (double x = step / 2; x < size.width; x += step) c.ellipse({x, y}, {step * 0.16, step * 0.16}, ink);
    }
}

void ground(Canvas& c, cv::Size2d size, Seeded& rng) {
    const cv::Scalar top(rng.real(190, 250), rng.real(190, 250), rng.real(190, 250));
    const cv::Scalar foot(rng.real(190, 250), rng.real(190, 250), rng.real(190, 250));
    cv::Mat& page = c.pixels();
    for (int y = 0; y < page.rows; ++y) {
        const double t = static_cast<double>(y) / page.rows;
        page.row(y).setTo(top * (1 - t) + foot * t);
    }
    const Ink ink{{rng.real(90, 190), rng.real(90, 190), rng.real(90, 190)}, rng.real(0.15, 0.55)};
    switch (rng.below(4)) {
        case 0:
            parallels(c, size, ink, rng.real(20, 70), rng.real(0.8, 2));
            parallels(c, size, ink, rng.real(100, 160), rng.real(0.8, 2));
            break;
        case 1:
            circles(c, {size.width * rng.real(0.2, 0.8), size.height * rng.real(0.4, 1.1)}, ink, rng.real(0.9, 1.8),
                    90);
            break;
        case 2:
            dots(c, size, ink, rng.real(1.1, 1.9));
            break;
        default:
            parallels(c, size, ink, rng.real(-8, 8), rng.real(0.9, 1.6));
            circles(c, {size.width * rng.real(0, 1), size.height * rng.real(0, 1)}, ink, rng.real(1.2, 2.4), 60);
            break;
    }
}

// What stands above the MRZ: a picture and lines of print, some of them in one column and of equal length.
void print_above(Canvas& c, cv::Size2d size, const SpecimenSpec& s, double zone_top, Seeded& rng) {
    const cv::Rect2d photo{rng.real(4, 8), 12, size.width * 0.25, std::max(8.0, zone_top - 16)};
    c.rectangle(photo, {{200, 196, 190}, 1});
    c.ellipse({photo.x + photo.width / 2, photo.y + photo.height * 0.45}, {photo.width * 0.25, photo.height * 0.3},
              {{130, 150, 180}, 1});
    c.text({6, 8}, "UTOPIA  ·  SPECIMEN", {Face::sans_bold, 4}, {{70, 40, 30}, 0.9});
    double y = 16;
    const double x = photo.x + photo.width + 4;
    for (const std::string& line : {s.surname, s.given_names, s.number, s.birth.iso(), s.expiry.iso(), s.nationality}) {
        if (y > zone_top - 3) break;
        c.text({x, y}, line, {rng.chance(0.5) ? Face::serif_bold : Face::sans_bold, 2.8}, {{30, 30, 34}, 0.95});
        y += rng.real(4.4, 6.2);
    }
}

void stamp_over(Canvas& c, cv::Point2d centre, Seeded& rng) {
    const Ink ink{{rng.real(30, 90), rng.real(30, 90), rng.real(150, 210)}, rng.real(0.25, 0.5)};  // red
    c.curve(ellipse_points(centre, {rng.real(9, 16), rng.real(7, 11)}, rng.real(-30, 30)), 0.5, ink, true);
    c.text(centre + cv::Point2d(-8, 1), "UTOPIA", {Face::sans_bold, 4, rng.real(-25, 25)}, ink);
}

constexpr std::array<Face, 4> claim_cuts{Face::ocr_b, Face::ocr_b_f, Face::ocr_b_l, Face::ocr_b_s};

}  // namespace

Page claim_page(const SpecimenSpec& spec, const Typefaces& faces, bool bare) {
    Seeded rng(spec.seed, "claim page");
    const cv::Size2d size = page_size(spec.format);
    Canvas c(size.width, size.height, page_pixels_per_mm, faces);
    const auto lines = mrz_lines(spec);
    const double count = static_cast<double>(lines.size());
    const double leading = rng.real(5.6, 6.7);
    const double foot = size.height - rng.real(5.5, 8.5);  // base line of the last row
    const double zone_top = foot - leading * (count - 1) - 6;
    ground(c, size, rng);
    print_above(c, size, spec, zone_top, rng);
    TextStyle style{rng.pick(std::span{claim_cuts})};
    style.pitch = mrz_pitch_mm * rng.real(0.975, 1.01);
    style.size = 2.54 / 0.723 * rng.real(0.94, 1.05);
    style.embolden = rng.chance(0.6) ? rng.real(0, 0.13) : 0;
    const double dark = rng.real(15, 80);
    const Ink ink{{dark + 6, dark, dark}, rng.real(0.85, 0.99)};
    const double columns = static_cast<double>(lines.front().size());
    const double left = std::clamp((size.width - columns * style.pitch) / 2 + rng.real(-1, 1), 1.5, 12.0);
    const double capital = style.size * 0.723;
    std::vector<PrintedRow> rows;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        rows.push_back({{left, foot - leading * (count - 1 - static_cast<double>(i))},
                        style.pitch,
                        capital,
                        lines[i].size(),
                        style.face});
        if (!bare) c.text(rows.back().foot, lines[i], style, ink);
    }
    if (rng.chance(0.12)) stamp_over(c, {rng.real(20, size.width - 20), zone_top + rng.real(0, 6)}, rng);
    return {c.pixels(), page_pixels_per_mm, 2.5, rows};
}

}  // namespace paso::bench
