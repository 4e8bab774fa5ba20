// What a question about days of stay costs after 1,000 stays; the goal is a microsecond. Runs: paso-bench-stay.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "core/stay/account.hpp"

namespace {

using namespace paso;

constexpr Date origin = *Date::of(1990, 1, 1);

// A commuter: four days in, nine days out, for some 35 years.
std::vector<Stay> commuter(std::int64_t stays) {
    std::vector<Stay> out;
    for (std::int32_t i = 0; i < stays; ++i) {
        const Date entry = origin.plus_days(13 * i + i % 5);
        out.push_back({entry, entry.plus_days(3), Stay::Kind::visit, "UTO"});
    }
    return out;
}

StayRule rule_at(std::int64_t index) {
    switch (index) {
        case 0:
            return RollingRule{};
        case 1:
            return CalendarYearRule{};
        default:
            return FromEntryRule{};
    }
}

StayAccount account_of(benchmark::State& state) {
    const std::vector<Stay> stays = commuter(state.range(0));
    auto account = StayAccount::of(stays, {rule_at(state.range(1)), stays.back().entry, {}});
    state.SetLabel(stay_rule_text(rule_at(state.range(1))));
    return std::move(account).value();
}

template <class Ask>
void ask(benchmark::State& state, Ask question) {
    const StayAccount account = account_of(state);
    const auto days = static_cast<std::int32_t>(13 * state.range(0));
    std::int32_t i = 0;
    for (auto _ : state) {
        i = (i + 7919) % days;
        benchmark::DoNotOptimize(question(account, origin.plus_days(i)));
    }
}

void used(benchmark::State& state) {
    ask(state, [](const StayAccount& a, Date d) { return a.used(d); });
}
void days_over(benchmark::State& state) {
    ask(state, [](const StayAccount& a, Date d) { return a.days_over(d); });
}
void last_legal_day(benchmark::State& state) {
    ask(state, [](const StayAccount& a, Date d) { return a.last_legal_day(d); });
}
void next_entry(benchmark::State& state) {
    ask(state, [](const StayAccount& a, Date d) { return a.next_entry(d); });
}
void build(benchmark::State& state) {
    const std::vector<Stay> stays = commuter(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(StayAccount::of(stays, {rule_at(state.range(1)), stays.back().entry, {}}));
    }
}

void sizes(benchmark::internal::Benchmark* b) { b->ArgsProduct({{1'000, 50'000}, {0, 1, 2}}); }

BENCHMARK(used)->Apply(sizes);
BENCHMARK(days_over)->Apply(sizes);
BENCHMARK(last_legal_day)->Apply(sizes);
BENCHMARK(next_entry)->Apply(sizes);
BENCHMARK(build)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
