// paso-bench-barcode: how often symbols are read from 1080p frames, how often wrongly, and what a frame costs.
//
//     paso-bench-barcode [--seed 1] [--count 6] [--kinds pdf417,qr,aztec,datamatrix] [--conditions "kiosk mix,shade"]
//                        [--peers] [--list] [--places] [--show PREFIX] [--hand-over]
//                        [--minutes 90] [--tally FILE --reader NAME]
//
// For each symbology, condition and module size `count` frames, from seeds `seed` on; then four symbols in one frame,
// and frames without a symbol. Each frame is read cold, as if it were the first. Times are CPU time of the thread.
// Seeds 1 to 99999 are for tuning; claims are made with seeds from 1000000. A long run is done in pieces: each seed
// that was finished leaves a line in the tally, and sum.sh adds the lines of one reader up, no seed twice.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <opencv2/core.hpp>
#include <string>

#include "devices/barcode/locate.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "tests/bench/barcode/cases.hpp"
#include "tests/bench/barcode/hand_over.hpp"
#include "tests/bench/barcode/peers.hpp"
#include "tests/bench/cpu_time.hpp"
#include "tests/specimens/picture_file.hpp"

namespace {

using namespace paso;
using namespace paso::bench;

struct Options {
    std::uint64_t seed = 1;
    int count = 6;
    std::vector<std::string> kinds{"pdf417", "qr", "aztec", "datamatrix"};
    std::vector<std::string> conditions;
    bool peers = false;
    bool list = false;
    bool places = false;
    bool hand_over = false;
    std::string show;
    double minutes = 0;  // 0: to the end
    std::string tally;
    std::string reader = "unnamed";  // the commit that is measured
};

struct Tally {
    int frames = 0, symbols = 0, read = 0, wrong = 0, whole = 0;
    void add(const Tally& t) {
        frames += t.frames;
        symbols += t.symbols;
        read += t.read;
        wrong += t.wrong;
        whole += t.whole;
    }
};

using Read = std::function<std::vector<BarcodeReading>(const Frame&)>;

struct Reader {
    std::string name;
    Read read;
    std::map<std::string, std::map<std::string, Tally>> by_condition;  // condition -> symbology
    std::vector<double> ms;
    std::vector<double> empty_ms;
    std::vector<double> four_ms;
};

Tally judge(const Scene& scene, const std::vector<BarcodeReading>& seen) {
    Tally t;
    t.frames = 1;
    t.symbols = static_cast<int>(scene.symbols.size());
    for (const BarcodeReading& b : seen) {
        const bool right = std::any_of(scene.symbols.begin(), scene.symbols.end(), [&](const Placed& p) {
            return p.symbology == b.symbology && p.payload == b.bytes;
        });
        t.wrong += right ? 0 : 1;
    }
    for (const Placed& p : scene.symbols) {
        t.read +=
            std::any_of(seen.begin(), seen.end(),
                        [&](const BarcodeReading& b) { return p.symbology == b.symbology && p.payload == b.bytes; })
                ? 1
                : 0;
    }
    t.whole = t.read == t.symbols ? 1 : 0;
    return t;
}

void save(const std::string& path, const Frame& frame) {
    auto planes = std::make_shared<std::vector<std::uint8_t>>(frame.luma().begin(), frame.luma().end());
    planes->resize(Frame::bytes_needed(frame.width(), frame.height(), true), 128);  // grey, as a colour frame
    const auto file = png_file({frame.width(), frame.height(), true, planes, {}, 0});
    if (!file) return;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file->data()), static_cast<std::streamsize>(file->size()));
}

