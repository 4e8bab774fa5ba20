// Longer than other files: SQLite's VFS is one table of some thirty functions, each of a few lines.
#include "tests/simulation/disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>

#include "tests/simulation/random.hpp"

namespace paso::sim {

namespace {

constexpr std::size_t sector = 512;
constexpr int lock_slots = 8;

struct Change {
    bool truncates = false;
    std::size_t offset = 0;  // or the new size
    Bytes data;
};

void put_into(Bytes& content, const Change& change) {
    if (change.truncates) {
        content.resize(change.offset);
        return;
    }
    const std::size_t end = change.offset + change.data.size();
    if (content.size() < end) content.resize(end);
    std::copy(change.data.begin(), change.data.end(), content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

struct Handle;

struct Shared {
    std::vector<std::unique_ptr<std::vector<std::uint64_t>>> regions;
};

struct File {
    Bytes now;
    Bytes durable;
    std::vector<Change> pending;
    bool durable_name = false;
    std::shared_ptr<Shared> shared = std::make_shared<Shared>();
    std::vector<Handle*> handles;

    void sync() {
        for (const Change& c : pending) put_into(durable, c);
        pending.clear();
        durable_name = true;
    }
};

}  // namespace

struct SimDisk::State {
    std::string name;
    mutable std::mutex mutex;
    Random random;
    const Clock* clock = nullptr;
    std::map<std::string, std::shared_ptr<File>> files;
    std::uint64_t generation = 0;
    bool dead = false;
    std::uint64_t changes = 0;
    std::uint64_t cut_at = 0;
    std::function<void()> then;
    std::optional<std::int64_t> limit;
    bool lies = false;
    sqlite3_vfs vfs{};
    explicit State(std::uint64_t seed) : random(seed) {}

    void power_cut();
    bool strikes();
    [[nodiscard]] std::int64_t used() const {
        std::int64_t sum = 0;
        for (const auto& [path, file] : files) sum += static_cast<std::int64_t>(file->now.size());
        return sum;
    }
};

namespace {

struct Handle {
    sqlite3_file base;
    SimDisk::State* disk;
    std::shared_ptr<File>* file;  // SQLite gives raw memory: owned, made and freed by hand
    std::shared_ptr<Shared>* shared;
    std::uint64_t generation;
    int level;
    unsigned shm_shared;
    unsigned shm_exclusive;
    bool alive() const { return !disk->dead && generation == disk->generation; }
};

Handle& of(sqlite3_file* f) { return *reinterpret_cast<Handle*>(f); }
SimDisk::State& of(sqlite3_vfs* v) { return *static_cast<SimDisk::State*>(v->pAppData); }

// What a power cut leaves of changes that were under way: each sector by its own luck.
void tear(Bytes& content, const Change& change, Random& random) {
    const auto luck = random.below(3);
    if (luck == 0) return;
    if (luck == 1 || change.truncates) return put_into(content, change);
    for (std::size_t at = 0; at < change.data.size(); at += sector) {
        if (random.below(2) == 0) continue;
        const std::size_t n = std::min(sector, change.data.size() - at);
        const auto first = change.data.begin() + static_cast<std::ptrdiff_t>(at);
        put_into(content, {false, change.offset + at, {first, first + static_cast<std::ptrdiff_t>(n)}});
    }
}

}  // namespace

void SimDisk::State::power_cut() {
    if (dead) return;
    dead = true;
    ++generation;
    cut_at = 0;
    for (auto at = files.begin(); at != files.end();) {
        const auto old = at->second;
        // Handles of before keep the old file and never see the new one.
        auto fresh = std::make_shared<File>();
        fresh->durable = old->durable;
        for (const Change& c : old->pending) tear(fresh->durable, c, random);
        fresh->now = fresh->durable;
        const bool vanishes = !old->durable_name && random.below(2) == 0;
        fresh->durable_name = true;
        at->second = fresh;
        at = vanishes ? files.erase(at) : std::next(at);
    }
}

// Counts a change; true when the power goes with it.
bool SimDisk::State::strikes() {
    ++changes;
    if (cut_at == 0 || changes < cut_at) return false;
    const auto call = std::move(then);
    then = {};
    power_cut();
    if (call) call();
    return true;
}

namespace {

using Lock = std::lock_guard<std::mutex>;

int x_close(sqlite3_file* f) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    auto& all = (*h.file)->handles;
    all.erase(std::remove(all.begin(), all.end(), &h), all.end());
    delete h.file;
    delete h.shared;
    return SQLITE_OK;
}

int x_read(sqlite3_file* f, void* into, int amount, sqlite3_int64 offset) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_READ;
    const Bytes& content = (*h.file)->now;
    const auto wanted = static_cast<std::size_t>(amount);
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const std::size_t have = std::min(wanted, content.size() - from);
    if (have > 0) std::memcpy(into, content.data() + from, have);
    if (have == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(into) + have, 0, wanted - have);
    return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* f, const void* from, int amount, sqlite3_int64 offset) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_WRITE;
    File& file = **h.file;
    const auto* data = static_cast<const std::byte*>(from);
    Change change{false, static_cast<std::size_t>(offset), Bytes(data, data + amount)};
    const auto grows = static_cast<std::int64_t>(offset) + amount - static_cast<std::int64_t>(file.now.size());
    if (h.disk->limit && grows > 0 && h.disk->used() + grows > *h.disk->limit) return SQLITE_FULL;
    put_into(file.now, change);
    file.pending.push_back(std::move(change));
    return h.disk->strikes() ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int x_truncate(sqlite3_file* f, sqlite3_int64 size) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_TRUNCATE;
    Change change{true, static_cast<std::size_t>(size), {}};
    put_into((*h.file)->now, change);
    (*h.file)->pending.push_back(std::move(change));
    return h.disk->strikes() ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

int x_sync(sqlite3_file* f, int) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_FSYNC;
    // At a cut during the sync its work may be done, or not.
    const auto file = *h.file;
    const bool early = h.disk->random.below(2) == 0;
    if (h.disk->lies) return h.disk->strikes() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (early) file->sync();
    if (h.disk->strikes()) return SQLITE_IOERR_FSYNC;
    if (!early) file->sync();
    return SQLITE_OK;
}

int x_file_size(sqlite3_file* f, sqlite3_int64* size) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>((*h.file)->now.size());
    return SQLITE_OK;
}

