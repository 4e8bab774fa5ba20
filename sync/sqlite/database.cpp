#include "sync/sqlite/database.hpp"

#include <sqlite3.h>

#include <limits>
#include <map>
#include <utility>

namespace paso {

namespace {

std::string_view code_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "sqlite.full";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "sqlite.busy";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "sqlite.damaged";
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return "sqlite.disk";
        case SQLITE_CONSTRAINT:
            return "sqlite.constraint";
        default:
            return "sqlite.misuse";
    }
}

Error error_of(int code, sqlite3* connection) {
    std::string detail = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    return {code_of(code), detail + " (" + std::to_string(code) + ")"};
}

const char* vfs_name(const std::string& vfs) { return vfs.empty() ? nullptr : vfs.c_str(); }

}  // namespace

Statement::~Statement() { sqlite3_finalize(raw_); }
Statement::Statement(Statement&& other) noexcept
    : raw_(std::exchange(other.raw_, nullptr)), error_(std::move(other.error_)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(raw_, other.raw_);
    std::swap(error_, other.error_);
    return *this;
}

void Statement::note(int code) {
    if (code != SQLITE_OK && !error_) error_ = error_of(code, sqlite3_db_handle(raw_));
}

Statement& Statement::bind(int position, std::int64_t value) {
    note(sqlite3_bind_int64(raw_, position, value));
    return *this;
}

Statement& Statement::bind(int position, std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        if (!error_) error_ = Error{"sqlite.misuse", "a number of 2^63 or more"};
        return *this;
    }
    return bind(position, static_cast<std::int64_t>(value));
}

Statement& Statement::bind(int position, ByteView value) {
    // A null pointer would bind NULL: an empty blob is not NULL.
    if (value.empty()) {
        note(sqlite3_bind_zeroblob(raw_, position, 0));
    } else {
        note(sqlite3_bind_blob64(raw_, position, value.data(), value.size(), SQLITE_TRANSIENT));
    }
    return *this;
}

Statement& Statement::bind(int position, std::string_view value) {
    const char* data = value.empty() ? "" : value.data();
    note(sqlite3_bind_text64(raw_, position, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_null(int position) {
    note(sqlite3_bind_null(raw_, position));
    return *this;
}

Result<bool> Statement::step() {
    if (error_) return fail(*error_);
    const int code = sqlite3_step(raw_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return fail(error_of(code, sqlite3_db_handle(raw_)));
}

Status Statement::run() {
    Result<bool> more = true;
    while (more && *more) more = step();
    reset();
    if (!more) return fail(more.error());
    return {};
}

void Statement::reset() {
    sqlite3_reset(raw_);  // its answer repeats that of the last step
    error_.reset();
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(raw_, column); }

ByteView Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(raw_, column);
    return {static_cast<const std::byte*>(data), static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
}

std::string_view Statement::text(int column) const {
    const unsigned char* data = sqlite3_column_text(raw_, column);
    if (data == nullptr) return {};
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(raw_, column) == SQLITE_NULL; }

struct Database::State {
    sqlite3* connection = nullptr;
    std::map<std::string, Statement, std::less<>> cache;
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        cache.clear();
        sqlite3_close_v2(connection);
    }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept = default;

Result<Database> Database::open(const DatabaseOptions& options) {
    auto state = std::make_unique<State>();
    const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(options.path.c_str(), &state->connection, flags, vfs_name(options.vfs));
    if (code != SQLITE_OK) return fail(error_of(code, state->connection));
    sqlite3_busy_timeout(state->connection, 5000);
    sqlite3_db_config(state->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(state->connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    Database database{std::move(state)};
    const char* const settings = options.read_only
                                     ? "PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=1;"
                                     : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=1;";
    if (auto done = database.execute(settings); !done) return fail(done.error());
    auto mode = database.prepare("PRAGMA journal_mode");
    if (!mode) return fail(mode.error());
    const auto row = mode->step();
    if (!row) return fail(row.error());
    if (mode->text(0) != "wal") return fail("sqlite.disk", "no write-ahead log here");
    return database;
}

Status Database::execute(const char* sql) {
    const int code = sqlite3_exec(state_->connection, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(error_of(code, state_->connection));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(state_->connection, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return fail(error_of(code, state_->connection));
    return Statement{raw};
}

Result<Borrowed> Database::cached(std::string_view sql) {
    const auto known = state_->cache.find(sql);
    if (known != state_->cache.end()) return Borrowed{known->second};
    auto made = prepare(sql);
    if (!made) return fail(made.error());
    return Borrowed{state_->cache.emplace(std::string{sql}, std::move(*made)).first->second};
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(state_->connection) == 0; }
std::int64_t Database::changes() const { return sqlite3_changes64(state_->connection); }

Status Database::check() {
    auto ask = prepare("PRAGMA quick_check(1)");
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    if (!*row || ask->text(0) != "ok") return fail("sqlite.damaged", "quick_check");
    return {};
}

Result<Transaction> Transaction::begin(Database& database) {
    if (auto done = database.execute("BEGIN IMMEDIATE"); !done) return fail(done.error());
    return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

// SQLite rolls back by itself after some errors; a rollback that fails leaves nothing that a later one could keep.
Transaction::~Transaction() {
    if (database_ != nullptr && database_->in_transaction()) (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
    auto done = database_->execute("COMMIT");
    if (!done) return done;
    database_ = nullptr;
    return {};
}

namespace {

Result<std::int64_t> number(Database& database, std::string_view sql) {
    auto ask = database.prepare(sql);
    if (!ask) return fail(ask.error());
    const auto row = ask->step();
    if (!row) return fail(row.error());
    return ask->integer(0);
}

}  // namespace

Status migrate(Database& database, std::int32_t application, std::span<const char* const> steps) {
    auto kind = number(database, "PRAGMA application_id");
    auto version = number(database, "PRAGMA user_version");
    if (!kind) return fail(kind.error());
    if (!version) return fail(version.error());
    if (*kind != application && (*kind != 0 || *version != 0)) {
        return fail("sqlite.damaged", "a database of another kind");
    }
    const auto known = static_cast<std::int64_t>(steps.size());
    if (*version > known || *version < 0) {
        return fail("sqlite.newer",
                    "made by version " + std::to_string(*version) + ", this program knows " + std::to_string(known));
    }
    for (auto at = *version; at < known; ++at) {
        auto change = Transaction::begin(database);
        if (!change) return fail(change.error());
        const std::string mark =
            "PRAGMA application_id=" + std::to_string(application) + "; PRAGMA user_version=" + std::to_string(at + 1);
        if (auto done = database.execute(steps[static_cast<std::size_t>(at)]); !done) return done;
        if (auto done = database.execute(mark.c_str()); !done) return done;
        if (auto done = change->commit(); !done) return done;
    }
    return {};
}

}  // namespace paso
