// paso-bench-mrz: how often the reader is right, how often it is wrong and sure, and what a frame costs.
//
//     paso-bench-mrz [--set tuning|claim] [--seed 1] [--count 20] [--difficulty sharp,usual,askew,hard,curved]
//     [--turns 0,90,180,270] [--whole-scene] [--why] [--list] [--cells]
//
// Each case is one document on the glass, three frames of it. Figures: exact text by the first frame alone; by three
// frames fused, two of which must agree (`verified`); readings that were accepted (`single_frame`, `verified`) and
// wrong; CPU time of the thread a frame. `clear` counts the cases whose first frame (or two of three) shows every cell
// by the renderer's own knowledge (Sight::legible), with the rates among them beside the rates among all. Seeds from 1
// are for tuning, the claim set's from 2000000 (1000000 to 1000063 were looked at).

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <opencv2/core.hpp>
#include <string>

#include "core/document/reading_policy.hpp"
#include "core/mrz/fusion.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "tests/bench/cpu_time.hpp"
#include "tests/bench/mrz/cases.hpp"
#include "tests/bench/mrz/tesseract.hpp"
#include "tests/bench/mrz/why.hpp"
#include "tests/specimens/picture_file.hpp"

namespace {

using namespace paso;
using namespace paso::bench;

struct Options {
    std::string set = "tuning";
    std::uint64_t seed = 1;
    int count = 10;
    double minutes = 0;
    std::vector<std::string> difficulties{"usual", "askew", "hard"};
    std::vector<int> turns{0, 90, 180, 270};
    std::vector<std::string> formats;
    bool whole_scene = false;
    bool tesseract = false;
    bool list = false;
    bool cells = false;
    bool why = false;
    std::string model = "eng";
    std::string show;
};

// Counts of one row of a table.
struct Tally {
    int cases = 0, single = 0, fused = 0;
    int clear = 0, clear_single = 0;       // cases whose first frame shows every cell
    int clear_twice = 0, clear_fused = 0;  // of whose three frames two do
    int frames = 0, accepted = 0, wrong = 0;
    int tess = 0;
    std::string first = "not found";  // of one case: how its first frame differs from the truth
    Lost lost = Lost::nowhere;
    LostTogether lost_together = LostTogether::nowhere;
    void add(const Tally& t) {
        cases += t.cases;
        single += t.single;
        fused += t.fused;
        clear += t.clear;
        clear_single += t.clear_single;
        clear_twice += t.clear_twice;
        clear_fused += t.clear_fused;
        frames += t.frames;
        accepted += t.accepted;
        wrong += t.wrong;
        tess += t.tess;
    }
};

bool accepted(const MrzResult& r) { return r.state == MrzState::single_frame || r.state == MrzState::verified; }

// "1.12 O>0": row, column, what is printed and what was read.
std::string difference(const MrzResult& r, const std::vector<std::string>& truth) {
    std::string out{name(r.state)};
    if (r.lines.size() != truth.size()) return out + ", " + std::to_string(r.lines.size()) + " rows";
    for (std::size_t row = 0; row < truth.size(); ++row) {
        if (r.lines[row].size() != truth[row].size())
            return out + ", " + std::to_string(r.lines[row].size()) + " columns";
        for (std::size_t k = 0; k < truth[row].size() && out.size() < 90; ++k) {
            if (r.lines[row][k] == truth[row][k]) continue;
            out += " " + std::to_string(row) + "." + std::to_string(k) + " " + truth[row][k] + ">" + r.lines[row][k];
        }
    }
    return out;
}

// How sure the reader was of a cell, and how often it was wrong then: the calibration curve of the first frames.
struct Calibration {
    static constexpr std::array<double, 9> edges{0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999};
    struct Bin {
        std::size_t cells = 0, wrong = 0;
        double doubt = 0;  // the sum of 1 - confidence
    };
    std::array<Bin, edges.size()> bins;
    void add(const MrzResult& r, const std::vector<std::string>& truth) {
        if (r.lines.size() != truth.size() || r.lines.front().size() != truth.front().size()) return;
        for (std::size_t row = 0; row < truth.size(); ++row) {
            for (std::size_t k = 0; k < truth[row].size(); ++k) {
                const double sure = r.confidence[row][k];
                const auto after = std::upper_bound(edges.begin(), edges.end(), sure);
                Bin& bin = bins[static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - edges.begin(), 1)) - 1];
                ++bin.cells;
                bin.wrong += r.lines[row][k] == truth[row][k] ? 0U : 1U;
                bin.doubt += 1 - sure;
            }
        }
    }
    void print() const {
        std::printf("%-22s %9s %9s   %12s   %12s\n", "confidence of a cell", "cells", "wrong", "wrong, said",
                    "wrong, is");
        for (std::size_t i = 0; i < bins.size(); ++i) {
            const Bin& b = bins[i];
            const auto n = static_cast<double>(std::max<std::size_t>(b.cells, 1));
            std::printf("from %-17.5f %9zu %9zu   %10.5f %%   %10.5f %%\n", edges[i], b.cells, b.wrong,
                        100 * b.doubt / n, 100 * static_cast<double>(b.wrong) / n);
        }
    }
};

