// What counts as something on the glass: paper, a phone however dim, a cover with print; never the glass alone.
#include "devices/app/watcher.hpp"

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "devices/barcode/read_barcodes.hpp"
#include "tests/specimens/scene.hpp"

using namespace paso;

namespace {

const Date today = *Date::of(2026, 11, 24);

const Typefaces& faces() {
    static const Typefaces opened = std::move(Typefaces::open().value());
    return opened;
}

constexpr SceneOptions camera(std::uint64_t seed) { return {seed, 1280, 720, 30}; }

Scene with_phone(CarrierKind kind, SymbolKind symbol, double glow, std::uint64_t seed) {
    CarrierSpec spec = make_carrier(kind, symbol, seed, today);
    spec.glow = glow;
    Scene scene(camera(seed));
    scene.lay(render_carrier(spec, faces()).value());
    scene.settle();
    return scene;
}

bool there(Scene& scene) {
    Watcher watcher;
    bool seen = false;
    for (int i = 0; i < 4; ++i) seen = watcher.look(scene.next()).something_there;
    return seen;
}

}  // namespace

TEST_CASE("an empty glass is empty, however dusty, lit or noisy the picture is") {
    cv::setNumThreads(1);
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Scene scene({seed, seed % 2 == 0 ? 1280 : 1920, seed % 2 == 0 ? 720 : 1080, 30});
        CHECK_FALSE(there(scene));
        for (const double noise : {4.0, 9.0, 16.0}) {
            Planes glass = empty_glass(seed, 1280, 720);
            NoiseBank(seed, noise, 1280, 720).add(glass.y, seed);
            CHECK_FALSE(Watcher{}.look(to_frame(glass, {}, 0)).something_there);
        }
    }
}

TEST_CASE("a dim phone on the dark glass is there and is searched, in dark mode too, and most are read") {
    cv::setNumThreads(1);
    int read = 0, all = 0;
    for (const SymbolKind symbol : {SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix}) {
        for (const CarrierKind kind : {CarrierKind::phone, CarrierKind::dark_phone}) {
            for (const std::uint64_t seed : {3U, 4U}) {
                CAPTURE(name(symbol), name(kind), seed);
                Scene scene = with_phone(kind, symbol, 0.24, seed);  // its white has a grey level under 70
                Watcher watcher;
                BarcodeTracker symbols;
                bool here = true, once = false;
                for (int i = 0; i < 8; ++i) {
                    const Frame f = scene.next();
                    const GlassView view = watcher.look(f);
                    here = here && view.something_there && (view.still || i < 3);
                    once = once || (view.still && !read_barcodes(f, {}, symbols).empty());
                }
                CHECK(here);
                ++all;
                read += once ? 1 : 0;
            }
        }
    }
    CHECK(read * 4 >= all * 3);  // the rest is too faint for the reader
}

TEST_CASE("a screen too dark to be read is there all the same") {
    for (const std::uint64_t seed : {5U, 6U}) {
        Scene scene = with_phone(CarrierKind::dark_phone, SymbolKind::qr, 0.08, seed);
        CHECK(there(scene));
    }
}

TEST_CASE("a dark cover is there by its gilding; worn off it cannot be told from the glass") {
    int worn = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        SpecimenSpec spec = make_specimen(MrzFormat::td3, seed, today);
        spec.page = PageKind::cover;
        Scene scene(camera(seed));
        scene.lay(render_page(spec, faces()).value(), page_size(spec.format));
        scene.settle();
        CHECK(there(scene));
        spec.damaged = true;
        Scene plain(camera(seed));
        plain.lay(render_page(spec, faces()).value(), page_size(spec.format));
        plain.settle();
        worn += there(plain) ? 1 : 0;
    }
    CHECK(worn == 0);  // as the header says; whoever changes that says so there
}