// How well the locator alone does: the rank of the place that fits the first symbol, and by how much it is off.
struct Found {
    int rank = -1;
    int places = 0;
    double degrees = 0, shift = 0, wide = 0, high = 0;  // shift in shares of the shorter side
    SymbolPlace place;
    cv::Point2f truth;
    double true_degrees = 0;
};
Found find(const Scene& scene, double& ms) {
    const Frame& f = scene.frame;
    const cv::Mat luma(f.height(), f.width(), CV_8UC1, const_cast<std::uint8_t*>(f.luma().data()));
    const double begin = cpu_ms();
    const auto places = locate_symbols(luma, 6);
    ms = cpu_ms() - begin;
    Found out;
    out.places = static_cast<int>(places.size());
    const auto& c = scene.symbols[0].corners;
    const cv::Point2f centre = (c[0] + c[1] + c[2] + c[3]) * 0.25F;
    const double w = cv::norm(c[1] - c[0] + c[2] - c[3]) / 2, h = cv::norm(c[3] - c[0] + c[2] - c[1]) / 2;
    double degrees = std::atan2(c[1].y - c[0].y + c[2].y - c[3].y, c[1].x - c[0].x + c[2].x - c[3].x) * 180 / CV_PI;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const SymbolPlace& p = places[i];
        out.truth = centre;
        out.true_degrees = degrees;
        const double off = std::remainder(p.degrees - degrees, 90);
        const bool swapped = std::abs(std::remainder(p.degrees - degrees, 180)) > 45;
        const double pw = swapped ? p.size.height : p.size.width, ph = swapped ? p.size.width : p.size.height;
        const double shift = cv::norm(p.centre - centre) / std::min(w, h);
        if (out.rank < 0 && shift < 0.3 && std::abs(off) < 6) {
            out.rank = static_cast<int>(i);
            out.degrees = off;
            out.shift = shift;
            out.wide = pw / w;
            out.high = ph / h;
            out.place = p;
        }
    }
    return out;
}

double percent(int part, int whole) { return whole == 0 ? 0 : 100.0 * part / whole; }

void times(const char* what, std::vector<double> ms) {
    if (ms.empty()) return;
    std::sort(ms.begin(), ms.end());
    double sum = 0;
    for (const double m : ms) sum += m;
    std::printf("  %-22s mean %6.1f   p50 %6.1f   p95 %6.1f   most %6.1f ms   (%zu frames)\n", what,
                sum / static_cast<double>(ms.size()), ms[ms.size() / 2], ms[ms.size() * 95 / 100], ms.back(),
                ms.size());
}

void print(const Reader& r, const std::vector<std::string>& kinds) {
    std::printf("%s\n  %-14s", r.name.c_str(), "");
    for (const auto& k : kinds) std::printf(" %12s", k.c_str());
    std::printf("   wrong\n");
    std::map<std::string, Tally> goal;
    std::map<std::string, Tally> all;
    for (const Condition c : all_conditions) {
        const auto row = r.by_condition.find(std::string{name(c)});
        if (row == r.by_condition.end()) continue;
        std::printf("  %-14s", row->first.c_str());
        int wrong = 0;
        for (const auto& k : kinds) {
            const Tally& t = row->second.at(k);
            std::printf(" %10.1f %%", percent(t.read, t.symbols));
            wrong += t.wrong;
            all[k].add(t);
            if (!beyond_goal(c, *symbol_kind(k))) goal[k].add(t);
        }
        std::printf(" %7d\n", wrong);
    }
    for (const auto& [what, row] : {std::pair{"in the goal", &goal}, {"all", &all}}) {
        std::printf("  %-14s", what);
        int wrong = 0;
        for (const auto& k : kinds) {
            std::printf(" %10.2f %%", percent((*row)[k].read, (*row)[k].symbols));
            wrong += (*row)[k].wrong;
        }
        std::printf(" %7d\n", wrong);
    }
    if (const auto four = r.by_condition.find("four"); four != r.by_condition.end()) {
        const Tally& t = four->second.at("all");
        std::printf("  four in a frame: all read in %d of %d frames, %d of %d symbols, %d wrong\n", t.whole, t.frames,
                    t.read, t.symbols, t.wrong);
    }
    if (const auto none = r.by_condition.find("none"); none != r.by_condition.end()) {
        std::printf("  no symbol: %d frames, %d wrong\n", none->second.at("all").frames, none->second.at("all").wrong);
    }
    times("a frame, one symbol", r.ms);
    times("four symbols", r.four_ms);
    times("no symbol", r.empty_ms);
}

