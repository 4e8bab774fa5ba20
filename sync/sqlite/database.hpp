// SQLite as values: a connection, a statement bound and stepped by position, a transaction, numbered migrations. The
// VFS is chosen by name, so that a simulation's disk stands below unchanged code.
// Errors: "sqlite.full", "sqlite.busy", "sqlite.damaged" (not a database, or corrupt), "sqlite.disk" (the VFS failed),
// "sqlite.newer", "sqlite.constraint", "sqlite.misuse" (the rest). Details name tables, never values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace paso {

// A compiled statement. Positions of parameters count from 1, of columns from 0. After an error every further call
// gives that error, so binds may be chained and step() looked at alone.
class Statement {
  public:
    Statement() = default;
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(int position, std::int64_t value);
    // Numbers of 2^63 and more do not fit: "sqlite.misuse".
    Statement& bind(int position, std::uint64_t value);
    Statement& bind(int position, ByteView value);          // copied
    Statement& bind(int position, std::string_view value);  // copied
    Statement& bind_null(int position);

    // True: a row is there; false: done.
    [[nodiscard]] Result<bool> step();
    // Steps to the end, dropping rows, and makes it ready for new values.
    [[nodiscard]] Status run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    [[nodiscard]] ByteView bytes(int column) const;         // until the next step
    [[nodiscard]] std::string_view text(int column) const;  // until the next step
    [[nodiscard]] bool is_null(int column) const;

  private:
    friend class Database;
    explicit Statement(sqlite3_stmt* raw) : raw_(raw) {}
    void note(int code);
    sqlite3_stmt* raw_ = nullptr;
    std::optional<Error> error_;
};

// A compiled statement on loan from its database; giving it back makes it ready for the next use.
class Borrowed {
  public:
    explicit Borrowed(Statement& statement) : statement_(&statement) {}
    ~Borrowed() {
        if (statement_ != nullptr) statement_->reset();
    }
    Borrowed(Borrowed&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Borrowed& operator=(Borrowed&&) = delete;
    Statement* operator->() const { return statement_; }

  private:
    Statement* statement_;
};

struct DatabaseOptions {
    std::string path;
    std::string vfs;         // empty: the default
    bool read_only = false;  // readers never write nor checkpoint
};

class Database {
  public:
    // Opens or makes it: WAL, synchronous=FULL, foreign keys. A writer checkpoints by itself; nobody else does.
    [[nodiscard]] static Result<Database> open(const DatabaseOptions& options);
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;

    // One or more statements without parameters.
    [[nodiscard]] Status execute(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    // A statement that is kept and used again: compiled at the first use. Only one loan at a time.
    [[nodiscard]] Result<Borrowed> cached(std::string_view sql);
    [[nodiscard]] bool in_transaction() const;
    [[nodiscard]] std::int64_t changes() const;  // rows that the last statement changed
    // PRAGMA quick_check: pages and records are well formed.
    [[nodiscard]] Status check();

  private:
    struct State;
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// BEGIN IMMEDIATE to commit(); destruction without commit rolls back.
class Transaction {
  public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    [[nodiscard]] Status commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

// Brings the schema up to date: steps[n] leads from version n to n + 1; each runs in its own transaction and version
// numbers stand in user_version. `application` (not 0) marks the file's kind. Errors: "sqlite.newer" (both numbers),
// "sqlite.damaged" (a database of another kind).
[[nodiscard]] Status migrate(Database& database, std::int32_t application, std::span<const char* const> steps);

// A file of random bytes that keeps room on a disk. make: errors "sqlite.full", "sqlite.disk"; leaves an existing one
// of this size alone.
[[nodiscard]] Status make_ballast(const DatabaseOptions& at, std::int64_t bytes);
// True when there was one and it is gone.
[[nodiscard]] bool release_ballast(const DatabaseOptions& at);

}  // namespace paso
