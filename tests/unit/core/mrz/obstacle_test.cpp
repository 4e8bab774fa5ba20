// One frame's measures become an obstacle; obstacles become a hint that does not flicker.
#include "core/mrz/obstacle.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace paso;
using namespace std::chrono_literals;

namespace {

// A page that lies well, with rows that are not read yet.
MrzSight good() {
    MrzSight s;
    s.page = s.rows = true;
    s.character = 18;
    s.softness = 0.5F;
    s.print = 0.3F;
    s.page_place = {0.1F, 0.1F, 0.8F, 0.8F};
    s.rows_place = {0.2F, 0.7F, 0.6F, 0.1F};
    return s;
}
MrzSight without_rows() {
    MrzSight s = good();
    s.rows = false;
    s.rows_place = {};
    return s;
}

// Frames of a camera.
struct Camera {
    explicit Camera(Duration between = 33ms) : gap(between) {}
    Duration gap;
    MonoTime now{1'000'000'000};
    MrzHints hints;
    MrzObstacle see(MrzSight s, int frames = 1) {
        for (int i = 0; i < frames; ++i) {
            now = now + gap;
            s.captured = now;
            hints = observe(std::move(hints), s);
        }
        return hints.hint.what;
    }
};

}  // namespace

TEST_CASE("each obstacle has its own measure") {
    CHECK(obstacle_of(good()) == MrzObstacle::none);
    const auto with = [](MrzSight s, auto change) {
        change(s);
        return obstacle_of(s);
    };
    CHECK(with(good(), [](MrzSight& s) { s.moved = 9; }) == MrzObstacle::moving);
    CHECK(with(good(), [](MrzSight& s) { s.rows_cut = true, s.sides = 5; }) == MrzObstacle::too_near);
    CHECK(with(good(), [](MrzSight& s) { s.rows_cut = true, s.sides = 4; }) == MrzObstacle::cut_off);
    CHECK(with(good(), [](MrzSight& s) { s.degrees = 25; }) == MrzObstacle::tilt);
    CHECK(with(good(), [](MrzSight& s) { s.narrowing = 0.3F; }) == MrzObstacle::tilt);
    CHECK(with(good(), [](MrzSight& s) { s.character = 5; }) == MrzObstacle::too_far);
    CHECK(with(good(), [](MrzSight& s) { s.softness = 4; }) == MrzObstacle::blur);
    CHECK(with(good(), [](MrzSight& s) { s.unsure = 6; }) == MrzObstacle::covered);
    CHECK(with(good(), [](MrzSight& s) { s.hand = 0.1F; }) == MrzObstacle::covered);
    CHECK(with(without_rows(), [](MrzSight& s) { s.print = 0.01F; }) == MrzObstacle::upside_down);
    CHECK(obstacle_of(without_rows()) == MrzObstacle::wrong_page);
}

TEST_CASE("light beside the rows hinders nobody; over them, or where none are seen, it does") {
    MrzSight s = good();
    s.burnt = 0.03F;
    s.burnt_place = {0.2F, 0.1F, 0.1F, 0.1F};
    CHECK(obstacle_of(s) == MrzObstacle::none);
    s.burnt_place = {0.3F, 0.65F, 0.1F, 0.1F};
    CHECK(obstacle_of(s) == MrzObstacle::glare);
    CHECK(place_of(MrzObstacle::glare, s) == s.burnt_place);
    MrzSight none = without_rows();
    none.burnt = 0.03F;
    none.burnt_place = {0.2F, 0.1F, 0.1F, 0.1F};
    CHECK(obstacle_of(none) == MrzObstacle::glare);
    none.burnt = 0.9F;  // a picture that is too bright has no spot
    CHECK(obstacle_of(none) != MrzObstacle::glare);
}

TEST_CASE("what is read or is not there has no obstacle, whatever is measured") {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> any(0, 50);
    for (int i = 0; i < 300; ++i) {
        MrzSight s;
        s.page = i % 2 == 0;
        s.read = s.page;
        s.rows = i % 3 == 0;
        s.sides = static_cast<std::uint8_t>(i % 16);
        for (float* v : {&s.character, &s.degrees, &s.narrowing, &s.softness, &s.moved, &s.print, &s.hand, &s.missing,
                         &s.unsure, &s.burnt}) {
            *v = any(random);
        }
        CHECK(obstacle_of(s) == MrzObstacle::none);
        Camera c;
        CHECK(c.see(s, 20) == MrzObstacle::none);
    }
}

TEST_CASE("an obstacle is said within 0.3 s and not before three frames show it") {
    MrzSight far = good();
    far.character = 4;
    for (const Duration gap : {16ms, 33ms, 66ms, 83ms, 100ms}) {
        CAPTURE(gap.count());
        Camera c{gap};
        CHECK(c.see(far, 2) == MrzObstacle::none);
        const MonoTime begin = c.now;
        while (c.see(far) == MrzObstacle::none) REQUIRE(c.now - begin < 300ms);
        CHECK(c.hints.hint.what == MrzObstacle::too_far);
        CHECK(c.now - begin + gap <= 300ms);
        CHECK(c.hints.hint.sure == 1);
    }
}

TEST_CASE("single frames change nothing, and two that alternate say nothing new") {
    MrzSight far = good(), soft = good();
    far.character = 4;
    soft.softness = 9;
    Camera c;
    REQUIRE(c.see(far, 12) == MrzObstacle::too_far);
    const MonoTime since = c.hints.hint.since;
    for (int i = 0; i < 60; ++i) CHECK(c.see(i % 2 == 0 ? soft : far) == MrzObstacle::too_far);
    CHECK(c.hints.hint.since == since);
    CHECK(c.hints.hint.sure < 0.7F);
}

TEST_CASE("a hint stands for 0.4 s before another takes its place, but a movement does not") {
    MrzSight far = good(), soft = good(), moves = good();
    far.character = 4;
    soft.softness = 9;
    moves.moved = 20;
    Camera c{16ms};
    while (c.see(far) != MrzObstacle::too_far) REQUIRE(c.now.ns < 3'000'000'000);
    const MonoTime said = c.now;
    while (c.see(soft) != MrzObstacle::blur) REQUIRE(c.now - said < 1s);
    CHECK(c.now - said >= 400ms);
    Camera other{16ms};
    other.see(moves, 30);
    REQUIRE(other.hints.hint.what == MrzObstacle::moving);
    const MonoTime still = other.now;
    while (other.see(soft) != MrzObstacle::blur) REQUIRE(other.now - still < 1s);
    CHECK(other.now - still <= 300ms);
}

TEST_CASE("a reading or an empty glass ends every hint at once; an old frame counts for nothing") {
    MrzSight far = good(), read = good(), empty;
    far.character = 4;
    read.read = true;
    for (const MrzSight& end : {read, empty}) {
        Camera c;
        REQUIRE(c.see(far, 12) == MrzObstacle::too_far);
        CHECK(c.see(end) == MrzObstacle::none);
        CHECK(c.see(far, 2) == MrzObstacle::none);
    }
    Camera c;
    REQUIRE(c.see(far, 12) == MrzObstacle::too_far);
    const std::size_t frames = c.hints.latest.size();
    far.captured = {1};
    CHECK(observe(c.hints, far).latest.size() == frames);
}

TEST_CASE("frames that come faster than any camera's do not pile up") {
    MrzSight far = good();
    far.character = 4;
    Camera c{std::chrono::microseconds{1}};
    c.see(far, 10'000);
    CHECK(c.hints.latest.size() <= MrzHints::most_frames);
}
