// One frame's measures become an obstacle of a symbol; obstacles become a hint that never contradicts a reading.
#include "core/barcode/symbol_obstacle.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace paso;
using namespace std::chrono_literals;

namespace {

// A symbol that lies well and is not read yet.
SymbolSight good() {
    SymbolSight s;
    s.symbol = true;
    s.module = 6;
    s.contrast = 180;
    s.light = 220;
    s.place = {0.3F, 0.3F, 0.2F, 0.3F};
    return s;
}

template <class Change>
SymbolSight with(Change change) {
    SymbolSight s = good();
    change(s);
    return s;
}

struct Camera {
    MonoTime now{1'000'000'000};
    SymbolHints hints;
    SymbolObstacle see(SymbolSight s, int frames = 1) {
        for (int i = 0; i < frames; ++i) {
            now = now + 33ms;
            s.captured = now;
            hints = observe(std::move(hints), s);
        }
        return hints.hint().what;
    }
};

}  // namespace

TEST_CASE("each obstacle of a symbol has its own measure, and what lies well has none") {
    CHECK(obstacle_of(good()) == SymbolObstacle::none);
    CHECK(obstacle_of(with([](auto& s) { s.moved = 40; })) == SymbolObstacle::moving);
    CHECK(obstacle_of(with([](auto& s) { s.burnt = 0.2F; })) == SymbolObstacle::glare);
    CHECK(obstacle_of(with([](auto& s) { s.sides = 5; })) == SymbolObstacle::too_near);
    CHECK(obstacle_of(with([](auto& s) { s.sides = 10; })) == SymbolObstacle::too_near);
    CHECK(obstacle_of(with([](auto& s) {
              s.sides = 1, s.place = {0, 0.2F, 0.95F, 0.5F};
          })) == SymbolObstacle::too_near);
    CHECK(obstacle_of(with([](auto& s) { s.sides = 4; })) == SymbolObstacle::cut_off);
    CHECK(obstacle_of(with([](auto& s) { s.sides = 3; })) == SymbolObstacle::cut_off);  // a corner
    CHECK(obstacle_of(with([](auto& s) { s.light = 30, s.contrast = 18; })) == SymbolObstacle::too_dark);
    CHECK(obstacle_of(with([](auto& s) { s.module = 1.4F; })) == SymbolObstacle::too_far);
    CHECK(obstacle_of(with([](auto& s) { s.hand = 0.2F; })) == SymbolObstacle::covered);
    std::set<std::string_view> names;
    for (const SymbolObstacle o : symbol_obstacles) names.insert(name(o));
    CHECK(names.size() == symbol_obstacles.size());
}

TEST_CASE("what is read or is no symbol has no obstacle, whatever is measured") {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> any(0, 255);
    for (int i = 0; i < 300; ++i) {
        SymbolSight s;
        s.symbol = s.read = i % 2 == 0;
        s.sides = static_cast<std::uint8_t>(i % 16);
        for (float* v : {&s.module, &s.contrast, &s.light, &s.moved, &s.burnt, &s.hand}) *v = any(random);
        CHECK(obstacle_of(s) == SymbolObstacle::none);
        Camera c;
        CHECK(c.see(s, 20) == SymbolObstacle::none);
    }
}

TEST_CASE("a hint is said within 0.3 s, with its place, and ends with a reading for a second") {
    const SymbolSight covered = with([](auto& s) { s.hand = 0.2F, s.hand_place = {0.4F, 0.5F, 0.1F, 0.2F}; });
    Camera c;
    const MonoTime begin = c.now;
    while (c.see(covered) == SymbolObstacle::none) REQUIRE(c.now - begin < 300ms);
    CHECK(c.hints.hint().what == SymbolObstacle::covered);
    CHECK(c.hints.hint().place == covered.hand_place);
    const SymbolSight read = with([](auto& s) { s.read = true; });
    CHECK(c.see(read) == SymbolObstacle::none);
    const MonoTime at = c.now;
    while (c.see(covered) == SymbolObstacle::none) REQUIRE(c.now - at < 1400ms);
    CHECK(c.now - at >= 1s);                                    // the second of two equal readings is on its way
    CHECK(c.see(SymbolSight{}, 3) == SymbolObstacle::covered);  // hidden for a moment
    CHECK(c.see(SymbolSight{}, 20) == SymbolObstacle::none);
}

TEST_CASE("frames of which every second shows an obstacle say nothing") {
    const SymbolSight far = with([](auto& s) { s.module = 1.2F; });
    Camera c;
    for (int i = 0; i < 60; ++i) CHECK(c.see(i % 2 == 0 ? far : good()) == SymbolObstacle::none);
}