void run_one(const Options& o, std::vector<Reader>& readers, const Scene& scene, const std::string& condition,
             const std::string& kind, const std::string& label) {
    if (o.places && !scene.symbols.empty()) {
        double ms = 0;
        const Found f = find(scene, ms);
        std::printf(
            "%-44s at %4.0f %4.0f %+4.0f  rank %2d of %d  %+5.1f deg  shift %.2f  size %.2f x %.2f  order %.2f "
            "bars %.2f  likely %.3f  %.1f ms\n",
            label.c_str(), static_cast<double>(f.truth.x), static_cast<double>(f.truth.y), f.true_degrees, f.rank,
            f.places, f.degrees, f.shift, f.wide, f.high, static_cast<double>(f.place.order),
            static_cast<double>(f.place.bars), static_cast<double>(f.place.likely), ms);
        return;
    }
    for (Reader& r : readers) {
        const double begin = cpu_ms();
        const auto seen = r.read(scene.frame);
        const double took = cpu_ms() - begin;
        (condition == "none" ? r.empty_ms : condition == "four" ? r.four_ms : r.ms).push_back(took);
        const Tally t = judge(scene, seen);
        r.by_condition[condition][kind].add(t);
        for (const BarcodeReading& b : seen) {
            const bool right = std::any_of(scene.symbols.begin(), scene.symbols.end(), [&](const Placed& p) {
                return p.symbology == b.symbology && p.payload == b.bytes;
            });
            if (o.list && !right && &r == &readers.front()) {
                std::printf("wrong %s, %zu bytes:", std::string{name(b.symbology)}.c_str(), b.bytes.size());
                for (const std::byte v : b.bytes) std::printf(" %02x", std::to_integer<unsigned>(v));
                std::printf("\n");
            }
        }
        if (&r == &readers.front() && (t.whole == 0 || t.wrong > 0)) {
            if (o.list) std::printf("%s%s %.1f ms\n", t.wrong > 0 ? "WRONG " : "missed ", label.c_str(), took);
            if (!o.show.empty()) save(o.show + label + ".png", scene.frame);
        }
    }
}

// All that was counted so far.
Tally counted(const Reader& r, const std::vector<std::string>& kinds, bool goal_only) {
    Tally sum;
    for (const auto& [condition, row] : r.by_condition) {
        for (const auto& [kind, t] : row) {
            if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
            const auto c = std::find_if(all_conditions.begin(), all_conditions.end(),
                                        [&, &what = condition](Condition any) { return name(any) == what; });
            const bool beyond =
                c != all_conditions.end() && beyond_goal(*c, symbol_kind(kind).value_or(SymbolKind::none));
            if (!goal_only || !beyond) sum.add(t);
        }
    }
    return sum;
}

// The line of one seed, from what was counted before it and after.
class SeedTally {
  public:
    SeedTally(const Options& o, const Reader& r) : options_(o), before_(all_of(r)) {}
    [[nodiscard]] bool append(const Reader& r, std::uint64_t seed) {
        const std::vector<Tally> now = all_of(r);
        std::ofstream file(options_.tally, std::ios::app);
        file << "seed=" << seed << " reader=" << options_.reader;
        for (std::size_t i = 0; i < options_.kinds.size(); ++i) {
            file << ' ' << options_.kinds[i] << '=' << now[i].read - before_[i].read << '/'
                 << now[i].symbols - before_[i].symbols;
        }
        file << " four=" << now[now.size() - 2].read - before_[now.size() - 2].read << '/'
             << now[now.size() - 2].symbols - before_[now.size() - 2].symbols
             << " frames=" << now.back().frames - before_.back().frames
             << " wrong=" << now.back().wrong - before_.back().wrong << std::endl;
        before_ = now;
        return file.good();
    }

  private:
    // By symbology what counts for the goals, then four in a frame, then everything.
    [[nodiscard]] std::vector<Tally> all_of(const Reader& r) const {
        std::vector<Tally> out;
        out.reserve(options_.kinds.size() + 2);
        for (const auto& k : options_.kinds) out.push_back(counted(r, {k}, true));
        const auto four = r.by_condition.find("four");
        out.push_back(four == r.by_condition.end() ? Tally{} : four->second.at("all"));
        std::vector<std::string> every = options_.kinds;
        every.emplace_back("all");
        out.push_back(counted(r, every, false));
        return out;
    }
    const Options& options_;
    std::vector<Tally> before_;
};

bool wanted(const Options& o, std::string_view condition) {
    return o.conditions.empty() || std::find(o.conditions.begin(), o.conditions.end(), condition) != o.conditions.end();
}

// Every frame of one seed.
bool run_seed(const Options& o, const Scenes& scenes, std::vector<Reader>& readers, std::uint64_t seed) {
    for (const Condition c : all_conditions) {
        if (!wanted(o, name(c))) continue;
        for (const std::string& k : o.kinds) {
            for (int size = 0; size < 3; ++size) {
                const auto scene = scenes.one(*symbol_kind(k), c, size, seed * 3 + static_cast<std::uint64_t>(size));
                if (!scene) {
                    std::fprintf(stderr, "paso-bench-barcode: %s\n", describe(scene.error()).c_str());
                    return false;
                }
                std::string label = k + "-" + std::string{name(c)} + "-" + std::to_string(size) + "-" +
                                    std::to_string(seed) + "-" + std::to_string(scene->symbols[0].payload.size());
                std::replace(label.begin(), label.end(), ' ', '_');
                run_one(o, readers, *scene, std::string{name(c)}, k, label);
            }
        }
    }
    if (wanted(o, "four")) {
        const auto scene = scenes.four(seed);
        if (!scene) return false;
        run_one(o, readers, *scene, "four", "all", "four-" + std::to_string(seed));
    }
    if (wanted(o, "none")) {
        for (std::uint64_t k = 0; k < 4; ++k) {
            run_one(o, readers, scenes.none(seed * 4 + k), "none", "all", "none-" + std::to_string(seed));
        }
    }
    return true;
}

