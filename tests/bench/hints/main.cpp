// paso-bench-hints: scenes of tests/specimens through the reader and the judgement of frames. For each obstacle, how
// often it is said within 0.3 s of the first still frame, and how often something else; for documents that read and for
// the empty glass, how often anything is said. And the CPU time of the judgement. With --symbols the same of symbols,
// on phones and on paper.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/barcode/read_barcodes.hpp"
#include "devices/barcode/symbol_sight.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "devices/mrz/sight.hpp"
#include "tests/bench/cpu_time.hpp"
#include "tests/specimens/scene.hpp"

namespace {

using namespace paso;
using bench::cpu_ms;

struct Options {
    std::uint64_t seed = 1;
    int count = 20;
    int width = 1280;
    double fps = 30;
    bool symbols = false;
    std::string only;  // name of an obstacle; empty: all
};

constexpr std::array formats{MrzFormat::td3, MrzFormat::td2, MrzFormat::td1, MrzFormat::mrv_a, MrzFormat::mrv_b};

// What was said of the scenes of one obstacle.
struct Tally {
    int scenes = 0;
    int in_time = 0;  // said within 0.3 s
    int late = 0;     // said later
    int read = 0;     // read in spite of it: nothing to say
    int frames = 0;   // still ones
    int others = 0;   // still frames after 0.3 s for which another obstacle is said
    int changes = 0;  // of what is said, after 0.3 s
    double look_ms = 0;
    double slowest_ms = 0;
};

SpecimenSpec showing(MrzObstacle trouble, MrzFormat format, std::uint64_t seed) {
    SpecimenSpec s = make_specimen(format, seed, Date::from_days(20'781));  // 24 November 2026
    if (trouble == MrzObstacle::upside_down) s.page = PageKind::blank_side;
    if (trouble == MrzObstacle::wrong_page) s.page = PageKind::stamps_page;
    return s;
}

// One visit: a hand lays the page down, it lies for a second, the hand takes it away.
void visit(const Options& o, const Typefaces& faces, MrzObstacle trouble, std::uint64_t seed, Tally& tally) {
    const MrzFormat format = formats[seed % formats.size()];
    const Page page = render_page(showing(trouble, format, seed), faces).value();
    const SceneOptions camera{seed, o.width, o.width * 9 / 16, o.fps};
    MrzTracker tracker;
    MrzSights sights;
    MrzHints hints;
    std::optional<MonoTime> still;
    bool in_time = false, late = false, read = false;
    for (const PlayedFrame& p : play(page, page_size(format), camera, static_cast<int>(o.fps), trouble)) {
        const auto readings = read_mrz(p.frame, tracker);
        const double begin = cpu_ms();
        const MrzSight sight = sights.look(p.frame, readings);
        const MrzObstacle before = hints.hint.what;
        hints = observe(std::move(hints), sight);
        const double ms = cpu_ms() - begin;
        tally.look_ms += ms;
        tally.slowest_ms = std::max(tally.slowest_ms, ms);
        ++tally.frames;
        if (p.phase != ScenePhase::settled) continue;
        if (!still) still = p.frame.captured();
        const bool soon = p.frame.captured() - *still <= std::chrono::milliseconds{300};
        const MrzObstacle said = hints.hint.what;
        read = read || sight.read;
        if (said == trouble) (soon ? in_time : late) = true;
        if (soon) continue;
        tally.others += said != trouble && said != MrzObstacle::none ? 1 : 0;
        tally.changes += said != before ? 1 : 0;
    }
    ++tally.scenes;
    tally.in_time += in_time && trouble != MrzObstacle::none ? 1 : 0;
    tally.late += late && !in_time ? 1 : 0;
    tally.read += read ? 1 : 0;
}

constexpr std::array carriers{CarrierKind::phone, CarrierKind::dark_phone, CarrierKind::paper};
constexpr std::array kinds{SymbolKind::qr, SymbolKind::aztec, SymbolKind::pdf417, SymbolKind::data_matrix};

// The frames of one visit with something that may have a symbol, judged. `trouble`: what is to be said.
void visit(Scene scene, const Carrier& carrier, SymbolObstacle held, SymbolObstacle trouble, int settled,
           Tally& tally) {
    BarcodeTracker tracker;
    SymbolSights sights;
    SymbolHints hints;
    std::optional<MonoTime> still;
    bool in_time = false, late = false, read = false;
    scene.lay(carrier, held);
    for (int left = settled; left > 0;) {
        const Frame frame = scene.next();
        if (scene.phase() == ScenePhase::settled) --left;
        const auto readings = read_barcodes(frame, {}, tracker);
        const double begin = cpu_ms();
        const SymbolSight sight = sights.look(frame, readings);
        const SymbolObstacle before = hints.hint().what;
        hints = observe(std::move(hints), sight);
        const double ms = cpu_ms() - begin;
        tally.look_ms += ms;
        tally.slowest_ms = std::max(tally.slowest_ms, ms);
        ++tally.frames;
        if (scene.phase() != ScenePhase::settled) continue;
        if (!still) still = frame.captured();
        const bool soon = frame.captured() - *still <= std::chrono::milliseconds{300};
        const SymbolObstacle said = hints.hint().what;
        read = read || sight.read;
        if (said == trouble) (soon ? in_time : late) = true;
        if (soon) continue;
        tally.others += said != trouble && said != SymbolObstacle::none ? 1 : 0;
        tally.changes += said != before ? 1 : 0;
    }
    ++tally.scenes;
    tally.in_time += in_time && trouble != SymbolObstacle::none ? 1 : 0;
    tally.late += late && !in_time ? 1 : 0;
    tally.read += read ? 1 : 0;
}

void print(const std::string& what, const Tally& t) {
    std::printf("%-20s %6d %8d %6d %6d %13d %8d %9.2f %8.2f\n", what.c_str(), t.scenes, t.in_time, t.late, t.read,
                t.others, t.changes, t.look_ms / t.frames, t.slowest_ms);
    std::fflush(stdout);
}

// A page of a document as something that is held up: where a symbol's trouble would be is its middle.
Carrier as_carrier(Page page, cv::Size2d size) {
    return {std::move(page), size, {size.width / 3, size.height / 4, size.width / 3, size.height / 2}, 1};
}

// Everything without a symbol, held in every way that would be a symbol's trouble.
void without_symbols(const Options& o, const Typefaces& faces) {
    const Date today = Date::from_days(20'781);
    const auto each = [&](const std::string& what, const auto& make) {
        Tally t;
        for (int i = 0; i < o.count; ++i) {
            const std::uint64_t seed = o.seed + static_cast<std::uint64_t>(i);
            const SymbolObstacle held = symbol_obstacles[static_cast<std::size_t>(i) % symbol_obstacles.size()];
            visit(Scene({seed, o.width, o.width * 9 / 16, o.fps}), make(seed), held, SymbolObstacle::none,
                  static_cast<int>(o.fps), t);
        }
        print(what, t);
    };
    for (const CarrierKind kind : {CarrierKind::text, CarrierKind::photo}) {
        each("no symbol: " + std::string{name(kind)}, [&](std::uint64_t seed) {
            Carrier c = render_carrier(make_carrier(kind, SymbolKind::none, seed, today), faces).value();
            return as_carrier(std::move(c.page), c.size);
        });
    }
    constexpr std::array pages{std::pair{"data page", PageKind::data_page}, std::pair{"stamps", PageKind::stamps_page},
                               std::pair{"cover", PageKind::cover}};
    for (const auto& shown : pages) {
        each(std::string{"no symbol: "} + shown.first, [&](std::uint64_t seed) {
            const MrzFormat format = formats[seed % formats.size()];
            SpecimenSpec spec = make_specimen(format, seed, today);
            spec.page = shown.second;
            return as_carrier(render_page(spec, faces).value(), page_size(format));
        });
    }
}

void of_symbols(const Options& o, const Typefaces& faces) {
    const Date today = Date::from_days(20'781);
    std::printf("%-20s %6s %8s %6s %6s %13s %8s %9s %8s\n", "trouble", "visits", "in 0.3 s", "later", "read",
                "other frames", "changes", "mean ms", "worst");
    for (const SymbolObstacle trouble : symbol_obstacles) {
        if (!o.only.empty() && o.only != name(trouble)) continue;
        Tally t;
        for (int i = 0; i < o.count; ++i) {
            const std::uint64_t seed = o.seed + static_cast<std::uint64_t>(i);
            const auto k = static_cast<std::size_t>(i);
            const std::size_t most = trouble == SymbolObstacle::too_dark ? 2 : carriers.size();  // paper has no light
            CarrierSpec spec = make_carrier(carriers[k % most], kinds[k / most % kinds.size()], seed, today);
            if (trouble == SymbolObstacle::too_dark) spec.glow = 0.08;
            visit(Scene({seed, o.width, o.width * 9 / 16, o.fps}), render_carrier(spec, faces).value(), trouble,
                  trouble, static_cast<int>(o.fps), t);
        }
        print(std::string{name(trouble)}, t);
    }
    if (o.only.empty()) without_symbols(o, faces);
}

int empty_frames_with_a_word(const Options& o) {
    int said = 0;
    for (int i = 0; i < o.count; ++i) {
        Scene scene({o.seed + static_cast<std::uint64_t>(i), o.width, o.width * 9 / 16, o.fps});
        MrzSights sights;
        MrzHints hints;
        for (int k = 0; k < 20; ++k) {
            hints = observe(std::move(hints), sights.look(scene.next(), {}));
            said += hints.hint.what != MrzObstacle::none ? 1 : 0;
        }
    }
    return said;
}

template <typename Obstacles>
bool known(const std::string& only, const Obstacles& obstacles) {
    return only.empty() || std::any_of(obstacles.begin(), obstacles.end(), [&](auto o) { return name(o) == only; });
}

int run(const Options& o) {
    cv::setNumThreads(1);
    if (!(o.symbols ? known(o.only, symbol_obstacles) : known(o.only, mrz_obstacles))) {
        std::fprintf(stderr, "paso-bench-hints: no obstacle is named \"%s\"\n", o.only.c_str());
        return 1;
    }
    const auto faces = Typefaces::open();
    if (!faces) {
        std::fprintf(stderr, "paso-bench-hints: %s\n", describe(faces.error()).c_str());
        return 1;
    }
    std::printf("%d visits each from seed %d, %d pixels wide, %.0f frames a second\n", o.count,
                static_cast<int>(o.seed), o.width, o.fps);
    if (o.symbols) {
        of_symbols(o, *faces);
        return 0;
    }
    std::printf("%-12s %8s %6s %6s %13s %8s %9s %8s\n", "trouble", "in 0.3 s", "later", "read", "other frames",
                "changes", "mean ms", "worst");
    for (const MrzObstacle trouble : mrz_obstacles) {
        if (!o.only.empty() && o.only != name(trouble)) continue;
        Tally t;
        for (int i = 0; i < o.count; ++i) visit(o, *faces, trouble, o.seed + static_cast<std::uint64_t>(i), t);
        std::printf("%-12s %8d %6d %6d %13d %8d %9.2f %8.2f\n", std::string{name(trouble)}.c_str(), t.in_time, t.late,
                    t.read, t.others, t.changes, t.look_ms / t.frames, t.slowest_ms);
        std::fflush(stdout);
    }
    if (o.only.empty())
        std::printf("empty glass: %d of %d frames with a word\n", empty_frames_with_a_word(o), o.count * 20);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"What is said of documents that cannot be read", "paso-bench-hints"};
    app.add_option("--seed", o.seed, "of the first visit")->capture_default_str();
    app.add_option("--count", o.count, "visits for each obstacle")->check(CLI::Range(1, 10000))->capture_default_str();
    app.add_option("--width", o.width, "of the picture, pixels")->check(CLI::Range(640, 3840))->capture_default_str();
    app.add_option("--fps", o.fps, "frames a second")->check(CLI::Range(5.0, 60.0))->capture_default_str();
    app.add_flag("--symbols", o.symbols, "of symbols on phones and paper, not of documents");
    app.add_option("--only", o.only, "one obstacle, by its name: too_far");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(o);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "paso-bench-hints: %s\n", e.what());
        return 1;
    }
}
