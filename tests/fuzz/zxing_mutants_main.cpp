// paso-zxing-mutants: lets ZXing, behind our door and through the whole reader, decode symbols that are almost right.
//
//     paso-zxing-mutants [--first 1] [--count 20000] [--keep FOLDER] [--in-process]
//     paso-zxing-mutants --pictures FOLDER      each PGM there, by every kind, threshold and look
//
// Every mutant is decoded by a child process; one that ends it by a signal or takes more than five seconds of processor
// time is named by its number, kept in FOLDER as PGM, and the next child goes on behind it. The decoder's allocations
// are guarded (guarded_memory.hpp) where the program is not built with the address sanitizer. --in-process: without
// children, for valgrind and debuggers. Ends with 1 when there was one.
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "devices/barcode/read_barcodes.hpp"
#include "devices/barcode/zxing_decode.hpp"
#include "tests/fuzz/guarded_memory.hpp"
#include "tests/fuzz/zxing_mutants.hpp"
#include "tests/specimens/seeded.hpp"

namespace {

using namespace paso;
using namespace paso::fuzz;

constexpr long most_seconds = 5;  // of processor time

void watch(long seconds) {
    const itimerval time{{0, 0}, {seconds, 0}};
    ::setitimer(ITIMER_PROF, &time, nullptr);
}

// What a child says of itself, in memory that its parent sees.
struct Progress {
    std::uint64_t number = 0;
    std::uint64_t decoded = 0;  // symbols
    std::uint64_t guarded = 0;  // allocations
};

// A frame or a Mat over bytes that are guarded as the decoder's own are.
std::shared_ptr<std::vector<std::uint8_t>> guarded_copy(const cv::Mat& pixels) {
    auto out = std::make_shared<std::vector<std::uint8_t>>(pixels.total());
    for (int y = 0; y < pixels.rows; ++y) {
        std::memcpy(out->data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.cols), pixels.ptr(y),
                    static_cast<std::size_t>(pixels.cols));
    }
    return out;
}

// Of `pictures` when there are any, else mutants by number.
struct Work {
    std::vector<cv::Mat> pictures;
    std::vector<std::string> names;
    std::string keep;
};

std::size_t decode_every_way(const cv::Mat& picture, std::uint64_t number) {
    std::size_t decoded = 0;
    for (const Side side : {Side::end, Side::begin}) {
        const GuardedScope guard(side);
        const auto pixels = guarded_copy(picture);
        const cv::Mat view(picture.rows, picture.cols, CV_8UC1, pixels->data());
        for (const Kinds kinds :
             {Kinds::matrix, Kinds::qr, Kinds::aztec, Kinds::data_matrix, Kinds::pdf417, Kinds::qr_and_pdf417}) {
            for (const Threshold threshold : {Threshold::local, Threshold::by_line, Threshold::middle}) {
                for (const Look look : {Look::hard, Look::upright, Look::clean})
                    decoded += decode_by_zxing(view, kinds, threshold, look).size();
            }
        }
        decoded += read_barcodes(Frame(view.cols, view.rows, false, pixels, MonoTime{}, number), {}).size();
    }
    return decoded;
}

std::size_t decode(std::uint64_t number) {
    const auto mutant = make_mutant(number);
    if (!mutant) return 0;  // a payload that does not fit its symbol
    Seeded rng(number, "decode");
    constexpr std::array thresholds{Threshold::local, Threshold::by_line, Threshold::middle};
    constexpr std::array looks{Look::hard, Look::upright, Look::clean};
    const Kinds own = mutant->kind == SymbolKind::pdf417  ? Kinds::pdf417
                      : mutant->kind == SymbolKind::qr    ? Kinds::qr
                      : mutant->kind == SymbolKind::aztec ? Kinds::aztec
                                                          : Kinds::data_matrix;
    const GuardedScope guard(rng.chance(0.75) ? Side::end : Side::begin);
    const auto pixels = guarded_copy(mutant->pixels);
    const cv::Mat view(mutant->pixels.rows, mutant->pixels.cols, CV_8UC1, pixels->data());
    std::size_t decoded = 0;
    for (const Kinds kinds : {own, rng.chance(0.5) ? Kinds::matrix : Kinds::qr_and_pdf417}) {
        for (int i = 0; i < 2; ++i) {
            const Threshold threshold = rng.pick(std::span{thresholds});
            decoded += decode_by_zxing(view, kinds, threshold, rng.pick(std::span{looks})).size();
        }
    }
    if (rng.chance(0.25)) {
        const Frame frame(view.cols, view.rows, false, pixels, MonoTime{}, number);
        decoded += read_barcodes(frame, {}).size();
    }
    return decoded;
}

void keep(const std::string& folder, std::uint64_t number) {
    const auto mutant = make_mutant(number);
    if (!mutant || folder.empty()) return;
    std::ofstream out(folder + "/mutant-" + std::to_string(number) + ".pgm", std::ios::binary);
    out << "P5\n" << mutant->pixels.cols << ' ' << mutant->pixels.rows << "\n255\n";
    for (int y = 0; y < mutant->pixels.rows; ++y)
        out.write(reinterpret_cast<const char*>(mutant->pixels.ptr(y)), mutant->pixels.cols);
}

