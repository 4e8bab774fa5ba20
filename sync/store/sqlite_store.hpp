// The Store in one SQLite file: for desks and small centres.
#pragma once

#include <memory>
#include <string>

#include "core/env/env.hpp"
#include "sync/intake/store.hpp"
#include "sync/sqlite/writer.hpp"

namespace paso {

struct StoreOptions {
    std::string path;
    std::string vfs;         // name of a registered SQLite VFS; empty: the default
    bool own_thread = true;  // false in simulations: work happens on the executor
};

// Version of the database file; a newer one is not touched.
inline constexpr int store_version = 1;

class SqliteStore final : public Store {
  public:
    // Opens or makes it. Errors: "store.newer" (made by a newer version: both numbers), "store.damaged", "store.full",
    // "store.disk".
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const StoreOptions& options, Env& env,
                                                                   asio::any_io_executor executor);
    [[nodiscard]] std::uint64_t store_epoch() const override { return store_epoch_; }
    Async<Result<std::optional<Cursor>>> cursor(StationId station, std::uint64_t epoch) override;
    Async<Result<std::optional<Cursor>>> newest_cursor(StationId station) override;
    Async<Result<Committed>> commit(StationId station, std::vector<ArrivedEvent> events,
                                    std::vector<Incident> incidents) override;
    Async<Result<std::vector<ArrivedEvent>>> events_after(std::uint64_t arrival, std::size_t limit) override;
    Async<Result<std::vector<Incident>>> incidents(std::size_t limit) override;

  private:
    SqliteStore(Database database, asio::any_io_executor executor, bool own_thread, std::uint64_t store_epoch)
        : store_epoch_(store_epoch), writer_(std::move(database), std::move(executor), own_thread, {}) {}
    template <class T>
    Async<Result<T>> ask(bool writes, Writer::Work<T> work);
    std::uint64_t store_epoch_;
    Writer writer_;
};

}  // namespace paso
