// The ballast goes through SQLite's VFS like the database, so that both lie on the same disk, simulated or real.
#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "sync/sqlite/database.hpp"

namespace paso {

namespace {

// An open file of a VFS, closed with the value.
class VfsFile {
  public:
    static std::unique_ptr<VfsFile> open(sqlite3_vfs* vfs, const std::string& path) {
        auto file = std::make_unique<VfsFile>(vfs);
        int given = 0;
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
        if (vfs->xOpen(vfs, path.c_str(), file->raw(), flags, &given) != SQLITE_OK) return nullptr;
        return file;
    }
    explicit VfsFile(sqlite3_vfs* vfs)
        : memory_(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1) {
        raw()->pMethods = nullptr;
    }
    ~VfsFile() {
        if (raw()->pMethods != nullptr) raw()->pMethods->xClose(raw());
    }
    VfsFile(const VfsFile&) = delete;
    VfsFile& operator=(const VfsFile&) = delete;
    sqlite3_file* raw() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
    const sqlite3_io_methods& methods() { return *raw()->pMethods; }

  private:
    std::vector<std::max_align_t> memory_;
};

std::string ballast_path(const DatabaseOptions& at) { return at.path + ".ballast"; }

sqlite3_vfs* find(const DatabaseOptions& at) { return sqlite3_vfs_find(at.vfs.empty() ? nullptr : at.vfs.c_str()); }

int fill(VfsFile& file, std::int64_t bytes) {
    // Random, so that no file system can store it in less.
    std::vector<char> block(64UL << 10U);
    for (std::int64_t at = 0; at < bytes;) {
        const auto n = static_cast<int>(std::min<std::int64_t>(bytes - at, static_cast<std::int64_t>(block.size())));
        sqlite3_randomness(n, block.data());
        if (const int code = file.methods().xWrite(file.raw(), block.data(), n, at); code != SQLITE_OK) return code;
        at += n;
    }
    return file.methods().xSync(file.raw(), SQLITE_SYNC_NORMAL);
}

}  // namespace

Status make_ballast(const DatabaseOptions& at, std::int64_t bytes) {
    if (bytes <= 0) return {};
    sqlite3_vfs* const vfs = find(at);
    if (vfs == nullptr) return fail("sqlite.misuse", "no such VFS");
    int code = SQLITE_OK;
    {
        const auto file = VfsFile::open(vfs, ballast_path(at));
        if (!file) return fail("sqlite.disk", "ballast cannot be opened");
        sqlite3_int64 size = 0;
        if (file->methods().xFileSize(file->raw(), &size) == SQLITE_OK && size == bytes) return {};
        code = fill(*file, bytes);
    }
    if (code == SQLITE_OK) return {};
    (void)vfs->xDelete(vfs, ballast_path(at).c_str(), 0);  // half of it would only take room
    if ((code & 0xff) == SQLITE_FULL) return fail("sqlite.full", "no room for the ballast");
    return fail("sqlite.disk", "ballast cannot be written");
}

bool release_ballast(const DatabaseOptions& at) {
    sqlite3_vfs* const vfs = find(at);
    return vfs != nullptr && vfs->xDelete(vfs, ballast_path(at).c_str(), 1) == SQLITE_OK;
}

}  // namespace paso
