#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>

#include "sync/host/host_env.hpp"
#include "sync/host/owned_fd.hpp"

namespace paso {

namespace {

Status unwritable() {
    const int why = errno;
    const bool full = why == ENOSPC || why == EDQUOT;
    return fail(full ? std::string_view{"file.full"} : std::string_view{"file.unwritable"},
                "errno " + std::to_string(why));
}

Status write_all(int fd, ByteView content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return unwritable();
        content = content.subspan(static_cast<std::size_t>(n));
    }
    if (::fsync(fd) != 0) return unwritable();
    return {};
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<Bytes> HostFiles::read(const std::string& path, std::size_t limit) {
    const OwnedFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) return fail(errno == ENOENT || errno == ENOTDIR ? "file.missing" : "file.unreadable", path);
    struct stat about {};
    if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return fail("file.unreadable", path);
    if (static_cast<std::uint64_t>(about.st_size) > limit) return fail("file.too_large", path);
    Bytes content;
    // One byte more than the limit, so that a file that grows meanwhile is noticed.
    std::byte part[65536];
    for (;;) {
        const ssize_t n = ::read(fd.get(), part, sizeof part);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail("file.unreadable", path);
        if (n == 0) return content;
        if (content.size() + static_cast<std::size_t>(n) > limit) return fail("file.too_large", path);
        content.insert(content.end(), part, part + n);
    }
}

Status HostFiles::replace(const std::string& path, ByteView content, bool secret) {
    const std::string beside = path + ".new";
    (void)::unlink(beside.c_str());  // left by a power cut
    const mode_t mode = secret ? 0600 : 0644;
    OwnedFd fd{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)};
    if (!fd) return unwritable();
    Status done = write_all(fd.get(), content);
    fd.reset();
    if (done && ::rename(beside.c_str(), path.c_str()) != 0) done = unwritable();
    if (!done) {
        (void)::unlink(beside.c_str());
        return done;
    }
    const OwnedFd folder{::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder || ::fsync(folder.get()) != 0) return unwritable();
    return {};
}

}  // namespace paso
