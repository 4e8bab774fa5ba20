// simulation_walk [--seeds N] [--first S] [--trace] [--lying-disks]: walks seeds S, S+1, ..., each twice; both must
// give the same bytes.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/simulation/walk.hpp"

namespace {

std::uint64_t number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc{} && end == text.data() + text.size() && !text.empty()) return out;
    std::fprintf(stderr, "simulation_walk [--seeds N] [--first S] [--trace] [--lying-disks]\n");
    std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t seeds = 100;
    std::uint64_t first = 1;
    bool trace = false;
    bool lying = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--trace") {
            trace = true;
        } else if (name == "--lying-disks") {
            lying = true;
        } else if ((name == "--seeds" || name == "--first") && i + 1 < argc) {
            (name == "--seeds" ? seeds : first) = number(argv[++i]);
        } else {
            (void)number({});
        }
    }
    paso::sim::WalkResult sum;
    std::uint64_t good = 0;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        auto walked = paso::sim::walk(seed, lying);
        if (paso::sim::walk(seed, lying).trace != walked.trace)
            walked.faults.push_back("the same seed gives another trace");
        if (trace) std::fwrite(walked.trace.data(), 1, walked.trace.size(), stdout);
        for (const auto& f : walked.faults)
            std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), f.c_str());
        good += walked.faults.empty() ? 1U : 0U;
        sum.appended += walked.appended;
        sum.confirmed += walked.confirmed;
        sum.stored += walked.stored;
        sum.crashes += walked.crashes;
        sum.cuts += walked.cuts;
        sum.restores += walked.restores;
    }
    const auto n = [](std::uint64_t v) { return static_cast<unsigned long long>(v); };
    std::printf(
        "%llu events asked for, %llu confirmed, %llu at the centre; %llu power cuts, %llu cuts of the network, "
        "%llu restored backups\n",
        n(sum.appended), n(sum.confirmed), n(sum.stored), n(sum.crashes), n(sum.cuts), n(sum.restores));
    std::printf("%llu of %llu\n", n(good), n(seeds));
    if (lying) {
        std::printf("the loss was seen in %llu\n", n(seeds - good));
        return good < seeds ? 0 : 1;
    }
    return good == seeds ? 0 : 1;
}