int run(const Options& o) {
    cv::setNumThreads(1);
    const auto scenes = Scenes::open(o.seed);
    if (!scenes) {
        std::fprintf(stderr, "paso-bench-barcode: %s\n", describe(scenes.error()).c_str());
        return 1;
    }
    if (o.hand_over) {
        const Status s = print_hand_over(*scenes, o.seed, o.count);
        if (!s) std::fprintf(stderr, "paso-bench-barcode: %s\n", describe(s.error()).c_str());
        return s ? 0 : 1;
    }
    std::vector<Reader> readers{{"paso", [](const Frame& f) { return read_barcodes(f, {}); }, {}, {}, {}, {}}};
    if (o.peers) {
        readers.push_back({"plain ZXing", plain_zxing, {}, {}, {}, {}});
        if (has_zbar()) readers.push_back({"zbar (QR only)", zbar, {}, {}, {}, {}});
    }
    std::printf("symbols by ZXing%s; seeds %llu to %llu\n", scenes->has_zint() ? " and zint" : "",
                static_cast<unsigned long long>(o.seed),
                static_cast<unsigned long long>(o.seed + static_cast<std::uint64_t>(o.count) - 1));
    const auto begin = std::chrono::steady_clock::now();
    const auto minutes = [&] {
        return std::chrono::duration<double, std::ratio<60>>(std::chrono::steady_clock::now() - begin).count();
    };
    SeedTally tally(o, readers.front());
    double told = 0;
    for (int i = 0; i < o.count && (o.minutes <= 0 || minutes() < o.minutes); ++i) {
        const std::uint64_t seed = o.seed + static_cast<std::uint64_t>(i);
        if (!run_seed(o, *scenes, readers, seed)) return 1;
        if (!o.tally.empty() && !tally.append(readers.front(), seed)) {
            std::fprintf(stderr, "paso-bench-barcode: cannot write %s\n", o.tally.c_str());
            return 1;
        }
        if (minutes() - told > 0.5 || i + 1 == o.count) {
            told = minutes();
            std::vector<std::string> every = o.kinds;
            every.emplace_back("all");
            const Tally t = counted(readers.front(), every, false);
            std::fprintf(stderr, "seed %llu, %d of %d: %d frames, %d wrong, %.1f minutes\n",
                         static_cast<unsigned long long>(seed), i + 1, o.count, t.frames, t.wrong, told);
            std::fflush(stdout);
        }
    }
    for (const Reader& r : readers) print(r, o.kinds);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && arguments[1] == idle_decoder_word) run_idle_decoder();
    CLI::App app{"Symbols in frames: rate, wrong payloads, CPU time.", "paso-bench-barcode"};
    Options o;
    app.add_option("--seed", o.seed, "the first seed");
    app.add_option("--count", o.count, "frames of each kind, condition and size");
    app.add_option("--kinds", o.kinds, "symbologies")->delimiter(',');
    app.add_option("--conditions", o.conditions, "conditions by name; also: four, none")->delimiter(',');
    app.add_flag("--peers", o.peers, "plain ZXing and zbar beside it");
    app.add_flag("--list", o.list, "name what was missed");
    app.add_flag("--places", o.places, "what the locator alone finds, frame by frame");
    app.add_flag("--hand-over", o.hand_over, "what a frame costs more in the decoding process, and what that needs");
    app.add_option("--minutes", o.minutes, "stop after so long, between two seeds, and print what there is");
    app.add_option("--tally", o.tally, "append a line for each seed that was finished");
    app.add_option("--reader", o.reader, "the commit that is measured, for the tally");
    app.add_option("--show", o.show, "write frames that were missed to PREFIX...png");
    CLI11_PARSE(app, count, arguments);
    for (const std::string& k : o.kinds) {
        if (symbol_kind(k).value_or(SymbolKind::none) == SymbolKind::none) {
            std::fprintf(stderr, "paso-bench-barcode: no symbology %s\n", k.c_str());
            return 2;
        }
    }
    return run(o);
}
