// Each obstacle by a specimen that is made to cause it, from pixels to what is said; and no word where none is due.
#include "devices/mrz/sight.hpp"

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "devices/mrz/read_mrz.hpp"
#include "tests/specimens/scene.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const Date today = *Date::of(2026, 11, 24);

const Typefaces& faces() {
    static const Typefaces opened = std::move(Typefaces::open().value());
    return opened;
}

SpecimenSpec showing(MrzObstacle trouble, MrzFormat format, std::uint64_t seed) {
    SpecimenSpec s = make_specimen(format, seed, today);
    if (trouble == MrzObstacle::upside_down) s.page = PageKind::blank_side;
    if (trouble == MrzObstacle::wrong_page) s.page = PageKind::stamps_page;
    return s;
}

// What reads, judges and remembers.
struct Eyes {
    MrzTracker tracker;
    MrzSights sights;
    MrzHints hints;
    MrzSight sight;
    void see(const Frame& f) {
        sight = sights.look(f, read_mrz(f, tracker));
        hints = observe(std::move(hints), sight);
    }
};

constexpr SceneOptions camera(std::uint64_t seed) { return {seed, 1280, 720, 30}; }

}  // namespace

TEST_CASE("each obstacle is said within 0.3 s of the first frame that shows it, and stays said") {
    cv::setNumThreads(1);
    for (const MrzObstacle trouble : mrz_obstacles) {
        if (trouble == MrzObstacle::none) continue;
        for (const auto& [format, seed] : {std::pair{MrzFormat::td3, 311U}, {MrzFormat::td1, 302U}}) {
            CAPTURE(name(trouble), name(format), seed);
            const SpecimenSpec spec = showing(trouble, format, seed);
            Scene scene(camera(seed));
            scene.lay(render_page(spec, faces()).value(), page_size(format), trouble);
            scene.settle();
            Eyes eyes;
            std::optional<MonoTime> first, said;
            for (int i = 0; i < 14; ++i) {
                const Frame f = scene.next();
                eyes.see(f);
                if (!first) first = f.captured();
                if (!said && eyes.hints.hint.what == trouble) said = f.captured();
                if (said) CHECK(name(eyes.hints.hint.what) == name(trouble));
            }
            REQUIRE(said);
            CHECK(*said - *first <= 300ms);
        }
    }
}

TEST_CASE("glare is said with its place") {
    Scene scene(camera(5));
    scene.lay(render_page(make_specimen(MrzFormat::td3, 5, today), faces()).value(), page_size(MrzFormat::td3),
              MrzObstacle::glare);
    scene.settle();
    Eyes eyes;
    for (int i = 0; i < 9; ++i) eyes.see(scene.next());
    REQUIRE(eyes.hints.hint.what == MrzObstacle::glare);
    const PicturePlace p = eyes.hints.hint.place;
    CHECK(p.y + p.height / 2 > 0.7F);  // where the rows are
    CHECK(p.x + p.width / 2 > 0.2F);
    CHECK(p.x + p.width / 2 < 0.8F);
    CHECK(p.width < 0.4F);
}

TEST_CASE("a document that reads gives no hint once it lies, an empty glass gives none at all") {
    cv::setNumThreads(1);
    for (const MrzFormat format : {MrzFormat::td3, MrzFormat::td1}) {
        CAPTURE(name(format));
        Eyes eyes;
        for (const PlayedFrame& p : play(render_page(make_specimen(format, 77, today), faces()).value(),
                                         page_size(format), {7, 1280, 720, 15}, 8)) {
            eyes.see(p.frame);
            if (p.phase == ScenePhase::settled) CHECK(name(eyes.hints.hint.what) == "none");
            if (p.phase == ScenePhase::empty) CHECK_FALSE(eyes.sight.page);
        }
        CHECK(eyes.hints.hint.what == MrzObstacle::none);
    }
}

TEST_CASE("grey frames, tiny frames and frames that lie about their size are judged without harm") {
    MrzSights sights;
    CHECK_FALSE(sights.look(Frame{}, {}).page);
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(100);
    CHECK_FALSE(sights.look(Frame{1920, 1080, false, pixels, MonoTime{}, 1}, {}).page);
    CHECK_FALSE(sights.look(Frame{-1, -1, true, pixels, MonoTime{}, 1}, {}).page);
    for (const auto& [w, h] : {std::pair{33, 40}, {64, 2000}, {3000, 32}, {321, 181}}) {
        for (const int level : {0, 90, 200, 255}) {
            const auto plane = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(w, h, false),
                                                                           static_cast<std::uint8_t>(level));
            const MrzSight s = sights.look(Frame{w, h, false, plane, MonoTime{}, 1}, {});
            CAPTURE(w, h, level);
            CHECK(s.page == (level > 70));
            CHECK_FALSE(s.read);
        }
    }
}

TEST_CASE("readings with rows of no cells and places beyond the picture are weighed without harm") {
    MrzSights sights;
    const auto plane = std::make_shared<std::vector<std::uint8_t>>(640UL * 480UL, std::uint8_t{200});
    MrzReading r;
    r.rows.resize(2);
    CHECK_FALSE(sights.look(Frame{640, 480, false, plane, MonoTime{}, 1}, std::array{r}).rows);
    MrzCell sure{};
    sure.fill(-20);
    sure[0] = 0;
    for (MrzRow& row : r.rows) {
        row.cells.assign(44, sure);
        row.corners = {Point{-5000, -3000}, {1e7F, 0}, {1e7F, 10}, {-5000, 9}};
    }
    CHECK(sights.look(Frame{640, 480, false, plane, MonoTime{}, 2}, std::array{r}).rows_cut);
}