int x_lock(sqlite3_file* f, int level) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    if (!h.alive()) return SQLITE_IOERR_LOCK;
    for (const Handle* other : (*h.file)->handles) {
        if (other == &h) continue;
        const bool clash = level == SQLITE_LOCK_SHARED     ? other->level >= SQLITE_LOCK_PENDING
                           : level == SQLITE_LOCK_RESERVED ? other->level >= SQLITE_LOCK_RESERVED
                                                           : other->level >= SQLITE_LOCK_SHARED;
        if (clash) return SQLITE_BUSY;
    }
    h.level = std::max(h.level, level);
    return SQLITE_OK;
}

int x_unlock(sqlite3_file* f, int level) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    h.level = std::min(h.level, level);
    return SQLITE_OK;
}

int x_check_reserved(sqlite3_file* f, int* out) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    *out = 0;
    for (const Handle* other : (*h.file)->handles) *out |= other->level >= SQLITE_LOCK_RESERVED ? 1 : 0;
    return SQLITE_OK;
}

int x_file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int x_sector_size(sqlite3_file*) { return static_cast<int>(sector); }
int x_characteristics(sqlite3_file*) { return 0; }

int x_shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    *out = nullptr;
    if (!h.alive()) return SQLITE_IOERR_SHMMAP;
    if (h.shared == nullptr) h.shared = new std::shared_ptr<Shared>((*h.file)->shared);
    auto& regions = (*h.shared)->regions;
    const auto at = static_cast<std::size_t>(region);
    if (regions.size() <= at && extend == 0) return SQLITE_OK;
    while (regions.size() <= at) {
        regions.push_back(std::make_unique<std::vector<std::uint64_t>>(static_cast<std::size_t>(size) / 8));
    }
    *out = regions[at]->data();
    return SQLITE_OK;
}

