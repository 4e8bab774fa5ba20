// The processor time of this thread: what a benchmark counts on a machine where others work too.
#pragma once

#include <time.h>

namespace paso::bench {

[[nodiscard]] inline double cpu_ms() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

}  // namespace paso::bench
