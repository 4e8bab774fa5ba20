// Intake: verifies batches and stores them. Resumes after the commit, so an Ack is a promise (law 4).
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "core/env/env.hpp"
#include "sync/http/server.hpp"
#include "sync/intake/store.hpp"
#include "sync/wire/batch.hpp"

namespace paso {

class Intake {
  public:
    Intake(Env& env, Log& log, Store& store, std::map<std::string, StationEntry> stations);
    // `peer` is the name in the certificate; it must be the station of the batch. Errors: "wire.station" (foreign or
    // unknown station), "wire.gap" (expected sequence in detail), "wire.hash", "wire.signature", "chain.*", "store.*".
    Async<Result<Ack>> accept(std::string peer, BatchView batch);
    Async<Result<Ack>> cursor(std::string peer, StationId station);
    // Called on the executor after each commit that added events.
    void on_commit(std::function<void()> call);
    // POST /v1/stations/{id}/batches and GET /v1/stations/{id}/cursor.
    void add_routes(Router& router);

  private:
    Env& env_;
    Log& log_;
    Store& store_;
    std::map<std::string, StationEntry> stations_;
    std::function<void()> on_commit_;
};

}  // namespace paso
