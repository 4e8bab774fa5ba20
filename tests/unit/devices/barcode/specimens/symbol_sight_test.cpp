// Each obstacle of a symbol by a specimen that is made to cause it, from pixels to what is said; and no word where none
// is due: over a symbol that is read, a page without one, an empty glass.
#include "devices/barcode/symbol_sight.hpp"

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "devices/barcode/read_barcodes.hpp"
#include "tests/specimens/scene.hpp"

using namespace paso;
using namespace std::chrono_literals;

namespace {

const Date today = *Date::of(2026, 11, 24);

const Typefaces& faces() {
    static const Typefaces opened = std::move(Typefaces::open().value());
    return opened;
}

constexpr SceneOptions camera(std::uint64_t seed) { return {seed, 1280, 720, 30}; }

// What reads what is still, judges and remembers, as devices/app does.
struct Eyes {
    BarcodeTracker tracker;
    SymbolSights sights;
    SymbolHints hints;
    std::vector<BarcodeReading> read;
    SymbolSight sight;
    void see(const Frame& f, bool still = true) {
        read = still ? read_barcodes(f, {}, tracker) : std::vector<BarcodeReading>{};
        sight = sights.look(f, read);
        hints = observe(std::move(hints), sight);
    }
    [[nodiscard]] SymbolObstacle said() const { return hints.hint().what; }
};

Carrier carrier(CarrierKind kind, SymbolKind symbol, std::uint64_t seed, SymbolObstacle trouble) {
    CarrierSpec spec = make_carrier(kind, symbol, seed, today);
    if (trouble == SymbolObstacle::too_dark) spec.glow = 0.08;
    return render_carrier(spec, faces()).value();
}

}  // namespace

TEST_CASE("each obstacle of a symbol is said within 0.3 s of the first frame that shows it, and nothing else is") {
    cv::setNumThreads(1);
    for (const SymbolObstacle trouble : symbol_obstacles) {
        if (trouble == SymbolObstacle::none) continue;
        for (const auto& [kind, symbol] : {std::pair{CarrierKind::phone, SymbolKind::qr},
                                           {CarrierKind::dark_phone, SymbolKind::aztec},
                                           {CarrierKind::paper, SymbolKind::pdf417}}) {
            if (trouble == SymbolObstacle::too_dark && kind == CarrierKind::paper) continue;
            CAPTURE(name(trouble), name(kind), name(symbol));
            Scene scene(camera(1));
            scene.lay(carrier(kind, symbol, 1, trouble), trouble);
            scene.settle();
            Eyes eyes;
            std::optional<MonoTime> first, said;
            const int frames = trouble == SymbolObstacle::moving ? 28 : 14;  // a turn and a half
            for (int i = 0; i < frames; ++i) {
                const Frame f = scene.next();
                eyes.see(f, trouble != SymbolObstacle::moving);
                CHECK(eyes.read.empty());
                // What moves may be smeared from the first frame on: it is seen in the first that is less so.
                if (!first && eyes.sight.symbol) first = f.captured();
                if (!said && eyes.said() == trouble) said = f.captured();
                const bool right = eyes.said() == trouble || eyes.said() == SymbolObstacle::none;
                CHECK(right);
            }
            REQUIRE(said);
            CHECK(*said - *first <= 300ms);
        }
    }
}

TEST_CASE("no word over a symbol that is read, nor while it is brought and taken away once it lay") {
    cv::setNumThreads(1);
    for (const auto& [kind, symbol] : {std::pair{CarrierKind::phone, SymbolKind::qr},
                                       {CarrierKind::dark_phone, SymbolKind::data_matrix},
                                       {CarrierKind::paper, SymbolKind::pdf417}}) {
        CAPTURE(name(kind), name(symbol));
        Scene scene(camera(3));
        scene.lay(carrier(kind, symbol, 3, SymbolObstacle::none));
        scene.settle();
        Eyes eyes;
        bool read = false;
        for (int i = 0; i < 45; ++i) {
            eyes.see(scene.next());
            read = read || !eyes.read.empty();
            CHECK(name(eyes.said()) == "none");
        }
        CHECK(read);
    }
}

TEST_CASE("no word over text, portraits, pages of passports and the empty glass, however they lie") {
    cv::setNumThreads(1);
    const auto quiet = [](Scene scene, bool still) {
        Eyes eyes;
        for (int i = 0; i < 12; ++i) {
            eyes.see(scene.next(), still);
            CHECK(name(eyes.said()) == "none");
        }
    };
    for (const CarrierKind kind : {CarrierKind::text, CarrierKind::photo}) {
        for (const SymbolObstacle trouble : symbol_obstacles) {
            CAPTURE(name(kind), name(trouble));
            Carrier c = render_carrier(make_carrier(kind, SymbolKind::none, 11, today), faces()).value();
            c.symbol = {40, 20, 40, 40};  // where a symbol's trouble would be
            c.module = 1;
            Scene scene(camera(11));
            scene.lay(c, trouble);
            scene.settle();
            quiet(std::move(scene), trouble != SymbolObstacle::moving);
        }
    }
    for (const MrzFormat format : {MrzFormat::td3, MrzFormat::td1}) {
        for (const PageKind page : {PageKind::data_page, PageKind::stamps_page, PageKind::cover}) {
            SpecimenSpec spec = make_specimen(format, 12, today);
            spec.page = page;
            const Page rendered = render_page(spec, faces()).value();
            for (const MrzObstacle trouble : {MrzObstacle::none, MrzObstacle::too_near, MrzObstacle::cut_off,
                                              MrzObstacle::glare, MrzObstacle::too_far, MrzObstacle::moving}) {
                CAPTURE(name(format), static_cast<int>(page), name(trouble));
                Scene scene(camera(12));
                scene.lay(rendered, page_size(format), trouble);
                scene.settle();
                quiet(std::move(scene), trouble != MrzObstacle::moving);
            }
        }
    }
    quiet(Scene(camera(13)), true);
}

TEST_CASE("frames of no size, of other sizes than before and that lie about their size are judged without harm") {
    SymbolSights sights;
    CHECK_FALSE(sights.look(Frame{}, {}).symbol);
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(100);
    CHECK_FALSE(sights.look(Frame{1920, 1080, false, pixels, MonoTime{}, 1}, {}).symbol);
    for (const auto& [w, h] : {std::pair{33, 40}, {64, 2000}, {3000, 32}, {321, 181}}) {
        for (const int level : {0, 90, 255}) {
            const auto plane = std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(w, h, false),
                                                                           static_cast<std::uint8_t>(level));
            for (int i = 0; i < 2; ++i) CHECK_FALSE(sights.look(Frame{w, h, false, plane, MonoTime{}, 1}, {}).symbol);
        }
    }
}
