// Symbols away from the middle, turned, tilted, faint, inverted and several at once; still views; wrong pixels.
#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "devices/barcode/data_matrix_grid.hpp"
#include "devices/barcode/locate.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "tests/specimens/curved_paper.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view text = "M1NEBEL/ODA           EABC123 UTAUTBUT 0834 328Y012A0042 100";

cv::Mat symbol(ZXing::BarcodeFormat format, std::string_view payload) {
    std::wstring wide;
    for (const char c : payload) wide.push_back(static_cast<wchar_t>(static_cast<unsigned char>(c)));
    ZXing::MultiFormatWriter writer(format);
    writer.setEncoding(ZXing::CharacterSet::ISO8859_1).setMargin(0);
    const ZXing::BitMatrix bits = writer.encode(wide, 0, 0);
    cv::Mat out(bits.height(), bits.width(), CV_8UC1);
    for (int y = 0; y < bits.height(); ++y) {
        for (int x = 0; x < bits.width(); ++x) out.at<std::uint8_t>(y, x) = bits.get(x, y) ? 0 : 255;
    }
    return out;
}

cv::Mat glass() { return {1080, 1920, CV_8UC1, cv::Scalar(70)}; }

struct Laid {
    float x = 960, y = 540, module = 4.5F, degrees = 0, tilt = 0;
    int ink = 30, paper = 220;
};

void lay(cv::Mat& picture, cv::Mat modules, const Laid& l) {
    cv::copyMakeBorder(modules, modules, 4, 4, 4, 4, cv::BORDER_CONSTANT, cv::Scalar(255));
    cv::Mat fine;
    cv::resize(modules, fine, {}, 8, 8, cv::INTER_NEAREST);
    fine.convertTo(fine, CV_8U, (l.paper - l.ink) / 255.0, l.ink);
    const float w = static_cast<float>(fine.cols), h = static_cast<float>(fine.rows);
    const float c = std::cos(l.degrees / 57.29578F), s = std::sin(l.degrees / 57.29578F);
    std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}}, to;
    for (const auto& p : from) {
        const float u = p.x / w - 0.5F, v = p.y / h - 0.5F;
        const float z = (1 + l.tilt * u) * l.module / 8;
        to.emplace_back(l.x + (u * w * c + v * h * s) * z, l.y + (v * h * c - u * w * s) * z);
    }
    const cv::Mat map = cv::getPerspectiveTransform(from, to);
    cv::Mat shades, mask;
    cv::GaussianBlur(fine, fine, {}, 2);
    cv::warpPerspective(fine, shades, map, picture.size(), cv::INTER_LINEAR);
    cv::warpPerspective(cv::Mat(fine.size(), CV_8UC1, cv::Scalar(255)), mask, map, picture.size(), cv::INTER_NEAREST);
    shades.copyTo(picture, mask);
}

Frame frame_of(const cv::Mat& picture, std::int64_t ms = 0, std::uint64_t number = 1) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(picture.datastart, picture.dataend);
    return {picture.cols, picture.rows, false, std::move(pixels), {1'000'000'000 + ms * 1'000'000}, number};
}

const std::array kinds{std::pair{ZXing::BarcodeFormat::QRCode, Symbology::qr},
                       std::pair{ZXing::BarcodeFormat::Aztec, Symbology::aztec},
                       std::pair{ZXing::BarcodeFormat::PDF417, Symbology::pdf417},
                       std::pair{ZXing::BarcodeFormat::DataMatrix, Symbology::data_matrix}};

}  // namespace

TEST_CASE("a symbol is read wherever and however it lies") {
    for (const auto& [format, symbology] : kinds) {
        for (const Laid& l : {Laid{.x = 400, .y = 300}, Laid{.x = 1500, .y = 700, .degrees = 33}, Laid{.degrees = 135},
                              Laid{.degrees = 8, .tilt = 0.12F}, Laid{.degrees = -90, .ink = 100, .paper = 160}}) {
            INFO(name(symbology) << " at " << l.x << " " << l.y << " turned " << l.degrees << " tilt " << l.tilt);
            cv::Mat picture = glass();
            lay(picture, symbol(format, text), l);
            const auto seen = read_barcodes(frame_of(picture), {});
            REQUIRE(seen.size() == 1);
            CHECK(seen[0].symbology == symbology);
            CHECK(as_text(seen[0].bytes) == text);
            float x = 0, y = 0;
            for (const Point& p : seen[0].corners) {
                x += p.x / 4;
                y += p.y / 4;
            }
            CHECK(std::abs(x - l.x) < 20);
            CHECK(std::abs(y - l.y) < 20);
        }
    }
}

