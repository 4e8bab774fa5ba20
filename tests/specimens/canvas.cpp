#include "tests/specimens/canvas.hpp"

#include <freetype/freetype.h>
#include <freetype/ftoutln.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

namespace paso {

struct Typefaces::Inside {
    FT_Library library = nullptr;
    std::array<FT_Face, 8> faces{};
    Inside() = default;
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() {
        for (const FT_Face f : faces) {
            if (f != nullptr) FT_Done_Face(f);
        }
        if (library != nullptr) FT_Done_FreeType(library);
    }
};

Typefaces::Typefaces(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Typefaces::Typefaces(Typefaces&&) noexcept = default;
Typefaces& Typefaces::operator=(Typefaces&&) noexcept = default;
Typefaces::~Typefaces() = default;

Result<Typefaces> Typefaces::open() {
    static constexpr std::array<std::string_view, 8> files{"opentype/ocr-b/OCRB.otf",
                                                           "truetype/dejavu/DejaVuSans.ttf",
                                                           "truetype/dejavu/DejaVuSans-Bold.ttf",
                                                           "truetype/dejavu/DejaVuSerif.ttf",
                                                           "truetype/dejavu/DejaVuSerif-Bold.ttf",
                                                           "opentype/ocr-b/OCRBF.otf",
                                                           "opentype/ocr-b/OCRBL.otf",
                                                           "opentype/ocr-b/OCRBS.otf"};
    auto inside = std::make_unique<Inside>();
    if (FT_Init_FreeType(&inside->library) != 0) return fail("specimen.font", "FreeType does not start");
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::string path = "/usr/share/fonts/" + std::string{files[i]};
        if (FT_New_Face(inside->library, path.c_str(), 0, &inside->faces[i]) != 0) {
            return fail("specimen.font", path + " is missing: install fonts-ocr-b and fonts-dejavu-core");
        }
    }
    return Typefaces{std::move(inside)};
}

namespace {

constexpr int shift = 4;  // fraction bits of OpenCV's drawing coordinates

std::vector<std::uint32_t> code_points(std::string_view utf8) {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) {
            code = code << 6U | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
        }
        out.push_back(code);
        i += length;
    }
    return out;
}

void blend(cv::Mat& page, const FT_Bitmap& bitmap, int left, int top, const Ink& ink) {
    for (int y = 0; y < static_cast<int>(bitmap.rows); ++y) {
        const int py = top + y;
        if (py < 0 || py >= page.rows) continue;
        const unsigned char* row = bitmap.buffer + y * bitmap.pitch;
        for (int x = 0; x < static_cast<int>(bitmap.width); ++x) {
            const int px = left + x;
            if (px < 0 || px >= page.cols || row[x] == 0) continue;
            const double a = row[x] / 255.0 * ink.strength;
            auto& pixel = page.at<cv::Vec3b>(py, px);
            for (int c = 0; c < 3; ++c) {
                pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] * (1 - a) + ink.bgr[c] * a));
            }
        }
    }
}

FT_Face sized(const Typefaces& faces, const TextStyle& style, double scale) {
    const FT_Face face = faces.inside().faces[static_cast<std::size_t>(style.face)];
    FT_Set_Char_Size(face, 0, static_cast<FT_F26Dot6>(std::lround(style.size * scale * 64)), 72, 72);
    return face;
}

double advance_of(FT_Face face, const TextStyle& style, double scale) {
    if (style.pitch > 0) return style.pitch * scale;
    return static_cast<double>(face->glyph->linearHoriAdvance) / 65536.0 + style.tracking * scale;
}

std::vector<cv::Point> fixed(const std::vector<cv::Point2d>& mm, double scale, cv::Point origin = {}) {
    std::vector<cv::Point> out;
    out.reserve(mm.size());
    for (const auto& p : mm) {
        out.emplace_back(static_cast<int>(std::lround((p.x * scale - origin.x) * (1 << shift))),
                         static_cast<int>(std::lround((p.y * scale - origin.y) * (1 << shift))));
    }
    return out;
}

// Draws into the touched part of the page by `paint(part, origin)`, then mixes it in.
template <class Paint>
void mixed(cv::Mat& page, const std::vector<cv::Point2d>& mm, double scale, double margin, double strength,
           const Paint& paint) {
    double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9;
    for (const auto& p : mm) {
        x0 = std::min(x0, p.x * scale - margin), y0 = std::min(y0, p.y * scale - margin);
        x1 = std::max(x1, p.x * scale + margin), y1 = std::max(y1, p.y * scale + margin);
    }
    const cv::Rect box = cv::Rect(cv::Point(static_cast<int>(std::floor(x0)), static_cast<int>(std::floor(y0))),
                                  cv::Point(static_cast<int>(std::ceil(x1)) + 1, static_cast<int>(std::ceil(y1)) + 1)) &
                         cv::Rect(0, 0, page.cols, page.rows);
    if (box.empty()) return;
    cv::Mat part = page(box);
    if (strength >= 1) {
        paint(part, box.tl());
        return;
    }
    cv::Mat drawn = part.clone();
    paint(drawn, box.tl());
    cv::addWeighted(part, 1 - strength, drawn, strength, 0, part);
}

}  // namespace

