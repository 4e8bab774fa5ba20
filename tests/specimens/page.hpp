// render_page: a specimen document as a flat, evenly lit picture.
#pragma once

#include <opencv2/core.hpp>

#include "core/base/result.hpp"
#include "tests/specimens/canvas.hpp"
#include "tests/specimens/specimen.hpp"

namespace paso {

// Sizes of Doc 9303: TD3 125 x 88 mm, TD2 and MRV-B 105 x 74, MRV-A 120 x 80, TD1 85.6 x 53.98.
[[nodiscard]] cv::Size2d page_size(MrzFormat format);

// Where a symbol of this kind is printed, mm from the upper left corner.
[[nodiscard]] cv::Rect2d symbol_place(MrzFormat format, SymbolKind kind);

// Where a row of the MRZ is printed, mm.
struct PrintedRow {
    cv::Point2d foot;  // left end of its base line
    double pitch = 0;
    double capital = 0;  // height
    std::size_t columns = 0;
    Face face = Face::ocr_b;
};

struct Page {
    cv::Mat bgr;               // 8UC3
    double pixels_per_mm = 0;  // 12: 305 dpi, an MRZ pitch of 30.5 pixels
    double corner_radius = 0;  // mm
    std::vector<PrintedRow> rows;
};

inline constexpr double page_pixels_per_mm = 12;

// The whole page: guilloche, emblem, portrait, visual zone, MRZ in OCR-B size 1 (pitch 2.54 mm), symbol, damage.
// Of a TD1 the back, where its MRZ is. Errors: "specimen.symbol". `bare`: the same paper with nothing printed in its
// MRZ, so that a benchmark knows what the print alone gives to a picture.
[[nodiscard]] Result<Page> render_page(const SpecimenSpec& spec, const Typefaces& faces, bool bare = false);

// Parts of it.
struct Palette {
    cv::Scalar paper_left, paper_right, line_1, line_2, dark;
};
[[nodiscard]] Palette palette_of(std::uint64_t seed);
void draw_guilloche(Canvas& canvas, cv::Size2d size, const Palette& palette, std::uint64_t seed);
void draw_emblem(Canvas& canvas, cv::Point2d centre, double radius, const Ink& ink);
// A face of ellipses and strokes, nobody's. `aspect`: width by height.
[[nodiscard]] cv::Mat draw_portrait(std::uint64_t seed, char sex, bool child, double aspect, const Typefaces& faces);

}  // namespace paso