int x_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    const unsigned mask =
        ((1U << static_cast<unsigned>(offset + n)) - 1U) & ~((1U << static_cast<unsigned>(offset)) - 1U);
    static_assert(lock_slots <= 31);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        h.shm_shared &= ~mask;
        h.shm_exclusive &= ~mask;
        return SQLITE_OK;
    }
    if (!h.alive()) return SQLITE_IOERR_SHMLOCK;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (const Handle* other : (*h.file)->handles) {
        if (other == &h) continue;
        if ((other->shm_exclusive & mask) != 0 || (exclusive && (other->shm_shared & mask) != 0)) return SQLITE_BUSY;
    }
    (exclusive ? h.shm_exclusive : h.shm_shared) |= mask;
    return SQLITE_OK;
}

void x_shm_barrier(sqlite3_file* f) { const Lock lock{of(f).disk->mutex}; }

int x_shm_unmap(sqlite3_file* f, int) {
    Handle& h = of(f);
    const Lock lock{h.disk->mutex};
    delete h.shared;
    h.shared = nullptr;
    const auto& all = (*h.file)->handles;
    const bool used = std::any_of(all.begin(), all.end(), [](const Handle* o) { return o->shared != nullptr; });
    if (!used) (*h.file)->shared = std::make_shared<Shared>();
    return SQLITE_OK;
}

const sqlite3_io_methods methods{.iVersion = 2,
                                 .xClose = x_close,
                                 .xRead = x_read,
                                 .xWrite = x_write,
                                 .xTruncate = x_truncate,
                                 .xSync = x_sync,
                                 .xFileSize = x_file_size,
                                 .xLock = x_lock,
                                 .xUnlock = x_unlock,
                                 .xCheckReservedLock = x_check_reserved,
                                 .xFileControl = x_file_control,
                                 .xSectorSize = x_sector_size,
                                 .xDeviceCharacteristics = x_characteristics,
                                 .xShmMap = x_shm_map,
                                 .xShmLock = x_shm_lock,
                                 .xShmBarrier = x_shm_barrier,
                                 .xShmUnmap = x_shm_unmap,
                                 .xFetch = nullptr,
                                 .xUnfetch = nullptr};

int x_open(sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags, int* out_flags) {
    SimDisk::State& disk = of(v);
    f->pMethods = nullptr;
    const Lock lock{disk.mutex};
    if (disk.dead || path == nullptr) return SQLITE_CANTOPEN;
    auto at = disk.files.find(path);
    if (at == disk.files.end()) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        at = disk.files.emplace(path, std::make_shared<File>()).first;
    }
    auto* h =
        new (f) Handle{{&methods}, &disk, new std::shared_ptr<File>(at->second), nullptr, disk.generation, 0, 0, 0};
    at->second->handles.push_back(h);
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int x_delete(sqlite3_vfs* v, const char* path, int) {
    SimDisk::State& disk = of(v);
    const Lock lock{disk.mutex};
    if (disk.dead) return SQLITE_IOERR_DELETE;
    if (disk.files.count(path) == 0) return SQLITE_IOERR_DELETE_NOENT;
    const bool early = disk.random.below(2) == 0;
    if (early) disk.files.erase(path);
    if (disk.strikes()) return SQLITE_IOERR_DELETE;
    if (!early) disk.files.erase(path);
    return SQLITE_OK;
}

int x_access(sqlite3_vfs* v, const char* path, int, int* out) {
    SimDisk::State& disk = of(v);
    const Lock lock{disk.mutex};
    if (disk.dead) return SQLITE_IOERR_ACCESS;
    *out = disk.files.count(path) != 0 ? 1 : 0;
    return SQLITE_OK;
}