// PGM as keep() writes it.
std::optional<cv::Mat> picture_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string magic;
    int width = 0, height = 0, most = 0;
    in >> magic >> width >> height >> most;
    if (!in || magic != "P5" || width < 1 || height < 1 || width > 10'000 || height > 10'000) return std::nullopt;
    in.get();
    cv::Mat out(height, width, CV_8UC1);
    in.read(reinterpret_cast<char*>(out.data), static_cast<std::streamsize>(out.total()));
    if (!in) return std::nullopt;
    return out;
}

bool load(const std::string& folder, Work& work) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".pgm") continue;
        auto picture = picture_of(entry.path());
        if (!picture) {
            std::fprintf(stderr, "paso-zxing-mutants: %s is no PGM\n", entry.path().c_str());
            return false;
        }
        work.pictures.push_back(*picture);
        work.names.push_back(entry.path().filename());
    }
    return !work.pictures.empty();
}

void decode_range(Progress& at, const Work& work, std::uint64_t first, std::uint64_t end, bool watched) {
    for (std::uint64_t n = first; n < end; ++n) {
        at.number = n;
        if (watched) watch(most_seconds);
        at.decoded += work.pictures.empty() ? decode(n) : decode_every_way(work.pictures[n], n);
    }
    at.guarded += guarded_allocations();
    watch(0);
}

// Whether a byte read beyond the end of a guarded allocation, or after its deletion, ends the process, as the sanitizer
// would: a guard that sees nothing would let everything pass.
bool guard_sees() {
    constexpr int unguarded = 77;  // no status of the sanitizer's
    for (const bool deleted : {false, true}) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(STDERR_FILENO);  // what the sanitizer would say
            const GuardedScope guard(Side::end);
            auto* bytes = new std::uint8_t[1000];
            const volatile std::uint8_t* at = bytes;
            if (deleted) delete[] bytes;
            const std::uint8_t value = at[deleted ? 500 : 1000];  // NOLINT: the fault is what is tried
            ::_exit(value == 0 ? EXIT_SUCCESS : unguarded);
        }
        int status = 0;
        if (child < 0 || ::waitpid(child, &status, 0) != child) return false;
        if (WIFEXITED(status) && (WEXITSTATUS(status) == EXIT_SUCCESS || WEXITSTATUS(status) == unguarded))
            return false;
    }
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app{"Lets ZXing decode symbols that are almost right.", "paso-zxing-mutants"};
    std::uint64_t first = 1, mutants = 20'000;
    std::string pictures;
    Work work;
    bool in_process = false;
    app.add_option("--first", first, "the first mutant's number");
    app.add_option("--count", mutants, "how many");
    app.add_option("--keep", work.keep, "where those that end the decoder are written");
    app.add_option("--pictures", pictures, "a folder of PGMs instead");
    app.add_flag("--in-process", in_process, "without children");
    CLI11_PARSE(app, count, arguments);
    cv::setNumThreads(1);
    if (!in_process && !guard_sees()) {
        std::fprintf(stderr, "paso-zxing-mutants: a read beyond the end goes unseen here\n");
        return 2;
    }
    if (!pictures.empty()) {
        if (!load(pictures, work)) return 2;
        first = 0;
        mutants = work.pictures.size();
    }
    const std::uint64_t end = first + mutants;
    void* shared = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 2;
    auto* at = new (shared) Progress;
    int ended = 0;
    constexpr std::uint64_t piece = 500;  // of one child, so that what it does not give back is not much
    for (std::uint64_t n = first; n < end;) {
        const std::uint64_t to = std::min(end, n + piece);
        if (in_process) {
            decode_range(*at, work, n, to, false);
            n = to;
            continue;
        }
        const pid_t child = ::fork();
        if (child == 0) {
            decode_range(*at, work, n, to, true);
            ::_exit(0);
        }
        int status = 0;
        if (child < 0 || ::waitpid(child, &status, 0) != child) return 2;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            n = to;
            if ((n - first) % 2000 == 0) {
                std::fprintf(stderr, "%llu of %llu, %d ended the decoder\n", static_cast<unsigned long long>(n - first),
                             static_cast<unsigned long long>(mutants), ended);
            }
            continue;
        }
        const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        const std::string name =
            work.pictures.empty() ? "mutant " + std::to_string(at->number) : work.names[at->number];
        std::printf("%s: %s\n", name.c_str(),
                    signal == SIGPROF ? "more than five seconds"
                    : signal != 0     ? ::strsignal(signal)
                                      : "the sanitizer ended it");
        std::fflush(stdout);
        if (work.pictures.empty()) keep(work.keep, at->number);
        ++ended;
        n = at->number + 1;
    }
    std::printf("%llu pictures, %llu symbols decoded, %llu allocations guarded, %d ended the decoder\n",
                static_cast<unsigned long long>(mutants), static_cast<unsigned long long>(at->decoded),
                static_cast<unsigned long long>(at->guarded), ended);
    return ended == 0 ? 0 : 1;
}
