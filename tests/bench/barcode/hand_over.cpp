#include "tests/bench/barcode/hand_over.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "devices/barcode/read_barcodes.hpp"
#include "devices/decoder/decoder_process.hpp"
#include "devices/decoder/decoder_worker.hpp"
#include "tests/bench/cpu_time.hpp"
#include "tests/support/processes.hpp"

namespace paso::bench {
namespace {

struct Cost {
    std::vector<double> here, there, wall;  // ms a frame
    std::size_t symbols = 0;
};

// Processor time of the decoding process until now, and its memory at its most, as the kernel counts them.
double worker_ms(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/schedstat");
    double ns = 0;
    in >> ns;
    return ns / 1e6;
}
double worker_mb(pid_t pid, const std::string& field) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/status");
    std::string word;
    double kb = 0;
    while (in >> word) {
        if (word == field + ":") in >> kb;
    }
    return kb / 1024;
}

double mean(const std::vector<double>& all) {
    double sum = 0;
    for (const double v : all) sum += v;
    return all.empty() ? 0 : sum / static_cast<double>(all.size());
}
double at(std::vector<double> all, double share) {
    std::sort(all.begin(), all.end());
    return all.empty() ? 0 : all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
}

Frame numbered(const Frame& frame, std::uint64_t number) {
    // A second apart and never the same picture twice in a row: each is searched.
    return frame.with({static_cast<std::int64_t>(number) * 1'000'000'000}, number);
}

Status measure(DecoderProcess& decoder, const std::vector<Frame>& frames, int times, Cost& cost) {
    std::uint64_t number = 0;
    for (int i = 0; i < times; ++i) {
        for (const Frame& frame : frames) {
            const auto worker = testing::children_of(::getpid());
            const double there = worker.empty() ? 0 : worker_ms(worker[0]), here = cpu_ms();
            const auto begin = std::chrono::steady_clock::now();
            const auto symbols = decoder.read(numbered(frame, ++number));
            if (!symbols) return fail(symbols.error());
            const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
            const double spent_here = cpu_ms() - here;
            cost.symbols += symbols->readings.size();
            if (worker.empty()) continue;  // the first one had to be started
            cost.here.push_back(spent_here);
            cost.wall.push_back(wall.count());
            cost.there.push_back(worker_ms(worker[0]) - there);
        }
    }
    return {};
}

void print_memory() {
    const pid_t worker = testing::children_of(::getpid()).at(0);
    std::printf("    of that process: address space %.0f MB at its most (limit %zu), resident %.0f MB\n",
                worker_mb(worker, "VmPeak"), decoder_address_space >> 20U, worker_mb(worker, "VmHWM"));
}

Status idle(int width, int height) {
    auto pixels =
        std::make_shared<std::vector<std::uint8_t>>(Frame::bytes_needed(width, height, false), std::uint8_t{99});
    DecoderProcess decoder({{"/proc/self/exe", std::string{idle_decoder_word}}, std::chrono::seconds{5}});
    Cost cost;
    if (const Status s = measure(decoder, {Frame{width, height, false, pixels, {}, 0}}, 500, cost); !s)
        return fail(s.error());
    std::printf("  %d x %d handed over: CPU here %.3f ms and there %.3f, %.3f together; wall p50 %.3f, p95 %.3f ms\n",
                width, height, mean(cost.here), mean(cost.there), mean(cost.here) + mean(cost.there),
                at(cost.wall, 0.5), at(cost.wall, 0.95));
    return {};
}

// The same frames, read here and there.
Status real(const char* what, const std::vector<Frame>& frames) {
    DecoderProcess decoder(
        {{std::filesystem::read_symlink("/proc/self/exe").parent_path() / "paso-devices", "decode-symbols"},
         std::chrono::seconds{20}});
    Cost cost;
    if (const Status s = measure(decoder, frames, 2, cost); !s) return fail(s.error());
    BarcodeTracker tracker;
    std::vector<double> alone;
    std::size_t symbols = 0;
    std::uint64_t number = 0;
    for (int i = 0; i < 2; ++i) {
        for (const Frame& frame : frames) {
            const double begin = cpu_ms();
            symbols += read_barcodes(numbered(frame, ++number), {}, tracker).size();
            alone.push_back(cpu_ms() - begin);
        }
    }
    alone.erase(alone.begin());  // as there
    std::printf(
        "  %s, %zu frames twice: CPU %.2f ms a frame in this process; here %.2f and there %.2f, %.2f together;"
        " wall p95 %.1f ms; %zu symbols here, %zu there\n",
        what, frames.size(), mean(alone), mean(cost.here), mean(cost.there), mean(cost.here) + mean(cost.there),
        at(cost.wall, 0.95), symbols, cost.symbols);
    print_memory();
    return {};
}

// A photograph of 12 megapixels of the same scene.
Frame enlarged(const Frame& frame) {
    const cv::Mat luma(frame.height(), frame.width(), CV_8UC1, const_cast<std::uint8_t*>(frame.luma().data()));
    cv::Mat large;
    cv::resize(luma, large, {4032, 3024}, 0, 0, cv::INTER_CUBIC);
    return {large.cols, large.rows, false, std::make_shared<std::vector<std::uint8_t>>(large.datastart, large.dataend),
            {},         0};
}

}  // namespace

void run_idle_decoder() {
    serve_decoder([](const Frame&) { return FrameSymbols{}; });
}

Status print_hand_over(const Scenes& scenes, std::uint64_t seed, int count) {
    if (const Status s = idle(1920, 1080); !s) return fail(s.error());
    if (const Status s = idle(4032, 3024); !s) return fail(s.error());
    std::vector<Frame> frames, large;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t n = seed + static_cast<std::uint64_t>(i);
        for (const SymbolKind kind : {SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix}) {
            const auto scene = scenes.one(kind, Condition::kiosk, i % 3, n);
            if (!scene) return fail(scene.error());
            frames.push_back(scene->frame);
            if (i < 3) large.push_back(enlarged(scene->frame));
        }
        frames.push_back(scenes.none(n).frame);
        if (i < 3) large.push_back(enlarged(frames.back()));
    }
    if (const Status s = real("1080p", frames); !s) return fail(s.error());
    return real("12 megapixels", large);
}

}  // namespace paso::bench
