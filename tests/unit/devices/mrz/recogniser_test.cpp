// The recogniser by itself: equal to torch on a committed strip.
#include "devices/mrz/recogniser.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <string>

#include "devices/mrz/find_lines.hpp"
#include "devices/mrz/rectify.hpp"
#include "tests/unit/devices/mrz/drawn.hpp"

namespace paso {
namespace {

// devices/mrz/model/check.txt, made by train.py --export: width; its text; the strip's bytes; 38 rows of logits.
struct Check {
    cv::Mat strip;
    cv::Mat logits;
    std::string text;
};

Check read_check() {
    std::ifstream in(PASO_SOURCE_DIR "/devices/mrz/model/check.txt");
    int width = 0;
    int steps = 0;
    Check c;
    in >> width >> steps >> c.text;
    c.strip.create(strip_height, width, CV_8U);
    for (int y = 0; y < strip_height; ++y) {
        for (int x = 0; x < width; ++x) {
            int value = 0;
            in >> value;
            c.strip.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(value);
        }
    }
    c.logits.create(38, steps, CV_32F);
    for (int k = 0; k < 38; ++k) {
        for (int t = 0; t < steps; ++t) in >> c.logits.at<float>(k, t);
    }
    REQUIRE(in);
    return c;
}

char best(const MrzCell& cell) {
    return mrz_alphabet[static_cast<std::size_t>(std::max_element(cell.begin(), cell.end()) - cell.begin())];
}

// The text of a strip that shows a row of so many columns.
std::string read(Recogniser& recogniser, const cv::Mat& strip, std::size_t columns) {
    const auto windows = row_windows({recogniser.read(strip)}, columns);
    std::string out;
    if (windows.empty()) return out;
    for (const MrzCell& cell : windows.front().cells) out.push_back(best(cell));
    return out;
}

}  // namespace

TEST_CASE("OpenCV gives what torch gave") {
    const Check c = read_check();
    Recogniser recogniser(built_in_net());
    const cv::Mat logits = recogniser.logits(c.strip);
    REQUIRE(logits.size() == c.logits.size());
    CHECK(cv::norm(logits, c.logits, cv::NORM_INF) < 2e-3);
    CHECK(read(recogniser, c.strip, c.text.size()) == c.text);
}

TEST_CASE("the net is well under a megabyte in the program") { CHECK(packed_net().size() < 700'000); }

TEST_CASE("a strip of another height, or none, reads as nothing") {
    Recogniser recogniser(built_in_net());
    CHECK(recogniser.read({}).empty());
    CHECK(recogniser.read(cv::Mat::zeros(23, 100, CV_8U)).empty());
}

TEST_CASE("an empty strip gives no characters") {
    Recogniser recogniser(built_in_net());
    CHECK(row_peaks({recogniser.read(cv::Mat(strip_height, 640, CV_8U, cv::Scalar(200)))}).size() < 8);
}

TEST_CASE("rows are found, straightened and cut to the height of the net") {
    drawn::Style s;
    s.degrees = 3;
    const std::vector<std::string> rows{std::string(44, 'A'), std::string(44, '8')};
    const cv::Mat grey = drawn::picture(rows, s);
    const auto groups = find_row_groups(grey);
    REQUIRE(!groups.empty());
    REQUIRE(groups.front().size() == 2);
    const Strip strip = cut_strip(grey, groups.front().front());
    REQUIRE(strip.pixels.rows == strip_height);
    CHECK(cv::norm(strip.along) == Approx(cv::norm(strip.down)));
    CHECK(std::atan2(strip.along.y, strip.along.x) == Approx(-3 * CV_PI / 180).margin(0.006));
    CHECK(s.capital / cv::norm(strip.down) == Approx(strip_capital).margin(1.6));
    Recogniser recogniser(built_in_net());
    CHECK(read(recogniser, strip.pixels, 44) == rows.front());
}

TEST_CASE("letters that lean are set upright, and only those") {
    const std::vector<std::string> rows{"P<UTOIZZINTINI<<ZIVITIN<MIRIZIN<<<<<<<<<<<<<", std::string(44, 'A')};
    Recogniser recogniser(built_in_net());
    for (const float lean : {-0.24F, -0.12F, 0.0F, 0.12F, 0.2F, 0.28F}) {
        CAPTURE(lean);
        drawn::Style s;
        s.capital = 17;  // of little more than the strip's
        s.blur = 1.6;
        cv::Mat grey = drawn::picture(rows, s);
        const auto foot = static_cast<float>(s.at.y);
        cv::warpAffine(grey, grey, cv::Matx23f(1, -lean, lean * foot, 0, 1, 0), grey.size(), cv::INTER_LINEAR,
                       cv::BORDER_REPLICATE);
        const auto x = [&](double columns) { return static_cast<float>(s.at.x + columns * s.pitch); };
        const TextRow row{{x(0), foot - 9}, {x(44), foot - 9}, 17};
        const Strip strip = cut_strip(grey, row);
        REQUIRE_FALSE(strip.pixels.empty());
        CHECK(strip.lean() == Approx(lean).margin(0.05));
        CHECK(read(recogniser, strip.pixels, 44) == rows.front());
        if (lean != 0) continue;
        const cv::Point2f next(0, static_cast<float>(s.leading));
        CHECK(cut_strip(grey, {row.left + next, row.right + next, 17}).lean() == 0);  // the legs of A lean both ways
    }
}

}  // namespace paso