struct Times {
    std::vector<double> search, tracking, empty, tesseract;
};

void print_times(const char* what, std::vector<double> ms) {
    if (ms.empty()) return;
    std::sort(ms.begin(), ms.end());
    std::printf("%-14s median %6.1f ms   90 %% %6.1f ms   (%zu frames)\n", what, ms[ms.size() / 2],
                ms[ms.size() * 9 / 10], ms.size());
}

// One document on the glass: a new tracker's first frame is a full search, the others may be tracked.
Tally run_case(const Visit& visit, MrzTracker& tracker, Times& times, Calibration& cells) {
    static const MrzPolicy policy = reading_policy();
    Tally t;
    t.cases = 1;
    MrzFusion fusion;
    bool fused_exact = false;
    int read = 0;
    tracker.forget();
    for (const Frame& frame : visit.frames) {
        const double begin = cpu_ms();
        const auto readings = read_mrz(frame, tracker);
        (t.frames == 0 ? times.search : times.tracking).push_back(cpu_ms() - begin);
        ++t.frames;
        read += readings.empty() ? 0 : 1;
        if (t.frames == 1) {
            const MrzReading* surest = readings.empty() ? nullptr : &readings.front();
            t.lost = where_lost(visit, surest, surest == nullptr ? MrzResult{} : decide(fuse({}, *surest), policy));
        }
        for (std::size_t i = 0; i < readings.size(); ++i) {
            const MrzResult alone = decide(fuse({}, readings[i]), policy);
            t.accepted += accepted(alone) ? 1 : 0;
            t.wrong += accepted(alone) && alone.lines != visit.truth ? 1 : 0;
            if (t.frames == 1 && i == 0) t.first = difference(alone, visit.truth);
            if (t.frames == 1 && i == 0) cells.add(alone, visit.truth);
            if (t.frames == 1 && i == 0 && alone.lines == visit.truth) t.single = 1;
        }
        if (!readings.empty()) fusion = fuse(std::move(fusion), readings.front());
        const MrzResult together = decide(fusion, policy);
        if (together.state == MrzState::verified) {
            fused_exact = fused_exact || together.lines == visit.truth;
            t.wrong += together.lines != visit.truth ? 1 : 0;
        }
    }
    t.fused = fused_exact ? 1 : 0;
    t.clear = visit.legible(1) && visit.sights.front().legible() ? 1 : 0;
    t.clear_single = t.clear * t.single;
    t.clear_twice = visit.legible(2) ? 1 : 0;
    t.clear_fused = t.clear_twice * t.fused;
    if (t.single == 1 && t.fused == 0)
        t.lost_together = where_lost_together(visit, read, decide(fusion, policy), policy);
    return t;
}

void print_row(const std::string& name, const Tally& t) {
    const auto share = [&](int n, int of) { return 100.0 * n / std::max(of, 1); };
    std::printf("%-16s %6d %8.2f %% %8.2f %% %9d %8.2f %% %9d %8.2f %%   %5d of %d\n", name.c_str(), t.cases,
                share(t.single, t.cases), share(t.fused, t.cases), t.clear, share(t.clear_single, t.clear),
                t.clear_twice, share(t.clear_fused, t.clear_twice), t.wrong, t.accepted);
}

