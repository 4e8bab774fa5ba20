// read_mrz on drawn rows: exact text, calibrated cells, and nothing at all where there is no MRZ.
#include "devices/mrz/read_mrz.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/mrz/fusion.hpp"
#include "tests/unit/devices/mrz/drawn.hpp"

namespace paso {
namespace {

std::vector<std::string> text_of(const MrzReading& reading) {
    std::vector<std::string> out;
    for (const MrzRow& row : reading.rows) {
        std::string line;
        for (const MrzCell& cell : row.cells) {
            line.push_back(
                mrz_alphabet[static_cast<std::size_t>(std::max_element(cell.begin(), cell.end()) - cell.begin())]);
        }
        out.push_back(line);
    }
    return out;
}

std::vector<std::string> read_one(const cv::Mat& grey, MrzTracker& tracker) {
    const auto readings = read_mrz(drawn::frame(grey), tracker);
    return readings.empty() ? std::vector<std::string>{} : text_of(readings.front());
}

const std::vector<std::string> td3{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const std::vector<std::string> td2{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"};
const std::vector<std::string> td1{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                                   "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};

}  // namespace

TEST_CASE("the specimens of Doc 9303 are read exactly at every usual size") {
    MrzTracker tracker;
    for (const double capital : {15.0, 18.0, 22.0, 27.0}) {
        for (const auto& rows : {td3, td2, td1}) {
            drawn::Style s;
            s.capital = capital;
            s.pitch = capital * 1.06;
            s.leading = capital * 2.1;
            s.at = {200, 700};
            CAPTURE(capital, rows.front());
            CHECK(read_one(drawn::picture(rows, s), tracker) == rows);
        }
    }
}

TEST_CASE("a long row of fillers keeps its count") {
    MrzTracker tracker;
    const std::vector<std::string> rows{"P<UTOA<<B<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
                                        "L<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<0"};
    CHECK(read_one(drawn::picture(rows, {}), tracker) == rows);
}

TEST_CASE("tilts, guilloche, mild blur and noise do not matter") {
    MrzTracker tracker;
    for (const double degrees : {-16.0, -12.0, -10.0, -8.0, -5.0, -2.0, -0.7, 0.7, 2.0, 5.0, 8.0, 10.0, 12.0, 16.0}) {
        drawn::Style s;
        s.degrees = degrees;
        s.at = {500, 600};
        s.pattern = true;
        s.noise = 4;
        s.blur = 0.7;
        CAPTURE(degrees);
        CHECK(read_one(drawn::picture(td3, s), tracker) == td3);
    }
}

TEST_CASE("rows of a page that bulges are read along their bend") {
    MrzTracker tracker;
    for (const float bulge : {-26.0F, -16.0F, -8.0F, 8.0F, 16.0F, 26.0F}) {  // pixels, where a capital is 20 high
        const cv::Mat flat = drawn::picture(td3, {});
        cv::Mat from(flat.size(), CV_32FC2), bent;
        for (int x = 0; x < flat.cols; ++x) {
            const float u = (static_cast<float>(x) - 740) / 440;  // -1 to 1 along the text
            for (int y = 0; y < flat.rows; ++y)
                from.at<cv::Vec2f>(y, x) = {static_cast<float>(x), static_cast<float>(y) - bulge * (1 - u * u)};
        }
        cv::remap(flat, bent, from, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        CAPTURE(bulge);
        tracker.forget();
        CHECK(read_one(bent, tracker) == td3);
    }
}

TEST_CASE("lines of dots and of guilloche do not crowd out the rows") {
    MrzTracker tracker;
    cv::Mat page = drawn::picture(td2, {});
    for (int y = 60; y < page.rows; y += 17) {
        for (int x = 80; x < page.cols; x += 17) {
            const bool text = y > 640 && y < 760 && x > 260 && x < 1060;
            if (!text) cv::circle(page, {x, y}, 3, cv::Scalar(150), cv::FILLED, cv::LINE_AA);
        }
    }
    CHECK(read_one(page, tracker) == td2);
}

TEST_CASE("random characters, which no grammar helps, are read nearly always") {
    MrzTracker tracker;
    std::mt19937 random(5);
    int exact = 0;
    for (int i = 0; i < 20; ++i) {
        const std::vector<std::string> rows{drawn::random_row(random, 44), drawn::random_row(random, 44)};
        drawn::Style s;
        s.seed = static_cast<std::uint32_t>(i);
        exact += read_one(drawn::picture(rows, s), tracker) == rows ? 1 : 0;
    }
    CHECK(exact >= 19);
}

TEST_CASE("each cell is a distribution over the 37 characters") {
    MrzTracker tracker;
    const auto readings = read_mrz(drawn::frame(drawn::picture(td3, {}), 42), tracker);
    REQUIRE(readings.size() == 1);
    CHECK(readings[0].frame == 42);
    for (const MrzRow& row : readings[0].rows) {
        REQUIRE(row.cells.size() == 44);
        for (const MrzCell& cell : row.cells) {
            double sum = 0;
            for (const float p : cell) sum += std::exp(static_cast<double>(p));
            CHECK(sum == Approx(1).margin(1e-4));
        }
    }
}

TEST_CASE("the corners lie around the text") {
    MrzTracker tracker;
    drawn::Style s;  // 44 characters of pitch 20 from x = 300; feet at 700 and 742
    const auto readings = read_mrz(drawn::frame(drawn::picture(td3, s)), tracker);
    REQUIRE(readings.size() == 1);
    const Quad& q = readings[0].corners;
    CHECK(q[0].x == Approx(300).margin(10));
    CHECK(q[0].y == Approx(680).margin(8));
    CHECK(q[2].x == Approx(1180).margin(10));
    CHECK(q[2].y == Approx(742).margin(8));
}

TEST_CASE("a document is read whichever way it lies, and its corners follow the text") {
    MrzTracker tracker;
    const cv::Mat upright = drawn::picture(td3, {});  // 44 characters of pitch 20 from x = 300; feet at 700 and 742
    for (const auto& [turn, first] :
         {std::pair{cv::ROTATE_180, cv::Point2f(1619, 399)}, std::pair{cv::ROTATE_90_CLOCKWISE, cv::Point2f(399, 300)},
          std::pair{cv::ROTATE_90_COUNTERCLOCKWISE, cv::Point2f(680, 1619)}}) {
        cv::Mat turned;
        cv::rotate(upright, turned, turn);
        CAPTURE(turn);
        tracker.forget();
        const auto readings = read_mrz(drawn::frame(turned), tracker);
        REQUIRE(readings.size() == 1);
        CHECK(text_of(readings.front()) == td3);
        CHECK(readings.front().corners[0].x == Approx(first.x).margin(10));
        CHECK(readings.front().corners[0].y == Approx(first.y).margin(10));
    }
}

TEST_CASE("light text on a dark ground is read") {
    MrzTracker tracker;
    CHECK(read_one(255 - drawn::picture(td1, {}), tracker) == td1);
}

TEST_CASE("the next frame is tracked; a document that came elsewhere is found again") {
    MrzTracker tracker;
    drawn::Style moved;
    moved.at = {302, 703};
    drawn::Style elsewhere;
    elsewhere.at = {700, 300};
    CHECK(read_one(drawn::picture(td3, {}), tracker) == td3);
    CHECK(read_one(drawn::picture(td3, moved), tracker) == td3);
    CHECK(read_one(drawn::picture(td2, elsewhere), tracker) == td2);
    CHECK(read_mrz(drawn::frame(cv::Mat(1080, 1920, CV_8U, cv::Scalar(90))), tracker).empty());
}

TEST_CASE("two cards in one picture are both read") {
    MrzTracker tracker;
    drawn::Style s;
    s.at = {100, 200};
    cv::Mat both = drawn::picture(td1, s);
    s.at = {900, 800};
    cv::min(both, drawn::picture(td2, s), both);
    const auto readings = read_mrz(drawn::frame(both), tracker);
    REQUIRE(readings.size() == 2);
    CHECK(((text_of(readings[0]) == td1 && text_of(readings[1]) == td2) ||
           (text_of(readings[0]) == td2 && text_of(readings[1]) == td1)));
}

TEST_CASE("a document on striped cloth is read") {
    drawn::Style s;
    s.at = {300, 500};
    cv::Mat picture = drawn::picture(td2, s);
    const cv::Rect card(240, 380, 840, 220);
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) {
            if (!card.contains({x, y})) picture.at<std::uint8_t>(y, x) = x % 36 < 12 ? 110 : 170;
        }
    }
    MrzTracker tracker;
    CHECK(read_one(picture, tracker) == td2);
}

TEST_CASE("a red stamp that joins rows which lie askew hides them in no colour picture") {
    drawn::Style s;
    s.at = {460, 520};
    s.degrees = 17;
    const cv::Mat page = drawn::picture(td3, s);
    cv::Mat stamp(page.size(), CV_8U, cv::Scalar(0));
    for (const double along : {0.2, 0.5, 0.8}) {
        const cv::Point2d middle(960 + (along - 0.5) * 880 * std::cos(0.297),
                                 540 - (along - 0.5) * 880 * std::sin(0.297));
        cv::ellipse(stamp, middle, {100, 70}, 0, 0, 360, 255, 9, cv::LINE_AA);
        for (int bar = -80; bar <= 80; bar += 16)
            cv::line(stamp, middle + cv::Point2d(bar, -40), middle + cv::Point2d(bar, 40), 255, 5, cv::LINE_AA);
    }
    cv::Mat stamped;
    page.copyTo(stamped);
    cv::subtract(page, cv::Scalar(75), stamped, stamp > 127);
    MrzTracker grey, colour;
    CHECK(read_mrz(drawn::frame(stamped), grey).empty());
    const auto readings = read_mrz(drawn::with_red(stamped, stamp, 110), colour);
    REQUIRE(readings.size() == 1);
    CHECK(text_of(readings.front()) == td3);
}

TEST_CASE("frames without an MRZ give nothing") {
    MrzTracker tracker;
    CHECK(read_mrz(Frame{}, tracker).empty());
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(3, 1080), cv::Size(1920, 2), cv::Size(159, 59),
                                cv::Size(160, 60), cv::Size(640, 480), cv::Size(1920, 1080)}) {
        CAPTURE(size.width, size.height);
        for (const int level : {0, 128, 255}) {
            CHECK(read_mrz(drawn::frame(cv::Mat(size, CV_8U, cv::Scalar(level))), tracker).empty());
        }
        cv::Mat noise(size, CV_8U);
        cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
        CHECK(read_mrz(drawn::frame(noise), tracker).empty());
    }
}

TEST_CASE("stripes and gratings give nothing and take bounded time") {
    MrzTracker tracker;
    for (const int period : {2, 3, 5, 9, 17, 40}) {
        cv::Mat stripes(1080, 1920, CV_8U);
        for (int y = 0; y < stripes.rows; ++y) {
            for (int x = 0; x < stripes.cols; ++x) {
                const bool row = (y / (2 * period)) % 2 == 0;  // rows of bars, as a barcode or a fence
                stripes.at<std::uint8_t>(y, x) = row && (x / period) % 2 == 0 ? 20 : 220;
            }
        }
        CAPTURE(period);
        for (const MrzReading& r : read_mrz(drawn::frame(stripes), tracker)) {
            for (const MrzRow& row : r.rows) CHECK(row.cells.size() <= 44);
        }
    }
}

TEST_CASE("a frame whose pixels are fewer than its size says gives nothing") {
    MrzTracker tracker;
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(100);
    CHECK(read_mrz(Frame{1920, 1080, false, pixels, MonoTime{}, 1}, tracker).empty());
    CHECK(read_mrz(Frame{-1, -1, false, pixels, MonoTime{}, 1}, tracker).empty());
}

TEST_CASE("a damaged net is an error at start, not later") {
    const std::vector<std::byte> rubbish(64, std::byte{0x5a});
    CHECK_THROWS_AS(MrzTracker{ByteView{rubbish}}, std::runtime_error);
}

TEST_CASE("what moves is found within six frames however it lies") {
    for (const double degrees : {0.0, 90.0, 180.0, 270.0, 14.0, -14.0, 104.0}) {
        CAPTURE(degrees);
        drawn::Style s;
        s.degrees = degrees;
        s.at = {520, 520};
        const cv::Mat picture = drawn::picture(td3, s);
        MrzTracker tracker;
        int frames = 0;
        std::vector<MrzReading> seen;
        while (seen.empty() && frames < 6) {
            ++frames;
            seen = read_mrz(drawn::frame(picture), tracker, MrzEffort::in_turn);
            if (!seen.empty() && text_of(seen.front()) != td3) seen.clear();
        }
        CHECK_FALSE(seen.empty());
        // And in the next frame at once, by where it was.
        CHECK(text_of(read_mrz(drawn::frame(picture), tracker, MrzEffort::in_turn).at(0)) == td3);
    }
}

TEST_CASE("a visa of 44 columns whose last eight are outside or burnt out is never taken for one of 36") {
    const std::vector<std::string> wide{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                        "L8988901C4UTO4009078F9612109<<<<<<<<<<<<<<<<"};
    std::vector<std::string> narrow;
    for (const std::string& row : wide) narrow.push_back(row.substr(0, 36));
    const auto state = [&](const cv::Mat& picture) {
        MrzTracker tracker;
        const auto readings = read_mrz(drawn::frame(picture), tracker);
        return readings.empty() ? MrzState::unreadable : decide(fuse({}, readings.front()), {}).state;
    };
    for (const int paper : {210, 250}) {
        drawn::Style s;
        s.paper = paper;
        CAPTURE(paper);
        CHECK(name(state(drawn::picture(narrow, s))) == "single_frame");
        const cv::Mat picture = drawn::picture(wide, s);
        CHECK(name(state(picture)) == "single_frame");
        for (const double columns : {36.0, 36.2, 36.4, 36.6, 36.8, 37.0, 37.5, 40.0}) {
            CAPTURE(columns);
            const int width = static_cast<int>(s.at.x + columns * s.pitch);
            CHECK(name(state(picture.colRange(0, width).clone())) != "single_frame");
            // Or light burns out the rest, and grows over four characters: white paper shows only what it does to them.
            const int soft = paper > 240 ? static_cast<int>(4 * s.pitch) : 1;
            cv::Mat dazzled = picture.clone();
            for (int x = width - soft; x < dazzled.cols; ++x) {
                const int light = std::min(255, 255 * (x - width + soft) / soft);
                dazzled.col(x) += cv::Scalar(light);
            }
            CHECK(name(state(dazzled)) != "single_frame");
        }
    }
}

TEST_CASE("a red stroke that makes U of L is not believed, however clear it stands") {
    const std::vector<std::string> rows{"P<UTOELLVERAN<<ALISELLE<MARIA<<<<<<<<<<<<<<<", td3[1]};
    constexpr int column = 21;  // the second L of ALISELLE
    const drawn::Style s;
    const int left = static_cast<int>(s.at.x + (column + 0.5) * s.pitch + 0.27 * s.capital) / 2 * 2;
    const cv::Rect stroke(left, static_cast<int>(s.at.y - s.capital), 4, static_cast<int>(s.capital));
    const auto read = [&](int strength, bool red, double light) {
        cv::Mat picture = drawn::picture(rows, s);
        picture.convertTo(picture, CV_8U, light);
        const cv::Mat under = picture(stroke).clone();
        under.convertTo(picture(stroke), CV_8U, 1 - strength / 100.0);
        MrzTracker tracker;
        const Frame f =
            red ? drawn::with_red(picture, stroke, static_cast<int>(light * 1.8 * strength)) : drawn::frame(picture);
        const auto readings = read_mrz(f, tracker);
        return readings.empty() ? MrzResult{} : decide(fuse({}, readings.front()), {});
    };
    for (const int strength : {50, 60, 70}) {
        for (const double light : {1.0, 0.5}) {
            CAPTURE(strength, light);
            CHECK(read(strength, false, light).lines.at(0).at(column) == 'U');
            const MrzResult seen = read(strength, true, light);
            CAPTURE(name(seen.state), seen.lines.at(0));
            CHECK((seen.state != MrzState::single_frame || seen.lines == rows));
        }
    }
}

}  // namespace paso
