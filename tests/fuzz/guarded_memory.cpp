#include "tests/fuzz/guarded_memory.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PASO_ADDRESS_SANITIZER
#endif
#endif

#ifdef PASO_ADDRESS_SANITIZER

namespace paso::fuzz {

GuardedScope::GuardedScope(Side /*side*/) {}
GuardedScope::~GuardedScope() = default;
std::uint64_t guarded_allocations() { return 0; }

}  // namespace paso::fuzz

#else

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace {

using paso::fuzz::Side;

constexpr std::size_t page = 4096;
constexpr std::size_t arena_pages = std::size_t{1} << 24;

thread_local bool guarding = false;
thread_local Side where = Side::end;
std::uint8_t* arena = nullptr;
std::uint32_t* pages_at = nullptr;  // by the first page of an allocation: how many it has
std::size_t next_page = 1;
std::uint64_t allocations = 0;

bool open_arena() {
    if (arena != nullptr) return true;
    void* at = ::mmap(nullptr, arena_pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    void* table = ::mmap(nullptr, arena_pages * sizeof(std::uint32_t), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED || table == MAP_FAILED) return false;
    arena = static_cast<std::uint8_t*>(at);
    pages_at = static_cast<std::uint32_t*>(table);
    return true;
}

// The strictest alignment that the size allows: bytes end at the page's end to the byte.
std::size_t alignment_of(std::size_t size) {
    std::size_t a = 16;
    while (size % a != 0) a /= 2;
    return a;
}

void* guarded(std::size_t size) {
    if (!open_arena()) return nullptr;
    const std::size_t pages = (size + page - 1) / page;
    if (next_page + pages + 1 >= arena_pages) return nullptr;  // 64 GB went by: the rest is not guarded
    std::uint8_t* first = arena + next_page * page;
    if (::mprotect(first, pages * page, PROT_READ | PROT_WRITE) != 0) return nullptr;
    pages_at[next_page] = static_cast<std::uint32_t>(pages);
    next_page += pages + 1;  // the page after it stays closed, and so did the one before
    ++allocations;
    if (where == Side::begin) return first;
    const std::size_t a = alignment_of(size);
    return first + (pages * page - size) / a * a;
}

void* allocate(std::size_t size) {
    if (size == 0) size = 1;
    if (guarding) {
        if (void* p = guarded(size)) return p;
    }
    return std::malloc(size);
}

void release(void* p) {
    auto* at = static_cast<std::uint8_t*>(p);
    if (arena == nullptr || at < arena || at >= arena + arena_pages * page) {
        std::free(p);
        return;
    }
    const std::size_t index = static_cast<std::size_t>(at - arena) / page;
    const std::size_t bytes = pages_at[index] * page;
    ::madvise(arena + index * page, bytes, MADV_DONTNEED);
    ::mprotect(arena + index * page, bytes, PROT_NONE);
}

}  // namespace

void* operator new(std::size_t size) {
    if (void* p = allocate(size)) return p;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept { return allocate(size); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t /*size*/) noexcept { release(p); }
void operator delete[](void* p, std::size_t /*size*/) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t& /*tag*/) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t& /*tag*/) noexcept { release(p); }

namespace paso::fuzz {

GuardedScope::GuardedScope(Side side) {
    where = side;
    guarding = true;
}
GuardedScope::~GuardedScope() { guarding = false; }
std::uint64_t guarded_allocations() { return allocations; }

}  // namespace paso::fuzz

#endif