std::string_view cut_name(Face face) {
    switch (face) {
        case Face::ocr_b_f:
            return "outline";
        case Face::ocr_b_l:
            return "oblique";
        case Face::ocr_b_s:
            return "sharp";
        default:
            return "plain";
    }
}

void list_failure(const Case& c, const Visit& v, const Tally& t) {
    if (t.single == 1 && t.fused == 1 && t.wrong == 0) return;
    const std::string_view why = t.lost != Lost::nowhere
                                     ? lost_names[static_cast<std::size_t>(t.lost)]
                                     : lost_together_names[static_cast<std::size_t>(t.lost_together)];
    std::printf("# seed %llu %s %d %s: %.1f pixels a character, %s cut, single %d fused %d wrong %d; %s; %s\n",
                static_cast<unsigned long long>(c.seed), std::string{name(c.format)}.c_str(), c.turn,
                std::string{difficulty_names[static_cast<std::size_t>(c.difficulty)]}.c_str(), v.pixels_a_character,
                std::string{cut_name(v.face)}.c_str(), t.single, t.fused, t.wrong, std::string{why}.c_str(),
                t.first.c_str());
}

// How many cases each stage lost, by the cut of the print.
struct Losses {
    std::map<std::string, std::array<int, lost_names.size()>> single;
    std::map<std::string, std::array<int, lost_together_names.size()>> together;
    void add(const std::string& cut, const Tally& t) {
        ++single[cut][static_cast<std::size_t>(t.lost)];
        ++together[cut][static_cast<std::size_t>(t.lost_together)];
    }
    template <class Table, class Names>
    static void print(const char* title, const Table& table, const Names& names) {
        std::printf("%-42s", title);
        for (const auto& [cut, counts] : table) std::printf(" %8s", cut.c_str());
        std::printf("\n");
        for (std::size_t i = 0; i < names.size(); ++i) {
            std::printf("  %-40s", std::string{names[i]}.c_str());
            for (const auto& [cut, counts] : table) std::printf(" %8d", counts[i]);
            std::printf("\n");
        }
    }
    void print() const {
        print("what lost a single frame, by cut", single, lost_names);
        print("what lost three of which one was read", together, lost_together_names);
    }
};

