// Rows of OCR-B drawn by FreeType on plain or patterned paper: pictures whose text the test knows.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H

#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "devices/frame/frame.hpp"

namespace paso::drawn {

struct Style {
    double capital = 20;  // height of a capital, pixels
    double pitch = 20;    // of the characters
    double leading = 42;  // from row to row
    cv::Point2d at{300, 700};
    double degrees = 0;  // anticlockwise, around the middle of the frame
    int paper = 210;
    int ink = 40;
    double noise = 2;
    double blur = 0;
    bool pattern = false;
    std::uint32_t seed = 1;
};

class OcrB {
  public:
    explicit OcrB(double capital) {
        if (FT_Init_FreeType(&library_) != 0) throw std::runtime_error("FreeType");
        if (FT_New_Face(library_, "/usr/share/fonts/opentype/ocr-b/OCRB.otf", 0, &face_) != 0) {
            throw std::runtime_error("OCR-B is missing: install fonts-ocr-b");
        }
        FT_Set_Char_Size(face_, 0, 64 * 100, 72, 72);
        FT_Load_Char(face_, 'H', FT_LOAD_NO_BITMAP | FT_LOAD_NO_HINTING);
        const double high = static_cast<double>(face_->glyph->metrics.height) / 64.0;
        FT_Set_Char_Size(face_, 0, static_cast<FT_F26Dot6>(64 * 100 * capital / high), 72, 72);
    }
    OcrB(const OcrB&) = delete;
    OcrB& operator=(const OcrB&) = delete;
    ~OcrB() {
        FT_Done_Face(face_);
        FT_Done_FreeType(library_);
    }
    // Ink 0 to 255 of one character with its middle at `x`, its foot at `y`.
    void put(cv::Mat& coverage, char c, double x, double y) const {
        if (FT_Load_Char(face_, static_cast<FT_ULong>(c), FT_LOAD_NO_HINTING | FT_LOAD_RENDER) != 0) {
            throw std::runtime_error("a character is missing");
        }
        const FT_GlyphSlot g = face_->glyph;
        const int left = static_cast<int>(std::lround(x - static_cast<double>(g->advance.x) / 128.0)) + g->bitmap_left;
        const int top = static_cast<int>(std::lround(y)) - g->bitmap_top;
        for (int r = 0; r < static_cast<int>(g->bitmap.rows); ++r) {
            for (int k = 0; k < static_cast<int>(g->bitmap.width); ++k) {
                const cv::Point at(left + k, top + r);
                if (!cv::Rect(0, 0, coverage.cols, coverage.rows).contains(at)) continue;
                auto& value = coverage.at<std::uint8_t>(at);
                value = std::max(value, g->bitmap.buffer[r * g->bitmap.pitch + k]);
            }
        }
    }

  private:
    FT_Library library_ = nullptr;
    FT_Face face_ = nullptr;
};

inline cv::Mat picture(const std::vector<std::string>& rows, const Style& s, cv::Size size = {1920, 1080}) {
    const OcrB font(s.capital);
    cv::Mat coverage = cv::Mat::zeros(size, CV_8U);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t i = 0; i < rows[r].size(); ++i) {
            font.put(coverage, rows[r][i], s.at.x + (static_cast<double>(i) + 0.5) * s.pitch,
                     s.at.y + static_cast<double>(r) * s.leading);
        }
    }
    const cv::Point2f middle(static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2);
    cv::warpAffine(coverage, coverage, cv::getRotationMatrix2D(middle, s.degrees, 1), size, cv::INTER_LINEAR);
    cv::Mat out(size, CV_32F, cv::Scalar(s.paper));
    if (s.pattern) {
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                out.at<float>(y, x) +=
                    static_cast<float>(9 * std::sin(0.21 * y + 4 * std::sin(0.013 * x)) + 7 * std::sin(0.17 * (x + y)));
            }
        }
    }
    cv::Mat cover;
    coverage.convertTo(cover, CV_32F, 1.0 / 255);
    out = out.mul(1 - cover) + s.ink * cover;
    if (s.blur > 0) cv::GaussianBlur(out, out, {}, s.blur);
    cv::RNG random(s.seed);
    cv::Mat noise(size, CV_32F);
    random.fill(noise, cv::RNG::NORMAL, 0, std::max(s.noise, 1e-6));
    out += noise;
    cv::Mat grey;
    out.convertTo(grey, CV_8U);
    return grey;
}

inline Frame frame(const cv::Mat& grey, std::uint64_t sequence = 7) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(grey.begin<std::uint8_t>(), grey.end<std::uint8_t>());
    return {grey.cols, grey.rows, false, std::move(pixels), MonoTime{}, sequence};
}

// In colour: grey, but so much red light more than its luma where `ink` is not 0.
inline Frame with_red(const cv::Mat& grey, const cv::Mat& ink, int more) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(grey.begin<std::uint8_t>(), grey.end<std::uint8_t>());
    const cv::Size half((grey.cols + 1) / 2, (grey.rows + 1) / 2);
    cv::Mat where;
    cv::resize(ink, where, half, 0, 0, cv::INTER_AREA);
    for (const int level : {128 - more / 6, 128 + more * 10 / 14}) {
        cv::Mat chroma(half, CV_8U, cv::Scalar(128));
        chroma.setTo(level, where > 127);
        pixels->insert(pixels->end(), chroma.begin<std::uint8_t>(), chroma.end<std::uint8_t>());
    }
    return {grey.cols, grey.rows, true, std::move(pixels), MonoTime{}, 7};
}

inline Frame with_red(const cv::Mat& grey, const cv::Rect& part, int more) {
    cv::Mat ink = cv::Mat::zeros(grey.size(), CV_8U);
    ink(part) = cv::Scalar(255);
    return with_red(grey, ink, more);
}

inline std::string random_row(std::mt19937& random, std::size_t length) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
    std::string out;
    while (out.size() < length) out.push_back(alphabet[random() % alphabet.size()]);
    return out;
}

}  // namespace paso::drawn
