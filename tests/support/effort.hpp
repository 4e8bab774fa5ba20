// How often a test with random cases goes round. Under a sanitizer, where a round costs ten times as much, a fifth of
// it: the whole number is run by the release build on the same seeds, beginning with these.
#pragma once

#include <cstddef>

namespace paso::test {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PASO_SANITIZED true
#endif
#endif
#ifndef PASO_SANITIZED
#define PASO_SANITIZED false
#endif
inline constexpr bool sanitized = PASO_SANITIZED;

// `rounds` or a fifth of them, at least one.
template <class Count>
[[nodiscard]] constexpr Count effort(Count rounds) {
    return sanitized && rounds >= 5 ? rounds / 5 : rounds;
}

// The step of a loop over every case: every fifth under a sanitizer. Prime to 8, so each bit of a byte is met.
inline constexpr std::size_t each = sanitized ? 5 : 1;

}  // namespace paso::test
