// Reading an MRZ (goal: 1 microsecond), writing one, looking a code up, comparing two names.
#include <benchmark/benchmark.h>

#include <array>

#include "core/document/codes.hpp"
#include "core/document/names.hpp"
#include "core/document/travel_document.hpp"

namespace {

using namespace paso;
using Lines = std::vector<std::string>;

const Date today = *Date::of(2026, 11, 24);

// The specimens of Doc 9303 parts 4, 5, 6; a French card of a made-up person.
const std::array<Lines, 4> documents{
    Lines{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"},
    Lines{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
    Lines{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"},
    Lines{"IDFRANEBELTHAU<<<<<<<<<<<<<<<<2A0042", "0502921000016ODA<CELESTE<<<7408122F4"}};

const Lines& lines_of(const benchmark::State& state) { return documents[static_cast<std::size_t>(state.range(0))]; }

MrzResult result_of(const Lines& lines) {
    MrzResult r;
    r.state = MrzState::verified;
    r.lines = lines;
    return r;
}

void mrz_parse(benchmark::State& state) {
    const MrzResult result = result_of(lines_of(state));
    state.SetLabel(std::string{name(*format_of(result.lines))});
    for (auto _ : state) benchmark::DoNotOptimize(parse_mrz(result, today));
}
BENCHMARK(mrz_parse)->DenseRange(0, 3);

void mrz_write(benchmark::State& state) {
    const TravelDocument d = parse_mrz(result_of(lines_of(state)), today);
    state.SetLabel(std::string{name(d.format)});
    for (auto _ : state) benchmark::DoNotOptimize(write_mrz(d));
}
BENCHMARK(mrz_write)->DenseRange(0, 3);

void code_lookup(benchmark::State& state) {
    for (auto _ : state) {
        for (const std::string_view code : {"UTO", "D<<", "BRA", "XXB", "QQQ"}) {
            benchmark::DoNotOptimize(find_code(code));
        }
    }
    state.SetItemsProcessed(state.iterations() * 5);
}
BENCHMARK(code_lookup);

void names_compare(benchmark::State& state) {
    const auto named = [](std::string primary, std::string secondary) {
        return PersonName{Personal{std::move(primary)}, Personal{std::move(secondary)}, false};
    };
    const PersonName viz = named("Müller-Ångström", "Zoë Chloé");
    const PersonName mrz = named("MUELLER AANGSTROEM", "ZOE CHLOE");
    for (auto _ : state) benchmark::DoNotOptimize(compare_names(viz, mrz));
}
BENCHMARK(names_compare);

}  // namespace
