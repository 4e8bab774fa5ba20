// A page that is drawn on in millimetres: text by FreeType, lines and shapes by OpenCV.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace paso {

// The last three are other cuts of OCR-B, which the training of the recogniser never sees: for the benchmark's claim
// set.
enum class Face : std::uint8_t { ocr_b, sans, sans_bold, serif, serif_bold, ocr_b_f, ocr_b_l, ocr_b_s };

// The typefaces of Debian's fonts-ocr-b and fonts-dejavu-core, opened once and lent to each canvas.
class Typefaces {
  public:
    [[nodiscard]] static Result<Typefaces> open();  // "specimen.font": a package is missing
    Typefaces(Typefaces&&) noexcept;
    Typefaces& operator=(Typefaces&&) noexcept;
    ~Typefaces();

    struct Inside;
    [[nodiscard]] Inside& inside() const { return *inside_; }

  private:
    explicit Typefaces(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

struct Ink {
    cv::Scalar bgr;
    double strength = 1;  // 0 leaves the paper, 1 covers it
};

struct TextStyle {
    Face face = Face::sans;
    double size = 2.5;    // of the em, mm
    double degrees = 0;   // anticlockwise
    double tracking = 0;  // added after each character, mm
    double pitch = 0;     // fixed advance, mm; 0: the font's own
    double embolden = 0;  // mm
};

class Canvas {
  public:
    Canvas(double width_mm, double height_mm, double pixels_per_mm, const Typefaces& faces);
    [[nodiscard]] cv::Mat& pixels() { return pixels_; }
    [[nodiscard]] double scale() const { return scale_; }
    [[nodiscard]] const Typefaces& faces() const { return *faces_; }
    [[nodiscard]] cv::Rect area(cv::Rect2d mm) const;

    // `at`: left end of the baseline. Returns the width, mm.
    double text(cv::Point2d at, std::string_view utf8, const TextStyle& style, const Ink& ink);
    [[nodiscard]] double text_width(std::string_view utf8, const TextStyle& style) const;
    void curve(const std::vector<cv::Point2d>& mm, double width_mm, const Ink& ink, bool closed = false);
    void fill(const std::vector<cv::Point2d>& mm, const Ink& ink);
    void rectangle(cv::Rect2d mm, const Ink& ink);
    void ellipse(cv::Point2d centre, cv::Size2d radii, const Ink& ink, double degrees = 0);
    void ring(cv::Point2d centre, double radius, double width_mm, const Ink& ink);
    // A picture laid over the place; its shape is not kept.
    void picture(cv::Rect2d mm, const cv::Mat& bgr, double strength = 1);

  private:
    cv::Mat pixels_;
    double scale_;
    const Typefaces* faces_;
};

// Points of an ellipse, for curve() and fill().
[[nodiscard]] std::vector<cv::Point2d> ellipse_points(cv::Point2d centre, cv::Size2d radii, double degrees = 0,
                                                      double from = 0, double to = 360);

}  // namespace paso