TEST_CASE("a boarding pass is read whose one end is a fifth nearer than the other") {
    for (const float tilt : {-0.22F, -0.17F, 0.17F, 0.22F}) {
        for (const float degrees : {0.0F, 8.0F, 97.0F}) {
            CAPTURE(tilt, degrees);
            cv::Mat picture = glass();
            lay(picture, symbol(ZXing::BarcodeFormat::PDF417, text), {.degrees = degrees, .tilt = tilt});
            const auto seen = read_barcodes(frame_of(picture), {});
            REQUIRE(seen.size() == 1);
            CHECK(as_text(seen[0].bytes) == text);
        }
    }
}

TEST_CASE("the grid of a DataMatrix is laid though its box is askew, too large and off its middle, on a noisy ground") {
    std::mt19937 r(11);
    std::normal_distribution<float> noise(0, 10);
    for (const std::size_t length : {24U, 110U, 170U}) {
        const cv::Mat small = symbol(ZXing::BarcodeFormat::DataMatrix,
                                     (std::string(text) + std::string(text) + std::string(text)).substr(0, length));
        for (const float degrees : {-4.5F, 0.0F, 4.5F}) {
            CAPTURE(length, degrees, small.cols);
            const float module = 6, side = module * static_cast<float>(small.cols);
            cv::Mat picture(static_cast<int>(1.6F * side), static_cast<int>(1.6F * side), CV_8UC1, cv::Scalar(150));
            const float middle = static_cast<float>(picture.cols) / 2;
            lay(picture, small,
                {.x = middle + module,
                 .y = middle - module,
                 .module = module,
                 .degrees = degrees,
                 .tilt = 0.05F,
                 .ink = 60,
                 .paper = 180});
            for (int y = 0; y < picture.rows; ++y) {
                for (int x = 0; x < picture.cols; ++x)
                    picture.at<std::uint8_t>(y, x) =
                        cv::saturate_cast<std::uint8_t>(static_cast<float>(picture.at<std::uint8_t>(y, x)) + noise(r));
            }
            const auto grid = find_data_matrix(picture, 1.3F * side);
            REQUIRE(grid);
            REQUIRE(grid->modules.size() == small.size());
            CHECK(cv::countNonZero(grid->modules != small) * 50 < static_cast<int>(small.total()));
        }
    }
}

TEST_CASE("a dark mode's light symbol is read") {
    for (const auto& [format, symbology] : kinds) {
        INFO(name(symbology));
        cv::Mat picture = glass();
        lay(picture, symbol(format, text), {.ink = 220, .paper = 20});
        const auto seen = read_barcodes(frame_of(picture), {});
        REQUIRE(seen.size() == 1);
        CHECK(as_text(seen[0].bytes) == text);
    }
}

TEST_CASE("the locator sees which way bars run, however many pixels a module has") {
    std::mt19937 random(3);
    for (const int more : {300, 340, 380, 420}) {
        std::string licence{text};
        for (int i = 0; i < more; ++i) licence.push_back(static_cast<char>('A' + random() % 26));
        cv::Mat sharp;
        cv::resize(symbol(ZXing::BarcodeFormat::PDF417, licence), sharp, {}, 3, 3, cv::INTER_NEAREST);
        cv::copyMakeBorder(sharp, sharp, 9, 9, 9, 9, cv::BORDER_CONSTANT, cv::Scalar(255));
        for (int shift = 0; shift < 4; ++shift) {
            INFO(licence.size() << " characters, " << shift);
            cv::Mat picture = glass();
            sharp.copyTo(picture(cv::Rect(300 + shift, 400, sharp.cols, sharp.rows)));
            const auto places = locate_symbols(picture, 6);
            REQUIRE_FALSE(places.empty());
            CHECK(places[0].bars > 1.1F);
        }
    }
}

TEST_CASE("four symbols in one frame") {
    cv::Mat picture = glass();
    int i = 0;
    for (const auto& [format, symbology] : kinds) {
        const float x = i % 2 == 0 ? 500.0F : 1400.0F, y = i < 2 ? 280.0F : 800.0F;
        lay(picture, symbol(format, std::string{text} + std::to_string(i)),
            {.x = x, .y = y, .module = 3.5F, .degrees = static_cast<float>(7 * i - 9)});
        ++i;
    }
    const auto seen = read_barcodes(frame_of(picture), {});
    REQUIRE(seen.size() == 4);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        const auto found =
            std::find_if(seen.begin(), seen.end(), [&](const auto& b) { return b.symbology == kinds[k].second; });
        INFO(name(kinds[k].second));
        REQUIRE(found != seen.end());
        CHECK(as_text(found->bytes) == std::string{text} + std::to_string(k));
    }
}

