#include "devices/mrz/ink.hpp"

#include <catch2/catch.hpp>
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

// Paper with a square of 20 pixels of the colour on it, and black print across its middle.
Frame sheet(const Colour& ink, bool colour) {
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
            put(x, y, y >= 50 && y < 54 ? black : inked ? ink : paper);
        }
    }
    return {side, side, colour, std::move(pixels), {}, 1};
}

}  // namespace

TEST_CASE("coloured ink is nearly gone and black print stays") {
    for (const auto& [ink, left] : {std::pair{red, 200}, std::pair{blue, 190}, std::pair{green, 150}}) {
        const cv::Mat light = without_coloured_ink(sheet(ink, true), {31, 33, 61, 40});
        REQUIRE(light.size() == cv::Size(100, 100));
        CHECK(std::abs(light.at<std::uint8_t>(45, 50) - left) <= 3);
        CHECK(light.at<std::uint8_t>(44, 41) == light.at<std::uint8_t>(45, 50));
        CHECK(light.at<std::uint8_t>(52, 50) == black.y);
        CHECK(light.at<std::uint8_t>(10, 10) == paper.y);
    }
}

TEST_CASE("ink beside the part stays") {
    const Frame f = sheet(red, true);
    CHECK(without_coloured_ink(f, {61, 0, 39, 100}).empty());
    const cv::Mat half = without_coloured_ink(f, {0, 0, 50, 100});
    REQUIRE_FALSE(half.empty());
    CHECK(half.at<std::uint8_t>(45, 49) > 190);
    CHECK(half.at<std::uint8_t>(45, 50) == red.y);
    CHECK(without_coloured_ink(f, {-500, -500, 9000, 9000}).size() == cv::Size(100, 100));
    CHECK(without_coloured_ink(f, {200, 200, 50, 50}).empty());
}

TEST_CASE("a grey picture, and one without colour, has no ink to take away") {
    CHECK(without_coloured_ink(sheet(red, false), {0, 0, 100, 100}).empty());
    CHECK(without_coloured_ink(sheet(black, true), {0, 0, 100, 100}).empty());
    CHECK(without_coloured_ink({}, {0, 0, 100, 100}).empty());
}

}  // namespace paso
