// What a decoding process gives up before it sees a pixel. Afterwards it computes and answers, and can do nothing else:
// no file, socket, process, thread or signal, no new code, no core file, memory within limits; it dies with its parent.
#pragma once

#include <cstddef>

#include "core/base/result.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PASO_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define PASO_SANITIZED 1
#endif
#endif

namespace paso {

// A sanitizer maps terabytes of shadow, has a thread of its own and opens files to write its report: in such a build
// neither address space nor descriptors nor system calls are limited here. Its own hard limit on resident memory takes
// the place of the first (see decoder_process.cpp).
#ifdef PASO_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

// For the calling process, which has one thread. `address_space`: bytes (RLIMIT_AS), what is mapped already included:
// unlike RLIMIT_DATA it counts shared mappings too. Errors: "decoder.confine" (names what the kernel does not grant).
[[nodiscard]] Status confine(std::size_t address_space);

}  // namespace paso
