// What the pure core costs: one function of google-benchmark for each figure, in the files beside this one.
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
