// Intake: verifies batches and stores them. Resumes after the commit, so an Ack is a promise (law 4).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/env/env.hpp"
#include "sync/http/server.hpp"
#include "sync/intake/store.hpp"
#include "sync/wire/batch.hpp"

namespace paso {

class Intake {
  public:
    Intake(Env& env, Log& log, Store& store, std::map<std::string, StationEntry> stations);
    // `peer` is the name in the certificate; it must be the station of the batch. The views must live until it resumes.
    // Errors, and then nothing was stored: "wire.station" (foreign or unknown station), "wire.gap" (expected sequence
    // in detail), "wire.fork" (does not follow what is stored), "wire.hash" (head), "wire.signature", "event.*",
    // "chain.*", "store.*".
    Async<Result<Ack>> accept(std::string peer, BatchView batch);
    // Of the epoch that the station began last here, or of the given one.
    Async<Result<Ack>> cursor(std::string peer, StationId station, std::optional<std::uint64_t> epoch);
    // Called on the executor after each commit that added events.
    void on_commit(std::function<void()> call);
    // POST /v1/stations/{id}/batches and GET /v1/stations/{id}/cursor[?epoch=N]. 200, 400 (malformed, hash, signature),
    // 403 (not this station), 409 (gap, fork), 413, 503 (not durable). The intake must outlive the server.
    void add_routes(Router& router);

  private:
    [[nodiscard]] Result<const StationEntry*> known(const std::string& peer, const StationId& station) const;
    [[nodiscard]] Ack ack(std::uint64_t epoch, const std::optional<Cursor>& cursor) const;
    Async<Response> post_batch(const Request& request);
    Async<Response> get_cursor(const Request& request);
    [[nodiscard]] Response turn_back(const Error& error, std::string_view route) const;

    Env& env_;
    Log& log_;
    Store& store_;
    std::map<std::string, StationEntry> stations_;
    std::function<void()> on_commit_;
};

// The server where stations deliver: mutual TLS, the intake's routes and nothing else.
[[nodiscard]] Server intake_server(Env& env, Log& log, std::unique_ptr<Listener> listener, Intake& intake,
                                   const TlsIdentity& tls);

}  // namespace paso
