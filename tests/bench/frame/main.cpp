// paso-bench-frame: what a 1080p frame costs paso-devices altogether: watcher, MRZ search and its judgement, and
// symbols once the view is still, in the order and with the memory of devices/app.
//
//     paso-bench-frame [--seed 1] [--visits 9] [--fps 15]
//
// Visits in turn: a page with an MRZ and a seal, the same with a boarding pass's PDF417, a phone with a QR or Aztec; a
// hand brings each, it lies for two seconds and goes. Mean, median and p95 of the CPU time of the reading thread, by
// what is in view; "cold" is the first still frame, which is searched for everything.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "devices/app/watcher.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "devices/mrz/sight.hpp"
#include "tests/bench/barcode/payloads.hpp"
#include "tests/bench/cpu_time.hpp"
#include "tests/specimens/scene.hpp"
#include "tests/specimens/symbol.hpp"

namespace {

using namespace paso;
using bench::cpu_ms;

constexpr int width = 1920, height = 1080;
const Date today = Date::from_days(20'781);  // 24 November 2026

struct Options {
    std::uint64_t seed = 1;
    int visits = 9;
    double fps = 15;
};

struct Times {
    std::vector<double> all, mrz, symbols;
    void add(double glance_ms, double mrz_ms, double symbols_ms) {
        all.push_back(glance_ms + mrz_ms + symbols_ms);
        mrz.push_back(mrz_ms);
        symbols.push_back(symbols_ms);
    }
};

// A phone on its side: dark glass, a white card on it with the symbol and lines of text.
Result<Page> phone(SymbolKind kind, std::uint64_t seed) {
    Seeded rng(seed, "phone");
    const auto modules = draw_symbol(kind, bench::make_payload(kind, rng));
    if (!modules) return fail(modules.error());
    constexpr double scale = page_pixels_per_mm;
    cv::Mat grey(static_cast<int>(72 * scale), static_cast<int>(145 * scale), CV_8UC1, cv::Scalar(22));
    const auto box = [&](double x, double y, double w, double h) {
        return grey(cv::Rect(static_cast<int>(x * scale), static_cast<int>(y * scale), static_cast<int>(w * scale),
                             static_cast<int>(h * scale)));
    };
    box(18, 6, 110, 60).setTo(245);
    const int pixels = static_cast<int>(44 * scale) / modules->cols;
    cv::Mat symbol;
    cv::resize(*modules, symbol, {}, pixels, pixels, cv::INTER_NEAREST);
    symbol.convertTo(symbol, CV_8U, 225 / 255.0, 20);
    symbol.copyTo(grey(cv::Rect(static_cast<int>(26 * scale), static_cast<int>(14 * scale), symbol.cols, symbol.rows)));
    for (int line = 0; line < 7; ++line) {
        double x = 82;
        while (x < 120) {
            const double word = rng.real(2, 9);
            box(x, 14.0 + 7 * line, std::min(word, 122 - x), 2.4).setTo(rng.chance(0.3) ? 150 : 60);
            x += word + 1.4;
        }
    }
    Page page;
    cv::cvtColor(grey, page.bgr, cv::COLOR_GRAY2BGR);
    page.pixels_per_mm = scale;
    page.corner_radius = 8;
    return page;
}

struct Visit {
    std::string what;
    Page page;
    cv::Size2d size;
};

Result<Visit> visit_of(std::uint64_t number, const Typefaces& faces) {
    Seeded rng(number, "visit");
    const auto with = [&](MrzFormat format, SymbolKind kind, const char* what) -> Result<Visit> {
        const SpecimenSpec spec = make_specimen(format, number, today);
        auto page = render_page(with_symbol(spec, kind, bench::make_payload(kind, rng)), faces);
        if (!page) return fail(page.error());
        return Visit{what, *std::move(page), page_size(format)};
    };
    switch (number % 3) {
        case 0:
            return with(MrzFormat::mrv_a, SymbolKind::data_matrix, "page, MRZ and seal");
        case 1:
            return with(MrzFormat::td3, SymbolKind::pdf417, "page, MRZ and PDF417");
        default:
            break;
    }
    auto page = phone(rng.chance(0.5) ? SymbolKind::qr : SymbolKind::aztec, number);
    if (!page) return fail(page.error());
    return Visit{"phone", *std::move(page), {145, 72}};
}

// The reading thread of devices/app.
class Reader {
  public:
    // Whether symbols were searched for the first time since the view came to rest.
    void look(const Frame& frame, const std::string& what, std::map<std::string, Times>& times, int& read) {
        const double begin = cpu_ms();
        const GlassView view = watcher_.look(frame);
        const double glance = cpu_ms();
        if (!view.something_there) {
            still_ = false;
            times["empty glass"].add(glance - begin, 0, 0);
            return;
        }
        const std::vector<MrzReading> readings =
            read_mrz(frame, tracker_, view.still ? MrzEffort::whole : MrzEffort::in_turn);
        (void)sights_.look(frame, readings);
        const double mrz = cpu_ms();
        if (view.still) read += read_barcodes(frame, {}, symbols_).empty() ? 0 : 1;
        const double end = cpu_ms();
        const bool cold = view.still && !still_;
        still_ = view.still;
        const std::string state = cold ? ", cold" : view.still ? ", still" : ", moving";
        for (const std::string& row : {what + state, std::string{"all with something there"}})
            times[row].add(glance - begin, mrz - glance, end - mrz);
    }

  private:
    Watcher watcher_;
    MrzTracker tracker_;
    MrzSights sights_;
    BarcodeTracker symbols_;
    bool still_ = false;
};

double mean(const std::vector<double>& ms) {
    double sum = 0;
    for (const double m : ms) sum += m;
    return sum / static_cast<double>(ms.size());
}

void print(const std::string& what, Times& t) {
    std::sort(t.all.begin(), t.all.end());
    std::printf(
        "  %-30s %5zu frames   mean %6.1f   p50 %6.1f   p95 %6.1f   most %6.1f ms   (MRZ %5.1f, symbols %5.1f)\n",
        what.c_str(), t.all.size(), mean(t.all), t.all[t.all.size() / 2], t.all[t.all.size() * 95 / 100], t.all.back(),
        mean(t.mrz), mean(t.symbols));
}

int run(const Options& o) {
    cv::setNumThreads(1);
    const auto faces = Typefaces::open();
    if (!faces) {
        std::fprintf(stderr, "paso-bench-frame: %s\n", describe(faces.error()).c_str());
        return 1;
    }
    std::map<std::string, Times> times;
    int read = 0;
    Reader reader;
    for (int i = 0; i < o.visits; ++i) {
        const std::uint64_t number = o.seed + static_cast<std::uint64_t>(i);
        const auto visit = visit_of(number, *faces);
        if (!visit) {
            std::fprintf(stderr, "paso-bench-frame: %s\n", describe(visit.error()).c_str());
            return 1;
        }
        const SceneOptions camera{number, width, height, o.fps};
        int here = 0;
        for (const PlayedFrame& p : play(visit->page, visit->size, camera, static_cast<int>(2 * o.fps)))
            reader.look(p.frame, visit->what, times, here);
        read += here > 0 ? 1 : 0;
    }
    std::printf("seeds %llu to %llu, %.0f frames a second; a symbol was read in %d of %d visits\n",
                static_cast<unsigned long long>(o.seed),
                static_cast<unsigned long long>(o.seed + static_cast<std::uint64_t>(o.visits) - 1), o.fps, read,
                o.visits);
    for (auto& [what, t] : times) print(what, t);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app{"What a 1080p frame costs paso-devices altogether.", "paso-bench-frame"};
    Options o;
    app.add_option("--seed", o.seed, "the first visit's number");
    app.add_option("--visits", o.visits, "how many");
    app.add_option("--fps", o.fps, "frames a second");
    CLI11_PARSE(app, count, arguments);
    return run(o);
}
