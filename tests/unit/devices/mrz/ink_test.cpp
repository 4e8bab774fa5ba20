#include "devices/mrz/ink.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <utility>

namespace paso {
namespace {

struct Colour {
    int y, cb, cr;
};
constexpr Colour paper{235, 128, 128}, black{30, 128, 128};
// By JFIF: red 200 60 60, blue 50 70 190, green 40 150 80.
constexpr Colour red{102, 104, 198}, blue{78, 191, 108}, green{109, 112, 79};

// The colour in light of which a camera sees so much red, green and blue.
struct Light {
    double red = 1, green = 1, blue = 1;
    [[nodiscard]] Colour on(const Colour& c) const {
        const double r = red * (c.y + 1.402 * (c.cr - 128)), b = blue * (c.y + 1.772 * (c.cb - 128));
        const double g = green * (c.y - 0.344 * (c.cb - 128) - 0.714 * (c.cr - 128));
        const double y = 0.299 * r + 0.587 * g + 0.114 * b;
        const auto round = [](double v) { return static_cast<int>(std::lround(v)); };
        return {round(y), round(128 + (b - y) / 1.772), round(128 + (r - y) / 1.402)};
    }
};

// Paper with a square of 20 pixels of the colour on it, and black print across its middle.
Frame sheet(const Colour& ink, bool colour, const Light& light = {}) {
    constexpr int side = 100;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(side, side, colour));
    const auto put = [&](int x, int y, const Colour& c) {
        const auto at = static_cast<std::size_t>(y * side + x);
        (*pixels)[at] = static_cast<std::uint8_t>(c.y);
        if (!colour) return;
        const auto half = static_cast<std::size_t>(side * side + y / 2 * (side / 2) + x / 2);
        (*pixels)[half] = static_cast<std::uint8_t>(c.cb);
        (*pixels)[half + side * side / 4] = static_cast<std::uint8_t>(c.cr);
    };
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const bool inked = x >= 40 && x < 60 && y >= 40 && y < 60;
            put(x, y, light.on(y >= 50 && y < 54 ? black : inked ? ink : paper));
        }
    }
    return {side, side, colour, std::move(pixels), {}, 1};
}

cv::Mat lifted(const Frame& frame, const cv::Rect2f& part) {
    const cv::Point2f middle = (part.tl() + part.br()) / 2;
    return without_coloured_ink(frame, {middle, part.size(), 0});
}

}  // namespace

TEST_CASE("coloured ink is nearly gone and black print stays") {
    for (const auto& [ink, left] : {std::pair{red, 200}, std::pair{blue, 190}, std::pair{green, 150}}) {
        const cv::Mat light = lifted(sheet(ink, true), {31, 33, 61, 40});
        REQUIRE(light.size() == cv::Size(100, 100));
        CHECK(std::abs(light.at<std::uint8_t>(45, 50) - left) <= 3);
        CHECK(light.at<std::uint8_t>(44, 41) == light.at<std::uint8_t>(45, 50));
        CHECK(light.at<std::uint8_t>(52, 50) == black.y);
        CHECK(light.at<std::uint8_t>(10, 10) == paper.y);
    }
}

TEST_CASE("a tint of the light and darkness hide no ink, and the tint alone is none") {
    for (const Light& light : {Light{0.55, 0.6, 0.72}, Light{0.72, 0.6, 0.5}, Light{0.3, 0.3, 0.34}}) {
        CAPTURE(light.red, light.blue);
        CHECK(lifted(sheet(black, true, light), {31, 33, 61, 40}).empty());
        for (const auto& [ink, left] : {std::pair{red, 200}, std::pair{blue, 190}, std::pair{green, 150}}) {
            const cv::Mat seen = lifted(sheet(ink, true, light), {31, 33, 61, 40});
            REQUIRE_FALSE(seen.empty());
            const int white = light.on(paper).y, print = light.on(black).y;
            CHECK(seen.at<std::uint8_t>(45, 50) > 0.85 * left / paper.y * white);
            CHECK(std::abs(seen.at<std::uint8_t>(52, 50) - print) <= 3);
        }
    }
}

TEST_CASE("ink beside the part stays") {
    const Frame f = sheet(red, true);
    CHECK(lifted(f, {61, 0, 39, 100}).empty());
    const cv::Mat half = lifted(f, {0, 0, 50, 100});
    REQUIRE_FALSE(half.empty());
    CHECK(half.at<std::uint8_t>(45, 49) > 190);
    CHECK(half.at<std::uint8_t>(45, 54) == red.y);
    CHECK(lifted(f, {-500, -500, 9000, 9000}).size() == cv::Size(100, 100));
    CHECK(lifted(f, {200, 200, 50, 50}).empty());
}

TEST_CASE("what lies askew is looked at askew") {
    const Frame f = sheet(red, true);
    const cv::Point2f beside{70, 30}, across{50, 50};  // of the square's corner, 14 pixels from its middle
    CHECK(without_coloured_ink(f, {beside, {80, 20}, 45}).empty());
    CHECK(without_coloured_ink(f, {across, {80, 20}, 45}).size() == cv::Size(100, 100));
}

TEST_CASE("a grey picture, and one without colour, has no ink to take away") {
    CHECK(lifted(sheet(red, false), {0, 0, 100, 100}).empty());
    CHECK(lifted(sheet(black, true), {0, 0, 100, 100}).empty());
    CHECK(lifted({}, {0, 0, 100, 100}).empty());
}

}  // namespace paso