int x_full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    if (std::strlen(path) + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::strcpy(out, path);
    return SQLITE_OK;
}

int x_randomness(sqlite3_vfs* v, int n, char* out) {
    SimDisk::State& disk = of(v);
    const Lock lock{disk.mutex};
    for (int i = 0; i < n; ++i) out[i] = static_cast<char>(disk.random.below(256));
    return n;
}

int x_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

// Julian days times 86,400,000.
int x_time_ms(sqlite3_vfs* v, sqlite3_int64* out) {
    const SimDisk::State& disk = of(v);
    *out = 210'866'760'000'000 + (disk.clock != nullptr ? disk.clock->wall().ms : 0);
    return SQLITE_OK;
}

int x_time(sqlite3_vfs* v, double* out) {
    sqlite3_int64 ms = 0;
    x_time_ms(v, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return SQLITE_OK;
}

int x_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

SimDisk::SimDisk(std::string name, std::uint64_t seed, const Clock* clock) : state_(std::make_unique<State>(seed)) {
    state_->name = std::move(name);
    state_->clock = clock;
    sqlite3_vfs& v = state_->vfs;
    v.iVersion = 2;
    v.szOsFile = sizeof(Handle);
    v.mxPathname = 512;
    v.zName = state_->name.c_str();
    v.pAppData = state_.get();
    v.xOpen = x_open;
    v.xDelete = x_delete;
    v.xAccess = x_access;
    v.xFullPathname = x_full_path;
    v.xRandomness = x_randomness;
    v.xSleep = x_sleep;
    v.xCurrentTime = x_time;
    v.xCurrentTimeInt64 = x_time_ms;
    v.xGetLastError = x_last_error;
    if (sqlite3_vfs_find(v.zName) != nullptr) throw std::runtime_error("a disk of this name is there already");
    if (sqlite3_vfs_register(&v, 0) != SQLITE_OK) throw std::runtime_error("sqlite3_vfs_register");
}

SimDisk::~SimDisk() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& SimDisk::vfs() const { return state_->name; }

void SimDisk::power_cut() {
    const Lock lock{state_->mutex};
    state_->power_cut();
}

void SimDisk::power_on() {
    const Lock lock{state_->mutex};
    state_->dead = false;
}

bool SimDisk::dead() const {
    const Lock lock{state_->mutex};
    return state_->dead;
}

void SimDisk::cut_at(std::uint64_t n, std::function<void()> then) {
    const Lock lock{state_->mutex};
    state_->cut_at = state_->changes + n;
    state_->then = std::move(then);
}

void SimDisk::keep_power() {
    const Lock lock{state_->mutex};
    state_->cut_at = 0;
    state_->then = {};
}

std::uint64_t SimDisk::changes() const {
    const Lock lock{state_->mutex};
    return state_->changes;
}

void SimDisk::lie(bool lies) {
    const Lock lock{state_->mutex};
    state_->lies = lies;
}

void SimDisk::limit(std::optional<std::int64_t> bytes) {
    const Lock lock{state_->mutex};
    state_->limit = bytes;
}

std::int64_t SimDisk::used() const {
    const Lock lock{state_->mutex};
    return state_->used();
}

std::vector<std::string> SimDisk::files() const {
    const Lock lock{state_->mutex};
    std::vector<std::string> out;
    for (const auto& [path, file] : state_->files) out.push_back(path);
    return out;
}

Bytes SimDisk::read(const std::string& path) const {
    const Lock lock{state_->mutex};
    const auto at = state_->files.find(path);
    return at == state_->files.end() ? Bytes{} : at->second->now;
}

void SimDisk::write(const std::string& path, ByteView content) {
    const Lock lock{state_->mutex};
    auto file = std::make_shared<File>();
    file->now = file->durable = to_bytes(content);
    file->durable_name = true;
    state_->files[path] = std::move(file);
}

void SimDisk::remove(const std::string& path) {
    const Lock lock{state_->mutex};
    state_->files.erase(path);
}

}  // namespace paso::sim