Canvas::Canvas(double width_mm, double height_mm, double pixels_per_mm, const Typefaces& faces)
    : pixels_(static_cast<int>(std::lround(height_mm * pixels_per_mm)),
              static_cast<int>(std::lround(width_mm * pixels_per_mm)), CV_8UC3, cv::Scalar::all(255)),
      scale_(pixels_per_mm),
      faces_(&faces) {}

cv::Rect Canvas::area(cv::Rect2d mm) const {
    const cv::Rect box(static_cast<int>(std::lround(mm.x * scale_)), static_cast<int>(std::lround(mm.y * scale_)),
                       static_cast<int>(std::lround(mm.width * scale_)),
                       static_cast<int>(std::lround(mm.height * scale_)));
    return box & cv::Rect(0, 0, pixels_.cols, pixels_.rows);
}

double Canvas::text(cv::Point2d at, std::string_view utf8, const TextStyle& style, const Ink& ink) {
    const FT_Face face = sized(*faces_, style, scale_);
    const double angle = style.degrees * CV_PI / 180;
    const double cosine = std::cos(angle), sine = std::sin(angle);
    FT_Matrix turn{std::lround(cosine * 65536), std::lround(-sine * 65536), std::lround(sine * 65536),
                   std::lround(cosine * 65536)};
    double along = 0;
    for (const std::uint32_t code : code_points(utf8)) {
        const double x = at.x * scale_ + along * cosine, y = at.y * scale_ - along * sine;
        const double whole_x = std::floor(x), whole_y = std::floor(y);
        FT_Set_Transform(face, nullptr, nullptr);
        if (FT_Load_Char(face, code, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) continue;
        const double advance = advance_of(face, style, scale_);
        FT_Outline& outline = face->glyph->outline;
        if (style.embolden > 0) FT_Outline_Embolden(&outline, std::lround(style.embolden * scale_ * 64));
        FT_Outline_Transform(&outline, &turn);
        FT_Outline_Translate(&outline, std::lround((x - whole_x) * 64), -std::lround((y - whole_y) * 64));
        if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) == 0) {
            blend(pixels_, face->glyph->bitmap, static_cast<int>(whole_x) + face->glyph->bitmap_left,
                  static_cast<int>(whole_y) - face->glyph->bitmap_top, ink);
        }
        along += advance;
    }
    return along / scale_;
}

double Canvas::text_width(std::string_view utf8, const TextStyle& style) const {
    const FT_Face face = sized(*faces_, style, scale_);
    double along = 0;
    for (const std::uint32_t code : code_points(utf8)) {
        if (FT_Load_Char(face, code, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) continue;
        along += advance_of(face, style, scale_);
    }
    return along / scale_;
}

void Canvas::curve(const std::vector<cv::Point2d>& mm, double width_mm, const Ink& ink, bool closed) {
    const int thick = std::max(1, static_cast<int>(std::lround(width_mm * scale_)));
    mixed(pixels_, mm, scale_, thick + 2, ink.strength, [&](cv::Mat& part, cv::Point origin) {
        const auto points = fixed(mm, scale_, origin);
        cv::polylines(part, std::vector<std::vector<cv::Point>>{points}, closed, ink.bgr, thick, cv::LINE_AA, shift);
    });
}

void Canvas::fill(const std::vector<cv::Point2d>& mm, const Ink& ink) {
    mixed(pixels_, mm, scale_, 2, ink.strength, [&](cv::Mat& part, cv::Point origin) {
        const auto points = fixed(mm, scale_, origin);
        cv::fillPoly(part, std::vector<std::vector<cv::Point>>{points}, ink.bgr, cv::LINE_AA, shift);
    });
}

void Canvas::rectangle(cv::Rect2d mm, const Ink& ink) {
    fill({{mm.x, mm.y}, {mm.x + mm.width, mm.y}, {mm.x + mm.width, mm.y + mm.height}, {mm.x, mm.y + mm.height}}, ink);
}

void Canvas::ellipse(cv::Point2d centre, cv::Size2d radii, const Ink& ink, double degrees) {
    fill(ellipse_points(centre, radii, degrees), ink);
}

void Canvas::ring(cv::Point2d centre, double radius, double width_mm, const Ink& ink) {
    curve(ellipse_points(centre, {radius, radius}), width_mm, ink, true);
}

void Canvas::picture(cv::Rect2d mm, const cv::Mat& bgr, double strength) {
    const cv::Rect box = area(mm);
    if (box.empty()) return;
    cv::Mat fitted;
    cv::resize(bgr, fitted, box.size(), 0, 0, cv::INTER_AREA);
    cv::Mat part = pixels_(box);
    cv::addWeighted(part, 1 - strength, fitted, strength, 0, part);
}

std::vector<cv::Point2d> ellipse_points(cv::Point2d centre, cv::Size2d radii, double degrees, double from, double to) {
    std::vector<cv::Point2d> out;
    const double turn = degrees * CV_PI / 180;
    const int steps = 96;
    for (int i = 0; i <= steps; ++i) {
        const double t = (from + (to - from) * i / steps) * CV_PI / 180;
        const double x = radii.width * std::cos(t), y = radii.height * std::sin(t);
        out.emplace_back(centre.x + x * std::cos(turn) - y * std::sin(turn),
                         centre.y + x * std::sin(turn) + y * std::cos(turn));
    }
    return out;
}

}  // namespace paso