TEST_CASE("a boarding pass that a hand bends is read, and its corners are where they are seen") {
    const std::string pass = std::string{text} + "1E 2A11" + std::string(100, 'X');
    for (const double axis : {0.0, 90.0, 60.0}) {
        for (const bool hollow : {false, true}) {
            INFO("axis " << axis << " hollow " << hollow);
            CurvedPaper how;
            how.radius_mm = 50;
            how.axis_degrees = axis;
            how.hollow = hollow;
            how.degrees = 12;
            how.pitch_degrees = 7;
            how.yaw_degrees = -6;
            how.pixels_per_mm = 11;
            how.centre = {900, 520};
            cv::Mat modules = symbol(ZXing::BarcodeFormat::PDF417, pass), paper;
            constexpr double fine = 6, module_mm = 0.33;
            cv::resize(modules, paper, {}, fine, fine, cv::INTER_NEAREST);
            paper.convertTo(paper, CV_8U, 190 / 255.0, 30);
            cv::copyMakeBorder(paper, paper, 18, 18, 18, 18, cv::BORDER_CONSTANT, cv::Scalar(220));
            cv::Mat picture = glass();
            lay_curved(picture, paper, fine / module_mm, how);
            cv::GaussianBlur(picture, picture, {}, 0.8);
            const auto seen = read_barcodes(frame_of(picture), {});
            REQUIRE(seen.size() == 1);
            CHECK(as_text(seen[0].bytes) == pass);
            for (int i = 0; i < 4; ++i) {
                const double u = i == 0 || i == 3 ? -0.5 : 0.5, v = i < 2 ? -0.5 : 0.5;
                const cv::Point2d corner = how.seen({u * modules.cols * module_mm, v * modules.rows * module_mm});
                const Point& found = seen[0].corners[static_cast<std::size_t>(i)];
                CHECK(std::hypot(static_cast<double>(found.x) - corner.x, static_cast<double>(found.y) - corner.y) <
                      25);
            }
        }
    }
}

TEST_CASE("a photograph of twelve megapixels: close, tilted, partly in shade, on a screen with moire") {
    for (const auto& [format, symbology] : kinds) {
        INFO(name(symbology));
        cv::Mat picture(3000, 4000, CV_8UC1, cv::Scalar(120));
        lay(picture, symbol(format, text), {.x = 2100, .y = 1400, .module = 15, .degrees = 11, .tilt = 0.1F});
        for (int y = 0; y < picture.rows; ++y) {
            auto* row = picture.ptr<std::uint8_t>(y);
            for (int x = 0; x < picture.cols; ++x) {
                const double moire =
                    1 + 0.1 * std::sin(x * 0.9) * std::sin(y * 0.83) + 0.08 * std::sin((x + 2 * y) * 0.011);
                const double shade = x + y > 3600 ? 0.55 : 1;
                row[x] = cv::saturate_cast<std::uint8_t>(row[x] * moire * shade);
            }
        }
        const auto seen = read_barcodes(frame_of(picture), {});
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].symbology == symbology);
        CHECK(as_text(seen[0].bytes) == text);
    }
}

TEST_CASE("a still view is searched twice, then twice a second; a moved one at once") {
    cv::Mat picture = glass();
    lay(picture, symbol(ZXing::BarcodeFormat::QRCode, text), {});
    BarcodeTracker tracker;
    CHECK(read_barcodes(frame_of(picture, 0, 1), {}, tracker).size() == 1);
    CHECK(read_barcodes(frame_of(picture, 33, 2), {}, tracker).size() == 1);
    CHECK(read_barcodes(frame_of(picture, 66, 3), {}, tracker).empty());
    CHECK(read_barcodes(frame_of(picture, 500, 4), {}, tracker).empty());
    CHECK(read_barcodes(frame_of(picture, 540, 5), {}, tracker).size() == 1);
    cv::Mat moved = glass();
    lay(moved, symbol(ZXing::BarcodeFormat::QRCode, text), {.x = 700});
    CHECK(read_barcodes(frame_of(moved, 560, 6), {}, tracker).size() == 1);
    tracker.forget();
    CHECK(read_barcodes(frame_of(moved, 570, 7), {}, tracker).size() == 1);
}

TEST_CASE("the locator finds nothing in flat, tiny and thin pictures and survives noise") {
    CHECK(locate_symbols(glass(), 6).empty());
    for (const cv::Size size :
         {cv::Size(1, 1), cv::Size(2000, 1), cv::Size(1, 900), cv::Size(15, 15), cv::Size(40, 16)}) {
        cv::Mat noise(size, CV_8UC1);
        cv::RNG(7).fill(noise, cv::RNG::UNIFORM, 0, 256);
        CHECK(read_barcodes(frame_of(noise), {}).empty());
    }
    cv::Mat noise(540, 960, CV_8UC1);
    cv::RNG(8).fill(noise, cv::RNG::UNIFORM, 0, 256);
    CHECK(locate_symbols(noise, 3).size() <= 3);
    CHECK(read_barcodes(frame_of(noise), {}).empty());
}
