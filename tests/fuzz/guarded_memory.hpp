// Memory between pages that cannot be touched, for libraries that are not built with the address sanitizer. While a
// GuardedScope lives, what this thread allocates by `operator new`, in whatever library, stands alone on its pages: a
// read or write beyond the end (or before the begin, see Side), or after its deletion, ends the process by SIGSEGV at
// the instruction that did it. Addresses are never used again within the arena of 64 GB, of which only what is in use
// takes memory. Under the address sanitizer, which sees more, all of this does nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paso::fuzz {

enum class Side : std::uint8_t { end, begin };  // where the page that cannot be touched lies against the allocation

class GuardedScope {
  public:
    explicit GuardedScope(Side side);
    ~GuardedScope();
    GuardedScope(const GuardedScope&) = delete;
    GuardedScope& operator=(const GuardedScope&) = delete;
    GuardedScope(GuardedScope&&) = delete;
    GuardedScope& operator=(GuardedScope&&) = delete;
};

// How many allocations were guarded so far: 0 says that the scopes do nothing here.
[[nodiscard]] std::uint64_t guarded_allocations();

}  // namespace paso::fuzz
