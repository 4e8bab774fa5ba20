// Bent paper: what is seen where, and back.
#include "tests/specimens/curved_paper.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/specimens/seeded.hpp"

using namespace paso;

TEST_CASE("a point of the paper is seen where the ray finds it") {
    Seeded rng(5, "curved paper");
    for (int i = 0; i < 400; ++i) {
        CurvedPaper how;
        how.radius_mm = rng.real(40, 150);
        how.axis_degrees = rng.real(0, 180);
        how.hollow = rng.chance(0.5);
        how.degrees = rng.real(-180, 180);
        how.pitch_degrees = rng.real(-12, 12);
        how.yaw_degrees = rng.real(-12, 12);
        how.centre = {900, 500};
        const cv::Point2d mm{rng.real(-30, 30), rng.real(-15, 15)};
        const auto back = how.paper_at(how.seen(mm));
        INFO("radius " << how.radius_mm << " axis " << how.axis_degrees << " hollow " << how.hollow);
        REQUIRE(back.has_value());
        CHECK(cv::norm(back.value_or(cv::Point2d{}) - mm) < 1e-6);
    }
}

TEST_CASE("hardly bent paper is flat; a bent one is narrower across its axis, its middle as large as ever") {
    CurvedPaper how;
    how.centre = {960, 540};
    how.radius_mm = 1e6;
    CHECK(cv::norm(how.seen({20, 10}) - cv::Point2d{1160, 640}) < 0.1);
    how.radius_mm = 50;
    how.axis_degrees = 90;
    CHECK(how.seen({30, 0}).x - 960 < 0.95 * 300);
    CHECK(std::abs(how.seen({0, 10}).y - 640) < 0.1);
    CHECK(std::abs(how.seen({1, 0}).x - 970) < 0.1);
    CHECK_FALSE(how.paper_at({1900, 540}).has_value());
}

TEST_CASE("paper is laid where it is seen") {
    CurvedPaper how;
    how.radius_mm = 60;
    how.pixels_per_mm = 6;
    how.yaw_degrees = 8;
    how.centre = {400, 300};
    cv::Mat paper(400, 600, CV_8UC1, cv::Scalar(200));  // 60 x 40 mm
    paper(cv::Rect(490, 90, 20, 20)).setTo(10);         // at (20, -10) mm
    cv::Mat picture(600, 800, CV_8UC1, cv::Scalar(90));
    lay_curved(picture, paper, 10, how);
    const auto at = [&](cv::Point2d p) { return static_cast<int>(picture.at<std::uint8_t>(cv::Point(p))); };
    CHECK(at(how.seen({20, -10})) < 60);
    CHECK(at(how.seen({-20, 10})) == 200);
    CHECK(at({20, 20}) == 90);
}
