#include "devices/decoder/confine.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace paso {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "confine.cpp: name the AUDIT_ARCH of this machine"
#endif

// What computing on memory that is there, and talking on the one socket, needs.
constexpr std::array calls{__NR_recvfrom,     __NR_sendto,        __NR_brk,          __NR_munmap,   __NR_mremap,
                           __NR_madvise,      __NR_futex,         __NR_sched_yield,  __NR_exit,     __NR_exit_group,
                           __NR_rt_sigreturn, __NR_clock_gettime, __NR_gettimeofday, __NR_getrandom};
// These too, while they ask for no executable memory.
constexpr std::array mapping_calls{__NR_mmap, __NR_mprotect};

constexpr auto number_at = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
constexpr auto architecture_at = static_cast<std::uint32_t>(offsetof(seccomp_data, arch));
// The low half of the third argument, on machines whose low half comes first.
constexpr auto protection_at = static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t));
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

sock_filter load(std::uint32_t at) { return {BPF_LD | BPF_W | BPF_ABS, 0, 0, at}; }
sock_filter answer(std::uint32_t value) { return {BPF_RET | BPF_K, 0, 0, value}; }
// Skips the next instruction unless the loaded word is `value`.
sock_filter if_equal(std::uint32_t value) { return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value}; }

// Every other call answers EPERM: a library that asks for something needless (OpenCV counts processors) goes on.
std::vector<sock_filter> filter() {
    std::vector<sock_filter> f{load(architecture_at),
                               {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, architecture},
                               answer(SECCOMP_RET_KILL_PROCESS),
                               load(number_at)};
    for (const int call : calls) {
        f.push_back(if_equal(static_cast<std::uint32_t>(call)));
        f.push_back(answer(SECCOMP_RET_ALLOW));
    }
    for (const int call : mapping_calls) {
        f.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 4, static_cast<std::uint32_t>(call)});
        f.push_back(load(protection_at));
        f.push_back({BPF_JMP | BPF_JSET | BPF_K, 1, 0, PROT_EXEC});
        f.push_back(answer(SECCOMP_RET_ALLOW));
        f.push_back(answer(SECCOMP_RET_ERRNO | EPERM));
    }
    f.push_back(answer(SECCOMP_RET_ERRNO | EPERM));
    return f;
}

bool limit(__rlimit_resource_t what, rlim_t most) {
    const rlimit both{most, most};
    return ::setrlimit(what, &both) == 0;
}

tl::unexpected<Error> refused(const char* what) {
    return fail("decoder.confine", std::string{what} + ": errno " + std::to_string(errno));
}

}  // namespace

Status confine(std::size_t address_space) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return refused("PR_SET_PDEATHSIG");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("PR_SET_NO_NEW_PRIVS");
    if (!limit(RLIMIT_CORE, 0)) return refused("RLIMIT_CORE");
    if constexpr (sanitized) return {};
    // A limit of 0 does not hold where the kernel pipes core files to a program: this does, and keeps debuggers out.
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) return refused("PR_SET_DUMPABLE");
    if (!limit(RLIMIT_AS, address_space)) return refused("RLIMIT_AS");
    if (!limit(RLIMIT_FSIZE, 0)) return refused("RLIMIT_FSIZE");
    if (!limit(RLIMIT_NOFILE, 0)) return refused("RLIMIT_NOFILE");
    std::vector<sock_filter> f = filter();
    const sock_fprog program{static_cast<unsigned short>(f.size()), f.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return refused("PR_SET_SECCOMP");
    return {};
}

}  // namespace paso