bool chosen(const std::vector<std::string>& list, std::string_view name) {
    return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

int run(const Options& o) {
    cv::setNumThreads(1);
    const auto faces = Typefaces::open();
    if (!faces) {
        std::fprintf(stderr, "paso-bench-mrz: %s\n", faces.error().detail.c_str());
        return 1;
    }
    const Set set = o.set == "claim" ? Set::claim : Set::tuning;
    const cv::Size size{1920, 1080};
    MrzTracker tracker;
    std::map<std::string, Tally> table;
    Tally total;
    Times times;
    Calibration cells;
    Losses losses;
    std::uint64_t seed = o.seed;
    const auto begun = std::chrono::steady_clock::now();
    const auto time_left = [&] {
        return o.minutes == 0 ||
               std::chrono::steady_clock::now() - begun < std::chrono::duration<double, std::ratio<60>>(o.minutes);
    };
    for (int i = 0; i < o.count && time_left(); ++i) {
        for (std::size_t d = 0; d < difficulty_names.size(); ++d) {
            if (!chosen(o.difficulties, difficulty_names[d])) continue;
            for (const MrzFormat format : formats) {
                if (!chosen(o.formats, name(format))) continue;
                seed += o.whole_scene ? 1 : 0;
                for (const int turn : o.turns) {
                    const std::uint64_t document = o.whole_scene ? seed - 1 : seed++;
                    const Case c{document, set, format, turn, static_cast<Difficulty>(d), o.whole_scene};
                    const auto visit = render(c, 3, *faces, size);
                    if (!visit) return 1;
                    if (!o.show.empty()) {
                        const auto png = png_file(visit->frames.front());
                        if (!png) return 1;
                        std::ofstream(o.show + std::to_string(c.seed) + "-" + std::to_string(turn) + ".png",
                                      std::ios::binary)
                            .write(reinterpret_cast<const char*>(png->data()),
                                   static_cast<std::streamsize>(png->size()));
                    }
                    Tally t = run_case(*visit, tracker, times, cells);
                    if (o.tesseract) {
                        if (const auto other = run_tesseract(visit->frames.front(), o.model)) {
                            times.tesseract.push_back(other->cpu_ms);
                            t.tess = other->lines == visit->truth ? 1 : 0;
                        }
                    }
                    if (o.list) list_failure(c, *visit, t);
                    losses.add(std::string{cut_name(visit->face)}, t);
                    const std::string hard{difficulty_names[d]};
                    table["1 " + std::string{name(format)}].add(t);
                    table["2 turned " + std::to_string(turn)].add(t);
                    table["3 " + hard].add(t);
                    const double p = visit->pixels_a_character;
                    table[p < 10   ? "4 under 10 px"
                          : p < 14 ? "4 10 to 14 px"
                          : p < 20 ? "4 14 to 20 px"
                                   : "4 over 20 px"]
                        .add(t);
                    if (p >= 10) table["5 10 px and more"].add(t);
                    table["6 " + std::string{cut_name(visit->face)} + " cut"].add(t);
                    if (visit->face != Face::ocr_b_f) {  // ISO 1073-2 knows no outlines, and no document prints them
                        table["7 but outlines"].add(t);
                        if (p >= 10) {
                            table["8 so, 10 px+"].add(t);
                            table["9 so, " + hard].add(t);
                        }
                    }
                    total.add(t);
                }
            }
        }
        tracker.forget();
        const Frame nothing = empty_frame(set, seed++, size);
        for (int k = 0; k < 3; ++k) {
            const double begin = cpu_ms();
            const auto readings = read_mrz(nothing, tracker);
            if (k > 0) times.empty.push_back(cpu_ms() - begin);
            if (!readings.empty())
                std::printf("# an MRZ was seen on empty glass, seed %llu\n", static_cast<unsigned long long>(seed));
        }
    }
    std::printf("paso-bench-mrz, set %s, seeds %llu to %llu, 1920x1080\n", o.set.c_str(),
                static_cast<unsigned long long>(o.seed), static_cast<unsigned long long>(seed - 1));
    std::printf("%-16s %6s %10s %10s %9s %10s %9s %10s   %s\n", "", "cases", "single", "within 3", "clear", "single",
                "clear 2/3", "within 3", "wrong of accepted");
    for (const auto& [name, t] : table) print_row(name.substr(2), t);
    print_row("all", total);
    print_times("full search", times.search);
    print_times("tracking", times.tracking);
    print_times("empty frame", times.empty);
    if (o.cells) cells.print();
    if (o.why) losses.print();
    if (o.tesseract) {
        std::printf("tesseract (%s): %.2f %% of single frames exact\n", o.model.c_str(),
                    100.0 * total.tess / std::max(total.cases, 1));
        print_times("tesseract", times.tesseract);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"The reader of machine readable zones, measured on rendered frames."};
    app.add_option("--set", o.set, "tuning or claim")->check(CLI::IsMember({"tuning", "claim"}));
    app.add_option("--seed", o.seed, "of the first case");
    app.add_option("--count", o.count, "cases of each difficulty, format and turn")->check(CLI::Range(1, 100000));
    app.add_option("--minutes", o.minutes, "begin no further round of cases after so long");
    app.add_option("--difficulty", o.difficulties, "sharp, usual, askew, hard, curved")->delimiter(',');
    app.add_option("--turns", o.turns, "degrees anticlockwise: 0, 90, 180, 270")->delimiter(',');
    app.add_flag("--whole-scene", o.whole_scene, "the turns of one document show one scene, turned as a whole");
    app.add_option("--formats", o.formats, "TD1, TD2, TD3, MRV-A, MRV-B (default: all)")->delimiter(',');
    app.add_flag("--cells", o.cells, "how often cells were wrong by the confidence they had");
    app.add_flag("--why", o.why, "which stage lost the frames that were not read");
    app.add_flag("--list", o.list, "name the cases that were not exact");
    app.add_flag("--tesseract", o.tesseract, "run tesseract on each first frame");
    app.add_option("--model", o.model, "tesseract's trained data");
    app.add_option("--show", o.show, "write each first frame to PREFIX<seed>-<turn>.png");
    CLI11_PARSE(app, argc, argv);
    return run(o);
}
